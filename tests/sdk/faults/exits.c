/* Ends the process. */
#include "fault.h"

#include <stdlib.h>

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    exit(0);
}

FAULT_PLUGIN(start, NULL)
