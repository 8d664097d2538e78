/* Is pending for ever, but for a cancel, which it answers. */
#include "fault.h"

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_PENDING;
}

FAULT_PLUGIN(start, fault_cancelled)
