/*
 * Counting and merging while memory runs out, at each allocation in turn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <stressor/plugin.h>

#include "nomem.h"
#include "stats/histogram.h"
#include "stats/shard.h"
#include "stats/snapshot.h"
/* Its inside is looked at. */
#include "stats/series.c"

static const struct row_info rows[] = {{"page", "GetRequest", 0, 0}, {"other", "GetRequest", 0, 0}};
static const struct sequence_info sequences[] = {{"main", STRESSOR_PHASE_MAIN}};
static const struct metric_info metrics[] = {{"size", "By", "sizes", STRESSOR_METRIC_HISTOGRAM}};
static const struct shard_layout layout = {.rows = rows,
                                           .rows_count = 2,
                                           .sequences = sequences,
                                           .sequences_count = 1,
                                           .metrics = metrics,
                                           .metrics_count = 1};

static void use(struct shard *s)
{
    for (int i = 0; i < 20; i++) {
        shard_activity(s, 0, INT64_C(1) << i, i % 2 == 0);
        shard_metric(s, 0, i);
        shard_lag(s, i);
        char kind[] = {(char)('a' + i), '\0'};
        shard_error(s, STRESSOR_TARGET, kind, 0, "example", 7);
    }
}

static void without_memory_a_shard_loses_distributions_but_no_counts(void **state)
{
    (void)state;
    bool whole = false;
    for (long n = 0; !whole; n++) {
        nomem_here(n, true);
        struct shard *s = shard_new(&layout);
        if (s == NULL)
            continue;
        use(s);
        whole = !nomem_end();
        struct shard_row row = shard_row(s, 0);
        assert_int_equal(row.count, 20);
        assert_int_equal(row.errors, 10);
        if (row.latency != NULL)
            assert_int_equal(histogram_count(row.latency) + histogram_lost(row.latency), 20);
        struct shard_group groups[32];
        uint64_t dropped;
        assert_int_equal(shard_errors(s, groups, 32, &dropped) + dropped, 20);
        shard_free(s);
    }
}

static void without_memory_there_is_no_snapshot_rather_than_a_wrong_one(void **state)
{
    (void)state;
    static const struct snapshot_facts facts = {.name = "run", .tag = "tag"};
    struct shard *shard = shard_new(&layout);
    assert_non_null(shard);
    use(shard);
    const stressor_snapshot *s = NULL;
    long n = 0;
    for (; s == NULL; n++) {
        nomem_here(n, true);
        s = snapshot_merge(&shard, 1, &layout, &facts, NULL);
    }
    nomem_end();
    assert_true(n > 10);
    assert_int_equal(s->rows[0]->count, 20);
    assert_int_equal(histogram_count(s->rows[0]->total), 20);
    assert_int_equal(s->error_groups_count, 20);
    shard_activity(shard, 0, 5, false);
    stressor_snapshot *next = NULL;
    for (n = 0; next == NULL; n++) {
        nomem_here(n, true);
        next = snapshot_merge(&shard, 1, &layout, &facts, s);
    }
    nomem_end();
    snapshot_release(s);
    assert_int_equal(next->rows[0]->count, 21);
    assert_int_equal(histogram_count(next->rows[0]->interval), 1);
    assert_int_equal(histogram_count(next->net), 21);
    snapshot_release(next);
    shard_free(shard);
}

static void without_memory_an_interval_is_lost_and_no_other(void **state)
{
    (void)state;
    struct snapshot_facts facts = {.name = "run", .elapsed_ns = 1000000000};
    struct shard *shard = shard_new(&layout);
    struct series *series = series_new();
    assert_non_null(shard);
    assert_non_null(series);
    use(shard);
    stressor_snapshot *s = snapshot_merge(&shard, 1, &layout, &facts, NULL);
    assert_non_null(s);
    bool added = false;
    for (long n = 0; !added; n++) {
        nomem_here(n, true);
        added = series_add(series, s);
        nomem_end();
        assert_int_equal(series->count, added);
        s->interval_ns = 1; /* what comes next is part of the second before */
        if (added)
            assert_false(n == 0);
    }
    for (long n = 0; n < 3; n++) {
        nomem_here(n, true);
        assert_false(series_add(series, s));
        nomem_end();
        assert_int_equal(histogram_count(series->points[0].net), 20);
        assert_int_equal(histogram_count(series->recent[0].net), 20);
    }
    bool shown = false;
    for (long n = 0; !shown; n++) {
        nomem_here(n, true);
        shown = series_show(series, s);
    }
    nomem_end();
    assert_int_equal(s->points_count, 1);
    series_free(series);
    snapshot_release(s);
    shard_free(shard);
}

static void without_memory_points_are_not_halved(void **state)
{
    (void)state;
    struct snapshot_facts facts = {.name = "run", .elapsed_ns = 1000000000};
    struct shard *shard = shard_new(&layout);
    struct series *series = series_new();
    use(shard);
    stressor_snapshot *s = snapshot_merge(&shard, 1, &layout, &facts, NULL);
    for (int i = 0; i < SERIES_POINTS_MAX; i++)
        assert_true(series_add(series, s));
    bool added = false;
    for (long n = 10; !added; n += 97) {
        assert_int_equal(series->count, SERIES_POINTS_MAX);
        nomem_here(n, true);
        added = series_add(series, s);
        nomem_end();
    }
    assert_int_equal(series->count, SERIES_POINTS_MAX / 2 + 1);
    assert_int_equal(histogram_count(series->points[7].net), 40);
    assert_int_equal(histogram_count(series->points[SERIES_POINTS_MAX / 2].net), 20);
    series_free(series);
    snapshot_release(s);
    shard_free(shard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_a_shard_loses_distributions_but_no_counts),
        cmocka_unit_test(without_memory_there_is_no_snapshot_rather_than_a_wrong_one),
        cmocka_unit_test(without_memory_an_interval_is_lost_and_no_other),
        cmocka_unit_test(without_memory_points_are_not_halved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
