#include "stats/snapshot.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stressor/plugin.h>

static const struct row_info rows[] = {
    {"init/1/Sleep", "Sleep", STRESSOR_PHASE_INIT, STRESSOR_ROW_IGNORE_TIMING},
    {"login", "PostRequest", STRESSOR_PHASE_MAIN, STRESSOR_ROW_MONITORED},
    {"page", "GetRequest", STRESSOR_PHASE_MAIN, 0},
    {"called", "GetRequest", STRESSOR_PHASE_MAIN, STRESSOR_ROW_CALLED},
    {"never", "GetRequest", STRESSOR_PHASE_END, 0},
    {"page", "GetRequest", STRESSOR_PHASE_WARMUP, 0},
};
static const struct sequence_info sequences[] = {{"init", STRESSOR_PHASE_INIT},
                                                 {"main", STRESSOR_PHASE_MAIN}};
static const struct metric_info metrics[] = {
    {"sent", "By", "bytes sent", STRESSOR_METRIC_COUNTER},
    {"open", "1", "open connections", STRESSOR_METRIC_GAUGE},
    {"size", "By", "sizes of answers", STRESSOR_METRIC_HISTOGRAM},
};
static const struct shard_layout layout = {.rows = rows,
                                           .rows_count = 6,
                                           .sequences = sequences,
                                           .sequences_count = 2,
                                           .metrics = metrics,
                                           .metrics_count = 3};
static const struct snapshot_facts facts = {.stage = STRESSOR_STAGE_RUNNING,
                                            .workers = 2,
                                            .serial = 3,
                                            .name = "quickstart",
                                            .base_url = "http://127.0.0.1/",
                                            .started_wall_ns = 1000,
                                            .elapsed_ns = 77,
                                            .sessions_planned = 10,
                                            .cpu_user_ns = 5,
                                            .cpu_system_ns = 6,
                                            .peak_bytes = 4096};

struct pair {
    struct shard *shards[2];
};

static int make(void **state)
{
    struct pair *p = calloc(1, sizeof *p);
    if (p == NULL)
        return -1;
    p->shards[0] = shard_new(&layout);
    p->shards[1] = shard_new(&layout);
    *state = p;
    return p->shards[0] == NULL || p->shards[1] == NULL;
}

static int drop(void **state)
{
    struct pair *p = *state;
    shard_free(p->shards[0]);
    shard_free(p->shards[1]);
    free(p);
    return 0;
}

static const stressor_snapshot *merge(struct pair *p)
{
    const stressor_snapshot *s = snapshot_merge(p->shards, 2, &layout, &facts, NULL);
    assert_non_null(s);
    return s;
}

static void rows_are_the_sums_of_their_shards(void **state)
{
    struct pair *p = *state;
    shard_activity(p->shards[0], 2, 1000, false);
    shard_activity(p->shards[0], 2, 1500, true);
    shard_activity(p->shards[1], 2, 400, false);
    const stressor_snapshot *s = merge(p);
    assert_int_equal(s->rows_count, 6);
    const stressor_row *row = s->rows[2];
    assert_string_equal(row->name, "page");
    assert_string_equal(row->type, "GetRequest");
    assert_int_equal(row->index, 2);
    assert_int_equal(row->count, 3);
    assert_int_equal(row->errors, 1);
    assert_int_equal(row->sum_ns, 2900);
    assert_int_equal(row->min_ns, 400);
    assert_int_equal(row->max_ns, 1500);
    assert_int_equal(snapshot_api.count(row->total), 3);
    assert_int_equal(snapshot_api.percentile(row->total, 50), 1000);
    snapshot_release(s);
}

static void a_row_without_executions_is_there_and_empty(void **state)
{
    const stressor_snapshot *s = merge(*state);
    const stressor_row *row = s->rows[4];
    assert_string_equal(row->name, "never");
    assert_int_equal(row->phase, STRESSOR_PHASE_END);
    assert_int_equal(row->count, 0);
    assert_int_equal(row->min_ns, 0);
    assert_int_equal(row->max_ns, 0);
    assert_non_null(row->total);
    assert_int_equal(snapshot_api.percentile(row->total, 99), 0);
    snapshot_release(s);
}

