/* Opens a file for every worker, and does not close it. */
#include "fault.h"

#include <fcntl.h>

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    (void)run_data, (void)worker;
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    *worker_data = (void *)(intptr_t)fd;
    return STRESSOR_OK;
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    r->value = stressor_int((intptr_t)x->worker_data);
    return STRESSOR_DONE;
}

FAULT_TYPE(start, NULL, .flags = 0)
FAULT_DESCRIPTOR(.worker_open = worker_open)
