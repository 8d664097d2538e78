#include "stats/shard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stressor/plugin.h>

static const struct row_info rows[] = {{"login", "PostRequest", 0, 0},
                                       {"page", "GetRequest", 0, 0}};
static const struct sequence_info sequences[] = {{"main", STRESSOR_PHASE_MAIN}};
static const struct metric_info metrics[] = {
    {"sent", "By", "bytes sent", STRESSOR_METRIC_COUNTER},
    {"open", "1", "open connections", STRESSOR_METRIC_GAUGE},
    {"size", "By", "sizes of answers", STRESSOR_METRIC_HISTOGRAM},
};
static const struct shard_layout layout = {.rows = rows,
                                           .rows_count = 2,
                                           .sequences = sequences,
                                           .sequences_count = 1,
                                           .metrics = metrics,
                                           .metrics_count = 3};

static int make(void **state)
{
    *state = shard_new(&layout);
    return *state == NULL;
}

static int drop(void **state)
{
    shard_free(*state);
    return 0;
}

static void an_activity_counts_in_its_row_alone(void **state)
{
    struct shard *s = *state;
    shard_activity(s, 1, 3000, false);
    shard_activity(s, 1, 5000, true);
    struct shard_row page = shard_row(s, 1), login = shard_row(s, 0);
    assert_int_equal(page.count, 2);
    assert_int_equal(page.errors, 1);
    assert_int_equal(page.sum_ns, 8000);
    assert_int_equal(histogram_count(page.latency), 2);
    assert_int_equal(histogram_min(page.latency), 3000);
    assert_int_equal(histogram_max(page.latency), 5000);
    assert_int_equal(login.count, 0);
    assert_null(login.latency);
}

static void a_row_that_does_not_exist_is_ignored(void **state)
{
    struct shard *s = *state;
    shard_activity(s, 2, 1, true);
    shard_pass(s, 1, 1, 1);
    shard_sequence_activity(s, UINT32_MAX, true);
    shard_metric(s, 3, 1);
    assert_int_equal(shard_row(s, 0).count + shard_row(s, 1).count, 0);
    assert_int_equal(shard_sequence(s, 0).activities, 0);
}

static void passes_have_sums_and_extremes(void **state)
{
    struct shard *s = *state;
    shard_sequence_activity(s, 0, false);
    shard_sequence_activity(s, 0, true);
    shard_pass(s, 0, 700, 600);
    shard_pass(s, 0, 500, 100);
    shard_pass(s, 0, 900, 50);
    struct shard_sequence q = shard_sequence(s, 0);
    assert_int_equal(q.passes, 3);
    assert_int_equal(q.activities, 2);
    assert_int_equal(q.errors, 1);
    assert_int_equal(q.sum_ns, 2100);
    assert_int_equal(q.net_ns, 750);
    assert_int_equal(histogram_count(q.durations), 3);
    assert_int_equal(histogram_min(q.durations), 500);
    assert_int_equal(histogram_max(q.durations), 900);
}

static void metrics_count_as_their_kind_says(void **state)
{
    struct shard *s = *state;
    for (int64_t i = 1; i <= 4; i++) {
        shard_metric(s, 0, i);
        shard_metric(s, 1, i);
        shard_metric(s, 2, i);
    }
    assert_int_equal(shard_metric_value(s, 0), 10);
    assert_int_equal(shard_metric_value(s, 1), 4);
    assert_null(shard_metric_histogram(s, 0));
    assert_int_equal(histogram_count(shard_metric_histogram(s, 2)), 4);
}

static void a_sum_stops_at_the_end_of_its_range(void **state)
{
    struct shard *s = *state;
    shard_metric(s, 0, INT64_MAX);
    shard_metric(s, 0, 1);
    assert_int_equal(shard_metric_value(s, 0), INT64_MAX);
    shard_metric(s, 0, INT64_MIN);
    shard_metric(s, 0, INT64_MIN);
    assert_int_equal(shard_metric_value(s, 0), INT64_MIN);
}

static void counters_add_and_keep_maxima(void **state)
{
    struct shard *s = *state;
    shard_add(s, SHARD_ERRORS, 2);
    shard_add(s, SHARD_ERRORS, 3);
    shard_max(s, SHARD_POOL_THREADS, 7);
    shard_max(s, SHARD_POOL_THREADS, 4);
    assert_int_equal(shard_counter(s, SHARD_ERRORS), 5);
    assert_int_equal(shard_counter(s, SHARD_POOL_THREADS), 7);
    assert_int_equal(shard_counter(s, SHARD_CANCELLED), 0);
}

