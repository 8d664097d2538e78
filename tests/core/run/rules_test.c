/*
 * The "Exact rules" of the scenario language that sessions keep: limits, init and end, loops,
 * stops. Each test fails when its rule breaks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recorder.h"

/* clang-format off */
#define HEAD "file_version: stressor#0\n"
#define NOTE(T) "    - {activity: Note, text: " #T "}\n"
#define FAIL(T) "    - {activity: Note, text: " #T ", fail: true}\n"
#define SCENARIO(...) "scenario: [" __VA_ARGS__ "]\n"
/* clang-format on */

static void check(const char *yaml, const char *notes, uint64_t errors)
{
    struct trial t;
    trial_run(&t, yaml);
    assert_string_equal(recorder_notes(), notes);
    assert_int_equal(t.snapshot->errors, errors);
    trial_free(&t);
}

static void sequences_run_in_the_order_of_the_scenario(void **state)
{
    (void)state;
    check(HEAD SCENARIO(
              "{sequence: two}, {sequence: one}, {sequence: two}") "sequences:\n  one:\n" NOTE(a)
              NOTE(b) "  two:\n" NOTE(c),
          "t01:c t01:a t01:b t01:c", 0);
}

static void repeat_counts_passes(void **state)
{
    (void)state;
    check(HEAD SCENARIO("{sequence: one, repeat: 3}") "sequences:\n  one:\n" NOTE(a) NOTE(b),
          "t01:a t01:b t01:a t01:b t01:a t01:b", 0);
}

static void zero_repeat_and_duration_mean_one_pass(void **state)
{
    (void)state;
    check(HEAD SCENARIO("{sequence: one, repeat: 0, duration: 0}") "sequences:\n  one:\n" NOTE(a),
          "t01:a", 0);
}

static void a_duration_shorter_than_a_pass_lets_it_finish(void **state)
{
    (void)state;
    check(HEAD SCENARIO("{sequence: one, duration: 1ms}") "sequences:\n  one:\n" NOTE(
              a) "    - {activity: Wait, seconds: 5ms}\n" NOTE(b),
          "t01:a t01:waiting t01:waited t01:b", 0);
}

static void repeat_and_duration_end_at_whichever_comes_first(void **state)
{
    (void)state;
    check(HEAD SCENARIO(
              "{sequence: one, repeat: 2, duration: 1h}, "
              "{sequence: two, repeat: 1000000000, duration: 1ms}") "sequences:\n  "
                                                                    "one:\n" NOTE(a) "  "
                                                                                     "two:"
                                                                                     "\n    "
                                                                                     "- "
                                                                                     "{activ"
                                                                                     "ity: "
                                                                                     "Wait, "
                                                                                     "second"
                                                                                     "s: "
                                                                                     "20ms}"
                                                                                     "\n" NOTE(b),
          "t01:a t01:a t01:waiting t01:waited t01:b", 0);
}

static void a_failed_activity_is_one_error_and_the_next_still_runs(void **state)
{
    (void)state;
    check(HEAD SCENARIO("{sequence: one}, {sequence: end}") "sequences:\n  one:\n" FAIL(a)
              NOTE(b) "  end:\n" NOTE(c),
          "t01:a t01:b t01:c", 1);
}

static void a_failing_init_finishes_its_pass_and_skips_everything_else(void **state)
{
    (void)state;
    check(
        HEAD SCENARIO(
            "{sequence: init, repeat: 3}, {sequence: one}, {sequence: end}") "sequences:\n  "
                                                                             "init:\n" FAIL(a) NOTE(
                                                                                 b) "  "
                                                                                    "one:"
                                                                                    "\n" NOTE(
                                                                                        c) "  "
                                                                                           "en"
                                                                                           "d:"
                                                                                           "\n" NOTE(
                                                                                               d),
        "t01:a t01:b", 1);
}

