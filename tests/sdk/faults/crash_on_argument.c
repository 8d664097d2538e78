/* Ends the process where a number is negative. */
#include "fault.h"

#include <stdlib.h>

static const stressor_arg arg_count = {.size = sizeof arg_count,
                                       .name = "count",
                                       .types = STRESSOR_ARG_INT,
                                       .fallback = "1",
                                       .help = "how many"};
static const stressor_arg *const args[] = {&arg_count};

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)r;
    if (x->args[0].as.integer < 0)
        abort();
    return STRESSOR_DONE;
}

FAULT_TYPE(start, NULL, .args = args, .args_count = 1)
FAULT_DESCRIPTOR(.author = "stressor")