static void net_figures_leave_out_what_ignores_timing_or_was_called(void **state)
{
    struct pair *p = *state;
    for (uint32_t row = 0; row < 4; row++)
        shard_activity(p->shards[row % 2], row, 100 << row, false);
    const stressor_snapshot *s = merge(p);
    assert_int_equal(s->activities, 2);
    assert_int_equal(s->activities_all, 4);
    assert_int_equal(s->net_ns, 200 + 400);
    snapshot_release(s);
}

static void warm_up_is_in_no_net_figure(void **state)
{
    struct pair *p = *state;
    shard_activity(p->shards[0], 2, 400, false);
    shard_activity(p->shards[1], 5, 7000, true);
    struct snapshot_facts mine = facts;
    mine.elapsed_ns = 100;
    mine.warmup_ns = 30;
    const stressor_snapshot *s = snapshot_merge(p->shards, 2, &layout, &mine, NULL);
    assert_int_equal(s->rows[2]->count, 1);
    assert_int_equal(s->rows[5]->count, 1);
    assert_int_equal(s->rows[5]->errors, 1);
    assert_int_equal(s->activities, 1);
    assert_int_equal(s->activities_all, 2);
    assert_int_equal(s->net_ns, 400);
    assert_int_equal(snapshot_api.count(s->net), 1);
    assert_int_equal(s->warmup_ns, 30);
    assert_int_equal(s->measured_ns, 70);
    snapshot_release(s);
    mine.elapsed_ns = 20;
    s = snapshot_merge(p->shards, 2, &layout, &mine, NULL);
    assert_int_equal(s->measured_ns, 0);
    snapshot_release(s);
}

static void the_net_distribution_is_that_of_the_main_phase_without_what_is_not_net(void **state)
{
    struct pair *p = *state;
    for (uint32_t row = 0; row < 6; row++)
        shard_activity(p->shards[row % 2], row, 100 << row, false);
    const stressor_snapshot *one = merge(p);
    assert_int_equal(snapshot_api.count(one->net), 2);
    assert_int_equal(snapshot_api.percentile(one->net, 1), 200);
    assert_int_equal(snapshot_api.percentile(one->net, 100), 400);
    shard_activity(p->shards[0], 1, 3000, false);
    shard_activity(p->shards[0], 3, 9000, false);
    const stressor_snapshot *s = snapshot_merge(p->shards, 2, &layout, &facts, one);
    assert_int_equal(snapshot_api.count(s->net), 3);
    assert_int_equal(snapshot_api.percentile(s->net, 1), 200);
    assert_int_equal(snapshot_api.percentile(s->net, 100), 3000);
    assert_int_equal(snapshot_api.count(one->net), 2);
    snapshot_release(one);
    snapshot_release(s);
}

