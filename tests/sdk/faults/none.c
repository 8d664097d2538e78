/* Nothing is wrong: a timer, a cancel, memory, a thread of the pool. */
#include "fault.h"

#include <stdlib.h>

struct nap {
    stressor_exec *exec;
    stressor_timer *timer;
    const stressor_loop_api *loop;
};

static const stressor_arg arg_duration = {.size = sizeof arg_duration,
                                          .name = "duration",
                                          .types = STRESSOR_ARG_DURATION,
                                          .fallback = "1",
                                          .help = "how long"};
static const stressor_arg *const args[] = {&arg_duration};

static stressor_exec *wake(struct nap *n)
{
    stressor_exec *x = n->exec;
    n->loop->timer_free(n->timer);
    free(n);
    return x;
}

static void on_timer(void *data)
{
    fault_complete(wake(data));
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    struct nap *n = calloc(1, sizeof *n);
    if (n != NULL) {
        n->exec = x;
        n->loop = fault_loop(x);
        n->timer = n->loop->timer_new(x->worker, on_timer, n);
    }
    if (n == NULL || n->timer == NULL) {
        free(n);
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    }
    x->data = n;
    n->loop->timer_start(n->timer, x->args[0].as.integer);
    return STRESSOR_PENDING;
}

static void cancel(stressor_exec *x)
{
    fault_cancelled(wake(x->data));
}

FAULT_TYPE(start, cancel, .args = args, .args_count = 1)
FAULT_DESCRIPTOR(.author = "stressor")
