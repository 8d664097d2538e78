/* Fails without saying why. */
#include "fault.h"

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_FAILED;
}

FAULT_PLUGIN(start, NULL)