static void only_the_errors_of_its_own_session_fail_an_init(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "sessions: {count: 2, users: [{name: bad, password: x, fails: true}, "
                       "{name: good, password: x, fails: false}]}\n" SCENARIO(
                           "{sequence: init}, {sequence: one}") "sequences:\n  init:\n"
                                                                "    - {activity: Note, text: i, "
                                                                "fail: $(user.fails)}\n"
                                                                "  one:\n" NOTE(m));
    assert_int_equal(recorder_count("i"), 2);
    assert_int_equal(recorder_count("m"), 1);
    assert_non_null(strstr(recorder_notes(), "t02:m"));
    trial_free(&t);
}

static void max_errors_ends_the_pass_and_end_runs(void **state)
{
    (void)state;
    /* two errors and the limit itself */
    check(HEAD
          "config: {max_errors: 2}\n" SCENARIO("{sequence: one, repeat: 5}, {sequence: two}, "
                                               "{sequence: end}") "sequences:\n  one:\n" FAIL(a)
              FAIL(b) NOTE(c) "  two:\n" NOTE(d) "  end:\n" FAIL(e) NOTE(f),
          "t01:a t01:b t01:e t01:f", 4);
}

static void max_errors_noticed_in_init_skips_end_too(void **state)
{
    (void)state;
    check(HEAD "config: {max_errors: 1}\n" SCENARIO(
              "{sequence: init}, {sequence: one}, {sequence: end}") "sequences:\n  init:\n" FAIL(a)
              NOTE(b) "  one:\n" NOTE(c) "  end:\n" NOTE(d),
          "t01:a", 2);
}

static void max_errors_noticed_in_end_skips_its_rest(void **state)
{
    (void)state;
    check(
        HEAD "config: {max_errors: 1}\n" SCENARIO(
            "{sequence: one}, {sequence: end, repeat: 3}") "sequences:\n  one:\n" NOTE(a) "  "
                                                                                          "end:"
                                                                                          "\n" FAIL(
                                                                                              b)
                                                                                              NOTE(
                                                                                                  c),
        "t01:a t01:b", 2);
}

static void a_limit_reached_by_the_last_activity_before_end_lets_end_run(void **state)
{
    (void)state;
    check(HEAD "config: {max_errors: 1}\n" SCENARIO(
              "{sequence: one}, {sequence: end}") "sequences:\n  one:\n" FAIL(a) "  end:\n" NOTE(b)
              NOTE(c),
          "t01:a t01:b t01:c", 2);
}

static void another_limit_reached_in_end_skips_its_rest(void **state)
{
    (void)state;
    check(
        HEAD
        "config: {max_errors: 1, max_time: 300ms}\n" SCENARIO("{sequence: one}, {sequence: end}") "sequences:\n  one:\n" FAIL(
            a) "  end:\n" NOTE(b) "    - {activity: Wait, seconds: 400ms}\n" NOTE(c),
        "t01:a t01:b t01:waiting t01:waited", 3);
}

static void max_errors_counts_all_sessions_and_is_one_error(void **state)
{
    (void)state;
    struct trial t;
    trial_run(
        &t, HEAD "config: {max_errors: 5}\nsessions: {count: 3}\n" SCENARIO(
                "{sequence: one, repeat: 1000}") "sequences:\n  one:\n" FAIL(a) "    - {activity: "
                                                                                "Wait, seconds: "
                                                                                "1ms}\n");
    assert_int_equal(trial_errors(&t, "max_errors"), 1);
    assert_true(trial_errors(&t, "asked") >= 5 && trial_errors(&t, "asked") <= 7);
    assert_string_equal(t.snapshot->stop_reason, "max_errors");
    trial_free(&t);
}

static void max_time_ends_the_pass_and_end_runs(void **state)
{
    (void)state;
    check(
        HEAD "config: {max_time: 30ms}\n" SCENARIO("{sequence: one, repeat: 5}, {sequence: end}") "sequences:\n  one:\n" NOTE(
            a) "    - {activity: Wait, seconds: 60ms}\n" NOTE(b) "  end:\n" NOTE(c) NOTE(d),
        "t01:a t01:waiting t01:waited t01:c t01:d", 1);
}

