#include "stats/threshold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stats/snapshot.h"

#define MS      INT64_C(1000000)
#define SECOND  (1000 * MS)
#define MAIN    STRESSOR_PHASE_MAIN
#define RUNNING STRESSOR_STAGE_RUNNING
#define DONE    STRESSOR_STAGE_DONE

enum { LOGIN, PAGE, PAUSE, CALLED, SETUP, LOGIN_WARM };
static const struct row_info rows[] = {
    [LOGIN] = {"login", "PostRequest", MAIN, 0},
    [PAGE] = {"page", "GetRequest", MAIN, 0},
    [PAUSE] = {"pause", "Sleep", MAIN, STRESSOR_ROW_IGNORE_TIMING},
    [CALLED] = {"GetRequest", "GetRequest", MAIN, STRESSOR_ROW_CALLED},
    [SETUP] = {"setup", "PutRequest", STRESSOR_PHASE_INIT, 0},
    [LOGIN_WARM] = {"login", "PostRequest", STRESSOR_PHASE_WARMUP, 0},
};
enum { SEQUENCE, INIT, SEQUENCE_WARM };
static const struct sequence_info sequences[] = {
    [SEQUENCE] = {"main", MAIN},
    [INIT] = {"init", STRESSOR_PHASE_INIT},
    [SEQUENCE_WARM] = {"main", STRESSOR_PHASE_WARMUP},
};
static const struct shard_layout layout = {
    .rows = rows, .rows_count = 6, .sequences = sequences, .sequences_count = 3};

/* A run of one shard whose clock the test turns. */
struct rig {
    struct shard *shard;
    struct thresholds *thresholds;
    stressor_snapshot *now;
    int64_t elapsed, warmup;
    bool abort;
    bool dry_run;
};

static int make(void **state)
{
    struct rig *r = calloc(1, sizeof *r);
    if (r == NULL)
        return -1;
    r->shard = shard_new(&layout);
    *state = r;
    return r->shard == NULL;
}

static struct rig *made(void)
{
    void *state = NULL;
    assert_int_equal(make(&state), 0);
    return state;
}

static int drop(void **state)
{
    struct rig *r = *state;
    snapshot_release(r->now);
    thresholds_free(r->thresholds);
    shard_free(r->shard);
    free(r);
    return 0;
}

static void watch_for(struct rig *r, const struct threshold *lines, size_t count)
{
    r->thresholds = thresholds_new(lines, count);
    assert_non_null(r->thresholds);
}

static void did(struct rig *r, uint32_t row, int count, int64_t latency, int failed)
{
    for (int i = 0; i < count; i++)
        shard_activity(r->shard, row, latency, i < failed);
}

/* After so much time the lines are judged; returns the row of the first. */
static const stressor_threshold_row *tick(struct rig *r, int64_t ns, uint32_t stage)
{
    r->elapsed += ns;
    struct snapshot_facts facts = {.name = "x",
                                   .stage = stage,
                                   .elapsed_ns = r->elapsed,
                                   .warmup_ns = r->warmup,
                                   .dry_run = r->dry_run};
    stressor_snapshot *s = snapshot_merge(&r->shard, 1, &layout, &facts, r->now);
    assert_non_null(s);
    snapshot_release(r->now);
    r->now = s;
    assert_true(thresholds_judge(r->thresholds, s, &r->abort));
    return s->thresholds[0];
}

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
    did(r, LOGIN, 1, 100 * MS, 0);
    did(r, LOGIN, 1, 200 * MS, 1);
    did(r, LOGIN, 1, 300 * MS, 0);
    did(r, PAGE, 4, 50 * MS, 0);
    did(r, PAUSE, 2, 2 * SECOND, 0);
    did(r, CALLED, 1, 900 * MS, 1);
    did(r, SETUP, 1, 5 * SECOND, 1);
    for (int i = 0; i < 2; i++) {
        shard_pass(r->shard, SEQUENCE, (i + 1) * SECOND, SECOND);
        for (int k = 0; k < 4; k++)
            shard_sequence_activity(r->shard, SEQUENCE, k == 0 && i == 0);
    }
}

