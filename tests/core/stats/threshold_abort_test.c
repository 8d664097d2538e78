#include "stats/threshold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "threshold_rig.h"

static void abort_comes_as_soon_as_a_line_is_lost(void **state)
{
    static const struct threshold lines[] = {
        {"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 100 * MS), .abort = true},
        {"min", NET(THRESHOLD_MIN, THRESHOLD_MORE, 20 * MS), .abort = true},
        {"errors", NET(THRESHOLD_ERRORS, THRESHOLD_LESS, 2), .abort = true},
        {"errors", NET(THRESHOLD_ERRORS, THRESHOLD_EQUAL, 0), .abort = true},
        {"count", NET(THRESHOLD_COUNT, THRESHOLD_AT_MOST, 3), .abort = true},
        {"p50", .percent = 50, NET(THRESHOLD_PERCENTILE, THRESHOLD_LESS, 25 * MS), .abort = true},
        {"errors %", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 40), .abort = true},
    };
    struct rig *r = *state;
    rig_watch(r, lines, 7);
    rig_did(r, LOGIN, 3, 30 * MS, 0);
    rig_tick(r, SECOND, RUNNING);
    for (int i = 0; i < 7; i++) {
        const stressor_threshold_row *row = r->now->thresholds[i];
        bool lost = i == 5;
        assert_int_equal(row->aborted, lost);
        assert_int_equal(row->state, lost ? STRESSOR_THRESHOLD_FAILED : STRESSOR_THRESHOLD_PENDING);
    }
    assert_true(r->abort);
    rig_did(r, LOGIN, 1, 10 * MS, 1);
    rig_did(r, LOGIN, 2, 500 * MS, 2);
    rig_tick(r, SECOND, RUNNING);
    assert_true(r->abort);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(r->now->thresholds[i]->aborted, 1);
        assert_true(r->now->thresholds[i]->failed_ns == (i == 5 ? 1 : 2) * SECOND);
    }
    rig_tick(r, SECOND, RUNNING);
    assert_false(r->abort); /* told once */
}

static void abort_does_not_come_where_waiting_is_all_that_is_missing(void **state)
{
    static const struct threshold lines[] = {
        {"count", NET(THRESHOLD_COUNT, THRESHOLD_MORE, 100), .abort = true},
        {"count", NET(THRESHOLD_COUNT, THRESHOLD_EQUAL, 100), .abort = true},
        {"count", NET(THRESHOLD_COUNT, THRESHOLD_NOT_EQUAL, 1), .abort = true},
        {"rate", NET(THRESHOLD_RATE, THRESHOLD_AT_LEAST, 100), .abort = true},
        {"errors", NET(THRESHOLD_ERRORS, THRESHOLD_MORE, 0), .abort = true},
        {"errors %", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_MORE, 1), .abort = true},
        {"max", NET(THRESHOLD_MAX, THRESHOLD_MORE, SECOND), .abort = true},
        {"min", NET(THRESHOLD_MIN, THRESHOLD_LESS, 1), .abort = true},
    };
    struct rig *r = *state;
    rig_watch(r, lines, 8);
    rig_did(r, LOGIN, 1, 30 * MS, 0);
    rig_tick(r, SECOND, RUNNING);
    assert_false(r->abort);
    rig_tick(r, SECOND, DONE);
    assert_false(r->abort);
    for (int i = 0; i < 8; i++) {
        bool waits = i != 1;
        assert_int_equal(threshold_can_abort(&lines[i]), !waits);
        assert_int_equal(r->now->thresholds[i]->state, STRESSOR_THRESHOLD_FAILED);
        assert_int_equal(r->now->thresholds[i]->aborted, 0);
    }
}

static void what_is_broken_as_it_stands_is_told_until_it_is_judged(void **state)
{
    static const struct {
        struct threshold line;
        bool broken;
    } cases[] = {
        {{"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 20 * MS)}, true},
        {{"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 40 * MS)}, false},
        {{"rate", NET(THRESHOLD_RATE, THRESHOLD_AT_LEAST, 100)}, true},
        {{"count", NET(THRESHOLD_COUNT, THRESHOLD_LESS, 1)}, true},
        {{"count", NET(THRESHOLD_COUNT, THRESHOLD_EQUAL, 0)}, true},
        {{"count", NET(THRESHOLD_COUNT, THRESHOLD_MORE, 100)}, false}, /* it grows */
        {{"count", NET(THRESHOLD_COUNT, THRESHOLD_EQUAL, 100)}, false},
        {{"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 20 * MS), .for_ns = 5 * SECOND}, true},
        {{"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 20 * MS), .for_ns = SECOND}, false}, /* lost */
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    struct threshold lines[COUNT];
    struct rig *r = *state;
    for (size_t i = 0; i < COUNT; i++)
        lines[i] = cases[i].line;
    rig_watch(r, lines, COUNT);
    rig_tick(r, SECOND, RUNNING);
    for (size_t i = 0; i < COUNT; i++) /* without a sample nothing is */
        assert_int_equal(r->now->thresholds[i]->broken, 0);
    rig_did(r, LOGIN, 1, 30 * MS, 0);
    rig_tick(r, SECOND, RUNNING);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(r->now->thresholds[i]->broken, cases[i].broken);
    rig_tick(r, SECOND, DONE);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(r->now->thresholds[i]->broken, 0);
}

static void a_run_that_is_stopping_is_not_aborted(void **state)
{
    static const struct threshold line = {"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 100 * MS),
                                          .abort = true};
    struct rig *r = *state;
    rig_watch(r, &line, 1);
    rig_did(r, LOGIN, 1, 300 * MS, 0);
    const stressor_threshold_row *row = rig_tick(r, SECOND, STRESSOR_STAGE_STOPPING);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
    assert_int_equal(row->aborted, 0);
    assert_false(r->abort);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(abort_comes_as_soon_as_a_line_is_lost),
        WITH_RIG(abort_does_not_come_where_waiting_is_all_that_is_missing),
        WITH_RIG(what_is_broken_as_it_stands_is_told_until_it_is_judged),
        WITH_RIG(a_run_that_is_stopping_is_not_aborted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
