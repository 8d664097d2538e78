#include "stats/histogram.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A generator of our own, so that the samples are the same everywhere. */
static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double next_unit(uint64_t *state)
{
    return (double)(next_random(state) >> 11) / 9007199254740992.0;
}

static int64_t uniform(uint64_t *state)
{
    return (int64_t)(next_random(state) % 5000000);
}

static int64_t exponential(uint64_t *state)
{
    return (int64_t)(-20e6 * log(1.0 - next_unit(state)));
}

static int64_t lognormal(uint64_t *state)
{
    double normal =
        sqrt(-2.0 * log(1.0 - next_unit(state))) * cos(6.283185307179586 * next_unit(state));
    return (int64_t)exp(14.0 + 1.5 * normal);
}

static int64_t bimodal(uint64_t *state)
{
    int64_t base = next_random(state) % 10 == 0 ? 2000000000 : 150000;
    return base + (int64_t)(next_random(state) % 1000);
}

/* From 1 ns to 1 h, each magnitude as likely. */
static int64_t any_magnitude(uint64_t *state)
{
    return (int64_t)exp(next_unit(state) * log((double)HISTOGRAM_MAX));
}

static int64_t tiny(uint64_t *state)
{
    return (int64_t)(next_random(state) % 100);
}

static int64_t (*const distributions[])(uint64_t *state) = {uniform, exponential,   lognormal,
                                                            bimodal, any_magnitude, tiny};
enum { DISTRIBUTIONS = sizeof distributions / sizeof *distributions, SAMPLES = 100000 };

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* The sample at or below which `permyriad` of all lie. */
static int64_t exact(const int64_t *sorted, size_t count, size_t permyriad)
{
    size_t rank = (count * permyriad + 9999) / 10000;
    return sorted[rank == 0 ? 0 : rank - 1];
}

static void assert_near(int64_t found, int64_t expected)
{
    double error = fabs((double)(found - expected));
    if (error > 0.001 * (double)expected)
        fail_msg("%lld is more than 0.1 %% from %lld", (long long)found, (long long)expected);
}

static void percentiles_are_within_a_thousandth_of_sorted_samples(void **state)
{
    (void)state;
    static const size_t points[] = {1, 100, 1000, 2500, 5000, 7500, 9000, 9500, 9900, 9990, 9999};
    int64_t *samples = malloc(SAMPLES * sizeof *samples);
    assert_non_null(samples);
    for (size_t d = 0; d < DISTRIBUTIONS; d++) {
        uint64_t seed = 20240 + d;
        struct stressor_histogram *h = histogram_new();
        for (size_t i = 0; i < SAMPLES; i++) {
            samples[i] = distributions[d](&seed);
            assert_true(histogram_record(h, samples[i]));
        }
        qsort(samples, SAMPLES, sizeof *samples, compare);
        for (size_t p = 0; p < sizeof points / sizeof *points; p++)
            assert_near(histogram_percentile(h, (double)points[p] / 100.0),
                        exact(samples, SAMPLES, points[p]));
        assert_int_equal(histogram_count(h), SAMPLES);
        assert_int_equal(histogram_min(h), samples[0]);
        assert_int_equal(histogram_max(h), samples[SAMPLES - 1]);
        assert_int_equal(histogram_percentile(h, 100), samples[SAMPLES - 1]);
        histogram_free(h);
    }
    free(samples);
}

static void percentiles_never_leave_the_range_and_never_fall(void **state)
{
    (void)state;
    for (size_t d = 0; d < DISTRIBUTIONS; d++) {
        for (size_t count = 1; count < 300; count = count * 2 + 1) {
            uint64_t seed = 7 * d + count;
            struct stressor_histogram *h = histogram_new();
            for (size_t i = 0; i < count; i++)
                histogram_record(h, distributions[d](&seed));
            int64_t before = histogram_min(h);
            for (double p = 0; p <= 100; p += 0.25) {
                int64_t value = histogram_percentile(h, p);
                assert_true(value >= before);
                assert_true(value <= histogram_max(h));
                before = value;
            }
            histogram_free(h);
        }
    }
}

