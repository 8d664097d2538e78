/* A constructor that fails: neither its descriptor nor the time of loading can be told. */
#include "fault.h"

#include <stdlib.h>

__attribute__((constructor)) static void careless(void)
{
    abort();
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_DONE;
}

FAULT_PLUGIN(start, NULL)