static void max_time_ends_a_run_whose_sessions_are_still_to_start(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t,
              HEAD "config: {max_time: 50ms}\nsessions: {count: 2, ramp_up_delay: 1h}\n" SCENARIO(
                  "{sequence: one}") "sequences:\n  one:\n" NOTE(a));
    assert_string_equal(recorder_notes(), "t01:a");
    assert_int_equal(t.snapshot->sessions_started, 1);
    assert_int_equal(t.snapshot->errors, 1);
    trial_free(&t);
}

static void no_pass_but_of_end_starts_once_the_session_is_too_old(void **state)
{
    (void)state;
    check(HEAD "sessions: {duration: 10ms}\n" SCENARIO(
              "{sequence: one, repeat: 100}, {sequence: two}, "
              "{sequence: end}") "sequences:\n  one:\n    - "
                                 "{activity: Wait, seconds: "
                                 "30ms}\n" NOTE(a) "  "
                                                   "two:\n" NOTE(b) "  "
                                                                    "end:"
                                                                    "\n" NOTE(c) NOTE(d),
          "t01:waiting t01:waited t01:a t01:c t01:d", 0);
}

static void init_and_end_are_known_by_name_wherever_they_stand(void **state)
{
    (void)state;
    check(HEAD SCENARIO(
              "{sequence: one}, {sequence: init}, {sequence: two}, {sequence: end}") "sequen"
                                                                                     "ces:"
                                                                                     "\n  "
                                                                                     "one:"
                                                                                     "\n" NOTE(a) "  init:\n" FAIL(
                                                                                         b) "  "
                                                                                            "two:"
                                                                                            "\n" NOTE(c) "  end:\n" NOTE(
                                                                                                d),
          "t01:a t01:b", 1);
}

static void ramp_up_pauses_before_every_session_but_the_first(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "sessions: {count: 3, ramp_up_delay: 40ms}\n" SCENARIO(
                      "{sequence: one}") "sequences:\n  one:\n" NOTE(a));
    assert_string_equal(recorder_notes(), "t01:a t02:a t03:a");
    assert_true(t.snapshot->elapsed_ns >= 80000000);
    trial_free(&t);
    trial_run(&t, HEAD "sessions: {count: 1, ramp_up_delay: [1h, 2h]}\n" SCENARIO(
                      "{sequence: one}") "sequences:\n  one:\n" NOTE(a));
    assert_string_equal(recorder_notes(), "t01:a");
    trial_free(&t);
}

static void a_graceful_stop_cancels_and_runs_end(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t,
               HEAD "sessions: {count: 2}\n" SCENARIO(
                   "{sequence: one, repeat: 5}, {sequence: end}") "sequences:\n  one:\n    - "
                                                                  "{activity: Wait, seconds: "
                                                                  "1h}\n" NOTE(a) "  end:\n" NOTE(b)
                                                                      NOTE(c),
               NULL);
    trial_start(&t, NULL);
    assert_true(recorder_wait("waiting", 2));
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    trial_end(&t);
    assert_int_equal(recorder_count("cancelled"), 2);
    assert_int_equal(recorder_count("a"), 0);
    assert_int_equal(recorder_count("b"), 2);
    assert_int_equal(recorder_count("c"), 2);
    assert_int_equal(t.snapshot->errors, 0);
    assert_int_equal(t.snapshot->cancelled, 2);
    assert_int_equal(trial_row(&t, "one/1/Wait")->count, 0);
    assert_string_equal(t.snapshot->stop_reason, "stopped");
    trial_free(&t);
}

static void a_graceful_stop_does_not_cancel_what_end_does(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t,
               HEAD SCENARIO("{sequence: end}") "sequences:\n  end:\n    - {activity: Wait, "
                                                "seconds: 50ms}\n" NOTE(b),
               NULL);
    trial_start(&t, NULL);
    assert_true(recorder_wait("waiting", 1));
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    trial_end(&t);
    assert_string_equal(recorder_notes(), "t01:waiting t01:waited t01:b");
    trial_free(&t);
}