static void a_percentile_of_a_thousand_is_not_one_rank_too_far(void **state)
{
    (void)state;
    struct stressor_histogram *h = histogram_new();
    for (int64_t i = 1; i <= 1000; i++)
        histogram_record(h, i);
    assert_int_equal(histogram_percentile(h, 99.9), 999);
    assert_int_equal(histogram_percentile(h, 99.8), 998);
    assert_int_equal(histogram_percentile(h, 50), 500);
    assert_int_equal(histogram_percentile(h, 29), 290);
    assert_int_equal(histogram_percentile(h, 7), 70);
    assert_int_equal(histogram_percentile(h, 0), 1);
    histogram_free(h);
}

struct buckets {
    size_t count;
    struct bucket {
        int64_t lowest, highest;
        uint64_t count;
    } all[40000];
};

static void collect(void *data, int64_t lowest, int64_t highest, uint64_t count)
{
    struct buckets *b = data;
    assert_true(b->count < sizeof b->all / sizeof *b->all);
    b->all[b->count++] = (struct bucket){lowest, highest, count};
}

static struct buckets *buckets_of(const struct stressor_histogram *h)
{
    struct buckets *b = calloc(1, sizeof *b);
    assert_non_null(b);
    histogram_each(h, collect, b);
    return b;
}

static void assert_same(const struct stressor_histogram *a, const struct stressor_histogram *b)
{
    struct buckets *left = buckets_of(a), *right = buckets_of(b);
    assert_int_equal(left->count, right->count);
    assert_memory_equal(left->all, right->all, left->count * sizeof *left->all);
    assert_int_equal(histogram_count(a), histogram_count(b));
    free(left);
    free(right);
}

static void merged_parts_equal_the_whole_bucket_for_bucket(void **state)
{
    (void)state;
    for (size_t d = 0; d < DISTRIBUTIONS; d++) {
        uint64_t seed = 99 + d;
        struct stressor_histogram *whole = histogram_new(), *merged = histogram_new(), *parts[3];
        for (size_t i = 0; i < 3; i++)
            parts[i] = histogram_new();
        for (size_t i = 0; i < 30000; i++) {
            int64_t value = distributions[d](&seed);
            histogram_record(whole, value);
            histogram_record(parts[next_random(&seed) % 3], value);
        }
        for (size_t i = 0; i < 3; i++) {
            assert_true(histogram_merge(merged, parts[i]));
            histogram_free(parts[i]);
        }
        assert_same(whole, merged);
        assert_int_equal(histogram_min(merged), histogram_min(whole));
        assert_int_equal(histogram_max(merged), histogram_max(whole));
        assert_int_equal(histogram_percentile(merged, 99), histogram_percentile(whole, 99));
        histogram_free(whole);
        histogram_free(merged);
    }
}

/* As in a run: shards are merged each second, and the second is the difference to the one before.
 */
static void percentiles_of_merges_and_intervals_are_those_of_the_samples(void **state)
{
    (void)state;
    static const size_t points[] = {1, 500, 5000, 9000, 9500, 9900, 9990, 10000};
    enum { SHARDS = 3, SECONDS = 4, EACH = 5000 };
    int64_t *samples = malloc(EACH * sizeof *samples);
    assert_non_null(samples);
    for (size_t d = 0; d < DISTRIBUTIONS; d++) {
        uint64_t seed = 7 + d;
        struct stressor_histogram *shards[SHARDS], *before = histogram_new();
        for (size_t i = 0; i < SHARDS; i++)
            shards[i] = histogram_new();
        for (size_t second = 0; second < SECONDS; second++) {
            for (size_t i = 0; i < EACH; i++) {
                samples[i] = distributions[d](&seed);
                histogram_record(shards[i % SHARDS], samples[i]);
            }
            struct stressor_histogram *now = histogram_new(), *interval = histogram_new();
            for (size_t i = 0; i < SHARDS; i++)
                assert_true(histogram_merge(now, shards[i]));
            assert_true(histogram_subtract(interval, now, before));
            qsort(samples, EACH, sizeof *samples, compare);
            assert_int_equal(histogram_count(interval), EACH);
            for (size_t p = 0; p < sizeof points / sizeof *points; p++)
                assert_near(histogram_percentile(interval, (double)points[p] / 100.0),
                            exact(samples, EACH, points[p]));
            assert_near(histogram_min(interval), samples[0]);
            histogram_free(before);
            histogram_free(interval);
            before = now;
        }
        for (size_t i = 0; i < SHARDS; i++)
            histogram_free(shards[i]);
        histogram_free(before);
    }
    free(samples);
}

