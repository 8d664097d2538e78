#include "stats/threshold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "threshold_rig.h"

static void assert_same(double a, double b)
{
    assert_true(a - b < 1e-6 && b - a < 1e-6);
}

/* What one line says of the same run: login 100, 200, 300 ms with one error of 3; page 4 times
 * 50 ms without; pauses of 2 s; called once, 900 ms, failed; setup once, 5 s, failed; in 4 s. */
struct outcome {
    struct threshold line;
    const char *actual;
    bool passes;
};

static void put_run(struct rig *r)
{
    rig_did(r, LOGIN, 1, 100 * MS, 0);
    rig_did(r, LOGIN, 1, 200 * MS, 1);
    rig_did(r, LOGIN, 1, 300 * MS, 0);
    rig_did(r, PAGE, 4, 50 * MS, 0);
    rig_did(r, PAUSE, 2, 2 * SECOND, 0);
    rig_did(r, CALLED, 1, 900 * MS, 1);
    rig_did(r, SETUP, 1, 5 * SECOND, 1);
    for (int i = 0; i < 2; i++) {
        shard_pass(r->shard, SEQUENCE, (i + 1) * SECOND, SECOND);
        for (int k = 0; k < 4; k++)
            shard_sequence_activity(r->shard, SEQUENCE, k == 0 && i == 0);
    }
}

static void assert_outcome(const struct outcome *o)
{
    struct rig *r = rig_new();
    rig_watch(r, &o->line, 1);
    put_run(r);
    const stressor_threshold_row *pending = rig_tick(r, 4 * SECOND, RUNNING);
    assert_int_equal(pending->state, STRESSOR_THRESHOLD_PENDING);
    const stressor_threshold_row *row = rig_tick(r, 0, DONE);
    bool right = strcmp(row->actual, o->actual) == 0 &&
                 row->state == (o->passes ? (uint32_t)STRESSOR_THRESHOLD_PASSED
                                          : (uint32_t)STRESSOR_THRESHOLD_FAILED);
    if (!right)
        print_error("'%s': %s, state %u; expected %s\n", row->text, row->actual, row->state,
                    o->actual);
    assert_true(right);
    assert_string_equal(row->text, o->line.text);
    assert_same(row->limit, o->line.limit);
    assert_int_equal(row->failed_ns, 0);
    assert_int_equal(row->aborted, 0);
    assert_false(r->abort);
    rig_free(r);
}

#define OUTCOMES(table)                                                                            \
    for (size_t i_ = 0; i_ < sizeof(table) / sizeof *(table); i_++)                                \
    assert_outcome(&(table)[i_])

