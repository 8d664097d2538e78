/*
 * sleep -- pauses: the activity Sleep and the macro $sleep.
 *
 * A pause that is under way is a timer of the worker, kept for the next pause when it is over.
 */
#include <stdlib.h>

#include <stressor/log.h>
#include <stressor/loop.h>
#include <stressor/plugin.h>

enum { ARG_DURATION, ARG_DURATION_2, ARGS_COUNT };

struct sleeper {
    const stressor_host *host;
    const stressor_loop_api *loop;
};

struct pause {
    struct pause *next_free;
    struct sleep_worker *worker;
    stressor_timer *timer;
    stressor_exec *exec;
};

struct sleep_worker {
    struct sleeper *plugin;
    stressor_worker *worker;
    struct pause *free;
};

static void on_timer(void *data)
{
    static const stressor_result result = {.size = sizeof result};
    struct pause *p = data;
    stressor_exec *exec = p->exec;
    p->next_free = p->worker->free;
    p->worker->free = p;
    exec->host->complete(exec, &result);
}

static struct pause *pause_take(struct sleep_worker *w)
{
    struct pause *p = w->free;
    if (p != NULL) {
        w->free = p->next_free;
        return p;
    }
    p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->worker = w;
    p->timer = w->plugin->loop->timer_new(w->worker, on_timer, p);
    if (p->timer == NULL) {
        free(p);
        return NULL;
    }
    return p;
}

/* Between both, each nanosecond as likely as the other. */
static int64_t draw(stressor_exec *exec, int64_t a, int64_t b)
{
    int64_t low = a < b ? a : b;
    uint64_t width = (uint64_t)(a < b ? b : a) - (uint64_t)low;
    if (width == 0)
        return low;
    uint64_t random = exec->host->random(exec->session);
    double share = (double)(random >> 11) * 0x1.0p-53;
    return low + (int64_t)(share * (double)width);
}

static int32_t sleep_start(stressor_exec *exec, stressor_result *result)
{
    const stressor_value *args = exec->args;
    int64_t duration_ns = args[ARG_DURATION].as.integer;
    if (args[ARG_DURATION_2].type == STRESSOR_INT)
        duration_ns = draw(exec, duration_ns, args[ARG_DURATION_2].as.integer);
    if (duration_ns <= 0 || (exec->flags & STRESSOR_EXEC_DRY_RUN))
        return STRESSOR_DONE;
    struct sleep_worker *w = exec->worker_data;
    struct pause *p = pause_take(w);
    if (p == NULL)
        return stressor_fail(exec, &result->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    p->exec = exec;
    exec->data = p;
    w->plugin->loop->timer_start(p->timer, duration_ns);
    return STRESSOR_PENDING;
}

static void sleep_cancel(stressor_exec *exec)
{
    static const char text[] = "the pause was cut short";
    static const stressor_result result = {.size = sizeof result,
                                           .failure = {.category = STRESSOR_CANCELLED,
                                                       .kind = "cancelled",
                                                       .text = text,
                                                       .length = sizeof text - 1}};
    struct pause *p = exec->data;
    struct sleep_worker *w = p->worker;
    w->plugin->loop->timer_stop(p->timer);
    p->next_free = w->free;
    w->free = p;
    exec->host->complete(exec, &result);
}

/* --- life ---------------------------------------------------------------------------------- */

static int32_t sleep_init(const stressor_host *host, void **data)
{
    struct sleeper *s = calloc(1, sizeof *s);
    if (s == NULL)
        return STRESSOR_ENOMEM;
    s->host = host;
    s->loop = host->extension(host, STRESSOR_LOOP_1);
    if (s->loop == NULL) {
        stressor_log(host, STRESSOR_LOG_ERROR, "sleep: the host does not offer " STRESSOR_LOOP_1);
        free(s);
        return STRESSOR_ESYSTEM;
    }
    *data = s;
    return 0;
}

static int32_t sleep_run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    (void)run;
    (void)plan;
    *run_data = data;
    return 0;
}

static int32_t sleep_worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    struct sleep_worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return STRESSOR_ENOMEM;
    w->plugin = run_data;
    w->worker = worker;
    *worker_data = w;
    return 0;
}

static void sleep_worker_close(void *worker_data)
{
    struct sleep_worker *w = worker_data;
    while (w->free != NULL) {
        struct pause *p = w->free;
        w->free = p->next_free;
        w->plugin->loop->timer_free(p->timer);
        free(p);
    }
    free(w);
}

/* --- what it offers ------------------------------------------------------------------------ */

static const stressor_arg arg_duration = {.size = sizeof arg_duration,
                                          .name = "duration",
                                          .types = STRESSOR_ARG_DURATION,
                                          .flags = STRESSOR_ARG_REQUIRED,
                                          .min = 0,
                                          .max = 1e9,
                                          .help = "how long to pause"};
static const stressor_arg arg_duration_2 = {.size = sizeof arg_duration_2,
                                            .name = "duration_2",
                                            .types = STRESSOR_ARG_DURATION,
                                            .min = 0,
                                            .max = 1e9,
                                            .help =
                                                "the other end, for a random time between both"};
static const stressor_arg *const sleep_args[ARGS_COUNT] = {
    [ARG_DURATION] = &arg_duration, [ARG_DURATION_2] = &arg_duration_2};

static const stressor_activity_type sleep_type = {.size = sizeof sleep_type,
                                                  .flags = STRESSOR_ACTIVITY_IGNORE_TIMING |
                                                           STRESSOR_ACTIVITY_DRY_RUN,
                                                  .name = "Sleep",
                                                  .help = "Pause",
                                                  .args = sleep_args,
                                                  .args_count = ARGS_COUNT,
                                                  .start = sleep_start,
                                                  .cancel = sleep_cancel};
static const stressor_activity_type *const types[] = {&sleep_type};

static const char *const macro_args[] = {"duration", "duration_2", NULL};
static const stressor_macro sleep_macro = {.size = sizeof sleep_macro,
                                           .kind = STRESSOR_MACRO_ACTIVITY,
                                           .name = "sleep",
                                           .help = "Pause, for a random time when two are given",
                                           .args = macro_args,
                                           .args_required = 1,
                                           .activity = "Sleep"};
static const stressor_macro *const macros[] = {&sleep_macro};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "sleep",
                                       .version = "0.1.0",
                                       .help = "Pauses",
                                       .license = "MIT",
                                       .activities = types,
                                       .activities_count = 1,
                                       .macros = macros,
                                       .macros_count = 1,
                                       .init = sleep_init,
                                       .fini = free,
                                       .run_open = sleep_run_open,
                                       .worker_open = sleep_worker_open,
                                       .worker_close = sleep_worker_close};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
