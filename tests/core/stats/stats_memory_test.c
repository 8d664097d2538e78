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
        s = snapshot_merge(&shard, 1, &layout, &facts);
    }
    nomem_end();
    assert_true(n > 10);
    assert_int_equal(s->rows[0]->count, 20);
    assert_int_equal(histogram_count(s->rows[0]->total), 20);
    assert_int_equal(s->error_groups_count, 20);
    snapshot_release(s);
    shard_free(shard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_a_shard_loses_distributions_but_no_counts),
        cmocka_unit_test(without_memory_there_is_no_snapshot_rather_than_a_wrong_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
