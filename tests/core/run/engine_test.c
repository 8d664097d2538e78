/*
 * The engine as embedding programs use it: plans and runs in turn, stages of the plugins' life,
 * snapshots, stops, seeds.
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "odd.h"
#include "recorder.h"

#define HEAD "file_version: stressor#0\n"
#define ONE  "scenario: [{sequence: one}]\nsequences:\n  one:\n"

static const stressor_plugin_entry both[] = {recorder_entry, odd_entry, NULL};

static void run_again(struct trial *t, const stressor_run_options *options)
{
    stressor_snapshot_release(t->snapshot);
    t->snapshot = NULL;
    stressor_run_free(t->run);
    t->run = NULL;
    trial_start(t, options);
    trial_end(t);
}

static void one_worker(stressor_run_options *o)
{
    stressor_run_options_init(o);
    o->workers = 1;
}

static void run_odd(struct trial *t, const char *yaml)
{
    stressor_run_options o;
    one_worker(&o);
    trial_load_with(t, both, yaml, NULL);
    trial_start(t, &o);
    trial_end(t);
}

static void a_plan_may_be_run_many_times(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    one_worker(&o);
    trial_load(&t,
               HEAD "sessions: {count: 2}\nconfig: {v: first}\n" ONE
                    "    - {activity: Note, text: 'v=$(v)', fail: true}\n"
                    "    - {activity: Give, value: {a: changed}, store_json: {v: a}}\n",
               NULL);
    trial_start(&t, &o);
    trial_end(&t);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(recorder_notes(), "t01:v=first t02:v=first");
        assert_int_equal(t.snapshot->errors, 2);
        assert_int_equal(t.snapshot->activities, 4);
        assert_int_equal(t.snapshot->serial, 1);
        recorder_reset();
        run_again(&t, &o);
    }
    trial_free(&t);
}

static void plans_of_one_engine_take_turns(void **state)
{
    (void)state;
    struct trial t;
    static const char second[] = HEAD ONE "    - {activity: Note, text: second}\n";
    trial_load(&t, HEAD ONE "    - {activity: Note, text: first}\n", NULL);
    stressor_plan *first = t.plan;
    t.plan = stressor_load_memory(t.engine, second, strlen(second), "second.yaml", NULL, NULL);
    trial_start(&t, NULL);
    trial_end(&t);
    stressor_plan *other = t.plan;
    t.plan = first;
    run_again(&t, NULL);
    t.plan = other;
    run_again(&t, NULL);
    stressor_plan_free(first);
    assert_string_equal(recorder_notes(), "t01:second t01:first t01:second");
    trial_free(&t);
}

static void each_stage_of_a_plugins_life_comes_in_order_and_is_undone(void **state)
{
    (void)state;
    struct trial t;
    run_odd(&t, HEAD ONE "    - {activity: Post}\n    - {activity: Note, text: n}\n"
                         "    - {activity: Post}\n");
    run_again(&t, &(stressor_run_options){
                      .size = sizeof(stressor_run_options), .workers = 1, .max_errors = -1});
    trial_free(&t);
#define RUN                                                                                        \
    "life:run_open life:worker_open life:session_open t01:n life:session_close "                   \
    "life:worker_close"
    assert_string_equal(recorder_notes(),
                        "life:init life:prepare life:prepare " RUN " life:run_close " RUN
                        " life:run_close life:release life:release life:fini");
}

static void every_worker_and_session_is_opened_and_closed(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 3;
    trial_load_with(&t, both, HEAD "sessions: {count: 50}\n" ONE "    - {activity: Post}\n", NULL);
    trial_start(&t, &o);
    trial_end(&t);
    assert_int_equal(t.snapshot->errors, 0);
    assert_int_equal(t.snapshot->sessions_done, 50);
    trial_free(&t);
    static const struct {
        const char *stage;
        unsigned times;
    } all[] = {{"worker_open", 3}, {"worker_close", 3}, {"session_open", 50}, {"session_close", 50},
               {"run_open", 1},    {"run_close", 1},    {"init", 1},          {"fini", 1},
               {"prepare", 1},     {"release", 1}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_int_equal(recorder_count(all[i].stage), all[i].times);
}

static void a_plugin_that_is_not_used_is_not_opened(void **state)
{
    (void)state;
    struct trial t;
    run_odd(&t, HEAD ONE "    - {activity: Note, text: n}\n");
    trial_free(&t);
    assert_string_equal(recorder_notes(), "t01:n");
}

static void a_session_that_a_plugin_does_not_open_has_errors_and_goes_on(void **state)
{
    (void)state;
    struct trial t;
    odd_refuse(ODD_SESSION_OPEN);
    run_odd(&t, HEAD ONE "    - {activity: Post}\n    - {activity: Note, text: n}\n"
                         "    - {activity: Post}\n");
    odd_refuse(ODD_NOWHERE);
    assert_int_equal(t.snapshot->errors, 2);
    assert_int_equal(trial_errors(&t, "session"), 2);
    assert_string_equal(t.snapshot->error_groups[0]->example,
                        "t01 one/1/Post (test.yaml:5:7): plugin 'odd' could not open the session "
                        "(the log says why)");
    assert_int_equal(recorder_count("n"), 1);
    trial_free(&t);
    assert_int_equal(recorder_count("session_close"), 0);
}

static void why_a_run_does_not_start_is_said_once(void **state)
{
    (void)state;
    struct trial t;
    trial_load_with(&t, both, HEAD ONE "    - {activity: Post}\n", NULL);
    odd_refuse(ODD_RUN_OPEN);
    assert_null(stressor_run_start(t.plan, NULL, NULL, 0));
    assert_non_null(strstr(t.log, "the run cannot start: plugin 'odd' refused to open the run"));
    t.log_length = 0;
    t.log[0] = '\0';
    char error[200];
    assert_null(stressor_run_start(t.plan, NULL, error, sizeof error));
    odd_refuse(ODD_NOWHERE);
    assert_string_equal(error, "plugin 'odd' refused to open the run (the log says why)");
    assert_null(strstr(t.log, "cannot start"));
    trial_start(&t, NULL); /* and now it does */
    trial_end(&t);
    assert_int_equal(t.snapshot->errors, 0);
    trial_free(&t);
}

