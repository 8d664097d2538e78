#include "stats/threshold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "threshold_rig.h"

static const struct threshold slow_for = {"p99 < 100ms for 3s, abort",
                                          THRESHOLD_PERCENTILE,
                                          99,
                                          THRESHOLD_NET,
                                          NULL,
                                          THRESHOLD_LESS,
                                          100e6,
                                          3 * SECOND,
                                          true};

static void a_line_with_for_fails_when_broken_so_long_on_end(void **state)
{
    struct rig *r = *state;
    rig_watch(r, &slow_for, 1);
    rig_did(r, LOGIN, 1, 50 * MS, 0);
    const stressor_threshold_row *row = rig_tick(r, SECOND, RUNNING);
    assert_string_equal(row->actual, "50.0 ms");
    for (int i = 0; i < 2; i++) {
        rig_did(r, LOGIN, 1, 200 * MS, 0);
        row = rig_tick(r, SECOND, RUNNING);
        assert_int_equal(row->state, STRESSOR_THRESHOLD_PENDING);
    }
    row = rig_tick(r, SECOND, RUNNING); /* a second without sample neither breaks nor mends it */
    assert_int_equal(row->state, STRESSOR_THRESHOLD_PENDING);
    assert_false(r->abort);
    rig_did(r, LOGIN, 1, 250 * MS, 0);
    row = rig_tick(r, SECOND - 3 * MS, RUNNING); /* seconds are not exact */
    assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
    assert_int_equal(row->aborted, 1);
    assert_true(r->abort);
    assert_true(row->failed_ns == 5 * SECOND - 3 * MS);
    assert_string_equal(row->actual, "250 ms");
    assert_int_equal(row->samples, 1);

    rig_did(r, LOGIN, 100, 50 * MS, 0); /* what comes later changes nothing, and is told once */
    row = rig_tick(r, SECOND, DONE);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
    assert_string_equal(row->actual, "250 ms");
    assert_false(r->abort);
}

static void a_line_with_for_passes_when_it_was_mended_in_time(void **state)
{
    struct rig *r = *state;
    rig_watch(r, &slow_for, 1);
    for (int i = 0; i < 8; i++) {
        rig_did(r, LOGIN, 1, (i % 3 == 2 ? 50 : 200) * MS, 0);
        const stressor_threshold_row *row = rig_tick(r, SECOND, RUNNING);
        assert_int_equal(row->state, STRESSOR_THRESHOLD_PENDING);
    }
    const stressor_threshold_row *row = rig_tick(r, SECOND, DONE);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_PASSED);
    assert_string_equal(row->actual, "200 ms; broken for 2.00 s at most");
    assert_int_equal(row->failed_ns, 0);
}

static void for_looks_at_each_second_with_every_metric(void **state)
{
    static const struct threshold lines[] = {
        {"min", NET(THRESHOLD_MIN, THRESHOLD_LESS, 25 * MS), .for_ns = 2 * SECOND},
        {"mean", NET(THRESHOLD_MEAN, THRESHOLD_LESS, 25 * MS), .for_ns = 2 * SECOND},
        {"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 35 * MS), .for_ns = 2 * SECOND},
        {"count", NET(THRESHOLD_COUNT, THRESHOLD_MORE, 2), .for_ns = 2 * SECOND},
        {"rate", NET(THRESHOLD_RATE, THRESHOLD_MORE, 2.5), .for_ns = 2 * SECOND},
        {"errors", NET(THRESHOLD_ERRORS, THRESHOLD_LESS, 1), .for_ns = 2 * SECOND},
        {"errors %", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 50), .for_ns = 2 * SECOND},
        {"errors % of main", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 50),
         OF(THRESHOLD_SEQUENCE, "main"), .for_ns = 2 * SECOND},
        {"max of main", NET(THRESHOLD_MAX, THRESHOLD_LESS, 2 * SECOND),
         OF(THRESHOLD_SEQUENCE, "main"), .for_ns = 2 * SECOND},
    };
    static const double bad[] = {30e6, 35e6, 40e6, 2, 2, 1, 50, 50, 3e9};
    struct rig *r = *state;
    rig_watch(r, lines, 9);
    rig_did(r, LOGIN, 1000, 10 * MS, 0); /* a good second, that would outweigh the bad ones */
    shard_pass(r->shard, SEQUENCE, SECOND, SECOND);
    for (int i = 0; i < 1000; i++)
        shard_sequence_activity(r->shard, SEQUENCE, false);
    rig_tick(r, SECOND, RUNNING);
    for (int second = 0; second < 2; second++) {
        for (int i = 0; i < 9; i++)
            assert_int_equal(r->now->thresholds[i]->state, STRESSOR_THRESHOLD_PENDING);
        rig_did(r, LOGIN, 1, 30 * MS, 1);
        rig_did(r, PAGE, 1, 40 * MS, 0);
        shard_pass(r->shard, SEQUENCE, 3 * SECOND, SECOND);
        shard_sequence_activity(r->shard, SEQUENCE, true);
        shard_sequence_activity(r->shard, SEQUENCE, false);
        rig_tick(r, SECOND, RUNNING);
    }
    for (int i = 0; i < 9; i++) {
        const stressor_threshold_row *row = r->now->thresholds[i];
        assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
        assert_true(row->value > bad[i] * 0.999 && row->value < bad[i] * 1.001);
        assert_int_equal(row->aborted, 0);
    }
    assert_false(r->abort);
}