static void a_graceful_stop_of_a_failed_init_does_not_run_end(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t,
               HEAD SCENARIO("{sequence: init}, {sequence: end}") "sequences:\n  init:\n" FAIL(
                   a) "    - {activity: Wait, seconds: 1h}\n  end:\n" NOTE(b),
               NULL);
    trial_start(&t, NULL);
    assert_true(recorder_wait("waiting", 1));
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    trial_end(&t);
    assert_string_equal(recorder_notes(), "t01:a t01:waiting t01:cancelled");
    trial_free(&t);
}

static void a_stop_now_skips_end_too(void **state)
{
    (void)state;
    struct trial t;
    trial_load(
        &t,
        HEAD SCENARIO("{sequence: one}, {sequence: end}") "sequences:\n  one:\n    - {activity: "
                                                          "Wait, seconds: 1h}\n  end:\n" NOTE(b),
        NULL);
    trial_start(&t, NULL);
    assert_true(recorder_wait("waiting", 1));
    stressor_run_stop(t.run, STRESSOR_STOP_NOW);
    trial_end(&t);
    assert_string_equal(recorder_notes(), "t01:waiting t01:cancelled");
    assert_int_equal(t.snapshot->errors, 0);
    trial_free(&t);
}

static void a_stop_now_ends_what_a_graceful_one_left_running(void **state)
{
    (void)state;
    struct trial t;
    trial_load(
        &t,
        HEAD SCENARIO(
            "{sequence: end}") "sequences:\n  end:\n    - {activity: Wait, seconds: 1h}\n" NOTE(b),
        NULL);
    trial_start(&t, NULL);
    assert_true(recorder_wait("waiting", 1));
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    stressor_run_stop(t.run, STRESSOR_STOP_NOW);
    trial_end(&t);
    assert_string_equal(recorder_notes(), "t01:waiting t01:cancelled");
    trial_free(&t);
}

static void sessions_that_have_not_started_never_start_after_a_stop(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t,
               HEAD "sessions: {count: 5, ramp_up_delay: 1h}\n" SCENARIO(
                   "{sequence: one}") "sequences:\n  one:\n" NOTE(a),
               NULL);
    trial_start(&t, NULL);
    assert_true(recorder_wait("a", 1));
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    trial_end(&t);
    assert_string_equal(recorder_notes(), "t01:a");
    assert_int_equal(t.snapshot->sessions_started, 1);
    trial_free(&t);
}

static void an_endless_loop_of_quick_steps_is_stopped(void **state)
{
    (void)state;
    struct trial t;
    trial_load(
        &t,
        HEAD "sessions: {count: 2}\n" SCENARIO(
            "{sequence: mark}, {sequence: one, duration: 1h}, "
            "{sequence: end}") "sequences:\n  mark:\n" NOTE(m) "  one:\n    - {activity: Give, "
                                                               "value: 1}\n  end:\n" NOTE(b),
        NULL);
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 1;
    trial_start(&t, &o);
    assert_true(recorder_wait("m", 2));
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    trial_end(&t);
    assert_int_equal(recorder_count("b"), 2);
    trial_free(&t);
}

static void an_activity_that_does_not_answer_is_put_aside_and_named(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t,
               HEAD "sessions: {count: 2}\n" SCENARIO(
                   "{sequence: one}, {sequence: end}") "sequences:\n  one:\n    - {activity: "
                                                       "Stuck}\n  end:\n" NOTE(b),
               NULL);
    trial_start(&t, NULL);
    assert_true(recorder_wait("stuck", 2));
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    trial_end(&t);
    assert_int_equal(t.snapshot->abandoned, 2);
    assert_non_null(strstr(t.log, "plugin 'recorder' did not end the activity within 5 s"));
    assert_int_equal(recorder_count("b"), 0);
    trial_free(&t);
}