static void an_interval_is_what_came_since_the_snapshot_before(void **state)
{
    struct pair *p = *state;
    struct snapshot_facts later = facts;
    shard_activity(p->shards[0], 2, 1000, true);
    shard_pass(p->shards[0], 1, 50, 50);
    const stressor_snapshot *one = merge(p);
    assert_int_equal(one->interval_ns, 77);
    assert_int_equal(one->rows[2]->interval_count, 1);
    assert_int_equal(one->rows[2]->interval_errors, 1);
    assert_int_equal(snapshot_api.count(one->rows[2]->interval), 1);
    assert_null(one->rows[1]->interval);

    shard_activity(p->shards[0], 2, 400, false);
    shard_activity(p->shards[1], 2, 300, true);
    shard_activity(p->shards[1], 1, 7, false);
    shard_sequence_activity(p->shards[1], 1, true);
    shard_pass(p->shards[1], 1, 90, 90);
    later.elapsed_ns = 177;
    const stressor_snapshot *s = snapshot_merge(p->shards, 2, &layout, &later, one);
    snapshot_release(one); /* what it shares lives on */
    assert_int_equal(s->interval_ns, 100);
    const stressor_row *row = s->rows[2];
    assert_int_equal(row->count, 3);
    assert_int_equal(row->interval_count, 2);
    assert_int_equal(row->interval_errors, 1);
    assert_int_equal(snapshot_api.count(row->total), 3);
    assert_int_equal(snapshot_api.count(row->interval), 2);
    assert_int_equal(snapshot_api.percentile(row->interval, 0), 300);
    assert_int_equal(snapshot_api.percentile(row->interval, 100), 400);
    assert_int_equal(snapshot_api.count(s->rows[1]->interval), 1);
    const stressor_sequence_row *q = s->sequences[1];
    assert_int_equal(q->passes, 2);
    assert_int_equal(q->interval_passes, 1);
    assert_int_equal(q->interval_errors, 1);
    assert_int_equal(snapshot_api.count(q->total), 2);
    assert_int_equal(snapshot_api.percentile(q->interval, 50), 90);
    snapshot_release(s);
}

static void what_has_not_changed_is_shared_and_has_no_interval(void **state)
{
    struct pair *p = *state;
    shard_activity(p->shards[0], 1, 1000, false);
    shard_activity(p->shards[0], 2, 1000, false);
    shard_pass(p->shards[0], 1, 50, 50);
    shard_metric(p->shards[0], 2, 50);
    const stressor_snapshot *one = merge(p);
    shard_activity(p->shards[1], 2, 2000, false);
    const stressor_snapshot *two = snapshot_merge(p->shards, 2, &layout, &facts, one);
    assert_ptr_equal(two->rows[1]->total, one->rows[1]->total);
    assert_null(two->rows[1]->interval);
    assert_int_equal(two->rows[1]->interval_count, 0);
    assert_ptr_not_equal(two->rows[2]->total, one->rows[2]->total);
    assert_ptr_equal(two->sequences[1]->total, one->sequences[1]->total);
    assert_null(two->sequences[1]->interval);
    assert_ptr_equal(two->metrics[2]->histogram, one->metrics[2]->histogram);
    assert_ptr_equal(two->rows[1]->name, one->rows[1]->name);
    assert_ptr_not_equal(two->net, one->net);
    snapshot_release(one);
    const stressor_snapshot *three = snapshot_merge(p->shards, 2, &layout, &facts, two);
    assert_ptr_equal(three->net, two->net);
    snapshot_release(two);
    assert_string_equal(three->rows[1]->name, "login");
    assert_int_equal(snapshot_api.percentile(three->rows[1]->total, 50), 1000);
    assert_int_equal(snapshot_api.count(three->net), 3);
    snapshot_release(three);
}

static void what_is_allocated_in_a_snapshot_is_cleared_and_goes_with_it(void **state)
{
    stressor_snapshot *s =
        snapshot_merge(((struct pair *)*state)->shards, 2, &layout, &facts, NULL);
    unsigned char *bytes = snapshot_alloc(s, 100000);
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(bytes[i], 0);
    char text[] = "text";
    const char *kept = snapshot_keep(s, text);
    text[0] = 'x';
    assert_string_equal(kept, "text");
    assert_null(snapshot_keep(s, NULL));
    snapshot_release(s);
}

