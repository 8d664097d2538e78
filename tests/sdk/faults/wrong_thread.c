/* Completes on a thread of its own. */
#include "fault.h"

#include <pthread.h>
#include <time.h>

static pthread_t thread;

static void *complete(void *data)
{
    const struct timespec nap = {.tv_nsec = 2000000};
    nanosleep(&nap, NULL);
    fault_complete(data);
    return NULL;
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    if (pthread_create(&thread, NULL, complete, x) != 0)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "thread", "no thread");
    pthread_detach(thread);
    return STRESSOR_PENDING;
}

/* It comes soon in any case. */
static void cancel(stressor_exec *x)
{
    (void)x;
}

FAULT_PLUGIN(start, cancel)
