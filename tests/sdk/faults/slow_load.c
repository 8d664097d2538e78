/* Takes its time when it is loaded. */
#include "fault.h"

#include <time.h>

__attribute__((constructor)) static void begin(void)
{
    const struct timespec nap = {.tv_sec = 1, .tv_nsec = 200000000};
    nanosleep(&nap, NULL);
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_DONE;
}

FAULT_PLUGIN(start, NULL)