static void assert_outcome(const struct outcome *o)
{
    struct rig *r = made();
    watch_for(r, &o->line, 1);
    put_run(r);
    const stressor_threshold_row *pending = tick(r, 4 * SECOND, RUNNING);
    assert_int_equal(pending->state, STRESSOR_THRESHOLD_PENDING);
    const stressor_threshold_row *row = tick(r, 0, DONE);
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
    drop((void **)&r);
}

#define NET(METRIC, OP, LIMIT) .metric = METRIC, .op = OP, .limit = (double)(LIMIT)
#define OF(SUBJECT, NAME)      .subject = SUBJECT, .name = NAME
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
            struct rig *r = made();
            watch_for(r, &line, 1);
            did(r, LOGIN_WARM, 5, MS, 0); /* the warm-up never counts */
            shard_pass(r->shard, SEQUENCE_WARM, MS, MS);
            shard_sequence_activity(r->shard, SEQUENCE_WARM, false);
            const stressor_threshold_row *row = tick(r, 2 * SECOND, RUNNING);
            assert_int_equal(row->state, STRESSOR_THRESHOLD_PENDING);
            assert_string_equal(row->actual, "no sample");
            assert_false(r->abort);
            row = tick(r, SECOND, DONE);
            assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
            assert_string_equal(row->actual, line.subject == THRESHOLD_TYPE
                                                 ? "no sample"
                                                 : "no sample: all were in the warm-up");
            assert_int_equal(row->samples, 0);
            assert_same(row->value, 0);
            drop((void **)&r);
        }
}

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
    watch_for(r, &slow_for, 1);
    did(r, LOGIN, 1, 50 * MS, 0);
    const stressor_threshold_row *row = tick(r, SECOND, RUNNING);
    assert_string_equal(row->actual, "50.0 ms");
    for (int i = 0; i < 2; i++) {
        did(r, LOGIN, 1, 200 * MS, 0);
        row = tick(r, SECOND, RUNNING);
        assert_int_equal(row->state, STRESSOR_THRESHOLD_PENDING);
    }
    row = tick(r, SECOND, RUNNING); /* a second without sample neither breaks nor mends it */
    assert_int_equal(row->state, STRESSOR_THRESHOLD_PENDING);
    assert_false(r->abort);
    did(r, LOGIN, 1, 250 * MS, 0);
    row = tick(r, SECOND - 3 * MS, RUNNING); /* seconds are not exact */
    assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
    assert_int_equal(row->aborted, 1);
    assert_true(r->abort);
    assert_true(row->failed_ns == 5 * SECOND - 3 * MS);
    assert_string_equal(row->actual, "250 ms");
    assert_int_equal(row->samples, 4);

    did(r, LOGIN, 100, 50 * MS, 0); /* what comes later changes nothing, and is told once */
    row = tick(r, SECOND, DONE);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
    assert_string_equal(row->actual, "250 ms");
    assert_false(r->abort);
}

