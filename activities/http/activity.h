/*
 * activity -- the request types: HTTPRequest, GetRequest and their kin.
 *
 * All of them are one activity with another method; HTTPRequest has it as an argument.
 */
#ifndef HTTP_ACTIVITY_H
#define HTTP_ACTIVITY_H

#include "http.h"

enum { HTTP_TYPES_COUNT = 10, HTTP_SETTINGS_COUNT = 13, HTTP_GROUPS_COUNT = 2 };

extern const stressor_arg *const http_args[ARGS_COUNT];
extern const stressor_arg *const http_static_args[ARGS_COUNT];
extern const stressor_arg *const http_poll_args[POLL_ARGS_COUNT];
extern const stressor_arg_group *const http_groups[HTTP_GROUPS_COUNT];
extern const stressor_arg *const http_options[OPTIONS_COUNT];
extern const stressor_arg *const http_timeout_setting;  /* config.request_timeout */
extern const stressor_arg *const http_max_body_setting; /* config.max_body_size */
extern const stressor_setting *const http_settings[HTTP_SETTINGS_COUNT];
extern const stressor_activity_type *const http_types[HTTP_TYPES_COUNT];
extern const stressor_activity_type http_static_requests; /* static_requests.c */
extern const stressor_activity_type http_poll_request;    /* poll_request.c */

/* Builds and starts the request of a call whose `ended` is set. STRESSOR_FAILED: `failure` says
 * why, and `ended` is not called; it never is inside. */
int32_t activity_perform(struct http_call *c, stressor_failure *failure);
/* The same in two steps: what request_build has built. */
int32_t activity_send(struct http_call *c, stressor_failure *failure);
/* Ends it without `ended`, and gives the call back. */
void activity_abandon(struct http_call *c);

/* place.c: `method` is NULL for the type that has it as an argument. */
int32_t place_prepare(stressor_prepare *prepare, const char *method);
void place_release(void *plugin, void *place);

/* call.c: executions are recycled by their worker. NULL: out of memory. */
struct http_call *call_take(stressor_exec *exec);
void call_put(struct http_call *c);
void call_free_all(struct http_worker *w);

#endif
