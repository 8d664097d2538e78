#include "stats/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/snapshot.h"

static const struct row_info rows[] = {
    {"page", "GetRequest", STRESSOR_PHASE_MAIN, 0},
    {"pause", "Sleep", STRESSOR_PHASE_MAIN, STRESSOR_ROW_IGNORE_TIMING},
    {"page", "GetRequest", STRESSOR_PHASE_WARMUP, 0},
};
static const struct shard_layout layout = {.rows = rows, .rows_count = 3};

enum { SECOND = 1000000000 };

/* A run of which a test counts the seconds. */
struct run {
    struct series *series;
    struct shard *shard;
    struct snapshot_facts facts;
    stressor_snapshot *last;
    stressor_process_row process;
    const stressor_process_row *processes[1];
    stressor_machine machine;
};

static int make(void **state)
{
    struct run *r = calloc(1, sizeof *r);
    if (r == NULL)
        return -1;
    r->series = series_new();
    r->shard = shard_new(&layout);
    r->facts.name = "run";
    r->processes[0] = &r->process;
    *state = r;
    return r->series == NULL || r->shard == NULL;
}

static int drop(void **state)
{
    struct run *r = *state;
    series_free(r->series);
    shard_free(r->shard);
    snapshot_release(r->last);
    free(r);
    return 0;
}

/* What was counted since becomes an interval of the run. */
static const stressor_snapshot *pass(struct run *r, int64_t ns)
{
    r->facts.elapsed_ns += ns;
    stressor_snapshot *s = snapshot_merge(&r->shard, 1, &layout, &r->facts, r->last);
    assert_non_null(s);
    s->machine = &r->machine;
    s->processes = r->processes;
    s->processes_count = 1;
    assert_true(series_add(r->series, s));
    assert_true(series_show(r->series, s));
    snapshot_release(r->last);
    r->last = s;
    return s;
}

static void a_second_becomes_a_point_with_what_happened_in_it(void **state)
{
    struct run *r = *state;
    for (int i = 1; i <= 100; i++)
        shard_activity(r->shard, 0, i, false);
    shard_activity(r->shard, 1, 5000, false);
    shard_add(r->shard, SHARD_ERRORS, 3);
    shard_add(r->shard, SHARD_SESSIONS_STARTED, 7);
    pass(r, SECOND);
    shard_activity(r->shard, 0, 40, true);
    shard_add(r->shard, SHARD_ERRORS, 1);
    shard_add(r->shard, SHARD_SESSIONS_DONE, 5);
    const stressor_snapshot *s = pass(r, SECOND);
    assert_int_equal(s->points_count, 2);
    const stressor_point *p = s->points[0];
    assert_int_equal(p->phase, STRESSOR_PHASE_MAIN);
    assert_int_equal(p->from_ns, 0);
    assert_int_equal(p->to_ns, SECOND);
    assert_int_equal(p->activities, 100);
    assert_int_equal(p->errors, 3);
    assert_int_equal(p->sessions, 7);
    assert_int_equal(p->mean_ns, 50);
    assert_int_equal(p->p50_ns, 50);
    assert_int_equal(p->p90_ns, 90);
    assert_int_equal(p->p95_ns, 95);
    assert_int_equal(p->p99_ns, 99);
    assert_int_equal(p->max_ns, 100);
    p = s->points[1];
    assert_int_equal(p->from_ns, SECOND);
    assert_int_equal(p->activities, 1);
    assert_int_equal(p->errors, 1);
    assert_int_equal(p->sessions, 2);
    assert_int_equal(p->mean_ns, 40);
    assert_int_equal(p->max_ns, 40);
}

static void a_second_without_activity_is_a_point_of_zeroes(void **state)
{
    const stressor_snapshot *s = pass(*state, SECOND);
    assert_int_equal(s->points_count, 1);
    assert_int_equal(s->points[0]->activities, 0);
    assert_int_equal(s->points[0]->mean_ns, 0);
    assert_int_equal(s->points[0]->p99_ns, 0);
}

