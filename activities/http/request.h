/*
 * request -- what is sent: method, URL, headers and body, made from the arguments.
 *
 * What depends on constants alone is made once per place and worker.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http.h"

/* Fills in call->request. Negative: `failure` says why. */
int32_t request_build(struct http_call *c, stressor_failure *failure);
/* The step of it that makes the body. Likewise. */
int32_t request_build_body(struct http_call *c, stressor_failure *failure);
/* Would the argument data, json or multipart of that value make one? */
bool request_makes_body(const stressor_value *v, enum http_arg arg);
#define REQUEST_HEAD_HAS_NO_BODY "a HEAD request cannot have a body"
/* config.request_timeout; 0: none. Likewise. */
int32_t request_usual_timeout(struct http_call *c, int64_t *out, stressor_failure *failure);
/* How long the request that was built may take; 0: for ever. */
void request_bound(struct http_call *c, int64_t timeout_ns);
/* The step of it that is made anew after a redirect. Likewise. */
int32_t request_build_headers(struct http_call *c, stressor_failure *failure);
/* NULL: out of memory. */
struct place_cache *request_cache(struct http_call *c);
void place_cache_free(struct place_cache *cache);

/* A method's name in capitals into `out` (METHOD_LENGTH_MAX + 1 bytes). False: not one. */
bool request_method(struct span name, char *out);
/* May the text stand as the name of a header? */
bool request_header_name_is_fine(struct span name);
/* What stands in the text that no value of a header may hold: "a line break". NULL: nothing. */
const char *request_header_value_problem(struct span value);

/* Fails with "out of memory" as this machine's fault. Always STRESSOR_FAILED. */
int32_t request_no_memory(struct http_call *c, stressor_failure *failure);

/* The URL as messages may show it, in scratch memory. */
const char *request_shown_url(struct http_call *c);

/* Is the answer a redirect that leads somewhere? */
bool redirect_is(const struct transport_response *response);
/* Makes call->request the next one. Negative: `failure` says why not. */
int32_t redirect_follow(struct http_call *c, const struct transport_response *response,
                        stressor_failure *failure);
/* The method that the next request has: as browsers and Python's requests do it. */
const char *redirect_method(const char *method, int status);

#endif
