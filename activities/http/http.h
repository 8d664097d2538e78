/*
 * http -- what the files of the HTTP activities share: the state of each stage of the plugin's
 * life, and of one execution.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stressor/loop.h>
#include <stressor/plugin.h>
#include <stressor/text.h>

#include "transport.h"
#include "url.h"

enum {
    REDIRECTS_MAX = 30,
    FORM_BYTES_MAX = 256 << 20,    /* of a form-encoded body */
    METHOD_LENGTH_MAX = 24,        /* of its name */
    ANSWER_BYTES_KEPT = 256 << 10, /* larger buffers are given back after each execution */
    COMPILED_SLOTS = 64,           /* remembered regexes, paths, XPaths */
    STATIC_THREADS_MAX = 256       /* requests of one StaticRequests at once */
};

/* In the order of the table in args.c. */
enum http_arg {
    ARG_URL,
    ARG_PARAMS,
    ARG_DATA,
    ARG_JSON,
    ARG_HEADERS,
    ARG_AUTH,
    ARG_TIMEOUT,
    ARG_VERIFY,
    ARG_ASSERT_STATUS,
    ARG_ASSERT_MATCH_HEADERS,
    ARG_ASSERT_JSON,
    ARG_ASSERT_HTML,
    ARG_STORE_HEADER,
    ARG_MULTIPART,
    ARG_COMPRESS,
    ARG_HTTP_VERSION,
    ARG_CLIENT_CERT,
    ARG_CLIENT_KEY,
    ARG_PROXY,
    ARG_RESOLVE,
    ARG_METHOD, /* of HTTPRequest only */
    ARGS_COUNT
};

/* What stands in the same places in the tables of StaticRequests and PollRequest. */
enum {
    ARG_URL_LIST = ARG_URL,
    ARG_THREAD_COUNT = ARG_METHOD,
    ARG_INTERVAL = ARG_METHOD,
    ARG_MAX_POLLS,
    POLL_ARGS_COUNT
};

/* Keys of `config` that a session reads when it begins; in the order of the table in args.c. */
enum http_option {
    OPTION_HTTP_VERSION,
    OPTION_CLIENT_CERT,
    OPTION_CLIENT_KEY,
    OPTION_PROXY,
    OPTION_RESOLVE,
    OPTION_CONNECTION_REUSE,
    OPTION_TLS_MIN,
    OPTION_DNS_TTL,
    OPTIONS_COUNT
};

struct html_xpath;

struct http_plugin {
    const stressor_host *host;
    const stressor_loop_api *loop;
    const stressor_json_api *json;
    const stressor_path_api *path;
    const stressor_regex_api *regex;
    int64_t requests_metric, connections_metric, bytes_metric;
    char multipart_type[80];           /* with the boundary of this process */
    const char *boundary;              /* in it */
    uint32_t places_live, places_next; /* numbers of places; [main] only */
};

struct http_run {
    struct http_plugin *plugin;
    stressor_run *run;
    bool basic_auth, verify;
};

/* What a worker has made of a place's constant arguments; made when first needed. */
struct place_cache {
    struct buf base; /* the base URL that `url` was resolved against */
    struct url url;
    struct buf body;
    struct buf cookie;
    struct transport_headers *headers; /* NULL: none are needed */
    bool has_url, url_secret, has_body, has_headers, has_cookie, own_cookies;
};

struct compiled_regex {
    struct buf text;
    stressor_regex *regex;
};

struct compiled_path {
    struct buf text;
    stressor_path *path;
};

struct compiled_xpath {
    struct buf text;
    struct html_xpath *xpath;
};

struct http_worker {
    struct http_run *run;
    stressor_worker *worker;
    struct transport *transport;
    struct place_cache **caches; /* by the number of the place */
    size_t caches_count;
    struct http_call *free_calls;
    struct compiled_regex regexes[COMPILED_SLOTS];
    struct compiled_regex searches[COMPILED_SLOTS]; /* that may match anywhere */
    struct compiled_path paths[COMPILED_SLOTS];
    struct compiled_xpath xpaths[COMPILED_SLOTS];
};