static void a_line_with_for_passes_when_it_was_mended_in_time(void **state)
{
    struct rig *r = *state;
    watch_for(r, &slow_for, 1);
    for (int i = 0; i < 8; i++) {
        did(r, LOGIN, 1, (i % 3 == 2 ? 50 : 200) * MS, 0);
        const stressor_threshold_row *row = tick(r, SECOND, RUNNING);
        assert_int_equal(row->state, STRESSOR_THRESHOLD_PENDING);
    }
    const stressor_threshold_row *row = tick(r, SECOND, DONE);
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
    watch_for(r, lines, 9);
    did(r, LOGIN, 1000, 10 * MS, 0); /* a good second, that would outweigh the bad ones */
    shard_pass(r->shard, SEQUENCE, SECOND, SECOND);
    for (int i = 0; i < 1000; i++)
        shard_sequence_activity(r->shard, SEQUENCE, false);
    tick(r, SECOND, RUNNING);
    for (int second = 0; second < 2; second++) {
        for (int i = 0; i < 9; i++)
            assert_int_equal(r->now->thresholds[i]->state, STRESSOR_THRESHOLD_PENDING);
        did(r, LOGIN, 1, 30 * MS, 1);
        did(r, PAGE, 1, 40 * MS, 0);
        shard_pass(r->shard, SEQUENCE, 3 * SECOND, SECOND);
        shard_sequence_activity(r->shard, SEQUENCE, true);
        shard_sequence_activity(r->shard, SEQUENCE, false);
        tick(r, SECOND, RUNNING);
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
    watch_for(r, &line, 1);
    for (int i = 0; i < 4; i++) /* nothing has begun yet */
        assert_int_equal(tick(r, SECOND, RUNNING)->state, STRESSOR_THRESHOLD_PENDING);
    did(r, LOGIN, 10, MS, 0);
    tick(r, SECOND, RUNNING);
    assert_int_equal(tick(r, SECOND, RUNNING)->state, STRESSOR_THRESHOLD_PENDING);
    const stressor_threshold_row *row = tick(r, SECOND, RUNNING);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
    assert_string_equal(row->actual, "0/s");
}

static void what_is_left_of_a_second_at_the_end_does_not_count(void **state)
{
    static const struct threshold line = {"count > 5 for 2s", .metric = THRESHOLD_COUNT,
                                          .op = THRESHOLD_MORE, .limit = 5, .for_ns = 2 * SECOND};
    struct rig *r = *state;
    watch_for(r, &line, 1);
    did(r, LOGIN, 10, MS, 0);
    tick(r, SECOND, RUNNING);
    did(r, LOGIN, 3, MS, 0);
    tick(r, SECOND, RUNNING);
    const stressor_threshold_row *row = tick(r, SECOND / 2, DONE);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_PASSED);
    assert_string_equal(row->actual, "13; broken for 1.00 s at most");
}

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
    watch_for(r, lines, 7);
    did(r, LOGIN, 3, 30 * MS, 0);
    tick(r, SECOND, RUNNING);
    for (int i = 0; i < 7; i++) {
        const stressor_threshold_row *row = r->now->thresholds[i];
        bool lost = i == 5;
        assert_int_equal(row->aborted, lost);
        assert_int_equal(row->state, lost ? STRESSOR_THRESHOLD_FAILED : STRESSOR_THRESHOLD_PENDING);
    }
    assert_true(r->abort);
    did(r, LOGIN, 1, 10 * MS, 1);
    did(r, LOGIN, 2, 500 * MS, 2);
    tick(r, SECOND, RUNNING);
    assert_true(r->abort);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(r->now->thresholds[i]->aborted, 1);
        assert_true(r->now->thresholds[i]->failed_ns == (i == 5 ? 1 : 2) * SECOND);
    }
    tick(r, SECOND, RUNNING);
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
    watch_for(r, lines, 8);
    did(r, LOGIN, 1, 30 * MS, 0);
    tick(r, SECOND, RUNNING);
    assert_false(r->abort);
    tick(r, SECOND, DONE);
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
    watch_for(r, lines, COUNT);
    tick(r, SECOND, RUNNING);
    for (size_t i = 0; i < COUNT; i++) /* without a sample nothing is */
        assert_int_equal(r->now->thresholds[i]->broken, 0);
    did(r, LOGIN, 1, 30 * MS, 0);
    tick(r, SECOND, RUNNING);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(r->now->thresholds[i]->broken, cases[i].broken);
    tick(r, SECOND, DONE);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(r->now->thresholds[i]->broken, 0);
}