static void a_difference_keeps_what_lies_beyond_the_range(void **state)
{
    (void)state;
    struct stressor_histogram *now = histogram_new(), *before = histogram_new();
    struct stressor_histogram *since = histogram_new();
    histogram_record(now, 3 * HISTOGRAM_MAX);
    assert_true(histogram_subtract(since, now, before));
    assert_int_equal(histogram_max(since), 3 * HISTOGRAM_MAX);
    histogram_free(now);
    histogram_free(before);
    histogram_free(since);
}

static void the_last_holder_frees_a_histogram(void **state)
{
    (void)state;
    struct stressor_histogram *h = histogram_new();
    histogram_record(h, 5);
    assert_ptr_equal(histogram_retain(h), h);
    histogram_free(h);
    assert_int_equal(histogram_max(h), 5);
    histogram_free(h);
}

static void what_was_recorded_since_is_the_difference(void **state)
{
    (void)state;
    uint64_t seed = 5;
    struct stressor_histogram *now = histogram_new(), *before = histogram_new();
    struct stressor_histogram *since = histogram_new(), *found = histogram_new();
    for (size_t i = 0; i < 20000; i++) {
        int64_t value = lognormal(&seed);
        histogram_record(now, value);
        histogram_record(i < 12000 ? before : since, value);
    }
    histogram_record(found, 77); /* what it held is forgotten */
    assert_true(histogram_subtract(found, now, before));
    assert_same(found, since);
    assert_near(histogram_min(found), histogram_min(since));
    assert_near(histogram_max(found), histogram_max(since));
    assert_true(histogram_max(found) <= histogram_max(now));
    assert_true(histogram_subtract(found, now, now));
    assert_int_equal(histogram_count(found), 0);
    assert_int_equal(histogram_percentile(found, 50), 0);
    assert_int_equal(histogram_max(found), 0);
    histogram_free(now);
    histogram_free(before);
    histogram_free(since);
    histogram_free(found);
}

/* Which bucket a single value falls into. */
static struct bucket bucket_of(int64_t value)
{
    struct stressor_histogram *h = histogram_new();
    assert_true(histogram_record(h, value));
    struct buckets *b = buckets_of(h);
    assert_int_equal(b->count, 1);
    assert_int_equal(b->all[0].count, 1);
    struct bucket found = b->all[0];
    free(b);
    histogram_free(h);
    return found;
}

static void each_value_falls_into_a_bucket_of_at_most_a_thousandth(void **state)
{
    (void)state;
    static const int64_t values[] = {0,
                                     1,
                                     63,
                                     64,
                                     1023,
                                     1024,
                                     2046,
                                     2047,
                                     2048,
                                     2049,
                                     4095,
                                     4096,
                                     4097,
                                     8191,
                                     8192,
                                     99999999,
                                     INT64_C(1) << 41,
                                     HISTOGRAM_MAX - 1,
                                     HISTOGRAM_MAX};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct bucket b = bucket_of(values[i]);
        assert_true(b.lowest <= values[i] && values[i] <= b.highest);
        if (values[i] < 2048)
            assert_int_equal(b.lowest, b.highest);
        else
            assert_true((double)(b.highest - b.lowest + 1) <= 0.001 * (double)b.lowest);
    }
}