static void a_rate_is_0_in_a_second_without_sample_once_there_was_one(void **state)
{
    static const struct threshold line = {"rate > 5/s for 2s", .metric = THRESHOLD_RATE,
                                          .op = THRESHOLD_MORE, .limit = 5, .for_ns = 2 * SECOND};
    struct rig *r = *state;
    rig_watch(r, &line, 1);
    for (int i = 0; i < 4; i++) /* nothing has begun yet */
        assert_int_equal(rig_tick(r, SECOND, RUNNING)->state, STRESSOR_THRESHOLD_PENDING);
    rig_did(r, LOGIN, 10, MS, 0);
    rig_tick(r, SECOND, RUNNING);
    assert_int_equal(rig_tick(r, SECOND, RUNNING)->state, STRESSOR_THRESHOLD_PENDING);
    const stressor_threshold_row *row = rig_tick(r, SECOND, RUNNING);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
    assert_string_equal(row->actual, "0/s");
}

static void samples_are_those_that_the_value_is_of(void **state)
{
    static const struct threshold lines[] = {
        {"errors % for 2s", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 10),
         .for_ns = 2 * SECOND},
        {"rate for 3s", NET(THRESHOLD_RATE, THRESHOLD_MORE, 1), .for_ns = 3 * SECOND},
        {"max, abort", NET(THRESHOLD_MAX, THRESHOLD_LESS, 15 * MS), .abort = true},
    };
    static const struct {
        int count, failed;
        uint64_t samples[3];
    } seconds[] = {
        {8, 0, {8, 8, 8}}, {5, 4, {5, 5, 8}}, {4, 1, {4, 4, 8}},
        {6, 0, {4, 6, 8}}, {0, 0, {4, 0, 8}}, {9, 9, {4, 9, 8}},
    };
    struct rig *r = *state;
    rig_watch(r, lines, 3);
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        rig_did(r, LOGIN, seconds[i].count, 20 * MS, seconds[i].failed);
        rig_tick(r, SECOND, RUNNING);
        for (size_t k = 0; k < 3; k++)
            assert_int_equal(r->now->thresholds[k]->samples, seconds[i].samples[k]);
    }
    rig_tick(r, SECOND / 2, DONE);
    const stressor_threshold_row *const *rows = r->now->thresholds;
    assert_int_equal(rows[0]->state, STRESSOR_THRESHOLD_FAILED);
    assert_string_equal(rows[0]->actual, "25 %");
    assert_int_equal(rows[0]->samples, 4);
    assert_int_equal(rows[1]->state, STRESSOR_THRESHOLD_PASSED);
    assert_int_equal(rows[1]->samples, 32);
    assert_int_equal(rows[2]->samples, 8);
}

static void what_is_left_of_a_second_at_the_end_does_not_count(void **state)
{
    static const struct threshold line = {"count > 5 for 2s", .metric = THRESHOLD_COUNT,
                                          .op = THRESHOLD_MORE, .limit = 5, .for_ns = 2 * SECOND};
    struct rig *r = *state;
    rig_watch(r, &line, 1);
    rig_did(r, LOGIN, 10, MS, 0);
    rig_tick(r, SECOND, RUNNING);
    rig_did(r, LOGIN, 3, MS, 0);
    rig_tick(r, SECOND, RUNNING);
    const stressor_threshold_row *row = rig_tick(r, SECOND / 2, DONE);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_PASSED);
    assert_string_equal(row->actual, "13; broken for 1.00 s at most");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(a_line_with_for_fails_when_broken_so_long_on_end),
        WITH_RIG(a_line_with_for_passes_when_it_was_mended_in_time),
        WITH_RIG(for_looks_at_each_second_with_every_metric),
        WITH_RIG(a_rate_is_0_in_a_second_without_sample_once_there_was_one),
        WITH_RIG(samples_are_those_that_the_value_is_of),
        WITH_RIG(what_is_left_of_a_second_at_the_end_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
