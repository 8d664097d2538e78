#include <inttypes.h>

#include <stressor/log.h>

#include "activity.h"
#include "request.h"

/* The activity PollRequest: GET one URL until the answer is as the scenario wants it. What an
 * answer may mend, a later one may: refused connections and wrong answers alike. What the scenario
 * itself or this machine got wrong ends it. */

enum { POLLS_USUAL = 60, INTERVAL_USUAL_NS = 1000000000 };

struct poll {
    stressor_exec *exec;
    struct http_call *call; /* NULL: it waits for the next */
    stressor_timer *timer;
    int64_t began_ns, asked_ns, deadline_ns; /* monotonic; the deadline 0: none */
    int64_t interval_ns, polls, polls_max;
    stressor_failure last; /* why the last answer was wrong; category 0: none came */
};

static const stressor_loop_api *loop_of(const struct poll *p)
{
    const struct http_plugin *plugin = p->exec->plugin;
    return plugin->loop;
}

static void finish(struct poll *p, const stressor_result *result)
{
    loop_of(p)->timer_free(p->timer);
    p->exec->host->complete(p->exec, result);
}

static void fail(struct poll *p, uint32_t category, const char *kind, const char *what)
{
    stressor_result result = {.size = sizeof result};
    double seconds = (double)(loop_of(p)->now() - p->began_ns) / 1e9;
    stressor_fail(p->exec, &result.failure, category, kind,
                  "%s, after %" PRId64 " poll%s in %.3g s; the last: %.*s", what, p->polls,
                  p->polls == 1 ? "" : "s", seconds, (int)p->last.length, p->last.text);
    finish(p, &result);
}

static void fail_time(struct poll *p)
{
    fail(p, STRESSOR_TIMEOUT, "timeout", "expected an answer that is right in time");
}

static bool is_hopeless(uint32_t category)
{
    return category == STRESSOR_SCRIPT || category == STRESSOR_GENERATOR ||
           category == STRESSOR_INTERNAL;
}

/* --- one request ------------------------------------------------------------------------------ */

static bool is_over(const struct poll *p)
{
    return p->deadline_ns != 0 && loop_of(p)->now() >= p->deadline_ns;
}

/* Its answer was wrong: the next one, or the end. */
static void go_on(struct poll *p, const stressor_failure *failure)
{
    bool cut = failure->category == STRESSOR_TIMEOUT && is_over(p);
    if (!cut || p->last.category == STRESSOR_NO_FAILURE)
        p->last = *failure; /* else that of the answer before tells more */
    if (is_hopeless(failure->category)) {
        stressor_result result = {.size = sizeof result, .failure = *failure};
        finish(p, &result);
    } else if (is_over(p)) {
        fail_time(p);
    } else if (p->polls >= p->polls_max) {
        fail(p, failure->category, failure->kind, "expected an answer that is right");
    } else {
        int64_t next_ns = p->asked_ns + p->interval_ns;
        if (p->deadline_ns != 0 && next_ns > p->deadline_ns)
            next_ns = p->deadline_ns;
        int64_t left_ns = next_ns - loop_of(p)->now();
        loop_of(p)->timer_start(p->timer, left_ns > 0 ? left_ns : 0);
    }
}

static void poll_ended(struct http_call *c, const stressor_result *result)
{
    struct poll *p = c->owner;
    stressor_failure failure = result->failure;
    p->call = NULL;
    bool right = failure.category == STRESSOR_NO_FAILURE &&
                 p->exec->host->check(p->exec, result, &failure) == STRESSOR_DONE;
    if (right)
        finish(p, result);
    call_put(c);
    if (!right)
        go_on(p, &failure);
}