struct http_session {
    struct http_worker *worker;
    struct transport_session *transport;
    struct transport_options *options; /* NULL: the defaults */
    uint64_t max_body;
};

/* One entry of a constant assert_json. */
struct json_check {
    struct span name;
    stressor_path *path;
    stressor_regex *regex; /* NULL: compared for equality */
    const stressor_value *expected;
};

struct http_place {
    struct http_plugin *plugin;
    stressor_plan *plan;
    uint32_t number;
    int64_t base_url_slot, timeout_slot, max_body_slot, user_slot; /* of variables */
    int64_t option_slots[OPTIONS_COUNT];
    bool dynamic;       /* nothing is known of its arguments */
    bool has_options;   /* some of the arguments are options of the transport */
    const char *method; /* NULL: the argument says it */
    uint8_t states[ARGS_COUNT];
    stressor_regex *headers_regex; /* NULL: none, or not constant */
    struct json_check *checks;     /* of a constant assert_json */
    size_t checks_count;
};

/* One execution: from start to its completion, redirects included. */
struct http_call {
    struct http_call *next_free;
    stressor_exec *exec;
    const struct http_place *place;
    struct http_session *session;
    /* Called once after activity_perform returned 0, with what came; the exchange is gone. Whoever
     * gets it gives the call back. */
    void (*ended)(struct http_call *c, const stressor_result *result);
    void *owner;                   /* of `ended` */
    const stressor_value *url_arg; /* that argument, or one of a list */
    uint32_t wants;                /* enum stressor_want */
    int status;                    /* of the answer; 0: none came */
    struct transport_exchange *exchange;
    struct transport_request request;
    struct transport_options *options; /* its own; NULL: none */
    struct url url;                    /* unless the place's cache has it */
    const struct url *target;          /* where the request goes */
    struct buf body;                   /* likewise */
    struct transport_headers *headers; /* likewise; NULL: none of its own */
    struct buf cookie, name, password, ca_file;
    struct buf plain;        /* the body before it is compressed */
    struct buf answer, text; /* as received; as UTF-8 */
    char method[METHOD_LENGTH_MAX + 1];
    int64_t timeout_ns;  /* of all of it; 0: none */
    int64_t deadline_ns; /* monotonic; 0: none */
    uint32_t redirects;
    bool url_secret;                                 /* its URLs are not shown */
    bool drop_entity, drop_cookie, drop_credentials; /* after redirects */
    bool drop_host;
    bool has_cookie;          /* `cookie` is that of the file */
    bool own_cookies;         /* not those of the session: the file's, or none */
    const char *content_type; /* of the body; NULL: none */
    bool is_compressed;       /* the body is */
    bool has_text;            /* `text_span` was made */
    bool json_parsed;         /* `json` was */
    struct span text_span;
    stressor_value json;
};

static inline struct http_plugin *call_plugin(const struct http_call *c)
{
    return c->place->plugin;
}

static inline const stressor_value *call_arg(const struct http_call *c, enum http_arg arg)
{
    return &c->exec->args[arg];
}

/* Was the argument written in the scenario, even as null? */
static inline bool call_has_arg(const struct http_call *c, enum http_arg arg)
{
    if (c->place->dynamic)
        return (uint32_t)arg < c->exec->args_count && c->exec->args[arg].type != STRESSOR_NULL;
    return c->place->states[arg] != STRESSOR_ARG_ABSENT;
}

static inline bool place_is_fixed(const struct http_place *p, enum http_arg arg)
{
    return !p->dynamic && p->states[arg] != STRESSOR_ARG_TEMPLATE;
}

static inline struct span value_span(const stressor_value *v)
{
    return (struct span){v->as.string.ptr, v->as.string.length};
}

#endif
