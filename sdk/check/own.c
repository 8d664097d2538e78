#include <time.h>

#include <stressor/log.h>
#include <stressor/loop.h>

#include "check.h"

/*
 * The checker's own activities, which stay for a while when all is over, so that what the plugin
 * has forgotten still happens: CheckLinger {duration} by a timer, CheckNap {duration} on a thread.
 * CheckTake {value} is there for macros, and the report check-render for what others render.
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

static int32_t take_start(stressor_exec *x, stressor_result *r)
{
    beat();
    r->value = x->args[0];
    return STRESSOR_DONE;
}

/* --- a report that renders ------------------------------------------------------------------- */

static int32_t render_open(void *data, const stressor_control *control, const char *path,
                           void **reporter)
{
    (void)data, (void)path;
    *reporter = (void *)(uintptr_t)control; /* which lives until close, and is only read */
    return STRESSOR_OK;
}

static int32_t count_bytes(void *data, const char *bytes, uint64_t length)
{
    (void)bytes;
    *(uint64_t *)data += length;
    return STRESSOR_OK;
}

static int32_t refuse_bytes(void *data, const char *bytes, uint64_t length)
{
    (void)data, (void)bytes, (void)length;
    return STRESSOR_ESYSTEM;
}

static void render_kind(const stressor_control *control, const char *kind,
                        const stressor_snapshot *snapshot)
{
    uint64_t bytes = 0;
    doing("render of %s", kind);
    int32_t status = control->render(control, kind, snapshot, count_bytes, &bytes);
    if (status != STRESSOR_OK && !memory_failed())
        found(CHECK_REPORTS, kind, "render returned %d, though all of it could be written", status);
    else if (status == STRESSOR_OK && bytes == 0)
        found(CHECK_REPORTS, kind, "render succeeds without having written anything");
    if (bytes > 0 && control->render(control, kind, snapshot, refuse_bytes, NULL) >= 0)
        found(CHECK_REPORTS, kind, "render succeeds though what it writes to fails");
    atomic_fetch_add(&shared->reports, 1);
    beat();
}

static int32_t render_end(void *reporter, const stressor_snapshot *snapshot)
{
    const stressor_plugin *p = plugin_descriptor();
    for (uint32_t i = 0; i < p->reporters_count; i++)
        if (p->reporters[i]->render != NULL)
            render_kind(reporter, p->reporters[i]->kind, snapshot);
    return STRESSOR_OK;
}

static void render_close(void *reporter)
{
    (void)reporter;
}

/* --- the plugin ------------------------------------------------------------------------------ */

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
    static const stressor_arg value = {
        .size = sizeof value, .name = "value", .types = STRESSOR_ARG_ANY, .help = "anything"};
    static const stressor_arg *const take_args[] = {&value};
    static const stressor_activity_type take = {.size = sizeof take,
                                                .flags = STRESSOR_ACTIVITY_DRY_RUN,
                                                .name = TAKE_TYPE,
                                                .help = "Take a value",
                                                .args = take_args,
                                                .args_count = 1,
                                                .start = take_start};
    static const stressor_activity_type *const types[] = {&linger, &nap, &take};
    static const stressor_reporter_type render = {.size = sizeof render,
                                                  .kind = RENDER_KIND,
                                                  .help = "Render what the plugin can",
                                                  .path_help = "nothing",
                                                  .open = render_open,
                                                  .end = render_end,
                                                  .close = render_close};
    static const stressor_reporter_type *const reporters[] = {&render};
    static const stressor_plugin plugin = {.size = sizeof plugin,
                                           .abi_minor = STRESSOR_ABI_MINOR,
                                           .abi_draft = STRESSOR_ABI_DRAFT,
                                           .name = "stressor-plugin-check",
                                           .version = "1.0",
                                           .help = "Checks plugins",
                                           .activities = types,
                                           .activities_count = 3,
                                           .reporters = reporters,
                                           .reporters_count = 1,
                                           .init = init};
    return &plugin;
}
