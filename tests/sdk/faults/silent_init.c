/* Refuses to start without a word. */
#include "fault.h"

static int32_t init(const stressor_host *host, void **data)
{
    (void)host, (void)data;
    return STRESSOR_ESYSTEM;
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_DONE;
}

FAULT_TYPE(start, NULL, .flags = 0)
FAULT_DESCRIPTOR(.init = init)