/* --- snapshots and stops ------------------------------------------------------------------------
 */

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

/* --- options ------------------------------------------------------------------------------------
 */

static void there_are_as_many_workers_as_asked_for_but_no_more_than_sessions(void **state)
{
    (void)state;
    static const struct {
        uint32_t asked, sessions, given; /* 0: at least one */
    } all[] = {{1, 5, 1}, {3, 5, 3}, {5, 5, 5}, {100000, 5, 5}, {0, 5, 0}, {7, 1, 1}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char yaml[200];
        struct trial t;
        stressor_run_options o;
        stressor_run_options_init(&o);
        o.workers = all[i].asked;
        snprintf(yaml, sizeof yaml,
                 HEAD "sessions: {count: %u}\n" ONE "    - {activity: Note, text: n}\n",
                 all[i].sessions);
        trial_load(&t, yaml, NULL);
        trial_start(&t, &o);
        trial_end(&t);
        if (all[i].given != 0)
            assert_int_equal(t.snapshot->resources->workers, all[i].given);
        assert_in_range(t.snapshot->resources->workers, 1, all[i].sessions);
        assert_int_equal(recorder_count("n"), all[i].sessions);
        trial_free(&t);
    }
}

/* What each of four sessions drew, by session; from the notes of a run. */
static void draw(uint64_t seed, uint32_t workers, char out[4][80], uint64_t *used)
{
    struct trial t;
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = workers;
    o.seed = seed;
    trial_load_with(&t, both,
                    HEAD "sessions: {count: 4}\nscenario: [{sequence: one, repeat: 3}]\n"
                         "sequences: {one: [{activity: Random}]}\n",
                    NULL);
    recorder_reset();
    trial_start(&t, &o);
    trial_end(&t);
    char notes[2000];
    snprintf(notes, sizeof notes, "%s", recorder_notes());
    memset(out, 0, 4 * sizeof *out);
    char *rest = notes;
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
        if (word[0] == 't') {
            char *mine = out[word[2] - '1'];
            snprintf(mine + strlen(mine), 80 - strlen(mine), "%s ", word + 4);
        }
    *used = t.snapshot->seed;
    trial_free(&t);
}

static void the_same_seed_gives_the_same_random_numbers_whatever_the_workers(void **state)
{
    (void)state;
    char a[4][80], b[4][80];
    uint64_t used;
    draw(42, 1, a, &used);
    assert_int_equal(used, 42);
    draw(42, 3, b, &used);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(strlen(a[i]), 3 * 17);
        assert_string_equal(a[i], b[i]);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(a[i], a[k]);
    }
    draw(43, 1, b, &used);
    assert_string_not_equal(a[0], b[0]);
    draw(0, 1, b, &used); /* a new one, which can be used again */
    assert_int_not_equal(used, 0);
    draw(used, 2, a, &used);
    assert_string_equal(a[3], b[3]);
}

