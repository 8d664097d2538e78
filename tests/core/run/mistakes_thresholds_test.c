/*
 * What is said of the section `thresholds` and of config.watch where they are wrong, and what the
 * plan holds where they are right.
 */
#include "mistakes.h"

#include "plan/plan.h"

/* clang-format off */
#define HEAD "file_version: stressor#0\n"
#define REST "scenario: [{sequence: main}]\nsequences:\n  main:\n" \
             "  - {activity: Note, name: login, text: a}\n" \
             "  - {activity: Give, name: log in, value: 1}\n"
#define LINES(text) HEAD "thresholds:\n" text REST
#define METRICS "expected min, mean, max, a percentile such as p95 or p99.9, count, rate or errors"
/* clang-format on */

static void the_section_is_a_list_of_lines(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "thresholds: p95 < 300ms\n" REST,
         {"2:13: error: section 'thresholds': expected a list of lines such as 'p95 < 300ms', "
          "found "
          "text 'p95 < 300ms'"},
         false},
        {HEAD "thresholds: {p95: 300ms}\n" REST,
         {"2:13: error: section 'thresholds': expected a list of lines such as 'p95 < 300ms', "
          "found "
          "a map {p95: '300ms'}"},
         false},
        {LINES("- p95: 300ms\n- 5\n"),
         {"3:3: error: item 1 of section 'thresholds': expected a line such as 'p95 < 300ms' or "
          "'errors < 1%', found a map {p95: '300ms'}",
          "4:3: error: item 2 of section 'thresholds': expected a line such as 'p95 < 300ms' or "
          "'errors < 1%', found the integer 5"},
         false},
        {HEAD "threshold: []\n" REST,
         {"2:1: error: unknown section 'threshold'; did you mean 'thresholds'?"},
         false},
        {LINES(""), {NULL}, true},
        {HEAD "thresholds: []\n" REST, {NULL}, true},
        {LINES("- p95 < 300ms\n- errors of login < 5\n"), {NULL}, true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void mistakes_in_a_line_are_told_with_their_character(void **state)
{
    static const struct mistaken all[] = {
        {LINES("- p95 300ms\n- perc < 5\n- error < 5\n"),
         {"3:3: error: threshold, character 5: expected 'of NAME' or one of <, <=, >, >=, found "
          "'300ms'",
          "4:3: error: threshold, character 1: " METRICS ", found 'perc'",
          "5:3: error: threshold, character 1: " METRICS ", found 'error'; did you mean 'errors'?"},
         false},
        {HEAD "thresholds: [errors < 1%, abort]\n" REST,
         {"2:27: error: threshold, character 1: " METRICS
          ", found 'abort'; in a list of [ ] a line that holds a comma is put in quotes"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void names_that_nothing_has_draw_the_nearest(void **state)
{
    static const struct mistaken all[] = {
        {LINES("- p95 of lgoin < 1s\n"),
         {"3:3: error: threshold, character 8: no activity, type or sequence is called 'lgoin'; "
          "did "
          "you mean 'login'?"},
         false},
        {LINES("- count of 'log im' > 1\n"),
         {"3:3: error: threshold, character 11: no activity, type or sequence is called 'log im'; "
          "did you mean 'log in'?"},
         false},
        {LINES("- p95 of note < 1s\n- p95 of mian < 1s\n- p95 of checkout < 1s\n"),
         {"3:3: error: threshold, character 8: no activity, type or sequence is called 'note'; did "
          "you mean 'Note'?",
          "4:3: error: threshold, character 8: no activity, type or sequence is called 'mian'; did "
          "you mean 'main'?",
          "5:3: error: threshold, character 8: no activity, type or sequence is called 'checkout'"},
         false},
        /* A type that is installed, but not in the scenario. */
        {LINES("- p95 of Block < 1s\n"),
         {"3:3: error: threshold, character 8: no activity, type or sequence is called 'Block'"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void an_abort_that_can_never_come_is_warned_of(void **state)
{
    static const struct mistaken all[] = {
        {LINES("- count > 100, abort\n"),
         {"3:3: warning: threshold: 'abort' does nothing here without 'for', as waiting may be all "
          "that is missing"},
         true},
        {LINES("- rate > 100/s for 5s, abort\n- count < 100, abort\n"), {NULL}, true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void a_line_about_nothing_that_counts_is_warned_of(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "thresholds: [count > 1, count of main > 1]\n"
              "scenario: [{sequence: main}]\nsequences:\n"
              "  init: [{activity: Give, value: 1}]\n"
              "  main: [{activity: Give, value: 1, ignore_timing: true}]\n",
         {"2:14: warning: threshold: it will fail for want of a sample: outside 'init' and 'end' "
          "all "
          "activities ignore timing; name those that it is about"},
         true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

#define UNREACHED                                                                                  \
    "warning: threshold: it will fail for want of a sample: no entry of 'scenario' runs "

static void a_line_about_what_is_never_run_is_warned_of(void **state)
{
    static const struct mistaken all[] = {
        {LINES("- p95 of lost < 1s\n- p95 of Give < 1s\n- p95 of login < 1s\n- p95 of left < 1s\n"
               "- p95 of GiveText < 1s\n") "  left:\n"
                                           "  - {activity: Note, name: login, text: a}\n"
                                           "  - {activity: GiveText, name: lost, text: a}\n",
         {"3:3: " UNREACHED "a sequence with 'lost'", "6:3: " UNREACHED "sequence 'left'",
          "7:3: " UNREACHED "a sequence with 'GiveText'"},
         true},
        /* Scripts may call any type. */
        {LINES("- p95 of Give < 1s\n") "  - {activity: Call, type: Note, arguments: {text: b}}\n"
                                       "  left: [{activity: Give, value: 1}]\n",
         {NULL},
         true},
        {HEAD "thresholds: [p95 of main < 1s]\nscenario: []\n"
              "sequences: {main: [{activity: Give, value: 1}]}\n",
         {"3:11: warning: section 'scenario' is empty: nothing will be run"},
         true},
        /* The entry that is wrong may be the one. */
        {HEAD "thresholds: [p95 of left < 1s]\nscenario: [{sequence: main}, {sequence: lft}]\n"
              "sequences: {main: [], left: []}\n",
         {"3:41: error: unknown sequence 'lft'; did you mean 'left'?"},
         false},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void there_are_at_most_200_thresholds(void **state)
{
    (void)state;
    static char yaml[8192];
    for (int count = 200; count <= 201; count++) {
        struct trial t;
        strcpy(yaml, HEAD "thresholds:\n");
        for (int i = 0; i < count; i++)
            strcat(yaml, "- max < 5s\n");
        strcat(yaml, REST);
        trial_load(&t, yaml, NULL);
        assert_int_equal(t.plan != NULL, count == 200);
        if (t.plan == NULL)
            assert_non_null(strstr(stressor_mistake_text(t.engine, 0),
                                   "section 'thresholds': expected at most 200 lines, found 201"));
        trial_free(&t);
    }
}

static void names_are_activities_then_types_then_sequences(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t,
               HEAD "thresholds: ['p99 of Note < 1s for 10s, abort', max of Give < 1s, "
                    "max of main < 1s, max of pair < 1s, max of main/2/Give < 1, max < 1]\n"
                    "scenario: [{sequence: main}]\nsequences:\n  main:\n"
                    "  - {activity: Give, name: Note, value: 1}\n"
                    "  - {activity: Give, value: 1}\n"
                    "  - {activity: Note, name: main, text: a}\n  pair: []\n",
               NULL);
    assert_non_null(t.plan);
    static const struct {
        enum threshold_subject subject;
        const char *name;
    } expected[] = {
        {THRESHOLD_ROWS, "Note"},     {THRESHOLD_TYPE, "Give"},        {THRESHOLD_ROWS, "main"},
        {THRESHOLD_SEQUENCE, "pair"}, {THRESHOLD_ROWS, "main/2/Give"}, {THRESHOLD_NET, NULL},
    };
    const struct stressor_plan *plan = t.plan;
    assert_int_equal(plan->thresholds_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(plan->thresholds[i].subject, expected[i].subject);
        if (expected[i].name == NULL)
            assert_null(plan->thresholds[i].name);
        else
            assert_string_equal(plan->thresholds[i].name, expected[i].name);
    }
    const struct threshold *first = &plan->thresholds[0];
    assert_string_equal(first->text, "p99 of Note < 1s for 10s, abort");
    assert_int_equal(first->metric, THRESHOLD_PERCENTILE);
    assert_true(first->percent > 98.9 && first->percent < 99.1);
    assert_true(first->for_ns == INT64_C(10000000000));
    assert_true(first->abort);
    trial_free(&t);
}

static void macros_in_a_line_see_the_initial_variables(void **state)
{
    (void)state;
    struct trial t;
    const char *overrides[] = {"limit:250ms", NULL};
    static const char yaml[] =
        HEAD "context: {limit: 100ms}\nthresholds: [p95 of login < $(limit)]\n" REST;
    trial_load(&t, yaml, overrides);
    assert_non_null(t.plan);
    assert_string_equal(t.plan->thresholds[0].text, "p95 of login < 250ms");
    assert_true(t.plan->thresholds[0].limit > 2.49e8 && t.plan->thresholds[0].limit < 2.51e8);
    trial_free(&t);

    static const struct mistaken all[] = {
        {LINES("- p95 < $(limit)\n"), {"3:3: error: threshold: *"}, false},
    };
    MISTAKES_CHECK(all);
}

static void watched_processes_are_pids_files_and_names(void **state)
{
    (void)state;
    struct trial t;
    const char *overrides[] = {"server:nginx", NULL};
    trial_load(&t, HEAD "config: {watch: [1234, /run/x.pid, $(server)]}\n" REST, overrides);
    assert_non_null(t.plan);
    assert_int_equal(t.plan->watch_count, 3);
    assert_string_equal(t.plan->watch[0], "1234");
    assert_string_equal(t.plan->watch[1], "/run/x.pid");
    assert_string_equal(t.plan->watch[2], "nginx");
    trial_free(&t);
    trial_load(&t, HEAD "config: {watch: nginx}\n" REST, NULL);
    assert_non_null(t.plan);
    assert_int_equal(t.plan->watch_count, 1);
    assert_string_equal(t.plan->watch[0], "nginx");
    trial_free(&t);
    trial_load(&t, HEAD "config: {watch: 77}\n" REST, NULL);
    assert_non_null(t.plan);
    assert_string_equal(t.plan->watch[0], "77");
    trial_free(&t);
}

static void what_cannot_be_watched_is_told(void **state)
{
    static const struct mistaken all[] = {
        {HEAD "config: {watch: [0, '', nginx, -5]}\n" REST,
         {"2:18: error: key 'watch' of section 'config': expected the id of a process, found the "
          "integer 0",
          "2:21: error: key 'watch' of section 'config': expected a process id, the path of a pid "
          "file or the name of a process, found ''",
          "2:32: error: key 'watch' of section 'config': expected the id of a process, found the "
          "integer -5"},
         false},
        {HEAD "config: {watch: {a: 1}}\n" REST,
         {"2:17: error: key 'watch' of section 'config': *"},
         false},
        {HEAD "config: {watch: [[a]]}\n" REST,
         {"2:18: error: key 'watch' of section 'config': *"},
         false},
        {HEAD "config: {watch: }\n" REST, {NULL}, true},
        {HEAD "config: {watch: []}\n" REST, {NULL}, true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_section_is_a_list_of_lines),
        cmocka_unit_test(mistakes_in_a_line_are_told_with_their_character),
        cmocka_unit_test(names_that_nothing_has_draw_the_nearest),
        cmocka_unit_test(an_abort_that_can_never_come_is_warned_of),
        cmocka_unit_test(a_line_about_nothing_that_counts_is_warned_of),
        cmocka_unit_test(a_line_about_what_is_never_run_is_warned_of),
        cmocka_unit_test(there_are_at_most_200_thresholds),
        cmocka_unit_test(names_are_activities_then_types_then_sequences),
        cmocka_unit_test(macros_in_a_line_see_the_initial_variables),
        cmocka_unit_test(watched_processes_are_pids_files_and_names),
        cmocka_unit_test(what_cannot_be_watched_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
