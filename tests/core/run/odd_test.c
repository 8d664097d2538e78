/*
 * Plugins that do what they seldom or never should, calls within calls, and the ends of ranges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "odd.h"
#include "recorder.h"

#define HEAD "file_version: stressor#0\n"
#define ONE  "scenario: [{sequence: one}]\nsequences:\n  one:\n"

static const stressor_plugin_entry both[] = {recorder_entry, odd_entry, NULL};

static void start(struct trial *t, const char *yaml)
{
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 1;
    trial_load_with(t, both, yaml, NULL);
    trial_start(t, &o);
}

static void run(struct trial *t, const char *yaml)
{
    start(t, yaml);
    trial_end(t);
}

static void stop(struct trial *t)
{
    stressor_run_stop(t->run, STRESSOR_STOP_GRACEFUL);
    trial_end(t);
}

static void check_error(const char *yaml, uint32_t category, const char *kind, const char *example)
{
    struct trial t;
    run(&t, yaml);
    assert_int_equal(t.snapshot->error_groups_count, 1);
    const stressor_error_group *g = t.snapshot->error_groups[0];
    assert_int_equal(g->category, category);
    assert_string_equal(g->kind, kind);
    if (strstr(g->example, example) == NULL)
        fail_msg("'%s' is not in '%s'", example, g->example);
    trial_free(&t);
}

static void a_timer_set_again_from_its_own_callback_starves_nobody(void **state)
{
    (void)state;
    struct trial t;
    start(&t, HEAD "sessions: {count: 2}\n" ONE
                   "    - {activity: Spin}\n    - {activity: Note, text: never}\n");
    assert_true(recorder_wait("spinning", 2));
    stop(&t);
    assert_int_equal(t.snapshot->cancelled, 2);
    assert_int_equal(recorder_count("never"), 0);
    trial_free(&t);
}

static void a_shorter_result_of_an_older_plugin_is_taken(void **state)
{
    (void)state;
    struct trial t;
    run(&t, HEAD ONE "    - {activity: Short, debug: true, assert_match: '^short$'}\n");
    assert_int_equal(t.snapshot->errors, 0);
    assert_null(strstr(t.log, "info"));
    trial_free(&t);
}

static void who_says_to_be_cancelled_without_being_asked_has_failed(void **state)
{
    (void)state;
    check_error(HEAD ONE "    - {activity: Liar}\n", STRESSOR_INTERNAL, "cancelled",
                "Liar says that it was cancelled, but nobody asked it to end");
}

static void slots_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    struct trial t;
    run(&t, HEAD ONE "    - {activity: Slots}\n");
    assert_int_equal(t.snapshot->errors, 0);
    trial_free(&t);
}

static void prepare_sees_no_templates(void **state)
{
    (void)state;
    struct trial t;
    run(&t, HEAD "config: {n: 1}\n" ONE
                 "    - {activity: Templates, text: 'a $(n)', assert_match: '^a 1$'}\n"
                 "    - {activity: Templates, text: $(n)}\n"
                 "    - {activity: Templates, text: {a: [x, $(n)]}, store_json: {b: 'a[1]'}}\n"
                 "    - {activity: Templates, text: [$(b)], assert_match: '1'}\n");
    assert_int_equal(t.snapshot->errors, 0);
    trial_free(&t);
}

static void prepare_is_told_what_is_wanted(void **state)
{
    (void)state;
    static const struct {
        const char *arguments, *wants;
    } all[] = {{"text: x", "wants=0"},
               {"assert_match: x", "wants=3"},
               {"store_json: {a: b}", "wants=2"},
               {"debug: true", "wants=f"},
               {"text: $(last_result)", "wants=2"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char yaml[200];
        struct trial t;
        snprintf(yaml, sizeof yaml, HEAD ONE "    - {activity: Templates, %s}\n", all[i].arguments);
        trial_load_with(&t, both, yaml, NULL);
        assert_int_equal(recorder_count(all[i].wants), 1);
        trial_free(&t);
    }
}

static void a_stop_takes_blocking_activities_out_of_the_queue_for_a_thread(void **state)
{
    (void)state;
    struct trial t;
    start(&t, HEAD "sessions: {count: 300}\n" ONE "    - {activity: Note, text: begun}\n"
                   "    - {activity: Held}\n    - {activity: Note, text: never}\n");
    assert_true(recorder_wait("begun", 300));
    assert_true(recorder_wait("held", 256)); /* as many as there are threads */
    stop(&t);
    /* A thread that comes free takes some more, until the stop has come to them too. */
    assert_in_range(recorder_count("held"), 256, 290);
    /* Those that no thread had may have been stopped between their activities. */
    assert_in_range(t.snapshot->cancelled, 256, 300);
    assert_int_equal(t.snapshot->abandoned, 0);
    assert_int_equal(t.snapshot->errors, 0);
    trial_free(&t);
}

