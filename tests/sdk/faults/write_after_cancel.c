/* Its timer, which cancel does not stop, writes to the execution when it fires. */
#include "fault.h"

static void on_timer(void *data)
{
    stressor_exec *x = data;
    stressor_timer *t = x->data;
    x->data = NULL;
    fault_loop(x)->timer_free(t);
    fault_complete(x);
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    x->data = fault_loop(x)->timer_new(x->worker, on_timer, x);
    if (x->data == NULL)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    fault_loop(x)->timer_start(x->data, INT64_C(5000000));
    return STRESSOR_PENDING;
}

FAULT_PLUGIN(start, fault_cancelled)
