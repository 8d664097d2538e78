#include <string.h>

#include <stressor/loop.h>

#include "host.h"

/* Its activity stands in the sequence `end`; its worker holds the timer of the stop. */

static struct stressor_test *served;
static const stressor_loop_api *loop;
static stressor_run *running;
static stressor_timer *stop_timer; /* there is one worker */

void probe_serve(struct stressor_test *t)
{
    served = t;
}

static int32_t init(const stressor_host *host, void **data)
{
    (void)data;
    loop = host->extension(host, STRESSOR_LOOP_1);
    return loop != NULL ? STRESSOR_OK : STRESSOR_ENOENT;
}

static int32_t run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    (void)data, (void)plan, (void)run_data;
    running = run;
    return STRESSOR_OK;
}

static void stop(void *data)
{
    const struct stressor_test *t = data;
    stressor_run_stop(running, t->stop_how);
}

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    (void)run_data, (void)worker_data;
    stop_timer = NULL;
    if (served->stop_delay_ns < 0)
        return STRESSOR_OK;
    stop_timer = loop->timer_new(worker, stop, served);
    if (stop_timer == NULL)
        return STRESSOR_ENOMEM;
    loop->timer_start(stop_timer, served->stop_delay_ns);
    return STRESSOR_OK;
}

static void worker_close(void *worker_data)
{
    (void)worker_data;
    loop->timer_free(stop_timer);
    stop_timer = NULL;
}

static void keep(void *data, const char *name, uint64_t length, const stressor_value *value)
{
    struct stressor_test *t = data;
    struct pair *p = pair_add(&t->variables, name, length);
    if (p != NULL)
        p->value = stressor_value_copy(value);
    t->out_of_memory |= p == NULL || p->value == NULL;
}

static int32_t start(stressor_exec *x, stressor_result *result)
{
    (void)result;
    x->host->variables(x, keep, served);
    return STRESSOR_DONE;
}

const stressor_plugin *probe_entry(void)
{
    static const stressor_activity_type type = {.size = sizeof type,
                                                .flags = STRESSOR_ACTIVITY_DRY_RUN |
                                                         STRESSOR_ACTIVITY_IGNORE_TIMING,
                                                .name = PROBE_TYPE,
                                                .help = "Keep the context variables for a test",
                                                .start = start};
    static const stressor_activity_type *const types[] = {&type};
    static const stressor_plugin plugin = {.size = sizeof plugin,
                                           .abi_minor = STRESSOR_ABI_MINOR,
                                           .abi_draft = STRESSOR_ABI_DRAFT,
                                           .name = "stressor-test",
                                           .version = "1.0",
                                           .help = "Serves the test host",
                                           .activities = types,
                                           .activities_count = 1,
                                           .init = init,
                                           .run_open = run_open,
                                           .worker_open = worker_open,
                                           .worker_close = worker_close};
    return &plugin;
}
