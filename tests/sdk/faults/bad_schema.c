/* The default of a number is none. */
#include "fault.h"

static const stressor_arg arg_count = {.size = sizeof arg_count,
                                       .name = "count",
                                       .types = STRESSOR_ARG_INT,
                                       .fallback = "many",
                                       .help = "how many"};
static const stressor_arg *const args[] = {&arg_count};

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_DONE;
}

FAULT_TYPE(start, NULL, .args = args, .args_count = 1)
FAULT_DESCRIPTOR(.author = "stressor")