static void a_run_that_is_stopping_is_not_aborted(void **state)
{
    static const struct threshold line = {"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 100 * MS),
                                          .abort = true};
    struct rig *r = *state;
    watch_for(r, &line, 1);
    did(r, LOGIN, 1, 300 * MS, 0);
    const stressor_threshold_row *row = tick(r, SECOND, STRESSOR_STAGE_STOPPING);
    assert_int_equal(row->state, STRESSOR_THRESHOLD_FAILED);
    assert_int_equal(row->aborted, 0);
    assert_false(r->abort);
}

static void nothing_is_judged_in_the_warm_up(void **state)
{
    static const struct threshold lines[] = {
        {"rate", NET(THRESHOLD_RATE, THRESHOLD_MORE, 4), .for_ns = SECOND},
        {"rate", NET(THRESHOLD_RATE, THRESHOLD_MORE, 4)},
    };
    struct rig *r = *state;
    r->warmup = 2 * SECOND + SECOND / 2;
    watch_for(r, lines, 2);
    for (int i = 0; i < 3; i++) { /* the third second is one of the warm-up by half */
        did(r, LOGIN_WARM, 1, MS, 0);
        if (i == 2)
            did(r, LOGIN, 3, MS, 0);
        assert_int_equal(tick(r, SECOND, RUNNING)->state, STRESSOR_THRESHOLD_PENDING);
    }
    did(r, LOGIN, 5, MS, 0);
    tick(r, SECOND, RUNNING);
    const stressor_threshold_row *row = tick(r, 0, DONE);
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
    watch_for(r, &line, 1);
    did(r, LOGIN, 1, 30 * MS, 0);
    assert_int_equal(tick(r, SECOND, RUNNING)->state, STRESSOR_THRESHOLD_PENDING);
    assert_int_equal(tick(r, SECOND, DONE)->state, STRESSOR_THRESHOLD_PENDING);
    assert_false(r->abort);
}

static void a_threshold_on_errors_is_known(void **state)
{
    static const struct threshold lines[] = {
        {"max", NET(THRESHOLD_MAX, THRESHOLD_LESS, 1)},
        {"errors", NET(THRESHOLD_ERRORS_PERCENT, THRESHOLD_LESS, 1)},
    };
    struct rig *r = *state;
    watch_for(r, lines, 2);
    assert_true(thresholds_on_errors(r->thresholds));
    thresholds_free(r->thresholds);
    watch_for(r, lines, 1);
    assert_false(thresholds_on_errors(r->thresholds));
    thresholds_free(r->thresholds);
    watch_for(r, NULL, 0);
    assert_false(thresholds_on_errors(r->thresholds));
    thresholds_free(NULL);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, make, drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_passes_and_fails),
        cmocka_unit_test(every_operator_holds_up_to_its_limit),
        cmocka_unit_test(a_name_stands_for_rows_a_type_or_a_sequence),
        cmocka_unit_test(without_any_sample_every_form_fails),
        WITH_RIG(a_line_with_for_fails_when_broken_so_long_on_end),
        WITH_RIG(a_line_with_for_passes_when_it_was_mended_in_time),
        WITH_RIG(for_looks_at_each_second_with_every_metric),
        WITH_RIG(a_rate_is_0_in_a_second_without_sample_once_there_was_one),
        WITH_RIG(what_is_left_of_a_second_at_the_end_does_not_count),
        WITH_RIG(abort_comes_as_soon_as_a_line_is_lost),
        WITH_RIG(abort_does_not_come_where_waiting_is_all_that_is_missing),
        WITH_RIG(what_is_broken_as_it_stands_is_told_until_it_is_judged),
        WITH_RIG(a_run_that_is_stopping_is_not_aborted),
        WITH_RIG(nothing_is_judged_in_the_warm_up),
        WITH_RIG(nothing_is_judged_in_a_dry_run),
        WITH_RIG(a_threshold_on_errors_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
