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
    COMPILED_SLOTS = 64            /* remembered regexes, and paths, of texts with macros */
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
    ARG_METHOD, /* of HTTPRequest only */
    ARGS_COUNT
};

struct http_plugin {
    const stressor_host *host;
    const stressor_loop_api *loop;
    const stressor_json_api *json;
    const stressor_path_api *path;
    const stressor_regex_api *regex;
    int64_t requests_metric, connections_metric, bytes_metric;
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
    bool has_url, url_secret, has_body, has_headers, has_cookie;
};

struct compiled_regex {
    struct buf text;
    stressor_regex *regex;
};

struct compiled_path {
    struct buf text;
    stressor_path *path;
};

struct http_worker {
    struct http_run *run;
    stressor_worker *worker;
    struct transport *transport;
    struct place_cache **caches; /* by the number of the place */
    size_t caches_count;
    struct http_call *free_calls;
    struct compiled_regex regexes[COMPILED_SLOTS];
    struct compiled_path paths[COMPILED_SLOTS];
};

struct http_session {
    struct http_worker *worker;
    struct transport_session *transport;
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
    uint32_t number;
    int64_t base_url_slot, timeout_slot, max_body_slot, user_slot; /* of variables */
    bool dynamic;       /* nothing is known of its arguments */
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
    struct transport_exchange *exchange;
    struct transport_request request;
    struct url url;                    /* unless the place's cache has it */
    const struct url *target;          /* where the request goes */
    struct buf body;                   /* likewise */
    struct transport_headers *headers; /* likewise; NULL: none of its own */
    struct buf cookie, name, password, ca_file;
    struct buf answer, text; /* as received; as UTF-8 */
    char method[METHOD_LENGTH_MAX + 1];
    int64_t timeout_ns;  /* of all of it; 0: none */
    int64_t deadline_ns; /* monotonic; 0: none */
    uint32_t redirects;
    bool url_secret;                                 /* its URLs are not shown */
    bool drop_entity, drop_cookie, drop_credentials; /* after redirects */
    bool drop_host;
    bool has_cookie;
    const char *content_type; /* of the body; NULL: none */
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
