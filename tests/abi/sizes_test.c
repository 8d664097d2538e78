/*
 * Plugins whose structs are shorter and longer than today's, in today's host.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <stressor/stressor.h>

/* The folder with the plugins is the test's only argument. */
static const char *folders[2];

static const char scenario[] = "file_version: stressor#0\n"
                               "scenario: [{sequence: main, repeat: 3}]\n"
                               "sequences:\n"
                               "  main:\n"
                               "    - {activity: Older, text: a, assert_match: '^older$'}\n"
                               "    - {activity: Newer, text: b, assert_match: '^newer$'}\n";

static void nothing_of_the_test_folder_is_refused(void **state)
{
    (void)state;
    const stressor_engine_options o = {
        .size = sizeof o, .log_level = STRESSOR_LOG_ERROR, .plugin_paths = folders};
    stressor_engine *e = stressor_engine_new(&o);
    assert_non_null(e);
    size_t found = 0, refused = 0;
    for (size_t i = 0; i < stressor_plugins_count(e); i++) {
        const stressor_plugin_entry_info *entry = stressor_plugin_at(e, i);
        if (entry->path == NULL || strncmp(entry->path, folders[0], strlen(folders[0])) != 0)
            continue;
        found++;
        refused += entry->refused;
        if (entry->refused)
            print_error("%s: %s\n", entry->path, entry->reason);
    }
    stressor_engine_free(e);
    assert_int_equal(found, 2);
    assert_int_equal(refused, 0);
}

static void activities_of_both_run(void **state)
{
    (void)state;
    const stressor_engine_options o = {
        .size = sizeof o, .log_level = STRESSOR_LOG_ERROR, .plugin_paths = folders};
    stressor_engine *e = stressor_engine_new(&o);
    assert_non_null(e);
    stressor_plan *plan =
        stressor_load_memory(e, scenario, strlen(scenario), "sizes.yaml", NULL, NULL);
    for (size_t i = 0; i < stressor_mistakes_count(e); i++)
        print_error("%s\n", stressor_mistake_text(e, i));
    assert_non_null(plan);
    char error[200] = "";
    stressor_run *run = stressor_run_start(plan, NULL, error, sizeof error);
    if (run == NULL)
        print_error("%s\n", error);
    assert_non_null(run);
    assert_int_equal(stressor_run_wait(run, INT64_C(60000000000)), 1);
    const stressor_snapshot *s = stressor_run_snapshot(run);
    assert_non_null(s);
    uint64_t activities = s->activities, errors = s->errors;
    stressor_snapshot_release(s);
    stressor_run_free(run);
    stressor_plan_free(plan);
    stressor_engine_free(e);
    assert_int_equal(activities, 6);
    assert_int_equal(errors, 0);
}

static void an_embedding_program_may_be_older_too(void **state)
{
    (void)state;
    struct {
        uint32_t size;
        int32_t log_level;
    } older = {.size = sizeof older, .log_level = STRESSOR_LOG_ERROR};
    stressor_engine *e = stressor_engine_new((const stressor_engine_options *)(const void *)&older);
    assert_non_null(e);
    stressor_engine_free(e);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_of_the_test_folder_is_refused),
        cmocka_unit_test(activities_of_both_run),
        cmocka_unit_test(an_embedding_program_may_be_older_too),
    };
    if (argc != 2)
        return 2;
    folders[0] = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
