/* Calls a function that nobody defines; built without -z defs. */
#include "fault.h"

int fault_nobody_defines_it(void);

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x;
    r->value = stressor_int(fault_nobody_defines_it());
    return STRESSOR_DONE;
}

FAULT_PLUGIN(start, NULL)
