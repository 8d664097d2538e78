#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static const int64_t S = INT64_C(1000000000);
static const int64_t ANSWER_NS = INT64_C(6500000000); /* the grace period, and some */

static void swallow(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                    uint64_t length)
{
    (void)data, (void)level, (void)time_wall_ns, (void)text, (void)length;
}

/* What else is installed is not looked at, and may be broken. */
static const char *refuse_others(void *data, const char *path)
{
    (void)data, (void)path;
    return "it is not the plugin that is checked";
}

/* The checker's own plugin, and those beside: in this order after the one that is checked. */
static void check_others(stressor_engine *engine, const stressor_plugin_entry *with)
{
    for (size_t i = 1; i == 1 || with[i - 2] != NULL; i++) {
        const stressor_plugin_entry_info *info = stressor_plugin_at(engine, i);
        if (info != NULL && info->refused)
            note("%s is refused: %s", i == 1 ? "what the check itself needs" : options.with[i - 2],
                 info->reason);
    }
}

stressor_engine *engine_open(void)
{
    stressor_plugin_entry builtins[WITH_MAX + 3] = {wrapped_entry, own_entry};
    const stressor_plugin_entry *with = with_entries();
    for (size_t i = 0; with[i] != NULL; i++)
        builtins[i + 2] = with[i];
    const stressor_engine_options o = {.size = sizeof o,
                                       .log_level = STRESSOR_LOG_ERROR,
                                       .log = swallow,
                                       .builtin_plugins = builtins,
                                       .refuse_plugin = refuse_others};
    stressor_engine *engine = stressor_engine_new(&o);
    if (engine == NULL) {
        if (!memory_failed())
            found(CHECK_LIFE, "", "the engine does not start with it");
        return NULL;
    }
    check_others(engine, with);
    const stressor_plugin_entry_info *info = stressor_plugin_at(engine, 0);
    if (info != NULL && !info->refused)
        return engine;
    found(CHECK_DESCRIPTOR, "", "%s",
          info != NULL && info->reason != NULL ? info->reason : "it is refused");
    stressor_engine_free(engine);
    return NULL;
}

void engine_close(stressor_engine *engine)
{
    stressor_engine_free(engine);
    host_settle();
    beat();
}

/* --- scenarios ------------------------------------------------------------------------------- */

static stressor_plan *load(stressor_engine *engine, const char *activities, const struct how *how)
{
    struct text t = {0};
    text_add(&t, "file_version: stressor#0\n");
    if (how->config != NULL && how->config[0] != '\0')
        text_add(&t, "config:\n%s", how->config);
    text_add(&t, "%s", value_context);
    text_add(&t, "sessions: {count: %u}\n", how->sessions > 0 ? how->sessions : 1);
    text_add(&t, "scenario: [{sequence: main, repeat: %u}, {sequence: end}]\n",
             how->repeat > 0 ? how->repeat : 1);
    text_add(&t, "sequences:\n  main: [%s]\n", activities);
    text_add(&t,
             "  end: [{activity: " NAP_TYPE ", duration: 0.01},"
             " {activity: " LINGER_TYPE ", duration: %s}]\n",
             how->virtual_time ? "2d" : "0.04");
    stressor_plan *plan =
        t.bytes != NULL ? stressor_load_memory(engine, t.bytes, t.length, "check.yaml", "/", NULL)
                        : NULL;
    text_reset(&t);
    return plan;
}

bool compiles(stressor_engine *engine, const char *activities, const char *config)
{
    running_activities(activities, NULL);
    stressor_plan *plan = load(engine, activities, &(struct how){.config = config});
    stressor_plan_free(plan);
    return plan != NULL;
}

/* --- runs ------------------------------------------------------------------------------------ */

/* A worker that the plugin holds up never ends: nothing more can be done in this process. */
static void end_run(stressor_run *run, int64_t limit_ns)
{
    if (!stressor_run_wait(run, limit_ns)) {
        stressor_run_stop(run, STRESSOR_STOP_GRACEFUL);
        if (!stressor_run_wait(run, ANSWER_NS)) {
            stressor_run_stop(run, STRESSOR_STOP_NOW);
            if (!stressor_run_wait(run, ANSWER_NS)) {
                found(CHECK_HANG, "", "the run does not end, as the worker is held up in %s",
                      shared->doing);
                _exit(STAGE_FOUND);
            }
        }
    }
    stressor_run_free(run);
}

static void run_once(stressor_plan *plan, const struct how *how)
{
    const stressor_report report = {
        .size = sizeof report, .kind = how->report, .path = "/dev/null"};
    const stressor_report *const reports[] = {&report, NULL};
    stressor_run_options o;
    char error[300];
    stressor_run_options_init(&o);
    o.seed = options.seed > 0 ? options.seed : 1;
    o.workers = how->workers > 0 ? how->workers : 1;
    o.virtual_time = how->virtual_time;
    o.dry_run = how->dry_run;
    o.reports = how->report != NULL ? reports : NULL;
    exec_stop_when_pending(how->stop_when_pending);
    atomic_fetch_add(&shared->cases, 1);
    beat();
    stressor_run *run = stressor_run_start(plan, &o, error, sizeof error);
    if (run != NULL)
        end_run(run, how->limit_ns > 0 ? how->limit_ns : S);
    exec_stop_when_pending(false);
    exec_settle();
}

bool run_activities(stressor_engine *engine, const char *activities, const struct how *how)
{
    if (is_stuck())
        return true; /* every run would take as long again */
    running_activities(activities, how->words);
    stressor_plan *plan = load(engine, activities, how);
    if (plan == NULL)
        return false;
    run_once(plan, how);
    stressor_plan_free(plan);
    return true;
}