static void equal_errors_are_one_group_with_the_first_example(void **state)
{
    struct shard *s = *state;
    struct shard_group g[8];
    uint64_t dropped;
    assert_int_equal(shard_error(s, STRESSOR_TARGET, "status", 0, "first", 5), 1);
    assert_int_equal(shard_error(s, STRESSOR_TARGET, "status", 0, "second", 6), 2);
    assert_int_equal(shard_error(s, STRESSOR_TARGET, "status", 1, "other row", 9), 1);
    assert_int_equal(shard_error(s, STRESSOR_TARGET, "statu", 0, "other kind", 10), 1);
    assert_int_equal(shard_error(s, STRESSOR_TIMEOUT, "status", 0, "other category", 14), 1);
    assert_int_equal(shard_error(s, STRESSOR_TARGET, "status", -1, "no row", 6), 1);
    assert_int_equal(shard_error(s, STRESSOR_TARGET, "status", -9, "no row", 6), 2);
    assert_int_equal(shard_errors(s, g, 8, &dropped), 5);
    assert_int_equal(dropped, 0);
    assert_int_equal(g[0].category, STRESSOR_TARGET);
    assert_int_equal(g[0].row, 0);
    assert_int_equal(g[0].count, 2);
    assert_string_equal(g[0].kind, "status");
    assert_string_equal(g[0].example, "first");
    assert_int_equal(g[4].row, -1);
    assert_int_equal(shard_counter(s, SHARD_ERRORS), 0);
}

static void error_groups_are_capped_and_known_ones_still_count(void **state)
{
    struct shard *s = *state;
    char kind[32];
    uint64_t dropped;
    for (int i = 0; i < SHARD_ERROR_GROUPS_MAX + 50; i++) {
        snprintf(kind, sizeof kind, "kind %d", i);
        assert_int_equal(shard_error(s, STRESSOR_SCRIPT, kind, 0, kind, strlen(kind)),
                         i < SHARD_ERROR_GROUPS_MAX);
    }
    assert_int_equal(shard_error(s, STRESSOR_SCRIPT, "kind 999", 0, "", 0), 2);
    assert_int_equal(shard_error(s, STRESSOR_SCRIPT, "kind 1049", 0, "", 0), 0);
    assert_int_equal(shard_errors(s, NULL, 0, &dropped), SHARD_ERROR_GROUPS_MAX);
    assert_int_equal(dropped, 51);
}

static void long_texts_are_cut_between_characters(void **state)
{
    struct shard *s = *state;
    struct shard_group g;
    uint64_t dropped;
    char example[SHARD_EXAMPLE_MAX + 10], kind[SHARD_KIND_MAX + 3];
    memset(example, 'x', sizeof example);
    memcpy(example + SHARD_EXAMPLE_MAX - 1, "\xc3\xa9", 2); /* would be cut in its middle */
    example[3] = '\0';
    memset(kind, 'k', sizeof kind);
    kind[sizeof kind - 1] = '\0';
    assert_int_equal(shard_error(s, STRESSOR_TARGET, kind, 0, example, sizeof example), 1);
    kind[sizeof kind - 2] = '!'; /* beyond what is kept */
    assert_int_equal(shard_error(s, STRESSOR_TARGET, kind, 0, "", 0), 2);
    shard_errors(s, &g, 1, &dropped);
    assert_int_equal(strlen(g.example), SHARD_EXAMPLE_MAX - 1);
    assert_int_equal(g.example[3], ' ');
    assert_int_equal(strlen(g.kind), SHARD_KIND_MAX);
}

static void a_shard_of_nothing_works(void **state)
{
    (void)state;
    static const struct shard_layout nothing;
    struct shard *s = shard_new(&nothing);
    assert_non_null(s);
    shard_activity(s, 0, 1, false);
    shard_lag(s, 5);
    assert_int_equal(histogram_count(shard_lags(s)), 1);
    shard_free(s);
    shard_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_activity_counts_in_its_row_alone, make, drop),
        cmocka_unit_test_setup_teardown(a_row_that_does_not_exist_is_ignored, make, drop),
        cmocka_unit_test_setup_teardown(passes_have_sums_and_extremes, make, drop),
        cmocka_unit_test_setup_teardown(metrics_count_as_their_kind_says, make, drop),
        cmocka_unit_test_setup_teardown(a_sum_stops_at_the_end_of_its_range, make, drop),
        cmocka_unit_test_setup_teardown(counters_add_and_keep_maxima, make, drop),
        cmocka_unit_test_setup_teardown(equal_errors_are_one_group_with_the_first_example, make,
                                        drop),
        cmocka_unit_test_setup_teardown(error_groups_are_capped_and_known_ones_still_count, make,
                                        drop),
        cmocka_unit_test_setup_teardown(long_texts_are_cut_between_characters, make, drop),
        cmocka_unit_test(a_shard_of_nothing_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