static void a_blocking_activity_is_timed_without_its_wait_for_a_thread(void **state)
{
    (void)state;
    struct trial t;
    run(&t, HEAD "sessions: {count: 300}\n" ONE "    - {activity: Block, seconds: 1s}\n");
    const stressor_row *r = trial_row(&t, "one/1/Block"); /* 44 of them wait for a thread */
    assert_int_equal(r->count, 300);
    assert_true(r->min_ns >= 1000000000);
    assert_true(r->max_ns < 2000000000); /* with the wait it would be more */
    trial_free(&t);
}

static void a_late_completion_is_ignored(void **state)
{
    (void)state;
    struct trial t;
    static const char *const late[] = {"{activity: Late}", "{activity: Call, type: Late}"};
    for (size_t i = 0; i < 2; i++) {
        char yaml[200];
        snprintf(yaml, sizeof yaml, HEAD ONE "    - %s\n    - {activity: Note, text: never}\n",
                 late[i]);
        start(&t, yaml);
        assert_true(recorder_wait("late", 1));
        stop(&t);
        assert_int_equal(recorder_count("unmoved"), 1);
        assert_int_equal(recorder_count("worker_close"), 1);
        assert_int_equal(recorder_count("never"), 0);
        assert_int_equal(t.snapshot->abandoned, 1);
        assert_int_equal(t.snapshot->activities_all, 0);
        assert_non_null(strstr(t.log, "plugin 'odd' did not end the activity"));
        trial_free(&t);
        assert_int_equal(recorder_count("fini"), 1);
    }
}

static void a_pass_with_a_cancelled_activity_is_not_completed(void **state)
{
    (void)state;
    struct trial t;
    start(&t, HEAD "scenario: [{sequence: two}, {sequence: one}, {sequence: end}]\nsequences:\n"
                   "  two:\n    - {activity: Note, text: n}\n"
                   "  one:\n    - {activity: Wait, seconds: 1h}\n"
                   "  end:\n    - {activity: Note, text: e}\n");
    assert_true(recorder_wait("waiting", 1));
    stop(&t);
    assert_int_equal(t.snapshot->passes, 2);
    for (uint32_t i = 0; i < t.snapshot->sequences_count; i++) {
        const stressor_sequence_row *s = t.snapshot->sequences[i];
        assert_int_equal(s->passes, strcmp(s->name, "one") != 0);
    }
    trial_free(&t);
}

/* --- calls --------------------------------------------------------------------------------------
 */

static void calls_within_calls_give_their_results_back(void **state)
{
    (void)state;
    struct trial t;
    run(&t, HEAD ONE "    - {activity: Call, type: Call, assert_match: '^hi$', arguments:"
                     " {type: Note, arguments: {text: hi}}}\n"
                     "    - {activity: CallWait, type: CallWait, assert_match: '^ho$', arguments:"
                     " {type: CallWait, arguments: {type: GiveText, arguments: {text: ho}}}}\n"
                     "    - {activity: CallWait, type: Call, assert_match: '^ha$', arguments:"
                     " {type: Note, arguments: {text: ha}}}\n"
                     "    - {activity: Call, type: CallWait, assert_match: '^he$', arguments:"
                     " {type: Note, arguments: {text: he}}}\n");
    assert_non_null(strstr(recorder_notes(), "t01:hi t01:ha t01:he"));
    assert_int_equal(t.snapshot->errors, 0);
    assert_int_equal(t.snapshot->activities, 4);
    trial_free(&t);
}

static void a_stop_cancels_calls_within_calls(void **state)
{
    (void)state;
    static const char *const outer[] = {"Call", "CallWait"};
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 2; k++) {
            char yaml[400];
            struct trial t;
            snprintf(yaml, sizeof yaml,
                     HEAD "sessions: {count: 20}\n" ONE
                          "    - {activity: %s, type: %s, arguments: {type: Call, arguments:"
                          " {type: Wait, arguments: {seconds: 1h}}}}\n",
                     outer[i], outer[k]);
            start(&t, yaml);
            assert_true(recorder_wait("waiting", 20));
            stop(&t);
            assert_int_equal(recorder_count("cancelled"), 20);
            assert_int_equal(t.snapshot->errors, 0);
            assert_int_equal(t.snapshot->abandoned, 0);
            trial_free(&t);
        }
}

