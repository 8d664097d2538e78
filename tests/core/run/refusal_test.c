/*
 * A plugin that refuses to start, to prepare or to open a run: told, and nothing waits for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <stressor/stressor.h>

static enum stage { NOWHERE, IN_INIT, IN_PREPARE, IN_RUN_OPEN, IN_WORKER_OPEN } refuses;

static int32_t init(const stressor_host *host, void **data)
{
    (void)host;
    (void)data;
    return refuses == IN_INIT ? STRESSOR_ESYSTEM : STRESSOR_OK;
}

static int32_t prepare(stressor_prepare *place)
{
    (void)place;
    return refuses == IN_PREPARE ? STRESSOR_EINVAL : STRESSOR_OK;
}

static int32_t run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    (void)data;
    (void)run;
    (void)plan;
    (void)run_data;
    return refuses == IN_RUN_OPEN ? STRESSOR_ESYSTEM : STRESSOR_OK;
}

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    (void)run_data;
    (void)worker;
    (void)worker_data;
    return refuses == IN_WORKER_OPEN ? STRESSOR_ESYSTEM : STRESSOR_OK;
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    (void)exec;
    (void)result;
    return STRESSOR_DONE;
}

static const stressor_activity_type idle = {.size = sizeof idle,
                                            .name = "Idle",
                                            .help = "Does nothing",
                                            .prepare = prepare,
                                            .start = start};
static const stressor_activity_type *const types[] = {&idle};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "refuser",
                                       .version = "1.0",
                                       .help = "Refuses",
                                       .activities = types,
                                       .activities_count = 1,
                                       .init = init,
                                       .run_open = run_open,
                                       .worker_open = worker_open};

static const stressor_plugin *entry(void)
{
    return &plugin;
}

static void no_log(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                   uint64_t length)
{
    (void)data;
    (void)level;
    (void)time_wall_ns;
    (void)text;
    (void)length;
}

static const char scenario[] = "file_version: stressor#0\nscenario: [{sequence: main}]\n"
                               "sequences: {main: [{activity: Idle}]}\n";

/* What is said: the mistake, or the error of the run; "" when all went well. */
static void attempt(enum stage stage, char *said, size_t size)
{
    static const stressor_plugin_entry builtins[] = {entry, NULL};
    const stressor_engine_options o = {
        .size = sizeof o, .log = no_log, .builtin_plugins = builtins};
    refuses = stage;
    stressor_engine *e = stressor_engine_new(&o);
    assert_non_null(e);
    stressor_plan *plan = stressor_load_memory(e, scenario, strlen(scenario), "s.yaml", NULL, NULL);
    stressor_run *run = plan != NULL ? stressor_run_start(plan, NULL, said, size) : NULL;
    if (plan == NULL)
        snprintf(said, size, "%s", stressor_mistake_text(e, 0));
    if (run != NULL && stressor_run_wait(run, INT64_C(60000000000)) == 1)
        said[0] = '\0';
    stressor_run_free(run);
    stressor_plan_free(plan);
    stressor_engine_free(e);
}

static void a_refusal_is_told_at_every_stage(void **state)
{
    static const struct {
        enum stage stage;
        const char *says;
    } all[] = {
        {NOWHERE, ""},
        {IN_INIT, "s.yaml:3:20: error: plugin 'refuser' of Idle did not start (the log says why)"},
        {IN_PREPARE, "s.yaml:3:20: error: plugin 'refuser' refused Idle"},
        {IN_RUN_OPEN, "plugin 'refuser' refused to open the run (the log says why)"},
        {IN_WORKER_OPEN, "the workers did not start (the log says why)"},
        {NOWHERE, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char said[300] = "?";
        attempt(all[i].stage, said, sizeof said);
        assert_string_equal(said, all[i].says);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_is_told_at_every_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
