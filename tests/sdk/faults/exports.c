/* Exports more than its entry; built without a version script. */
#include "fault.h"

STRESSOR_EXPORT int fault_helper(int number);

int fault_helper(int number)
{
    return number + 1;
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x;
    r->value = stressor_int(fault_helper(1));
    return STRESSOR_DONE;
}

FAULT_PLUGIN(start, NULL)