static void neighbouring_buckets_leave_no_gap(void **state)
{
    (void)state;
    for (int64_t value = 0; value < HISTOGRAM_MAX;) {
        struct bucket b = bucket_of(value);
        assert_int_equal(b.lowest, value);
        /* All of the first ones, then some around each power of two. */
        value = b.highest + 1;
        if (value > 5000 && (value & (value - 1)) == 0)
            value += value / 1024 * 1022;
    }
}

static void values_out_of_range_stay_at_the_ends(void **state)
{
    (void)state;
    struct bucket last = bucket_of(HISTOGRAM_MAX);
    struct bucket beyond = bucket_of(HISTOGRAM_MAX * 3);
    struct bucket far = bucket_of(INT64_MAX);
    assert_memory_equal(&last, &beyond, sizeof last);
    assert_memory_equal(&last, &far, sizeof last);
    struct bucket negative = bucket_of(-5), lowest = bucket_of(INT64_MIN);
    assert_int_equal(negative.highest, 0);
    assert_int_equal(lowest.highest, 0);

    struct stressor_histogram *h = histogram_new();
    histogram_record(h, HISTOGRAM_MAX * 2);
    assert_int_equal(histogram_max(h), HISTOGRAM_MAX * 2);
    assert_int_equal(histogram_percentile(h, 50), HISTOGRAM_MAX * 2);
    histogram_record(h, -1);
    assert_int_equal(histogram_min(h), 0);
    assert_int_equal(histogram_percentile(h, 50), 0);
    histogram_free(h);
}

static void an_empty_histogram_answers_zero(void **state)
{
    (void)state;
    struct stressor_histogram *h = histogram_new(), *other = histogram_new();
    assert_int_equal(histogram_count(h), 0);
    assert_int_equal(histogram_min(h), 0);
    assert_int_equal(histogram_max(h), 0);
    assert_int_equal(histogram_percentile(h, 99), 0);
    assert_true(histogram_merge(other, h));
    assert_int_equal(histogram_count(other), 0);
    assert_int_equal(histogram_min(other), 0);
    histogram_free(h);
    histogram_free(other);
    histogram_free(NULL);
}

static void memory_grows_with_the_spread_and_not_with_the_count(void **state)
{
    (void)state;
    uint64_t seed = 3;
    struct stressor_histogram *h = histogram_new();
    assert_true(histogram_bytes(h) < 100);
    histogram_record(h, 1000000);
    assert_true(histogram_bytes(h) < 1200);
    for (size_t i = 0; i < 100000; i++)
        histogram_record(h, 1000000 + (int64_t)(next_random(&seed) % 1000000));
    uint64_t bytes = histogram_bytes(h);
    assert_true(bytes < 12 * 1024);
    for (size_t i = 0; i < 100000; i++)
        histogram_record(h, 1000000 + (int64_t)(next_random(&seed) % 1000000));
    assert_int_equal(histogram_bytes(h), bytes);
    for (size_t i = 0; i < 1000000; i++)
        histogram_record(h, any_magnitude(&seed));
    assert_true(histogram_bytes(h) < 300 * 1024);
    histogram_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_are_within_a_thousandth_of_sorted_samples),
        cmocka_unit_test(percentiles_of_merges_and_intervals_are_those_of_the_samples),
        cmocka_unit_test(a_difference_keeps_what_lies_beyond_the_range),
        cmocka_unit_test(the_last_holder_frees_a_histogram),
        cmocka_unit_test(percentiles_never_leave_the_range_and_never_fall),
        cmocka_unit_test(a_percentile_of_a_thousand_is_not_one_rank_too_far),
        cmocka_unit_test(merged_parts_equal_the_whole_bucket_for_bucket),
        cmocka_unit_test(what_was_recorded_since_is_the_difference),
        cmocka_unit_test(each_value_falls_into_a_bucket_of_at_most_a_thousandth),
        cmocka_unit_test(neighbouring_buckets_leave_no_gap),
        cmocka_unit_test(values_out_of_range_stay_at_the_ends),
        cmocka_unit_test(an_empty_histogram_answers_zero),
        cmocka_unit_test(memory_grows_with_the_spread_and_not_with_the_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