static void resources_are_means_maxima_and_differences(void **state)
{
    struct run *r = *state;
    r->process = (stressor_process_row){
        .cpu = 0.5, .memory_bytes = 900, .descriptors = 3, .read_bytes = 100, .written_bytes = 7};
    r->machine.cpu = 1.5;
    pass(r, SECOND);
    r->process = (stressor_process_row){
        .cpu = 0.25, .memory_bytes = 800, .descriptors = 4, .read_bytes = 130, .written_bytes = 7};
    r->machine.cpu = 0.5;
    const stressor_snapshot *s = pass(r, SECOND);
    assert_int_equal(s->points[0]->processes_count, 1);
    assert_int_equal(s->points[0]->processes[0]->memory_bytes, 900);
    assert_int_equal(s->points[0]->processes[0]->read_bytes, 100);
    assert_int_equal(s->points[1]->processes[0]->descriptors, 4);
    assert_int_equal(s->points[1]->processes[0]->read_bytes, 30);
    assert_int_equal(s->points[1]->processes[0]->written_bytes, 0);
    assert_float_equal(s->points[1]->processes[0]->cpu, 0.25, 1e-9);
    for (int i = 2; i <= SERIES_POINTS_MAX; i++)
        s = pass(r, SECOND);
    const stressor_point *p = s->points[0];
    assert_int_equal(p->to_ns, INT64_C(2) * SECOND);
    assert_float_equal(p->machine_cpu, 1.0, 1e-9);
    assert_float_equal(p->processes[0]->cpu, 0.375, 1e-9);
    assert_int_equal(p->processes[0]->memory_bytes, 900);
    assert_int_equal(p->processes[0]->descriptors, 4);
    assert_int_equal(p->processes[0]->read_bytes, 130);
}

static void a_process_that_counts_from_zero_again_has_done_nothing(void **state)
{
    struct run *r = *state;
    r->process.read_bytes = 100;
    pass(r, SECOND);
    r->process.read_bytes = 10;
    assert_int_equal(pass(r, SECOND)->points[1]->processes[0]->read_bytes, 0);
    r->process.read_bytes = 15;
    assert_int_equal(pass(r, SECOND)->points[2]->processes[0]->read_bytes, 5);
}

