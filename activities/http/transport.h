/*
 * transport -- sends one request and receives one answer, on a worker's loop.
 *
 * Nothing above knows how: no redirect is followed here, no status judged. A transport belongs
 * to one worker, and so does all that is made with it. Cookies, connections and TLS tickets
 * belong to a transport_session; sessions share none of them.
 *
 *     x = transport_start(session, &request);      // NULL: out of memory
 *     … request.done(request.data, &response);     // later, never inside transport_start
 *     transport_release(x);                        // inside done: nothing of x is read any more
 *
 * or, before `done` was called, transport_cancel(x) instead.
 */
#ifndef HTTP_TRANSPORT_H
#define HTTP_TRANSPORT_H

#include <stressor/loop.h>

#include "buf.h"

enum {
    TRANSPORT_HEADER_BYTES_MAX = 256 << 10, /* of one answer, interim answers included */
    TRANSPORT_HEADER_LINES_MAX = 1000,
    TRANSPORT_DNS_TTL_S = 60 /* the addresses are those of the transport, of all its sessions */
};

enum transport_error {
    TRANSPORT_OK = 0,
    TRANSPORT_CONNECT,     /* refused, unreachable */
    TRANSPORT_RESOLVE,     /* no address for the host's name */
    TRANSPORT_RESET,       /* the connection broke */
    TRANSPORT_CLOSED,      /* it ended before any answer */
    TRANSPORT_SHORT,       /* the body ended early */
    TRANSPORT_MALFORMED,   /* what came is not HTTP */
    TRANSPORT_BODY_LIMIT,  /* more than max_body bytes, counted after decompression */
    TRANSPORT_HEAD_LIMIT,  /* more headers than TRANSPORT_HEADER_… */
    TRANSPORT_CERTIFICATE, /* not trusted, or of another host */
    TRANSPORT_TLS,         /* the handshake failed otherwise */
    TRANSPORT_TIMEOUT,
    TRANSPORT_DESCRIPTORS, /* this machine: out of file descriptors */
    TRANSPORT_PORTS,       /* this machine: out of local ports */
    TRANSPORT_MEMORY,      /* this machine: out of memory */
    TRANSPORT_URL,         /* the host or port of the URL makes no sense */
    TRANSPORT_CA_FILE,     /* the file of CA certificates cannot be used */
    TRANSPORT_CLIENT_CERT, /* the client's certificate or its key cannot be used */
    TRANSPORT_PROXY,       /* the proxy refused */
    TRANSPORT_OTHER
};

struct transport;
struct transport_session;
struct transport_exchange;
struct transport_headers;
struct transport_options;

struct transport_response {
    enum transport_error error; /* TRANSPORT_OK: a whole answer came */
    const char *detail;         /* the library's own words about the error; may be "" */
    int status;
    int http_version;         /* 10, 11, 20; 0: none was seen */
    const char *content_type; /* NULL: none */
    const char *location;     /* of a redirect, made absolute; NULL: none */
};

struct transport_request {
    const char *method;                      /* in capitals */
    struct span url;                         /* absolute, without user information; ends in NUL */
    const struct transport_headers *headers; /* may be NULL */
    const struct transport_options *options; /* NULL: the defaults */
    bool own_cookies;                        /* not the session's, which still get the answer's */
    const char *cookie;                      /* likewise; NULL: none */
    const char *name;                        /* basic authentication, unasked; NULL: none */
    const char *password;
    struct span body; /* lives until `done` */
    bool has_body;
    bool verify;         /* check the server's certificate and name */
    bool trace;          /* keep what is sent, for transport_sent */
    const char *ca_file; /* NULL: the system's */
    int64_t timeout_ns;  /* of the whole exchange; 0: none */
    uint64_t max_body;
    struct buf *answer; /* receives the body; NULL: nobody wants it */
    void (*done)(void *data, const struct transport_response *response);
    void *data;
};

/* [main] once per process. False: the library does not start. */
bool transport_global_init(void);
void transport_global_finish(void);

/* NULL: out of memory. The rest is [worker]. */
struct transport *transport_new(const stressor_loop_api *loop, stressor_worker *worker);
void transport_free(struct transport *t); /* after all of its sessions; NULL is fine */

/* `agent` is copied: the User-Agent of its requests. NULL: out of memory. */
struct transport_session *transport_session_new(struct transport *t, const char *agent);
/* Closes its connections. NULL is fine. No exchange of it may be under way. */
void transport_session_free(struct transport_session *s);

/* Headers beside those that every request has (Host, User-Agent, Accept, …), or instead of them.
 * Names and values must be fit for a header. NULL: out of memory. */
struct transport_headers *transport_headers_new(struct transport *t);
void transport_headers_free(struct transport_headers *h); /* NULL is fine */
bool transport_headers_add(struct transport_headers *h, struct span name, struct span value);
/* The header is not sent, though every request has it. */
bool transport_headers_omit(struct transport_headers *h, struct span name);

/* How requests are sent, where that is not as usual. All zero: the defaults. */
struct transport_settings {
    bool http2;              /* by ALPN where there is TLS, else by prior knowledge */
    bool fresh;              /* each request has a connection of its own */
    bool has_proxy;          /* else the environment's variables count */
    bool has_dns_ttl;        /* else TRANSPORT_DNS_TTL_S */
    int tls_min;             /* 10 to 13; 0: what the library takes */
    int64_t dns_ttl_s;       /* how long the address of a name is used again */
    const char *proxy;       /* a URL; NULL or "": none at all */
    const char *client_cert; /* a PEM file; NULL: none */
    const char *client_key;  /* likewise; NULL: it stands in that of the certificate */
    const char *resolve;     /* lines "host:port:address" for names not to look up; NULL: none */
};

/* Settings as an object; the same settings give the same one. Each taking needs its dropping, and
 * requests that use it must have ended then. NULL: out of memory. */
struct transport_options *transport_options_take(struct transport *t,
                                                 const struct transport_settings *settings);
void transport_options_drop(struct transport_options *o); /* NULL is fine */
/* The texts live as long as the object. */
const struct transport_settings *transport_options_settings(const struct transport_options *o);

struct transport_exchange *transport_start(struct transport_session *s,
                                           const struct transport_request *request);
void transport_cancel(struct transport_exchange *x);
void transport_release(struct transport_exchange *x);

/* The headers of the answer, one by one: false past the last. `*cursor` is NULL at first. */
bool transport_header(struct transport_exchange *x, void **cursor, const char **name,
                      const char **value);
/* What was sent as head of the request, of a traced exchange. */
struct span transport_sent(struct transport_exchange *x);
/* What it has done so far; also before it is cancelled. */
struct transport_counts {
    uint32_t requests;    /* 0: nothing was sent, because there was no connection */
    uint32_t connections; /* new ones */
    uint64_t body_bytes;  /* received, after decompression */
};
void transport_counts(struct transport_exchange *x, struct transport_counts *out);

/* How long each part took, in nanoseconds. */
struct transport_phases {
    int64_t resolve_ns, connect_ns, tls_ns, wait_ns, receive_ns, total_ns;
};
void transport_phases(struct transport_exchange *x, struct transport_phases *out);

#endif
