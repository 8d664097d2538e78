/*
 * The test host, as the author of a plugin uses it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stressor/testhost.h>

#include "sample.h"

static int open_test(void **state)
{
    *state = stressor_test_new(sample_entry);
    return *state == NULL;
}

static int close_test(void **state)
{
    stressor_test_free(*state);
    return 0;
}

static void an_activity_gives_back_its_result(void **state)
{
    const stressor_test_result *r = stressor_test_run(*state, "{activity: Greet, who: you}");
    assert_int_equal(r->status, STRESSOR_DONE);
    assert_string_equal(r->text, "Hello, you");
    assert_int_equal(r->text_length, 10);
    assert_int_equal(r->value.type, STRESSOR_STRING);
    assert_string_equal(r->type, "Greet");
    assert_string_equal(r->failure.text, "");
    assert_string_equal(r->failure.kind, "");
    assert_int_equal(r->failure.category, STRESSOR_NO_FAILURE);
    assert_non_null(strstr(stressor_test_log(*state), "INFO greeted\n"));
}

static void an_activity_may_have_several_lines(void **state)
{
    const stressor_test_result *r = stressor_test_run(*state, "activity: Greet\n"
                                                              "who: |-\n"
                                                              "  two\n"
                                                              "  lines\n"
                                                              "name: mine");
    assert_string_equal(r->text, "Hello, two\nlines");
    assert_non_null(strstr(r->label, "mine"));
}

static void settings_and_variables_hold_until_they_are_taken_out(void **state)
{
    stressor_test *t = *state;
    stressor_test_config(t, "greeting", "Good morning");
    stressor_test_context(t, "person", "{name: Ada}");
    static const char activity[] = "{activity: Greet, who: $(person.name)}";
    for (int i = 0; i < 2; i++)
        assert_string_equal(stressor_test_run(t, activity)->text, "Good morning, Ada");
    stressor_test_config(t, "greeting", NULL);
    stressor_test_context(t, "person", "{name: Bob}");
    assert_string_equal(stressor_test_run(t, activity)->text, "Hello, Bob");
    stressor_test_session(t, "users", "[{name: Eve, password: x}]");
    assert_string_equal(stressor_test_run(t, "{activity: Greet, who: $(user.name)}")->text,
                        "Hello, Eve");
}

static void failures_say_category_kind_and_text(void **state)
{
    const stressor_test_result *r = stressor_test_run(*state, "{activity: Greet, who: ''}");
    assert_int_equal(r->status, STRESSOR_FAILED);
    assert_int_equal(r->failure.category, STRESSOR_TARGET);
    assert_string_equal(r->failure.kind, "nobody");
    assert_string_equal(r->failure.text, "nobody to greet");
    r = stressor_test_run(*state, "{activity: Greet, who: you, assert_match: ^Bye}");
    assert_int_equal(r->status, STRESSOR_FAILED);
    assert_int_equal(r->failure.category, STRESSOR_ASSERTION);
    assert_string_equal(r->text, "Hello, you");
}

static void mistakes_are_told_and_nothing_runs(void **state)
{
    stressor_test *t = *state;
    const stressor_test_result *r = stressor_test_run(t, "{activity: Greet, whom: you}");
    assert_int_equal(r->status, STRESSOR_FAILED);
    assert_string_equal(r->failure.kind, "scenario");
    assert_non_null(strstr(r->failure.text, "whom"));
    assert_non_null(strstr(stressor_test_mistake(t, 0), "who"));
    assert_null(stressor_test_mistake(t, 9));
    assert_null(stressor_test_result_at(t, 0));
    assert_string_equal(r->type, "");
    assert_string_equal(r->text, "");
    stressor_test_run(t, "{activity: Greet, who: you}");
    assert_null(stressor_test_mistake(t, 0));
}

static void waiting_takes_no_time_but_is_measured(void **state)
{
    const stressor_test_result *r = stressor_test_run(*state, "{activity: Nap, duration: 1d}");
    assert_int_equal(r->status, STRESSOR_DONE);
    assert_true(r->latency_ns >= INT64_C(86400000000000));
    assert_true(r->latency_ns < INT64_C(86410000000000));
    r = stressor_test_run(*state, "{activity: Nap, duration: 10, assert_max_time: 9}");
    assert_string_equal(r->failure.kind, "assert_max_time");
}

static void a_stop_cancels_what_is_pending(void **state)
{
    stressor_test *t = *state;
    stressor_test_stop(t, INT64_C(2000000000), STRESSOR_STOP_GRACEFUL);
    const stressor_test_result *r = stressor_test_run(t, "{activity: Nap, duration: 1h}");
    assert_int_equal(r->status, STRESSOR_FAILED);
    assert_int_equal(r->cancelled, 1);
    assert_int_equal(r->failure.category, STRESSOR_CANCELLED);
    assert_string_equal(r->failure.text, "woken");
    assert_true(r->latency_ns >= INT64_C(1900000000));
    assert_true(r->latency_ns < INT64_C(3000000000));
    stressor_test_stop(t, -1, STRESSOR_STOP_NONE);
    assert_int_equal(stressor_test_run(t, "{activity: Nap, duration: 1h}")->status, STRESSOR_DONE);
}

static void what_never_completes_is_told(void **state)
{
    stressor_test *t = *state;
    stressor_test_timeout(t, 50000000);
    const stressor_test_result *r = stressor_test_run(t, "{activity: Deaf}");
    assert_int_equal(r->status, STRESSOR_FAILED);
    assert_string_equal(r->failure.kind, "run");
    assert_non_null(strstr(r->failure.text, "took longer than 0.05 s"));
    assert_non_null(strstr(stressor_test_log(t), "'sample' did not end the activity"));
}

static void a_dry_run_mocks_the_activity(void **state)
{
    stressor_test *t = *state;
    stressor_test_dry_run(t, 1);
    assert_string_equal(stressor_test_run(t, "{activity: Greet, who: you}")->text, "dummy_result");
    assert_string_equal(
        stressor_test_run(t, "{activity: Greet, who: you, mock_result: [1, x]}")->text, "[1, 'x']");
}

static void results_of_a_sequence_are_all_there(void **state)
{
    stressor_test *t = *state;
    const stressor_test_result *r =
        stressor_test_run_sequence(t, "- activity: Items\n"
                                      "  store_json: {id: 'items.[0].id'}\n"
                                      "- {activity: Greet, who: 'number $(id)'}\n");
    assert_string_equal(r->text, "Hello, number 7");
    const stressor_test_result *first = stressor_test_result_at(t, 0);
    assert_string_equal(first->text, "{\"items\": [{\"id\": 7}]}");
    assert_int_equal(stressor_test_at(t, &first->value, "items.[0].id")->as.integer, 7);
    assert_null(stressor_test_at(t, &first->value, "items.[1]"));
    assert_int_equal(stressor_test_at(t, &first->info, "status")->as.integer, 200);
    assert_string_equal(stressor_test_text(t, &first->value), "{'items': [{'id': 7}]}");
    assert_ptr_equal(stressor_test_result_at(t, 1), r);
    assert_null(stressor_test_result_at(t, 2));
    assert_int_equal(stressor_test_variable(t, "id")->as.integer, 7);
    assert_null(stressor_test_variable(t, "nobody"));
}

static void a_whole_scenario_runs_too(void **state)
{
    stressor_test *t = *state;
    const stressor_test_result *r =
        stressor_test_run_scenario(t, "file_version: stressor#0\n"
                                      "sessions: {count: 2}\n"
                                      "scenario: [{sequence: init}, {sequence: main}]\n"
                                      "sequences:\n"
                                      "  init: [{activity: Items}]\n"
                                      "  main: [{activity: Greet, who: $(session_id)}]\n");
    assert_string_equal(r->text, "Hello, t02");
    assert_string_equal(r->sequence, "main");
    assert_int_equal(stressor_test_result_at(t, 0)->phase, STRESSOR_PHASE_INIT);
    assert_non_null(stressor_test_result_at(t, 3));
    assert_null(stressor_test_result_at(t, 4));
}

static void init_and_fini_are_called_once(void **state)
{
    (void)state;
    int inits = sample_inits, finis = sample_finis;
    stressor_test *t = stressor_test_new(sample_entry);
    for (int i = 0; i < 3; i++)
        stressor_test_run(t, "{activity: Items}");
    assert_int_equal(sample_inits, inits + 1);
    stressor_test_free(t);
    assert_int_equal(sample_finis, finis + 1);
}

static void a_plugin_that_is_refused_has_no_test(void **state)
{
    (void)state;
    assert_null(stressor_test_new(sample_broken_entry));
    stressor_test_free(NULL);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, open_test, close_test)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(an_activity_gives_back_its_result),
        TEST(an_activity_may_have_several_lines),
        TEST(settings_and_variables_hold_until_they_are_taken_out),
        TEST(failures_say_category_kind_and_text),
        TEST(mistakes_are_told_and_nothing_runs),
        TEST(waiting_takes_no_time_but_is_measured),
        TEST(a_stop_cancels_what_is_pending),
        TEST(what_never_completes_is_told),
        TEST(a_dry_run_mocks_the_activity),
        TEST(results_of_a_sequence_are_all_there),
        TEST(a_whole_scenario_runs_too),
        cmocka_unit_test(init_and_fini_are_called_once),
        cmocka_unit_test(a_plugin_that_is_refused_has_no_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
