#include "activity.h"

#include <string.h>

#include <stressor/log.h>

#include "answer.h"
#include "assert.h"
#include "failure.h"
#include "request.h"

/* --- the end of an execution ---------------------------------------------------------------- */

/* The handle goes back first: the session may start its next request inside. */
static void end(struct http_call *c, const stressor_result *result)
{
    if (c->exchange != NULL)
        transport_release(c->exchange);
    c->exchange = NULL;
    c->ended(c, result);
}

static void complete(struct http_call *c, const stressor_result *result)
{
    c->exec->host->complete(c->exec, result);
    call_put(c);
}

static void record(struct http_call *c)
{
    struct http_plugin *plugin = call_plugin(c);
    const stressor_host *host = plugin->host;
    stressor_worker *worker = c->exec->worker;
    struct transport_counts counts;
    transport_counts(c->exchange, &counts);
    if (counts.requests > 0)
        host->metric_record(worker, plugin->requests_metric, counts.requests);
    if (counts.connections > 0)
        host->metric_record(worker, plugin->connections_metric, counts.connections);
    if (counts.body_bytes > 0)
        host->metric_record(worker, plugin->bytes_metric, (int64_t)counts.body_bytes);
}

static bool begin(struct http_call *c);

/* True: the next request is under way. */
static bool follow(struct http_call *c, const struct transport_response *response,
                   stressor_failure *failure)
{
    if (redirect_follow(c, response, failure) != 0)
        return false;
    transport_release(c->exchange);
    c->exchange = NULL;
    if (begin(c))
        return true;
    request_no_memory(c, failure);
    return false;
}

static void on_done(void *data, const struct transport_response *response)
{
    struct http_call *c = data;
    stressor_result result = {.size = sizeof result};
    record(c);
    c->status = response->error == TRANSPORT_OK ? response->status : 0;
    if (c->request.trace)
        answer_log(c, response);
    if (response->error != TRANSPORT_OK) {
        failure_of(c, response, &result.failure);
    } else if (redirect_is(response)) {
        if (follow(c, response, &result.failure))
            return;
    } else {
        assert_all(c, response, &result.failure);
        if (!answer_result(c, response, &result))
            request_no_memory(c, &result.failure);
    }
    end(c, &result);
}

/* --- the start ----------------------------------------------------------------------------- */

static bool begin(struct http_call *c)
{
    bool wanted = (c->wants & (STRESSOR_WANT_TEXT | STRESSOR_WANT_VALUE)) != 0 ||
                  c->request.trace || call_has_arg(c, ARG_ASSERT_JSON) ||
                  call_has_arg(c, ARG_ASSERT_HTML);
    buf_clear(&c->answer);
    c->request.answer = wanted ? &c->answer : NULL;
    c->request.done = on_done;
    c->request.data = c;
    c->exchange = transport_start(c->session->transport, &c->request);
    return c->exchange != NULL;
}

int32_t activity_send(struct http_call *c, stressor_failure *failure)
{
    c->request.trace = (c->exec->flags & STRESSOR_EXEC_DEBUG) != 0;
    return begin(c) ? 0 : request_no_memory(c, failure);
}

int32_t activity_perform(struct http_call *c, stressor_failure *failure)
{
    int32_t rc = request_build(c, failure);
    return rc != 0 ? rc : activity_send(c, failure);
}

void activity_abandon(struct http_call *c)
{
    record(c);
    transport_cancel(c->exchange);
    c->exchange = NULL;
    call_put(c);
}

static int32_t activity_start(stressor_exec *exec, stressor_result *result)
{
    struct http_call *c = call_take(exec);
    if (c == NULL)
        return stressor_fail(exec, &result->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    exec->data = c;
    c->ended = complete;
    int32_t rc = activity_perform(c, &result->failure);
    if (rc == 0)
        return STRESSOR_PENDING;
    call_put(c);
    return rc;
}

static void activity_cancel(stressor_exec *exec)
{
    struct http_call *c = exec->data;
    stressor_result result = {.size = sizeof result};
    record(c);
    transport_cancel(c->exchange);
    c->exchange = NULL;
    stressor_fail(exec, &result.failure, STRESSOR_CANCELLED, "cancelled", "%s %s was cancelled",
                  c->request.method, request_shown_url(c));
    complete(c, &result);
}

/* --- the types ----------------------------------------------------------------------------- */

/* prepare is not told which type it is called for, so that each has one of its own. */
#define TYPE(VARIABLE, NAME, METHOD, COUNT, HELP)                                                  \
    static int32_t VARIABLE##_prepare(stressor_prepare *prepare)                                   \
    {                                                                                              \
        return place_prepare(prepare, METHOD);                                                     \
    }                                                                                              \
    static const stressor_activity_type VARIABLE = {.size = sizeof VARIABLE,                       \
                                                    .name = NAME,                                  \
                                                    .help = HELP,                                  \
                                                    .args = http_args,                             \
                                                    .args_count = COUNT,                           \
                                                    .groups = http_groups,                         \
                                                    .groups_count = HTTP_GROUPS_COUNT,             \
                                                    .descriptors_per_session = 2,                  \
                                                    .prepare = VARIABLE##_prepare,                 \
                                                    .release = place_release,                      \
                                                    .start = activity_start,                       \
                                                    .cancel = activity_cancel}

TYPE(any_request, "HTTPRequest", NULL, ARGS_COUNT, "Send an HTTP request of any method");
TYPE(get_request, "GetRequest", "GET", ARG_METHOD, "Send an HTTP GET request");
TYPE(post_request, "PostRequest", "POST", ARG_METHOD, "Send an HTTP POST request");
TYPE(put_request, "PutRequest", "PUT", ARG_METHOD, "Send an HTTP PUT request");
TYPE(delete_request, "DeleteRequest", "DELETE", ARG_METHOD, "Send an HTTP DELETE request");
TYPE(patch_request, "PatchRequest", "PATCH", ARG_METHOD, "Send an HTTP PATCH request");
TYPE(head_request, "HeadRequest", "HEAD", ARG_METHOD, "Send an HTTP HEAD request");
TYPE(options_request, "OptionsRequest", "OPTIONS", ARG_METHOD, "Send an HTTP OPTIONS request");

const stressor_activity_type *const http_types[HTTP_TYPES_COUNT] = {
    &any_request,   &get_request,  &post_request,    &put_request,          &delete_request,
    &patch_request, &head_request, &options_request, &http_static_requests, &http_poll_request};