static void calls_and_stops_do_not_race(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        struct trial t;
        stressor_run_options o;
        stressor_run_options_init(&o);
        o.workers = 2;
        trial_load_with(&t, both,
                        HEAD "sessions: {count: 16}\nscenario: [{sequence: m},"
                             " {sequence: one, duration: 1h}]\nsequences:\n"
                             "  m:\n    - {activity: Note, text: begun}\n"
                             "  one:\n    - {activity: CallWait, type: Give}\n"
                             "    - {activity: CallWait, type: Post}\n"
                             "    - {activity: Call, type: Block, arguments: {seconds: 0}}\n",
                        NULL);
        trial_start(&t, &o);
        assert_true(recorder_wait("begun", 16));
        stop(&t);
        assert_int_equal(t.snapshot->errors, 0);
        assert_int_equal(t.snapshot->sessions_done, 16);
        trial_free(&t);
    }
}

static void arguments_that_exclude_each_other_are_refused_in_calls(void **state)
{
    (void)state;
    check_error(HEAD ONE "    - {activity: Call, type: Either, arguments: {one: 1, two: 2}}\n",
                STRESSOR_SCRIPT, "bad argument",
                "Either takes only one of its arguments 'one', 'two'");
    check_error(HEAD ONE "    - {activity: Call, type: Either}\n", STRESSOR_SCRIPT, "bad argument",
                "Either needs one of the arguments 'one', 'two'");
    check_error(HEAD ONE "    - {activity: Call, type: Either, arguments: {one: null}}\n",
                STRESSOR_SCRIPT, "bad argument", "needs one");
}

/* --- the ends of ranges -------------------------------------------------------------------------
 */

static void the_longest_pause_is_not_over_at_once(void **state)
{
    (void)state;
    struct trial t;
    start(&t, HEAD ONE "    - {activity: Wait, seconds: 9223372036}\n");
    assert_true(recorder_wait("waiting", 1));
    assert_int_equal(stressor_run_wait(t.run, 20000000), 0);
    stop(&t);
    assert_string_equal(recorder_notes(), "t01:waiting t01:cancelled");
    trial_free(&t);
}

static void the_longest_limits_and_ramps_do_not_wrap_around(void **state)
{
    (void)state;
    struct trial t;
    start(&t, HEAD "config: {max_time: 9223372036}\n"
                   "sessions: {count: 5, duration: 9223372036, ramp_up_delay: [0, 9223372036]}\n"
                   "scenario: [{sequence: one, duration: 9223372036, repeat: 2}]\n"
                   "sequences: {one: [{activity: Note, text: n}]}\n");
    assert_true(recorder_wait("n", 2));
    assert_int_equal(stressor_run_wait(t.run, 20000000), 0);
    stop(&t);
    assert_int_equal(t.snapshot->sessions_started, 1);
    assert_int_equal(t.snapshot->errors, 0);
    trial_free(&t);
    start(&t, HEAD "sessions: {count: 5, ramp_up_delay: 9223372036}\n" ONE
                   "    - {activity: Note, text: n}\n");
    assert_true(recorder_wait("n", 1));
    assert_int_equal(stressor_run_wait(t.run, 20000000), 0);
    stop(&t);
    assert_int_equal(t.snapshot->sessions_started, 1);
    trial_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timer_set_again_from_its_own_callback_starves_nobody),
        cmocka_unit_test(a_shorter_result_of_an_older_plugin_is_taken),
        cmocka_unit_test(who_says_to_be_cancelled_without_being_asked_has_failed),
        cmocka_unit_test(slots_that_do_not_exist_are_refused),
        cmocka_unit_test(prepare_sees_no_templates),
        cmocka_unit_test(prepare_is_told_what_is_wanted),
        cmocka_unit_test(a_stop_takes_blocking_activities_out_of_the_queue_for_a_thread),
        cmocka_unit_test(a_blocking_activity_is_timed_without_its_wait_for_a_thread),
        cmocka_unit_test(a_late_completion_is_ignored),
        cmocka_unit_test(a_pass_with_a_cancelled_activity_is_not_completed),
        cmocka_unit_test(calls_within_calls_give_their_results_back),
        cmocka_unit_test(a_stop_cancels_calls_within_calls),
        cmocka_unit_test(calls_and_stops_do_not_race),
        cmocka_unit_test(arguments_that_exclude_each_other_are_refused_in_calls),
        cmocka_unit_test(the_longest_pause_is_not_over_at_once),
        cmocka_unit_test(the_longest_limits_and_ramps_do_not_wrap_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
