/* Keeps memory for every session, and forgets it. */
#include "fault.h"

#include <stdlib.h>

static int32_t session_open(void *worker_data, stressor_exec *exec, void **session_data)
{
    (void)worker_data;
    *session_data = malloc(100);
    if (*session_data != NULL)
        return STRESSOR_OK;
    stressor_log(exec->host, STRESSOR_LOG_ERROR, "out of memory");
    return STRESSOR_ENOMEM;
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    r->value = stressor_bool(x->session_data != NULL);
    return STRESSOR_DONE;
}

FAULT_TYPE(start, NULL, .flags = 0)
FAULT_DESCRIPTOR(.session_open = session_open)
