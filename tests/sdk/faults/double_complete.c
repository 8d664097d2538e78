/* Completes every execution twice. */
#include "fault.h"

static void deliver(void *data)
{
    static const stressor_result result = {.size = sizeof result};
    stressor_exec *x = data;
    const stressor_host *host = x->host;
    host->complete(x, &result);
    host->complete(x, &result);
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    if (fault_loop(x)->post(x->worker, deliver, x) != STRESSOR_OK)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    return STRESSOR_PENDING;
}

/* What was posted comes in any case. */
static void cancel(stressor_exec *x)
{
    (void)x;
}

FAULT_PLUGIN(start, cancel)
