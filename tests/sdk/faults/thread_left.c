/* Starts a thread in init, and has no fini that ends it. */
#include "fault.h"

#include <pthread.h>
#include <unistd.h>

static void *wait(void *data)
{
    for (;;)
        pause();
    return data;
}

static int32_t init(const stressor_host *host, void **data)
{
    static pthread_t thread;
    *data = &thread;
    if (pthread_create(&thread, NULL, wait, NULL) == 0)
        return STRESSOR_OK;
    stressor_log(host, STRESSOR_LOG_ERROR, "no thread");
    return STRESSOR_ESYSTEM;
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_DONE;
}

FAULT_TYPE(start, NULL, .flags = 0)
FAULT_DESCRIPTOR(.init = init)
