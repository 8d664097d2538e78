/* Is pending, but cannot be cancelled. */
#include "fault.h"

static int32_t start(stressor_exec *x, stressor_result *r)
{
    if (fault_loop(x)->post(x->worker, (void (*)(void *))fault_complete, x) != STRESSOR_OK)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    return STRESSOR_PENDING;
}

FAULT_PLUGIN(start, NULL)
