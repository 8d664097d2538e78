/*
 * The engine as embedding programs use it: plans and runs in turn, stages of the plugins' life,
 * what never returns.
 */
#include "again.h"

static void a_plan_may_be_run_many_times(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    again_one_worker(&o);
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
        again_run(&t, &o);
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
    again_run(&t, NULL);
    t.plan = other;
    again_run(&t, NULL);
    stressor_plan_free(first);
    assert_string_equal(recorder_notes(), "t01:second t01:first t01:second");
    trial_free(&t);
}

static void each_stage_of_a_plugins_life_comes_in_order_and_is_undone(void **state)
{
    (void)state;
    struct trial t;
    again_run_odd(&t, HEAD ONE "    - {activity: Post}\n    - {activity: Note, text: n}\n"
                               "    - {activity: Post}\n");
    again_run(&t, &(stressor_run_options){
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
    trial_load_with(&t, again_plugins,
                    HEAD "sessions: {count: 50}\n" ONE "    - {activity: Post}\n", NULL);
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
    again_run_odd(&t, HEAD ONE "    - {activity: Note, text: n}\n");
    trial_free(&t);
    assert_string_equal(recorder_notes(), "t01:n");
}

static void a_session_that_a_plugin_does_not_open_has_errors_and_goes_on(void **state)
{
    (void)state;
    struct trial t;
    odd_refuse(ODD_SESSION_OPEN);
    again_run_odd(&t, HEAD ONE "    - {activity: Post}\n    - {activity: Note, text: n}\n"
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
    trial_load_with(&t, again_plugins, HEAD ONE "    - {activity: Post}\n", NULL);
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
        trial_load_with(&t, again_plugins, yaml, NULL);
        trial_start(&t, NULL);
        assert_true(recorder_wait("hanging", 1));
        stressor_run_stop(t.run, STRESSOR_STOP_NOW);
        trial_end(&t);
        assert_int_equal(t.snapshot->abandoned, 1);
        assert_int_equal(t.snapshot->sessions_done, 1);
        assert_non_null(strstr(t.log, "plugin 'odd' did not end the activity within 5 s"));
        stressor_plan *stuck = t.plan;
        t.plan = stressor_load_memory(t.engine, next, strlen(next), "next.yaml", NULL, NULL);
        again_run(&t, NULL);
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
        again_run_odd(&t, next);
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
        cmocka_unit_test(a_blocking_activity_that_never_returns_is_named_and_later_runs_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