static void sequences_merge_their_extremes(void **state)
{
    struct pair *p = *state;
    shard_sequence_activity(p->shards[0], 1, true);
    shard_sequence_activity(p->shards[1], 1, false);
    shard_pass(p->shards[1], 0, 10, 10);
    shard_pass(p->shards[1], 1, 300, 200);
    const stressor_snapshot *one = merge(p);
    assert_int_equal(one->sequences[1]->min_ns, 300); /* not the 0 of the shard without passes */
    snapshot_release(one);

    shard_pass(p->shards[0], 1, 900, 800);
    const stressor_snapshot *s = merge(p);
    const stressor_sequence_row *q = s->sequences[1];
    assert_string_equal(q->name, "main");
    assert_int_equal(q->phase, STRESSOR_PHASE_MAIN);
    assert_int_equal(q->passes, 2);
    assert_int_equal(q->activities, 2);
    assert_int_equal(q->errors, 1);
    assert_int_equal(q->sum_ns, 1200);
    assert_int_equal(q->net_ns, 1000);
    assert_int_equal(q->min_ns, 300);
    assert_int_equal(q->max_ns, 900);
    assert_int_equal(s->passes, 3);
    snapshot_release(s);
}

static void equal_error_groups_are_one_and_the_most_frequent_comes_first(void **state)
{
    struct pair *p = *state;
    shard_error(p->shards[0], STRESSOR_ASSERTION, "assert_json", 1, "rare", 4);
    for (int i = 0; i < 3; i++)
        shard_error(p->shards[0], STRESSOR_TARGET, "status", 2, "here", 4);
    for (int i = 0; i < 2; i++)
        shard_error(p->shards[1], STRESSOR_TARGET, "status", 2, "there", 5);
    for (int i = 0; i < 4; i++)
        shard_error(p->shards[1], STRESSOR_TIMEOUT, "max_time", -1, "a limit", 7);
    const stressor_snapshot *s = merge(p);
    assert_int_equal(s->error_groups_count, 3);
    const stressor_error_group *const *g = s->error_groups;
    assert_int_equal(g[0]->count, 5);
    assert_int_equal(g[0]->category, STRESSOR_TARGET);
    assert_string_equal(g[0]->kind, "status");
    assert_string_equal(g[0]->row, "page");
    assert_int_equal(g[1]->count, 4);
    assert_null(g[1]->row);
    assert_string_equal(g[1]->example, "a limit");
    assert_int_equal(g[2]->count, 1);
    assert_string_equal(g[2]->row, "login");
    assert_int_equal(s->error_groups_dropped, 0);
    snapshot_release(s);
}

static void metrics_merge_as_their_kind_says(void **state)
{
    struct pair *p = *state;
    for (uint32_t i = 0; i < 2; i++) {
        shard_metric(p->shards[i], 0, 10);
        shard_metric(p->shards[i], 1, 99);
        shard_metric(p->shards[i], 1, 3 + i);
        shard_metric(p->shards[i], 2, 50);
    }
    const stressor_snapshot *s = merge(p);
    assert_int_equal(s->metrics_count, 3);
    assert_string_equal(s->metrics[0]->unit, "By");
    assert_int_equal(s->metrics[0]->value, 20);
    assert_int_equal(s->metrics[1]->value, 7);
    assert_null(s->metrics[1]->histogram);
    assert_int_equal(snapshot_api.count(s->metrics[2]->histogram), 2);
    snapshot_release(s);
}

static void counters_and_resources_are_summed_or_maximal(void **state)
{
    struct pair *p = *state;
    shard_add(p->shards[0], SHARD_ERRORS, 2);
    shard_add(p->shards[1], SHARD_ERRORS, 1);
    shard_add(p->shards[1], SHARD_CANCELLED, 4);
    shard_add(p->shards[0], SHARD_SESSIONS_STARTED, 5);
    shard_add(p->shards[1], SHARD_SESSIONS_STARTED, 2);
    shard_add(p->shards[0], SHARD_SESSIONS_DONE, 3);
    for (uint32_t i = 0; i < 2; i++) {
        shard_max(p->shards[i], SHARD_POOL_THREADS, 8 + i);
        shard_max(p->shards[i], SHARD_POOL_WAIT_MAX, 1000 - i);
        for (int k = 0; k < 99; k++)
            shard_lag(p->shards[i], 100);
    }
    shard_lag(p->shards[0], 5000);
    const stressor_snapshot *s = merge(p);
    assert_int_equal(s->errors, 3);
    assert_int_equal(s->cancelled, 4);
    assert_int_equal(s->abandoned, 0);
    assert_int_equal(s->sessions_started, 7);
    assert_int_equal(s->sessions_done, 3);
    assert_int_equal(s->sessions_running, 4);
    assert_int_equal(s->resources->pool_threads, 9);
    assert_int_equal(s->resources->pool_wait_max_ns, 1000);
    assert_int_equal(s->resources->loop_lag_p99_ns, 100);
    assert_int_equal(s->resources->loop_lag_max_ns, 5000);
    assert_int_equal(s->resources->workers, 2);
    assert_int_equal(s->resources->peak_bytes, 4096);
    snapshot_release(s);
}