static void every_metric_passes_and_fails(void **state)
{
    (void)state;
    static const struct outcome all[] = {
        {{"min", NET(THRESHOLD_MIN, THRESHOLD_LESS, 51 * MS)}, "50.0 ms", true},
        {{"min", NET(THRESHOLD_MIN, THRESHOLD_MORE, 51 * MS)}, "50.0 ms", false},
        {{"mean", NET(THRESHOLD_MEAN, THRESHOLD_LESS, 115 * MS)}, "114 ms", true},
        {{"mean", NET(THRESHOLD_MEAN, THRESHOLD_LESS, 113 * MS)}, "114 ms", false},
        {{"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 301 * MS)}, "300 ms", true},
        {{"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 299 * MS)}, "300 ms", false},
        {{"p50", .percent = 50, NET(THRESHOLD_PERCENTILE, THRESHOLD_LESS, 51 * MS)},
         "50.0 ms",
         true},
        {{"p99", .percent = 99, NET(THRESHOLD_PERCENTILE, THRESHOLD_LESS, 200 * MS)},
         "300 ms",
         false},
        {{"count", NET(THRESHOLD_COUNT, THRESHOLD_EQUAL, 7)}, "7", true},
        {{"count", NET(THRESHOLD_COUNT, THRESHOLD_NOT_EQUAL, 7)}, "7", false},
        {{"rate", NET(THRESHOLD_RATE, THRESHOLD_MORE, 1.7)}, "1.75/s", true},
        {{"rate", NET(THRESHOLD_RATE, THRESHOLD_LESS, 1.7)}, "1.75/s", false},
        {{"errors", NET(THRESHOLD_ERRORS, THRESHOLD_LESS, 2)}, "1", true},
        {{"errors", NET(THRESHOLD_ERRORS, THRESHOLD_EQUAL, 0)}, "1", false},
        {{"errors", NET(THRESHOLD_ERRORS, THRESHOLD_NOT_EQUAL, 0)}, "1", true},
        {{"errors %", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 15)}, "14.3 %", true},
        {{"errors %", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 14)}, "14.3 %", false},
    };
    OUTCOMES(all);
}

static void every_operator_holds_up_to_its_limit(void **state)
{
    (void)state;
    static const struct outcome all[] = {
        {{"<", NET(THRESHOLD_MAX, THRESHOLD_LESS, 300 * MS)}, "300 ms", false},
        {{"<=", NET(THRESHOLD_MAX, THRESHOLD_AT_MOST, 300 * MS)}, "300 ms", true},
        {{">", NET(THRESHOLD_MAX, THRESHOLD_MORE, 300 * MS)}, "300 ms", false},
        {{">=", NET(THRESHOLD_MAX, THRESHOLD_AT_LEAST, 300 * MS)}, "300 ms", true},
        {{"<", NET(THRESHOLD_COUNT, THRESHOLD_LESS, 7)}, "7", false},
        {{"<=", NET(THRESHOLD_COUNT, THRESHOLD_AT_MOST, 7)}, "7", true},
        {{">", NET(THRESHOLD_COUNT, THRESHOLD_MORE, 7)}, "7", false},
        {{">=", NET(THRESHOLD_COUNT, THRESHOLD_AT_LEAST, 7)}, "7", true},
        {{"==", NET(THRESHOLD_COUNT, THRESHOLD_EQUAL, 8)}, "7", false},
        {{"!=", NET(THRESHOLD_COUNT, THRESHOLD_NOT_EQUAL, 8)}, "7", true},
        {{"<", NET(THRESHOLD_RATE, THRESHOLD_LESS, 1.75)}, "1.75/s", false},
        {{">=", NET(THRESHOLD_RATE, THRESHOLD_AT_LEAST, 1.75)}, "1.75/s", true},
        /* What would read like the limit is told with more digits. */
        {{"<", NET(THRESHOLD_MAX, THRESHOLD_LESS, 300 * MS - 1000)}, "300 ms", false},
        {{">", NET(THRESHOLD_MAX, THRESHOLD_MORE, 300 * MS + 100000)}, "300 ms", false},
        {{"<", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 14.28)}, "14.28571 %", false},
    };
    OUTCOMES(all);
}

static void a_name_stands_for_rows_a_type_or_a_sequence(void **state)
{
    (void)state;
    static const struct outcome all[] = {
        {{"login", NET(THRESHOLD_MAX, THRESHOLD_LESS, 1 * SECOND), OF(THRESHOLD_ROWS, "login")},
         "300 ms",
         true},
        {{"login", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 33), OF(THRESHOLD_ROWS, "login")},
         "33.3 %",
         false},
        {{"pause", NET(THRESHOLD_MIN, THRESHOLD_AT_LEAST, 2 * SECOND), OF(THRESHOLD_ROWS, "pause")},
         "2.00 s",
         true},
        {{"init counts where it is named", NET(THRESHOLD_ERRORS, THRESHOLD_EQUAL, 1),
          OF(THRESHOLD_ROWS, "setup")},
         "1",
         true},
        {{"and its rate is that of all of the run", NET(THRESHOLD_RATE, THRESHOLD_LESS, 1),
          OF(THRESHOLD_TYPE, "PutRequest")},
         "0.25/s",
         true},
        {{"what scripts call counts", NET(THRESHOLD_COUNT, THRESHOLD_EQUAL, 5),
          OF(THRESHOLD_TYPE, "GetRequest")},
         "5",
         true},
        {{"but not by the name of its row", NET(THRESHOLD_COUNT, THRESHOLD_EQUAL, 1),
          OF(THRESHOLD_ROWS, "GetRequest")},
         "no sample",
         false},
        {{"p90", .percent = 90, NET(THRESHOLD_PERCENTILE, THRESHOLD_LESS, 1 * SECOND),
          OF(THRESHOLD_TYPE, "GetRequest")},
         "900 ms",
         true},
        {{"passes", NET(THRESHOLD_COUNT, THRESHOLD_EQUAL, 2), OF(THRESHOLD_SEQUENCE, "main")},
         "2",
         true},
        {{"rate", NET(THRESHOLD_RATE, THRESHOLD_EQUAL, 0.5), OF(THRESHOLD_SEQUENCE, "main")},
         "0.5/s",
         true},
        {{"mean", NET(THRESHOLD_MEAN, THRESHOLD_LESS, 2 * SECOND), OF(THRESHOLD_SEQUENCE, "main")},
         "1.50 s",
         true},
        {{"p99", .percent = 99, NET(THRESHOLD_PERCENTILE, THRESHOLD_LESS, 2 * SECOND),
          OF(THRESHOLD_SEQUENCE, "main")},
         "2.00 s",
         false},
        {{"errors", NET(THRESHOLD_ERRORS, THRESHOLD_EQUAL, 1), OF(THRESHOLD_SEQUENCE, "main")},
         "1",
         true},
        {{"of its activities", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_AT_MOST, 12),
          OF(THRESHOLD_SEQUENCE, "main")},
         "12.5 %",
         false},
    };
    OUTCOMES(all);
}