static void options_go_before_what_the_scenario_says(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    trial_load(&t,
               HEAD
               "config: {max_errors: 1, max_time: 1h}\nscenario: [{sequence: one, repeat: 5}]\n"
               "sequences:\n  one:\n    - {activity: Note, text: n, fail: true}\n",
               NULL);
    one_worker(&o);
    trial_start(&t, &o);
    trial_end(&t);
    assert_int_equal(recorder_count("n"), 1);
    recorder_reset();
    o.max_errors = 3;
    run_again(&t, &o);
    assert_int_equal(recorder_count("n"), 3);
    recorder_reset();
    o.max_errors = 0;
    o.max_time_ns = INT64_MAX;
    run_again(&t, &o);
    assert_int_equal(recorder_count("n"), 5);
    assert_null(t.snapshot->stop_reason);
    trial_free(&t);
}

static void shorter_options_of_an_older_program_leave_the_rest_at_its_default(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    memset(&o, 0x7f, sizeof o);
    o.size = offsetof(stressor_run_options, max_errors);
    o.workers = 1;
    o.single = 0;
    o.dry_run = 0;
    trial_load(&t,
               HEAD "config: {max_errors: 1}\n" ONE "    - {activity: Note, text: n, fail: true}\n"
                    "    - {activity: Note, text: n}\n",
               NULL);
    trial_start(&t, &o);
    trial_end(&t);
    assert_int_equal(recorder_count("n"), 1);
    assert_int_not_equal(t.snapshot->seed, UINT64_C(0x7f7f7f7f7f7f7f7f));
    trial_free(&t);
}

/* --- loading ------------------------------------------------------------------------------------
 */

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void load_and_run(struct trial *t, const char *folder, const char *path, const char *name)
{
    char full[200];
    snprintf(full, sizeof full, "%s%s", folder, path);
    t->plan = stressor_load_file(t->engine, full, NULL);
    trial_start(t, NULL);
    trial_end(t);
    assert_string_equal(t->snapshot->name, name);
    assert_string_equal(recorder_notes(), "t01:loaded");
    stressor_snapshot_release(t->snapshot);
    stressor_run_free(t->run);
    stressor_plan_free(t->plan);
    t->snapshot = NULL;
    t->run = NULL;
    t->plan = NULL;
    recorder_reset();
}

