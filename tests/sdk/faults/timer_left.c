/* Makes a timer for every worker, and does not free it. */
#include "fault.h"

static const stressor_loop_api *loop;

static int32_t init(const stressor_host *host, void **data)
{
    (void)data;
    loop = (const stressor_loop_api *)host->extension(host, STRESSOR_LOOP_1);
    return STRESSOR_OK;
}

static void on_timer(void *data)
{
    (void)data;
}

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    (void)run_data;
    *worker_data = loop->timer_new(worker, on_timer, NULL);
    return STRESSOR_OK;
}

static int32_t start(stressor_exec *x, stressor_result *r)
{
    (void)x, (void)r;
    return STRESSOR_DONE;
}

FAULT_TYPE(start, NULL, .flags = 0)
FAULT_DESCRIPTOR(.init = init, .worker_open = worker_open)