/* `timeout` bounds all requests, config.request_timeout each. */
static int32_t bound(struct poll *p, struct http_call *c, stressor_failure *failure)
{
    int64_t each_ns;
    int32_t rc = request_usual_timeout(c, &each_ns, failure);
    int64_t left_ms = (p->deadline_ns - loop_of(p)->now() + 999999) / 1000000;
    int64_t left_ns = left_ms > 0 ? left_ms * 1000000 : 1; /* a whole number reads better */
    if (p->deadline_ns != 0 && (each_ns == 0 || left_ns < each_ns))
        each_ns = left_ns;
    request_bound(c, each_ns);
    return rc;
}

static int32_t ask(struct poll *p, stressor_failure *failure)
{
    struct http_call *c = call_take(p->exec);
    if (c == NULL)
        return stressor_fail(p->exec, failure, STRESSOR_GENERATOR, "memory", "out of memory");
    c->owner = p;
    c->ended = poll_ended;
    p->asked_ns = loop_of(p)->now();
    int32_t rc = request_build(c, failure);
    if (rc == 0)
        rc = bound(p, c, failure);
    if (rc == 0)
        rc = activity_send(c, failure);
    if (rc != 0) {
        call_put(c);
        return rc;
    }
    p->polls++;
    p->call = c;
    return 0;
}

static void on_timer(void *data)
{
    struct poll *p = data;
    stressor_result result = {.size = sizeof result};
    if (is_over(p))
        fail_time(p);
    else if (ask(p, &result.failure) != 0)
        finish(p, &result);
}

/* --- the activity ----------------------------------------------------------------------------- */

static int32_t poll_start(stressor_exec *exec, stressor_result *result)
{
    const struct http_session *session = exec->session_data;
    const stressor_value *timeout = &exec->args[ARG_TIMEOUT];
    const stressor_value *polls = &exec->args[ARG_MAX_POLLS];
    bool has_timeout = timeout->type == STRESSOR_INT && timeout->as.integer > 0;
    struct poll *p = exec->host->scratch(exec, sizeof *p);
    if (p == NULL)
        return stressor_fail(exec, &result->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    *p = (struct poll){.exec = exec, .interval_ns = INTERVAL_USUAL_NS};
    if (exec->args[ARG_INTERVAL].type == STRESSOR_INT)
        p->interval_ns = exec->args[ARG_INTERVAL].as.integer;
    p->polls_max = polls->type == STRESSOR_INT ? polls->as.integer
                   : has_timeout               ? INT64_MAX
                                               : POLLS_USUAL;
    p->began_ns = loop_of(p)->now();
    p->deadline_ns = has_timeout ? p->began_ns + timeout->as.integer : 0;
    p->timer = loop_of(p)->timer_new(session->worker->worker, on_timer, p);
    if (p->timer == NULL)
        return stressor_fail(exec, &result->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    exec->data = p;
    int32_t rc = ask(p, &result->failure);
    if (rc == 0)
        return STRESSOR_PENDING;
    loop_of(p)->timer_free(p->timer);
    return rc;
}

static void poll_cancel(stressor_exec *exec)
{
    struct poll *p = exec->data;
    stressor_result result = {.size = sizeof result};
    if (p->call != NULL)
        activity_abandon(p->call);
    stressor_fail(exec, &result.failure, STRESSOR_CANCELLED, "cancelled",
                  "polling was cancelled, poll %" PRId64 " being the last", p->polls);
    finish(p, &result);
}

static int32_t poll_prepare(stressor_prepare *prepare)
{
    return place_prepare(prepare, "GET");
}

const stressor_activity_type http_poll_request = {
    .size = sizeof http_poll_request,
    .name = "PollRequest",
    .help = "Send HTTP GET requests for one URL until the answer is right",
    .args = http_poll_args,
    .args_count = POLL_ARGS_COUNT,
    .groups = http_groups,
    .groups_count = HTTP_GROUPS_COUNT,
    .descriptors_per_session = 2,
    .prepare = poll_prepare,
    .release = place_release,
    .start = poll_start,
    .cancel = poll_cancel,
};
