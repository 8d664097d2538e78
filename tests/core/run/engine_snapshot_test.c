/*
 * Snapshots and stops while a run goes on, and after it.
 */
#include "again.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

struct watcher {
    stressor_run *run;
    atomic_uint taken;
    const char *wrong;
};

static const char *inconsistency(const stressor_snapshot *s, const stressor_snapshot *before)
{
    uint64_t all = 0;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *r = s->rows[i];
        all += r->count;
        if (r->errors > r->count)
            return "more errors than executions";
        if (stressor_histogram_count(r->total) < r->count)
            return "executions without a latency";
        if (r->count > 0 && (r->min_ns > r->max_ns || r->sum_ns < 0))
            return "latencies out of order";
    }
    if (all != s->activities_all)
        return "the sum of the rows differs";
    if (s->sessions_done > s->sessions_started || s->starting_ns < 0 || s->elapsed_ns < 0)
        return "sessions or times out of order";
    if (before != NULL && (before->activities_all > s->activities_all ||
                           before->errors > s->errors || before->serial >= s->serial))
        return "figures went back";
    return NULL;
}

static void *watch(void *data)
{
    struct watcher *w = data;
    const stressor_snapshot *before = NULL;
    bool done = false;
    while (!done && w->wrong == NULL) {
        const stressor_snapshot *s = stressor_run_snapshot(w->run);
        w->wrong = s == NULL ? "no memory" : inconsistency(s, before);
        done = s == NULL || s->stage == STRESSOR_STAGE_DONE;
        stressor_snapshot_release(before);
        before = s;
        atomic_fetch_add(&w->taken, 1);
    }
    stressor_snapshot_release(before);
    return NULL;
}

static void *stop_later(void *data)
{
    struct watcher *w = data;
    while (atomic_load(&w->taken) < 20)
        sched_yield();
    stressor_run_stop(w->run, STRESSOR_STOP_GRACEFUL);
    return NULL;
}

static void snapshots_are_consistent_while_the_run_goes_on_and_threads_may_stop_it(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 2;
    trial_load(&t,
               HEAD "sessions: {count: 20}\n"
                    "scenario: [{sequence: init}, {sequence: one, duration: 1h}, {sequence: end}]\n"
                    "sequences:\n  init:\n    - {activity: Note, text: begun}\n"
                    "  one:\n    - {activity: Give, value: 1}\n"
                    "    - {activity: Give, value: $(nothing)}\n"
                    "    - {activity: Wait, seconds: 0}\n"
                    "  end:\n    - {activity: Give, value: 1, name: last}\n",
               NULL);
    trial_start(&t, &o);
    struct watcher w = {.run = t.run};
    pthread_t watcher, stopper;
    assert_int_equal(pthread_create(&watcher, NULL, watch, &w), 0);
    assert_true(recorder_wait("begun", 20));
    assert_int_equal(pthread_create(&stopper, NULL, stop_later, &w), 0);
    pthread_join(stopper, NULL);
    trial_end(&t);
    pthread_join(watcher, NULL);
    if (w.wrong != NULL)
        fail_msg("%s", w.wrong);
    assert_null(inconsistency(t.snapshot, NULL));
    assert_int_equal(trial_row(&t, "last")->count, 20);
    assert_string_equal(t.snapshot->stop_reason, "stopped");
    trial_free(&t);
}

static void a_stop_after_the_end_changes_nothing(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD ONE "    - {activity: Note, text: n}\n");
    stressor_run_stop(t.run, STRESSOR_STOP_NOW);
    const stressor_snapshot *s = stressor_run_snapshot(t.run);
    assert_null(s->stop_reason);
    assert_int_equal(s->stage, STRESSOR_STAGE_DONE);
    assert_int_equal(s->elapsed_ns, t.snapshot->elapsed_ns);
    stressor_snapshot_release(s);
    trial_free(&t);
}

static void a_snapshot_outlives_run_plan_and_engine(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t,
              HEAD "config: {name: kept}\n" ONE "    - {activity: Note, text: n, fail: true}\n");
    const stressor_snapshot *s = stressor_snapshot_retain(t.snapshot);
    trial_free(&t);
    assert_string_equal(s->name, "kept");
    assert_string_equal(s->error_groups[0]->row, "one/1/Note");
    assert_string_equal(s->rows[0]->type, "Note");
    stressor_snapshot_release(s);
}

static void waiting_takes_any_time_out(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t, HEAD ONE "    - {activity: Wait, seconds: 1h}\n", NULL);
    trial_start(&t, NULL);
    assert_true(recorder_wait("waiting", 1));
    assert_int_equal(stressor_run_wait(t.run, 0), 0);
    assert_int_equal(stressor_run_wait(t.run, 1000), 0);
    stressor_run_stop(t.run, STRESSOR_STOP_NOW);
    assert_int_equal(stressor_run_wait(t.run, INT64_MAX), 1);
    assert_int_equal(stressor_run_wait(t.run, -1), 1);
    assert_int_equal(stressor_run_wait(t.run, 0), 1);
    trial_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshots_are_consistent_while_the_run_goes_on_and_threads_may_stop_it),
        cmocka_unit_test(a_stop_after_the_end_changes_nothing),
        cmocka_unit_test(a_snapshot_outlives_run_plan_and_engine),
        cmocka_unit_test(waiting_takes_any_time_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