static void the_points_of_a_long_run_are_at_most_300_and_lose_nothing(void **state)
{
    struct run *r = *state;
    enum { SECONDS = 3700 };
    const stressor_snapshot *s = NULL;
    for (int i = 0; i < SECONDS; i++) {
        for (int k = 0; k <= i % 3; k++)
            shard_activity(r->shard, 0, 1000 + i, false);
        s = pass(r, SECOND);
        assert_in_range(s->points_count, 1, SERIES_POINTS_MAX);
    }
    int64_t at_ns = 0;
    uint64_t activities = 0;
    for (uint32_t i = 0; i < s->points_count; i++) {
        assert_int_equal(s->points[i]->from_ns, at_ns);
        at_ns = s->points[i]->to_ns;
        activities += s->points[i]->activities;
        if (i + 1 < s->points_count)
            assert_int_equal(at_ns - s->points[i]->from_ns, INT64_C(16) * SECOND);
    }
    assert_int_equal(at_ns, (int64_t)SECONDS * SECOND);
    assert_int_equal(activities, s->activities);
    /* The first of the 16 seconds of point 10 is number 160, which adds one or more of 1160. */
    assert_int_equal(s->points[10]->max_ns, 1175);
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool near(int64_t shown, int64_t exact)
{
    return llabs(shown - exact) * 1000 <= exact;
}

static void percentiles_of_merged_points_are_those_of_the_raw_samples(void **state)
{
    struct run *r = *state;
    enum { SECONDS = SERIES_POINTS_MAX + 1, EACH = 50 };
    static int64_t raw[SECONDS][EACH];
    uint64_t random = 42;
    const stressor_snapshot *s = NULL;
    for (int i = 0; i < SECONDS; i++) {
        for (int k = 0; k < EACH; k++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            raw[i][k] = (int64_t)(random >> 33) + 3000;
            shard_activity(r->shard, 0, raw[i][k], false);
        }
        s = pass(r, SECOND);
    }
    assert_int_equal(s->points_count, SERIES_POINTS_MAX / 2 + 1);
    for (uint32_t i = 0; i + 1 < s->points_count; i++) {
        int64_t *both = raw[2 * i];
        qsort(both, 2 * EACH, sizeof *both, ascending);
        assert_true(near(s->points[i]->p50_ns, both[EACH - 1]));
        assert_true(near(s->points[i]->p90_ns, both[89]));
        assert_true(near(s->points[i]->p99_ns, both[98]));
        assert_true(near(s->points[i]->max_ns, both[99]));
    }
}

static void a_short_last_interval_belongs_to_the_second_before(void **state)
{
    struct run *r = *state;
    shard_activity(r->shard, 0, 10, false);
    pass(r, SECOND);
    shard_activity(r->shard, 0, 20, false);
    const stressor_snapshot *s = pass(r, SECOND / 10);
    assert_int_equal(s->points_count, 1);
    assert_int_equal(s->points[0]->to_ns, SECOND + SECOND / 10);
    assert_int_equal(s->points[0]->activities, 2);
    assert_int_equal(s->points[0]->mean_ns, 15);
    assert_int_equal(s->recent->duration_ns, SECOND + SECOND / 10);
    assert_int_equal(s->recent->activities, 2);
}

static void a_run_shorter_than_half_a_second_has_one_point(void **state)
{
    struct run *r = *state;
    shard_activity(r->shard, 0, 10, false);
    const stressor_snapshot *s = pass(r, SECOND / 100);
    assert_int_equal(s->points_count, 1);
    assert_int_equal(s->points[0]->activities, 1);
    assert_int_equal(s->recent->activities, 1);
}

static void the_last_five_seconds_are_recent(void **state)
{
    struct run *r = *state;
    const stressor_snapshot *s = NULL;
    for (int i = 1; i <= 8; i++) {
        shard_activity(r->shard, 0, 100 * i, false);
        shard_add(r->shard, SHARD_ERRORS, 1);
        s = pass(r, SECOND);
        assert_int_equal(s->recent->activities, i < 5 ? i : 5);
    }
    assert_int_equal(s->recent->duration_ns, INT64_C(5) * SECOND);
    assert_int_equal(s->recent->errors, 5);
    assert_int_equal(s->recent->p50_ns, 600);
    assert_int_equal(s->recent->p99_ns, 800);
}

static void without_any_second_there_is_nothing_recent(void **state)
{
    struct run *r = *state;
    r->last = snapshot_merge(&r->shard, 1, &layout, &r->facts, NULL);
    assert_true(series_show(r->series, r->last));
    assert_int_equal(r->last->points_count, 0);
    assert_int_equal(r->last->recent->duration_ns, 0);
    assert_int_equal(r->last->recent->p99_ns, 0);
}

static void points_that_began_in_the_warm_up_say_so(void **state)
{
    struct run *r = *state;
    r->facts.warmup_ns = SECOND + SECOND / 2;
    shard_activity(r->shard, 2, 77, false);
    pass(r, SECOND);
    pass(r, SECOND);
    const stressor_snapshot *s = pass(r, SECOND);
    assert_int_equal(s->points[0]->phase, STRESSOR_PHASE_WARMUP);
    assert_int_equal(s->points[0]->activities, 1);
    assert_int_equal(s->points[0]->max_ns, 77);
    assert_int_equal(s->points[1]->phase, STRESSOR_PHASE_WARMUP);
    assert_int_equal(s->points[2]->phase, STRESSOR_PHASE_MAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_becomes_a_point_with_what_happened_in_it, make,
                                        drop),
        cmocka_unit_test_setup_teardown(a_second_without_activity_is_a_point_of_zeroes, make, drop),
        cmocka_unit_test_setup_teardown(resources_are_means_maxima_and_differences, make, drop),
        cmocka_unit_test_setup_teardown(a_process_that_counts_from_zero_again_has_done_nothing,
                                        make, drop),
        cmocka_unit_test_setup_teardown(the_points_of_a_long_run_are_at_most_300_and_lose_nothing,
                                        make, drop),
        cmocka_unit_test_setup_teardown(percentiles_of_merged_points_are_those_of_the_raw_samples,
                                        make, drop),
        cmocka_unit_test_setup_teardown(a_short_last_interval_belongs_to_the_second_before, make,
                                        drop),
        cmocka_unit_test_setup_teardown(a_run_shorter_than_half_a_second_has_one_point, make, drop),
        cmocka_unit_test_setup_teardown(the_last_five_seconds_are_recent, make, drop),
        cmocka_unit_test_setup_teardown(without_any_second_there_is_nothing_recent, make, drop),
        cmocka_unit_test_setup_teardown(points_that_began_in_the_warm_up_say_so, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
