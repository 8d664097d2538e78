/*
 * curl_private -- what the files of the libcurl transport share.
 *
 * One multi handle per worker. Easy handles (exchanges) are pooled by the worker, but keep the
 * session that they served last, and the options they were set up with, so that the same place
 * run again by the same session changes nothing. A session is a share handle with cookies,
 * connections and TLS tickets.
 */
#ifndef HTTP_CURL_PRIVATE_H
#define HTTP_CURL_PRIVATE_H

#include <curl/curl.h>

#include "decoder.h"
#include "transport.h"

enum {
    HANDLES_IDLE_MAX = 256,      /* easy handles that lie idle before others are made */
    CONNECTIONS_IDLE_MAX = 32,   /* of one session */
    CONNECTION_AGE_MAX = 86400,  /* seconds that a connection may lie idle */
    TRACE_BYTES_MAX = 256 << 10, /* of what transport_sent returns */
    OPTION_BYTES_MAX = 16 << 20, /* of a remembered option: a URL, a cookie */
    OPTIONS_BUCKETS = 256
};

/* A descriptor that libcurl uses. Ours, which libcurl opened through us, are watched as long as
 * they are open: at rest too, so that the next request need not begin to watch. */
struct sock {
    struct transport *transport;
    struct transport_session *session; /* NULL: not opened by us */
    stressor_watch *watch;
    struct sock *prev, *next; /* of the session */
    int fd;
    uint32_t events;
    bool idle; /* no exchange uses it */
};

struct transport {
    const stressor_loop_api *loop;
    stressor_worker *worker;
    CURLM *multi;
    stressor_timer *timer;
    bool timer_is_now;
    bool looks_at_heads; /* see head_state */
    uint64_t headers_serial;
    struct sock **socks; /* by descriptor */
    size_t socks_room;
    struct transport_exchange *idle_first, *idle_last; /* the last used first */
    size_t idle_count;
    size_t count;                       /* of exchanges, idle or not */
    struct transport_exchange *running; /* inside the multi handle */
    struct transport_exchange *broken;  /* to be ended as soon as libcurl returns */
    uint64_t options_serial;
    struct transport_options *options[OPTIONS_BUCKETS]; /* by hash */
};

struct transport_session {
    struct transport *transport;
    CURLSH *share;
    char *agent;
    struct sock *socks;
    struct transport_exchange *idle; /* handles that are bound to it, at rest */
};

struct transport_headers {
    struct transport *transport;
    struct curl_slist *list;
    bool accept_more; /* codings that only libcurl decodes */
    uint64_t serial;  /* tells lists apart that lay at the same address */
};

struct transport_options {
    struct transport *transport;
    struct transport_options *next; /* of its bucket */
    struct transport_settings settings;
    struct curl_slist *connect_to;
    uint64_t serial; /* tells apart those that lay at the same address */
    size_t hash, users;
    size_t key_length;
    char key[]; /* all of the settings; its texts are theirs */
};

/* The options that the easy handle was last given. */
struct applied {
    struct buf url, name, password, cookie, ca_file;
    char method[32];
    uint64_t headers_serial, options_serial;
    long timeout_ms, http_version;
    bool has_body, has_auth, has_cookie, has_ca_file, verify, trace;
    bool curl_decodes;
};

/* libcurl before 8.1 keeps a pointer to the last header of the answer before. It appends to it what
 * comes first in the next answer and begins with a space, though that memory is freed by then. So
 * it hands us each line of a head as if it were of the body, which it does before it stores it. */
enum head_state {
    HEAD_OVER, /* what comes is the body; always, where libcurl is newer */
    HEAD_MORE, /* a status line, or further headers */
    HEAD_FIRST /* the first header of an answer */
};

#define HEADER_MALFORMED "a header has no colon, or a space before its name"
#define BODY_MALFORMED   "the body is not compressed as its Content-Encoding says"
#define BODY_SHORT       "the compressed body ends early"
#define CODING_UNKNOWN   "the Content-Encoding is none that was asked for"

struct transport_exchange {
    CURL *easy;
    struct transport *transport;
    struct transport_session *session; /* whose share it is bound to; may be NULL at rest */
    struct transport_exchange *idle_prev, *idle_next;       /* of the transport */
    struct transport_exchange *session_prev, *session_next; /* of the session, at rest */
    struct transport_exchange *running_prev, *running_next; /* of the transport */
    struct transport_exchange *broken_next;
    struct applied applied;
    bool running;              /* inside the multi handle */
    enum transport_error stop; /* why we ended it ourselves; TRANSPORT_OK: we did not */
    const char *stop_text;     /* in our words; NULL: in those of libcurl, if any */
    int open_errno;            /* of the socket that could not be opened; 0: none */
    uint64_t body_bytes, max_body;
    uint32_t head_bytes, head_lines;
    enum head_state head;
    bool interim;               /* the head is that of a 1xx */
    bool says_coding;           /* a head had Content-Encoding */
    struct decoder *decoder;    /* of the body; NULL: it comes as it is, or libcurl decodes */
    bool is_parted;             /* from the cookies of the session */
    struct curl_slist *cookies; /* of the answer, while it is */
    struct buf *answer;
    struct buf sent;
    void (*done)(void *data, const struct transport_response *response);
    void *data;
    char detail[CURL_ERROR_SIZE];
};

/* curl_handle.c */
struct transport_exchange *handle_new(struct transport *t);
void handle_free(struct transport_exchange *x); /* must not be running */
/* Gives it to a session; NULL: to none. */
bool handle_bind(struct transport_exchange *x, struct transport_session *s);
bool handle_apply(struct transport_exchange *x, const struct transport_request *request);

/* curl_cookies.c: all false when memory runs out */
/* The request about to start shares no cookies with its session. */
bool cookies_part(struct transport_exchange *x);
/* A line of the head came: takes the cookie that it sets, if the request has parted. */
bool cookies_take(struct transport_exchange *x, const char *line, size_t length);
/* It has ended: the session has its cookies, and the handle those of the session. */
bool cookies_join(struct transport_exchange *x);

/* curl_options.c */
bool options_apply(struct transport_exchange *x, const struct transport_request *request);

/* curl_loop.c */
bool loop_open(struct transport *t);
void loop_close(struct transport *t);
curl_socket_t loop_open_socket(void *exchange, curlsocktype purpose, struct curl_sockaddr *address);
int loop_close_socket(void *transport, curl_socket_t fd);
void loop_unwatch_session(struct transport_session *s);

/* curl_error.c */
enum transport_error error_of(struct transport_exchange *x, CURLcode code);

/* transport_curl.c: tells the owners of all exchanges that have ended. */
void transport_deliver(struct transport *t);

#endif
