#include "run/expected.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define S INT64_C(1000000000)

static struct plan_entry entries[3];

static struct stressor_plan plan_of(size_t count, struct plan_entry a, struct plan_entry b,
                                    struct plan_entry c)
{
    entries[0] = a;
    entries[1] = b;
    entries[2] = c;
    return (struct stressor_plan){.entries = entries, .entries_count = count};
}

static const struct plan_entry init = {.phase = STRESSOR_PHASE_INIT};
static const struct plan_entry end = {.phase = STRESSOR_PHASE_END};
static const struct plan_entry minute = {.phase = STRESSOR_PHASE_MAIN, .duration_ns = 60 * S};
static const struct plan_entry once = {.phase = STRESSOR_PHASE_MAIN};
static const struct plan_entry hundred = {.phase = STRESSOR_PHASE_MAIN, .repeat = 100};
static const struct plan_entry both = {
    .phase = STRESSOR_PHASE_MAIN, .repeat = 100, .duration_ns = 30 * S};

static void durations_and_the_ramp_up_are_added_up(void **state)
{
    (void)state;
    struct stressor_plan plan = plan_of(3, init, minute, end);
    struct expected_progress p = {.sessions = 5, .elapsed_ns = S};
    assert_int_equal(expected_ns(&plan, &p), 60 * S);
    p.ramp_ns = 8 * S;
    assert_int_equal(expected_ns(&plan, &p), 68 * S);
    plan = plan_of(3, minute, once, both);
    assert_int_equal(expected_ns(&plan, &p), 98 * S);
}

static void repeats_are_extrapolated_once_more_than_two_percent_are_done(void **state)
{
    (void)state;
    struct stressor_plan plan = plan_of(3, init, hundred, end);
    struct expected_progress p = {.sessions = 2, .elapsed_ns = 4 * S, .passes = 4};
    assert_int_equal(expected_ns(&plan, &p), 0);
    p.passes = 5;
    assert_int_equal(expected_ns(&plan, &p), 160 * S);
    p.ramp_ns = 200 * S;
    assert_int_equal(expected_ns(&plan, &p), 200 * S);
}

static void passes_without_a_loop_are_extrapolated_over_the_sessions(void **state)
{
    (void)state;
    struct stressor_plan plan = plan_of(2, once, once, end);
    struct expected_progress p = {.sessions = 1000, .elapsed_ns = 3 * S, .passes = 500};
    assert_int_equal(expected_ns(&plan, &p), 12 * S);
}

static void repeats_beside_durations_are_not_guessed(void **state)
{
    (void)state;
    struct stressor_plan plan = plan_of(2, hundred, minute, end);
    const struct expected_progress p = {.sessions = 1, .elapsed_ns = S, .passes = 50};
    assert_int_equal(expected_ns(&plan, &p), 0);
}

static void limits_bound_what_is_expected(void **state)
{
    (void)state;
    struct stressor_plan plan = plan_of(1, minute, end, end);
    struct expected_progress p = {.sessions = 1, .elapsed_ns = S, .max_time_ns = 20 * S};
    assert_int_equal(expected_ns(&plan, &p), 20 * S);
    p.max_time_ns = 100 * S;
    assert_int_equal(expected_ns(&plan, &p), 60 * S);
    p.ramp_ns = 2 * S;
    plan.session_duration_ns = 10 * S;
    assert_int_equal(expected_ns(&plan, &p), 12 * S);
}

static void where_nothing_else_is_known_the_limits_are_expected(void **state)
{
    (void)state;
    struct stressor_plan plan = plan_of(1, hundred, end, end);
    struct expected_progress p = {.sessions = 1, .elapsed_ns = S, .max_time_ns = 20 * S};
    assert_int_equal(expected_ns(&plan, &p), 20 * S);
    p.passes = 10;
    assert_int_equal(expected_ns(&plan, &p), 10 * S);
}

static void what_has_elapsed_is_the_least(void **state)
{
    (void)state;
    struct stressor_plan plan = plan_of(1, minute, end, end);
    const struct expected_progress p = {.sessions = 1, .elapsed_ns = 63 * S};
    assert_int_equal(expected_ns(&plan, &p), 63 * S);
}

static void with_single_loops_run_once(void **state)
{
    (void)state;
    struct stressor_plan plan = plan_of(2, minute, hundred, end);
    struct expected_progress p = {.sessions = 1, .single = true, .elapsed_ns = 3 * S};
    assert_int_equal(expected_ns(&plan, &p), 0);
    p.passes = 1;
    assert_int_equal(expected_ns(&plan, &p), 6 * S);
}

static void without_main_sequences_nobody_knows(void **state)
{
    (void)state;
    struct stressor_plan plan = plan_of(2, init, end, end);
    const struct expected_progress p = {.sessions = 1, .elapsed_ns = S};
    assert_int_equal(expected_ns(&plan, &p), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_and_the_ramp_up_are_added_up),
        cmocka_unit_test(repeats_are_extrapolated_once_more_than_two_percent_are_done),
        cmocka_unit_test(passes_without_a_loop_are_extrapolated_over_the_sessions),
        cmocka_unit_test(repeats_beside_durations_are_not_guessed),
        cmocka_unit_test(limits_bound_what_is_expected),
        cmocka_unit_test(where_nothing_else_is_known_the_limits_are_expected),
        cmocka_unit_test(what_has_elapsed_is_the_least),
        cmocka_unit_test(with_single_loops_run_once),
        cmocka_unit_test(without_main_sequences_nobody_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