static void without_any_sample_every_form_fails(void **state)
{
    (void)state;
    static const enum threshold_metric metrics[] = {
        THRESHOLD_MIN,   THRESHOLD_MEAN, THRESHOLD_MAX,    THRESHOLD_PERCENTILE,
        THRESHOLD_COUNT, THRESHOLD_RATE, THRESHOLD_ERRORS, THRESHOLD_ERRORS_PERCENT};
    static const struct threshold subjects[] = {
        {OF(THRESHOLD_NET, NULL)},
        {OF(THRESHOLD_ROWS, "login")},
        {OF(THRESHOLD_TYPE, "GetRequest")},
        {OF(THRESHOLD_SEQUENCE, "main")},
        {OF(THRESHOLD_SEQUENCE, "main"), .for_ns = SECOND},
    };
    for (size_t m = 0; m < 8; m++)
        for (size_t s = 0; s < 5; s++) {
            struct threshold line = subjects[s];
            line.text = "x";
            line.metric = metrics[m];
            line.percent = 95;
            line.op = THRESHOLD_AT_LEAST;
            line.abort = s % 2 == 0;
            struct rig *r = rig_new();
            rig_watch(r, &line, 1);
            rig_did(r, LOGIN_WARM, 5, MS, 0); /* the warm-up never counts */
            shard_pass(r->shard, SEQUENCE_WARM, MS, MS);
            shard_sequence_activity(r->shard, SEQUENCE_WARM, false);
            const stressor_threshold_row *row = rig_tick(r, 2 * SECOND, RUNNING);
            assert_int_equal(row->state, STRESSOR_THRESHOLD_PENDING);
            assert_string_equal(row->actual, "no sample");
            assert_false(r->abort);
            row = rig_tick(r, SECOND, DONE);
            assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
            assert_string_equal(row->actual, line.subject == THRESHOLD_TYPE
                                                 ? "no sample"
                                                 : "no sample: all were in the warm-up");
            assert_int_equal(row->samples, 0);
            assert_same(row->value, 0);
            rig_free(r);
        }
}

static void nothing_is_judged_in_the_warm_up(void **state)
{
    static const struct threshold lines[] = {
        {"rate", NET(THRESHOLD_RATE, THRESHOLD_MORE, 4), .for_ns = SECOND},
        {"rate", NET(THRESHOLD_RATE, THRESHOLD_MORE, 4)},
    };
    struct rig *r = *state;
    r->warmup = 2 * SECOND + SECOND / 2;
    rig_watch(r, lines, 2);
    for (int i = 0; i < 3; i++) { /* the third second is one of the warm-up by half */
        rig_did(r, LOGIN_WARM, 1, MS, 0);
        if (i == 2)
            rig_did(r, LOGIN, 3, MS, 0);
        assert_int_equal(rig_tick(r, SECOND, RUNNING)->state, STRESSOR_THRESHOLD_PENDING);
    }
    rig_did(r, LOGIN, 5, MS, 0);
    rig_tick(r, SECOND, RUNNING);
    const stressor_threshold_row *row = rig_tick(r, 0, DONE);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_PASSED);
    row = r->now->thresholds[1];
    assert_int_equal(row->state, STRESSOR_THRESHOLD_PASSED);
    assert_same(row->value, 8 / 1.5);
    assert_int_equal(row->samples, 8);
}

static void nothing_is_judged_in_a_dry_run(void **state)
{
    static const struct threshold line = {"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 1),
                                          .abort = true};
    struct rig *r = *state;
    r->dry_run = true;
    rig_watch(r, &line, 1);
    rig_did(r, LOGIN, 1, 30 * MS, 0);
    assert_int_equal(rig_tick(r, SECOND, RUNNING)->state, STRESSOR_THRESHOLD_PENDING);
    assert_int_equal(rig_tick(r, SECOND, DONE)->state, STRESSOR_THRESHOLD_PENDING);
    assert_false(r->abort);
}

static void a_threshold_on_errors_is_known(void **state)
{
    static const struct threshold lines[] = {
        {"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 1)},
        {"errors", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 1)},
    };
    struct rig *r = *state;
    rig_watch(r, lines, 2);
    assert_true(thresholds_on_errors(r->thresholds));
    thresholds_free(r->thresholds);
    rig_watch(r, lines, 1);
    assert_false(thresholds_on_errors(r->thresholds));
    thresholds_free(r->thresholds);
    rig_watch(r, NULL, 0);
    assert_false(thresholds_on_errors(r->thresholds));
    thresholds_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_passes_and_fails),
        cmocka_unit_test(every_operator_holds_up_to_its_limit),
        cmocka_unit_test(a_name_stands_for_rows_a_type_or_a_sequence),
        cmocka_unit_test(without_any_sample_every_form_fails),
        WITH_RIG(nothing_is_judged_in_the_warm_up),
        WITH_RIG(nothing_is_judged_in_a_dry_run),
        WITH_RIG(a_threshold_on_errors_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
