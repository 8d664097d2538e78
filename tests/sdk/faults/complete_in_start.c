/* Calls host->complete inside start. */
#include "fault.h"

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)r;
    fault_complete(x);
    return STRESSOR_PENDING;
}

FAULT_PLUGIN(start, fault_cancelled)
