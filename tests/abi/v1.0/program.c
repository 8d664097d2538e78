/*
 * program -- an embedding program as version 1.0 of the headers allows it: a scenario from memory
 * with a plugin of its own, followed, stopped, and read.
 *
 * Prints a line for each thing; the test knows them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <stressor/stressor.h>

static int32_t answer_start(stressor_exec *x, stressor_result *r)
{
    (void)x;
    r->value = stressor_int(42);
    return STRESSOR_DONE;
}

static const stressor_activity_type answer = {
    .size = sizeof answer, .name = "Answer", .help = "Give the answer", .start = answer_start};
static const stressor_activity_type *const types[] = {&answer};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "answers",
                                       .version = "1.0.0",
                                       .help = "Answers",
                                       .activities = types,
                                       .activities_count = 1};

static const stressor_plugin *entry(void)
{
    return &plugin;
}

static const char scenario[] = "file_version: stressor#0\n"
                               "scenario: [{sequence: main, repeat: 5}]\n"
                               "sequences:\n"
                               "  main:\n"
                               "    - {activity: Answer, name: ask, assert_match: '42'}\n"
                               "    - {activity: Answer, name: doubt, assert_match: '43'}\n";

static void ignore_log(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                       uint64_t length)
{
    (void)data;
    (void)level;
    (void)time_wall_ns;
    (void)text;
    (void)length;
}

static int32_t add_up(void *data, const char *bytes, uint64_t length)
{
    (void)bytes;
    *(uint64_t *)data += length;
    return STRESSOR_OK;
}

static void print_rows(const stressor_snapshot *s)
{
    for (uint32_t i = 0; i < s->rows_count; i++)
        printf("row %s %" PRIu64 " %" PRIu64 " %d\n", s->rows[i]->name, s->rows[i]->count,
               s->rows[i]->errors,
               stressor_percentile(s->rows[i]->total, 100) == s->rows[i]->max_ns);
    for (uint32_t i = 0; i < s->error_groups_count; i++)
        printf("group %s %s %s %" PRIu64 "\n", stressor_category_name(s->error_groups[i]->category),
               s->error_groups[i]->kind, s->error_groups[i]->row, s->error_groups[i]->count);
    printf("verdict %" PRIu32 "\n", s->verdict);
}

static int run_it(stressor_engine *engine, stressor_plan *plan)
{
    char error[200] = "";
    uint64_t length = 0;
    stressor_run_options options;
    stressor_run_options_init(&options);
    options.workers = 1;
    options.seed = 7;
    stressor_run *run = stressor_run_start(plan, &options, error, sizeof error);
    if (run == NULL) {
        printf("no run: %s\n", error);
        return 1;
    }
    printf("ended %d\n", stressor_run_wait(run, -1));
    const stressor_snapshot *s = stressor_run_snapshot(run);
    print_rows(s);
    printf("rendered %d\n",
           stressor_render(engine, "json", s, add_up, &length) == STRESSOR_OK && length > 100);
    stressor_snapshot_release(s);
    stressor_run_free(run);
    return 0;
}

int main(void)
{
    static const stressor_plugin_entry builtin[] = {entry, NULL};
    const stressor_engine_options options = {.size = sizeof options,
                                             .log_level = STRESSOR_LOG_ERROR,
                                             .log = ignore_log,
                                             .builtin_plugins = builtin};
    stressor_engine *engine = stressor_engine_new(&options);
    if (engine == NULL)
        return 1;
    stressor_plan *wrong = stressor_load_memory(engine, "scenario: 5", 11, "wrong", NULL, NULL);
    printf("wrong %d %d\n", wrong == NULL, stressor_mistakes_count(engine) > 0);
    stressor_plan *plan =
        stressor_load_memory(engine, scenario, strlen(scenario), "right", NULL, NULL);
    int code = plan == NULL ? 1 : run_it(engine, plan);
    stressor_plan_free(plan);
    stressor_engine_free(engine);
    return code;
}