static void facts_are_copied_and_absent_texts_stay_null(void **state)
{
    char name[] = "quickstart";
    struct snapshot_facts mine = facts;
    mine.name = name;
    mine.details = "free text";
    mine.version = "1.2.3";
    mine.expected_ns = 4000;
    const stressor_snapshot *s =
        snapshot_merge(((struct pair *)*state)->shards, 2, &layout, &mine, NULL);
    memset(name, 'x', sizeof name - 1);
    assert_string_equal(s->name, "quickstart");
    assert_null(s->tag);
    assert_null(s->stop_reason);
    assert_string_equal(s->base_url, "http://127.0.0.1/");
    assert_int_equal(s->stage, STRESSOR_STAGE_RUNNING);
    assert_int_equal(s->serial, 3);
    assert_int_equal(s->elapsed_ns, 77);
    assert_int_equal(s->measured_ns, 77);
    assert_int_equal(s->expected_ns, 4000);
    assert_string_equal(s->details, "free text");
    assert_string_equal(s->version, "1.2.3");
    assert_int_equal(s->sessions_planned, 10);
    snapshot_release(s);
}

static void a_retained_snapshot_outlives_its_shards_and_their_layout(void **state)
{
    (void)state;
    char name[] = "page";
    struct row_info row = {name, "GetRequest", 0, 0};
    struct shard_layout mine = {.rows = &row, .rows_count = 1};
    struct shard *shard = shard_new(&mine);
    shard_activity(shard, 0, 1234, true);
    shard_error(shard, STRESSOR_TARGET, "status", 0, "example", 7);
    const stressor_snapshot *s = snapshot_merge(&shard, 1, &mine, &facts, NULL);
    shard_free(shard);
    memset(name, 'x', sizeof name - 1);
    assert_ptr_equal(snapshot_api.retain(s), s);
    snapshot_api.release(s);
    assert_string_equal(s->rows[0]->name, "page");
    assert_int_equal(snapshot_api.count(s->rows[0]->total), 1);
    assert_string_equal(s->error_groups[0]->example, "example");
    snapshot_api.release(s);
    snapshot_release(NULL);
}

enum { WRITES = 200000 };

static atomic_bool writer_done;

static void *write_all(void *data)
{
    struct shard *s = data;
    for (int64_t i = 0; i < WRITES; i++) {
        shard_activity(s, 1 + (uint32_t)(i % 2), 100 + i * 37 % 100000, i % 10 == 0);
        shard_sequence_activity(s, 1, i % 10 == 0);
        if (i % 10 == 0) {
            shard_add(s, SHARD_ERRORS, 1);
            shard_error(s, STRESSOR_TARGET, i % 20 == 0 ? "status" : "connect", 1, "x", 1);
        }
        if (i % 100 == 0) {
            shard_pass(s, 1, i, i);
            shard_metric(s, 2, i);
            shard_lag(s, i);
        }
    }
    atomic_store(&writer_done, true);
    return NULL;
}

static bool makes_sense(const stressor_snapshot *s)
{
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        if (row->errors > row->count || snapshot_api.percentile(row->total, 99) > row->max_ns)
            return false;
        if (row->count > 0 && (row->min_ns < 100 || row->max_ns >= 100100))
            return false;
    }
    return true;
}