static void a_file_is_found_with_and_without_its_ending_and_in_its_folder(void **state)
{
    (void)state;
    static const char yaml[] = HEAD "scenario: [{sequence: one}]\n"
                                    "sequences: {one: $load(one.yaml)}\n";
    char folder[] = "/tmp/stressor-engine-XXXXXX", path[100];
    struct trial t;
    trial_load(&t, "", NULL);
    assert_null(t.plan);
    assert_non_null(mkdtemp(folder));
    write_file(folder, "mine.yaml", yaml);
    write_file(folder, "scenario.yaml", yaml);
    write_file(folder, "one.yaml", "- {activity: Note, text: loaded}\n");
    load_and_run(&t, folder, "/mine.yaml", "mine");
    load_and_run(&t, folder, "/mine", "mine");
    load_and_run(&t, folder, "/scenario.yaml", "scenario");
    snprintf(path, sizeof path, "%s/none", folder);
    assert_null(stressor_load_file(t.engine, path, NULL));
    assert_int_equal(stressor_mistakes_count(t.engine), 1);
    load_and_run(&t, folder, "", strrchr(folder, '/') + 1);
    static const char *const files[] = {"mine.yaml", "scenario.yaml", "one.yaml"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
    trial_free(&t);
}

static void mistakes_are_those_of_the_last_load(void **state)
{
    (void)state;
    struct trial t;
    trial_load(&t, HEAD "scenario: [{sequence: nope}]\nsequences: {one: []}\n", NULL);
    assert_null(t.plan);
    assert_int_equal(stressor_mistakes_count(t.engine), 1);
    assert_non_null(strstr(stressor_mistake_text(t.engine, 0), "test.yaml:2:"));
    assert_false(stressor_mistake_is_warning(t.engine, 0));
    static const char empty[] = HEAD "scenario: [{sequence: one}]\nsequences: {one: }\n";
    t.plan = stressor_load_memory(t.engine, empty, strlen(empty), "empty.yaml", NULL, NULL);
    assert_non_null(t.plan);
    assert_int_equal(stressor_mistakes_count(t.engine), 1);
    assert_true(stressor_mistake_is_warning(t.engine, 0));
    assert_non_null(strstr(stressor_mistake_text(t.engine, 0), "empty.yaml:3:"));
    assert_string_equal(stressor_plan_name(t.plan), "empty");
    assert_int_equal(stressor_plan_verbose(t.plan), -1);
    assert_int_equal(stressor_plan_sessions(t.plan), 1);
    trial_free(&t);
}

static void built_in_plugins_are_listed_without_a_path(void **state)
{
    (void)state;
    struct trial t;
    trial_load_with(&t, both, "", NULL);
    assert_true(stressor_plugins_count(t.engine) >= 2);
    const stressor_plugin_entry_info *p = stressor_plugin_at(t.engine, 1);
    assert_string_equal(p->plugin->name, "odd");
    assert_null(p->path);
    assert_false(p->refused);
    assert_null(stressor_plugin_at(t.engine, stressor_plugins_count(t.engine)));
    trial_free(&t);
}

/* --- what never returns -------------------------------------------------------------------------
 */

static void a_blocking_activity_that_never_returns_is_named_and_later_runs_work(void **state)
{
    (void)state;
    struct trial t;
    static const char next[] =
        HEAD ONE "    - {activity: Post}\n    - {activity: Block, seconds: 0}\n";
    static const char *const hanging[] = {"    - {activity: Hang}\n",
                                          "    - {activity: Call, type: Hang}\n",
                                          "    - {activity: CallWait, type: Hang}\n"};
    for (size_t i = 0; i < 3; i++) {
        char yaml[300];
        snprintf(yaml, sizeof yaml, HEAD ONE "%s    - {activity: Note, text: never}\n", hanging[i]);
        trial_load_with(&t, both, yaml, NULL);
        trial_start(&t, NULL);
        assert_true(recorder_wait("hanging", 1));
        stressor_run_stop(t.run, STRESSOR_STOP_NOW);
        trial_end(&t);
        assert_int_equal(t.snapshot->abandoned, 1);
        assert_int_equal(t.snapshot->sessions_done, 1);
        assert_non_null(strstr(t.log, "plugin 'odd' did not end the activity within 5 s"));
        stressor_plan *stuck = t.plan;
        t.plan = stressor_load_memory(t.engine, next, strlen(next), "next.yaml", NULL, NULL);
        run_again(&t, NULL);
        assert_int_equal(t.snapshot->errors, 0);
        stressor_plan_free(stuck);
        trial_free(&t);
        assert_int_equal(recorder_count("never"), 0);
        assert_int_equal(recorder_count("unmoved"), 1);
        assert_int_equal(recorder_count("run_open"), 2);
        assert_int_equal(recorder_count("run_close"), 1);
        assert_int_equal(recorder_count("worker_open"), 2);
        assert_int_equal(recorder_count("worker_close"), 1);
        assert_int_equal(recorder_count("fini"), 0);
        run_odd(&t, next);
        assert_int_equal(t.snapshot->errors, 0);
        trial_free(&t);
        assert_int_equal(recorder_count("fini"), 1);
        odd_release(); /* comes back long after run, plan and engine are freed */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_may_be_run_many_times),
        cmocka_unit_test(plans_of_one_engine_take_turns),
        cmocka_unit_test(each_stage_of_a_plugins_life_comes_in_order_and_is_undone),
        cmocka_unit_test(every_worker_and_session_is_opened_and_closed),
        cmocka_unit_test(a_plugin_that_is_not_used_is_not_opened),
        cmocka_unit_test(a_session_that_a_plugin_does_not_open_has_errors_and_goes_on),
        cmocka_unit_test(why_a_run_does_not_start_is_said_once),
        cmocka_unit_test(snapshots_are_consistent_while_the_run_goes_on_and_threads_may_stop_it),
        cmocka_unit_test(a_stop_after_the_end_changes_nothing),
        cmocka_unit_test(a_snapshot_outlives_run_plan_and_engine),
        cmocka_unit_test(waiting_takes_any_time_out),
        cmocka_unit_test(there_are_as_many_workers_as_asked_for_but_no_more_than_sessions),
        cmocka_unit_test(the_same_seed_gives_the_same_random_numbers_whatever_the_workers),
        cmocka_unit_test(options_go_before_what_the_scenario_says),
        cmocka_unit_test(shorter_options_of_an_older_program_leave_the_rest_at_its_default),
        cmocka_unit_test(a_file_is_found_with_and_without_its_ending_and_in_its_folder),
        cmocka_unit_test(mistakes_are_those_of_the_last_load),
        cmocka_unit_test(built_in_plugins_are_listed_without_a_path),
        cmocka_unit_test(a_blocking_activity_that_never_returns_is_named_and_later_runs_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