static void single_means_one_session_and_one_pass(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.single = 1;
    trial_load(&t,
               HEAD "sessions: {count: 9}\n" SCENARIO(
                   "{sequence: one, repeat: 7}") "sequences:\n  one:\n" NOTE(a),
               NULL);
    trial_start(&t, &o);
    trial_end(&t);
    assert_string_equal(recorder_notes(), "t01:a");
    trial_free(&t);
    check(HEAD "config: {force_single: true}\nsessions: {count: 9}\n" SCENARIO(
              "{sequence: one, repeat: 7}") "sequences:\n  one:\n" NOTE(a),
          "t01:a", 0);
}

static void users_are_dealt_round_robin(void **state)
{
    (void)state;
    struct trial t;
    trial_run(
        &t, HEAD
        "sessions: {count: 3, users: [{name: ann, password: x}, "
        "{name: bob, password: y}]}\n" SCENARIO(
            "{sequence: one}") "sequences:\n  one:\n    - {activity: Note, text: $(user.name)}\n");
    assert_int_equal(recorder_count("ann"), 2);
    assert_int_equal(recorder_count("bob"), 1);
    assert_non_null(strstr(recorder_notes(), "t02:bob"));
    trial_free(&t);
}

static void an_empty_scenario_ends_at_once(void **state)
{
    (void)state;
    check(HEAD "scenario: []\nsequences: {}\n", "", 0);
    check(HEAD SCENARIO("{sequence: one, repeat: 10}") "sequences: {one: []}\n", "", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_run_in_the_order_of_the_scenario),
        cmocka_unit_test(repeat_counts_passes),
        cmocka_unit_test(zero_repeat_and_duration_mean_one_pass),
        cmocka_unit_test(a_duration_shorter_than_a_pass_lets_it_finish),
        cmocka_unit_test(repeat_and_duration_end_at_whichever_comes_first),
        cmocka_unit_test(a_failed_activity_is_one_error_and_the_next_still_runs),
        cmocka_unit_test(a_failing_init_finishes_its_pass_and_skips_everything_else),
        cmocka_unit_test(only_the_errors_of_its_own_session_fail_an_init),
        cmocka_unit_test(max_errors_ends_the_pass_and_end_runs),
        cmocka_unit_test(max_errors_noticed_in_init_skips_end_too),
        cmocka_unit_test(max_errors_noticed_in_end_skips_its_rest),
        cmocka_unit_test(a_limit_reached_by_the_last_activity_before_end_lets_end_run),
        cmocka_unit_test(another_limit_reached_in_end_skips_its_rest),
        cmocka_unit_test(max_errors_counts_all_sessions_and_is_one_error),
        cmocka_unit_test(max_time_ends_the_pass_and_end_runs),
        cmocka_unit_test(max_time_ends_a_run_whose_sessions_are_still_to_start),
        cmocka_unit_test(no_pass_but_of_end_starts_once_the_session_is_too_old),
        cmocka_unit_test(init_and_end_are_known_by_name_wherever_they_stand),
        cmocka_unit_test(ramp_up_pauses_before_every_session_but_the_first),
        cmocka_unit_test(a_graceful_stop_cancels_and_runs_end),
        cmocka_unit_test(a_graceful_stop_does_not_cancel_what_end_does),
        cmocka_unit_test(a_graceful_stop_of_a_failed_init_does_not_run_end),
        cmocka_unit_test(a_stop_now_skips_end_too),
        cmocka_unit_test(a_stop_now_ends_what_a_graceful_one_left_running),
        cmocka_unit_test(sessions_that_have_not_started_never_start_after_a_stop),
        cmocka_unit_test(an_endless_loop_of_quick_steps_is_stopped),
        cmocka_unit_test(an_activity_that_does_not_answer_is_put_aside_and_named),
        cmocka_unit_test(single_means_one_session_and_one_pass),
        cmocka_unit_test(users_are_dealt_round_robin),
        cmocka_unit_test(an_empty_scenario_ends_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
