#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "stats/snapshot.h"

static uint32_t verdict_of(stressor_snapshot s, bool on_errors, bool strict)
{
    s.verdict = 99;
    snapshot_judge(&s, on_errors, strict);
    return s.verdict;
}

static uint32_t verdict(stressor_snapshot s, bool on_errors)
{
    return verdict_of(s, on_errors, false);
}

static const stressor_threshold_row passed = {.state = STRESSOR_THRESHOLD_PASSED};
static const stressor_threshold_row failed = {.state = STRESSOR_THRESHOLD_FAILED};
static const stressor_threshold_row *const fine[] = {&passed, &passed};
static const stressor_threshold_row *const broken[] = {&passed, &failed};

static void a_run_that_goes_on_has_no_verdict(void **state)
{
    (void)state;
    const stressor_snapshot s = {.stage = STRESSOR_STAGE_STOPPING,
                                 .stop_reason = "stopped",
                                 .errors = 3,
                                 .thresholds = broken,
                                 .thresholds_count = 2};
    assert_int_equal(verdict(s, false), STRESSOR_VERDICT_NONE);
}

static void any_error_fails_the_run_but_where_a_threshold_is_on_errors(void **state)
{
    (void)state;
    stressor_snapshot s = {.stage = STRESSOR_STAGE_DONE, .thresholds = fine, .thresholds_count = 2};
    assert_int_equal(verdict(s, false), STRESSOR_VERDICT_PASSED);
    s.errors = 1;
    assert_int_equal(verdict(s, false), STRESSOR_VERDICT_ERRORS);
    assert_int_equal(verdict(s, true), STRESSOR_VERDICT_PASSED);
}

static void a_failed_threshold_goes_before_errors_and_a_stop_before_both(void **state)
{
    (void)state;
    stressor_snapshot s = {
        .stage = STRESSOR_STAGE_DONE, .errors = 1, .thresholds = broken, .thresholds_count = 2};
    assert_int_equal(verdict(s, false), STRESSOR_VERDICT_THRESHOLD);
    s.stop_reason = "threshold";
    assert_int_equal(verdict(s, true), STRESSOR_VERDICT_THRESHOLD);
    s.stop_reason = "stopped";
    assert_int_equal(verdict(s, false), STRESSOR_VERDICT_STOPPED);
}

static void a_limit_fails_the_run_as_the_error_that_it_is(void **state)
{
    (void)state;
    const stressor_snapshot s = {
        .stage = STRESSOR_STAGE_DONE, .stop_reason = "max_time", .errors = 1};
    assert_int_equal(verdict(s, false), STRESSOR_VERDICT_ERRORS);
}

static void figures_not_to_be_trusted_fail_a_strict_run_that_nothing_else_fails(void **state)
{
    (void)state;
    static const struct {
        uint32_t trust;
        bool strict;
        uint32_t verdict;
    } cases[] = {{STRESSOR_UNTRUSTED, true, STRESSOR_VERDICT_UNTRUSTED},
                 {STRESSOR_UNTRUSTED, false, STRESSOR_VERDICT_PASSED},
                 {STRESSOR_TRUSTED, true, STRESSOR_VERDICT_PASSED},
                 {STRESSOR_TRUST_UNKNOWN, true, STRESSOR_VERDICT_PASSED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const stressor_trust trust = {.verdict = cases[i].trust};
        const stressor_snapshot s = {.stage = STRESSOR_STAGE_DONE, .trust = &trust};
        assert_int_equal(verdict_of(s, false, cases[i].strict), cases[i].verdict);
    }
    const stressor_trust trust = {.verdict = STRESSOR_UNTRUSTED};
    stressor_snapshot s = {.stage = STRESSOR_STAGE_RUNNING, .trust = &trust};
    assert_int_equal(verdict_of(s, false, true), STRESSOR_VERDICT_NONE);
    s.stage = STRESSOR_STAGE_DONE;
    s.errors = 1;
    assert_int_equal(verdict_of(s, false, true), STRESSOR_VERDICT_ERRORS);
    assert_int_equal(verdict_of(s, true, true), STRESSOR_VERDICT_UNTRUSTED);
    s.thresholds = broken;
    s.thresholds_count = 2;
    assert_int_equal(verdict_of(s, true, true), STRESSOR_VERDICT_THRESHOLD);
    s.stop_reason = "stopped";
    assert_int_equal(verdict_of(s, true, true), STRESSOR_VERDICT_STOPPED);
    s = (stressor_snapshot){.stage = STRESSOR_STAGE_DONE};
    assert_int_equal(verdict_of(s, false, true), STRESSOR_VERDICT_PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_goes_on_has_no_verdict),
        cmocka_unit_test(any_error_fails_the_run_but_where_a_threshold_is_on_errors),
        cmocka_unit_test(a_failed_threshold_goes_before_errors_and_a_stop_before_both),
        cmocka_unit_test(a_limit_fails_the_run_as_the_error_that_it_is),
        cmocka_unit_test(figures_not_to_be_trusted_fail_a_strict_run_that_nothing_else_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
