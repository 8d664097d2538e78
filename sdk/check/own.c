#include <time.h>

#include <stressor/log.h>
#include <stressor/loop.h>

#include "check.h"

/*
 * The checker's own activities, which stay for a while when all is over, so that what the plugin
 * has forgotten still happens: CheckLinger {duration} by a timer, CheckNap {duration} on a thread.
 */

static const stressor_loop_api *loop;

static int32_t init(const stressor_host *host, void **data)
{
    (void)data;
    loop = host->extension(host, STRESSOR_LOOP_1);
    return loop != NULL ? STRESSOR_OK : STRESSOR_ENOENT;
}

static void end(void *data)
{
    static const stressor_result result = {.size = sizeof result};
    stressor_exec *x = data;
    loop->timer_free(x->data);
    x->host->complete(x, &result);
}

static int32_t linger_start(stressor_exec *x, stressor_result *r)
{
    beat();
    x->data = loop->timer_new(x->worker, end, x);
    if (x->data == NULL)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    loop->timer_start(x->data, x->args[0].as.integer);
    return STRESSOR_PENDING;
}

static void linger_cancel(stressor_exec *x)
{
    static const stressor_result result = {
        .size = sizeof result, .failure = {STRESSOR_CANCELLED, 0, "cancelled", "cancelled", 9}};
    loop->timer_free(x->data);
    x->host->complete(x, &result);
}

static int32_t nap_start(stressor_exec *x, stressor_result *r)
{
    int64_t ns = x->args[0].as.integer;
    const struct timespec t = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    (void)r;
    beat();
    nanosleep(&t, NULL);
    return STRESSOR_DONE;
}

const stressor_plugin *own_entry(void)
{
    static const stressor_arg duration = {.size = sizeof duration,
                                          .name = "duration",
                                          .types = STRESSOR_ARG_DURATION,
                                          .flags = STRESSOR_ARG_REQUIRED,
                                          .help = "how long"};
    static const stressor_arg *const args[] = {&duration};
    static const stressor_activity_type linger = {.size = sizeof linger,
                                                  .flags = STRESSOR_ACTIVITY_DRY_RUN,
                                                  .name = LINGER_TYPE,
                                                  .help = "Stay for a while",
                                                  .args = args,
                                                  .args_count = 1,
                                                  .start = linger_start,
                                                  .cancel = linger_cancel};
    static const stressor_activity_type nap = {.size = sizeof nap,
                                               .flags = STRESSOR_ACTIVITY_BLOCKING,
                                               .name = NAP_TYPE,
                                               .help = "Stay for a while in real time",
                                               .args = args,
                                               .args_count = 1,
                                               .start = nap_start};
    static const stressor_activity_type *const types[] = {&linger, &nap};
    static const stressor_plugin plugin = {.size = sizeof plugin,
                                           .abi_minor = STRESSOR_ABI_MINOR,
                                           .abi_draft = STRESSOR_ABI_DRAFT,
                                           .name = "stressor-plugin-check",
                                           .version = "1.0",
                                           .help = "Checks plugins",
                                           .activities = types,
                                           .activities_count = 2,
                                           .init = init};
    return &plugin;
}
