/* Is pending for ever, and does not answer a cancel. */
#include "fault.h"

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_PENDING;
}

static void cancel(stressor_exec *x)
{
    (void)x;
}

FAULT_PLUGIN(start, cancel)
