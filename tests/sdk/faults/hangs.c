/* Holds its worker up for ever. */
#include "fault.h"

#include <unistd.h>

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    for (;;)
        pause();
    return STRESSOR_DONE;
}

FAULT_PLUGIN(start, NULL)