/* How many values the intervals of the rows hold. */
static uint64_t intervals(const stressor_snapshot *s)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; s != NULL && i < s->rows_count; i++)
        if (s->rows[i]->interval != NULL)
            sum += snapshot_api.count(s->rows[i]->interval);
    return sum;
}

/* Under the thread sanitizer this is the proof that no lock is missing. */
static void snapshots_can_be_taken_while_a_worker_writes(void **state)
{
    struct pair *p = *state;
    pthread_t writer;
    uint64_t sum = 0;
    bool sensible = true;
    const stressor_snapshot *before = merge(p);
    atomic_store(&writer_done, false);
    assert_int_equal(pthread_create(&writer, NULL, write_all, p->shards[0]), 0);
    while (sensible && !atomic_load(&writer_done)) {
        const stressor_snapshot *s = snapshot_merge(p->shards, 2, &layout, &facts, before);
        sensible = s != NULL && makes_sense(s) && s->activities >= before->activities;
        sum += intervals(s);
        snapshot_release(before);
        before = s;
    }
    pthread_join(writer, NULL);
    assert_true(sensible);
    const stressor_snapshot *s = snapshot_merge(p->shards, 2, &layout, &facts, before);
    snapshot_release(before);
    assert_int_equal(sum + intervals(s), WRITES);
    assert_int_equal(snapshot_api.count(s->net), WRITES);
    assert_int_equal(s->activities, WRITES);
    assert_int_equal(s->errors, WRITES / 10);
    assert_int_equal(s->rows[1]->count, WRITES / 2);
    assert_int_equal(snapshot_api.count(s->rows[1]->total), WRITES / 2);
    assert_int_equal(s->error_groups_count, 2);
    assert_int_equal(s->error_groups[0]->count + s->error_groups[1]->count, WRITES / 10);
    assert_int_equal(s->passes, WRITES / 100);
    snapshot_release(s);
}

static void categories_have_names(void **state)
{
    (void)state;
    assert_string_equal(category_name(STRESSOR_TARGET), "TARGET");
    assert_string_equal(category_name(STRESSOR_INTERNAL), "INTERNAL");
    assert_string_equal(category_name(8), "UNKNOWN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_are_the_sums_of_their_shards, make, drop),
        cmocka_unit_test_setup_teardown(a_row_without_executions_is_there_and_empty, make, drop),
        cmocka_unit_test_setup_teardown(net_figures_leave_out_what_ignores_timing_or_was_called,
                                        make, drop),
        cmocka_unit_test_setup_teardown(warm_up_is_in_no_net_figure, make, drop),
        cmocka_unit_test_setup_teardown(
            the_net_distribution_is_that_of_the_main_phase_without_what_is_not_net, make, drop),
        cmocka_unit_test_setup_teardown(an_interval_is_what_came_since_the_snapshot_before, make,
                                        drop),
        cmocka_unit_test_setup_teardown(what_has_not_changed_is_shared_and_has_no_interval, make,
                                        drop),
        cmocka_unit_test_setup_teardown(what_is_allocated_in_a_snapshot_is_cleared_and_goes_with_it,
                                        make, drop),
        cmocka_unit_test_setup_teardown(sequences_merge_their_extremes, make, drop),
        cmocka_unit_test_setup_teardown(
            equal_error_groups_are_one_and_the_most_frequent_comes_first, make, drop),
        cmocka_unit_test_setup_teardown(metrics_merge_as_their_kind_says, make, drop),
        cmocka_unit_test_setup_teardown(counters_and_resources_are_summed_or_maximal, make, drop),
        cmocka_unit_test_setup_teardown(facts_are_copied_and_absent_texts_stay_null, make, drop),
        cmocka_unit_test(a_retained_snapshot_outlives_its_shards_and_their_layout),
        cmocka_unit_test_setup_teardown(snapshots_can_be_taken_while_a_worker_writes, make, drop),
        cmocka_unit_test(categories_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
