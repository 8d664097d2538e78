/*
 * Where scenarios are found, and what the engine tells of the last load.
 */
#include "again.h"
#include "temporary.h"

static void write_text(const char *folder, const char *name, const char *text)
{
    char path[TEMPORARY_PATH];
    temporary_write(temporary_path(folder, name, path), text, strlen(text));
}

static void load_and_run(struct trial *t, const char *folder, const char *path, const char *name)
{
    char full[TEMPORARY_PATH];
    snprintf(full, sizeof full, "%s%s", folder, path);
    t->plan = stressor_load_file(t->engine, full, NULL);
    trial_start(t, NULL);
    trial_end(t);
    assert_string_equal(t->snapshot->name, name);
    assert_string_equal(recorder_notes(), "t01:loaded");
    stressor_snapshot_release(t->snapshot);
    stressor_run_free(t->run);
    stressor_plan_free(t->plan);
    t->snapshot = NULL;
    t->run = NULL;
    t->plan = NULL;
    recorder_reset();
}

static void a_file_is_found_with_and_without_its_ending_and_in_its_folder(void **state)
{
    (void)state;
    static const char yaml[] = HEAD "scenario: [{sequence: one}]\n"
                                    "sequences: {one: $load(one.yaml)}\n";
    char folder[TEMPORARY_SIZE], path[TEMPORARY_PATH];
    struct trial t;
    trial_load(&t, "", NULL);
    assert_null(t.plan);
    assert_true(temporary_make(folder));
    write_text(folder, "mine.yaml", yaml);
    write_text(folder, "scenario.yaml", yaml);
    write_text(folder, "one.yaml", "- {activity: Note, text: loaded}\n");
    load_and_run(&t, folder, "/mine.yaml", "mine");
    load_and_run(&t, folder, "/mine", "mine");
    load_and_run(&t, folder, "/scenario.yaml", "scenario");
    assert_null(stressor_load_file(t.engine, temporary_path(folder, "none", path), NULL));
    assert_int_equal(stressor_mistakes_count(t.engine), 1);
    load_and_run(&t, folder, "", strrchr(folder, '/') + 1);
    assert_true(temporary_remove(folder));
    trial_free(&t);
}

static void mistakes_are_those_of_the_last_load(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t, HEAD "scenario: [{sequence: nope}]\nsequences: {one: []}\n", NULL);
    assert_null(t.plan);
    assert_int_equal(stressor_mistakes_count(t.engine), 1);
    assert_non_null(strstr(stressor_mistake_text(t.engine, 0), "test.yaml:2:"));
    assert_false(stressor_mistake_is_warning(t.engine, 0));
    static const char empty[] = HEAD "scenario: [{sequence: one}]\nsequences: {one: }\n";
    t.plan = stressor_load_memory(t.engine, empty, strlen(empty), "empty.yaml", NULL, NULL);
    assert_non_null(t.plan);
    assert_int_equal(stressor_mistakes_count(t.engine), 1);
    assert_true(stressor_mistake_is_warning(t.engine, 0));
    assert_non_null(strstr(stressor_mistake_text(t.engine, 0), "empty.yaml:3:"));
    assert_string_equal(stressor_plan_name(t.plan), "empty");
    assert_int_equal(stressor_plan_verbose(t.plan), -1);
    assert_int_equal(stressor_plan_sessions(t.plan), 1);
    trial_free(&t);
}

static void built_in_plugins_are_listed_without_a_path(void **state)
{
    (void)state;
    struct trial t;
    trial_load_with(&t, again_plugins, "", NULL);
    assert_true(stressor_plugins_count(t.engine) >= 2);
    const stressor_plugin_entry_info *p = stressor_plugin_at(t.engine, 1);
    assert_string_equal(p->plugin->name, "odd");
    assert_null(p->path);
    assert_false(p->refused);
    assert_null(stressor_plugin_at(t.engine, stressor_plugins_count(t.engine)));
    trial_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_found_with_and_without_its_ending_and_in_its_folder),
        cmocka_unit_test(mistakes_are_those_of_the_last_load),
        cmocka_unit_test(built_in_plugins_are_listed_without_a_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
