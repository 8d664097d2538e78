/*
 * Virtual time, and what `executed` tells.
 */
#include "again.h"

#include <time.h>

/* What `executed` has told, one line each. */
struct told {
    char text[4000];
    size_t length;
    stressor_value *value; /* of the last one */
    uint32_t count;
    int64_t latency_ns; /* of the last one */
};

static void note(void *data, const stressor_execution *e)
{
    struct told *t = data;
    t->count++;
    t->latency_ns = e->latency_ns;
    stressor_value_free(t->value);
    t->value = stressor_value_copy(&e->result->value);
    const stressor_failure *f = &e->result->failure;
    assert_int_equal(f->category, e->category);
    int length = snprintf(t->text + t->length, sizeof t->text - t->length,
                          "%s %s %s %s%s %u %u%s%.*s\n", e->session, e->sequence, e->label, e->type,
                          e->called ? " called" : "", e->status, e->category,
                          f->length > 0 ? " " : "", (int)f->length, f->length > 0 ? f->text : "");
    t->length += (size_t)length;
}

static void run_told(struct trial *t, struct told *told, const char *yaml, bool virtual_time)
{
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.virtual_time = virtual_time;
    o.executed = note;
    o.executed_data = told;
    *told = (struct told){0};
    trial_load(t, yaml, NULL);
    trial_start(t, &o);
    trial_end(t);
}

static void free_told(struct trial *t, struct told *told)
{
    stressor_value_free(told->value);
    trial_free(t);
}

/* Waiting for real would take days: the test's time-out would tell. */
static void in_virtual_time_pauses_take_no_time_and_are_measured_whole(void **state)
{
    (void)state;
    struct trial t;
    struct told told;
    run_told(&t, &told,
             HEAD "sessions: {count: 3, ramp_up_delay: 3600}\n" ONE
                  "    - {activity: Wait, seconds: 86400}\n",
             true);
    assert_string_equal(told.text, "t01 one one/1/Wait Wait 0 0\n"
                                   "t02 one one/1/Wait Wait 0 0\n"
                                   "t03 one one/1/Wait Wait 0 0\n");
    assert_true(told.latency_ns >= INT64_C(86400000000000));
    assert_true(told.latency_ns < INT64_C(86401000000000));
    assert_true(t.snapshot->elapsed_ns >= INT64_C(93600000000000));
    assert_int_equal(t.snapshot->resources->workers, 1);
    free_told(&t, &told);
}

static void limits_are_reached_by_the_virtual_clock(void **state)
{
    (void)state;
    struct trial t;
    struct told told;
    run_told(&t, &told,
             HEAD "config: {max_time: 3600}\n"
                  "scenario: [{sequence: one, repeat: 1000}]\nsequences:\n  one:\n"
                  "    - {activity: Wait, seconds: 600}\n",
             true);
    assert_int_equal(told.count, 6);
    assert_int_equal(trial_errors(&t, "max_time"), 1);
    free_told(&t, &told);
}

static int64_t real_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The other session's pause of a day must not end before the thread comes back. */
static void what_is_on_the_pool_is_waited_for_in_real_time(void **state)
{
    (void)state;
    struct trial t;
    struct told told;
    int64_t began_ns = real_now();
    run_told(&t, &told,
             HEAD "sessions: {count: 1}\n" ONE "    - {activity: Block, seconds: 0.05}\n"
                  "    - {activity: Wait, seconds: 86400}\n",
             true);
    assert_true(real_now() - began_ns >= 50000000);
    assert_int_equal(told.count, 2);
    free_told(&t, &told);

    run_told(&t, &told,
             HEAD "sessions: {count: 2, users: [{name: a, password: '', do: Wait, s: 86400},"
                  " {name: b, password: '', do: Block, s: 0.05}]}\n" ONE
                  "    - {activity: Call, type: $(user.do), arguments: {seconds: $(user.s)}}\n",
             true);
    assert_string_equal(told.text, "t02 one Block Block called 0 0\nt02 one one/1/Call Call 0 0\n"
                                   "t01 one Wait Wait called 0 0\nt01 one one/1/Call Call 0 0\n");
    free_told(&t, &told);
}

/* Its threads may need that time. */
static void who_is_cancelled_has_its_grace_period_in_real_time(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.virtual_time = 1;
    trial_load(&t, HEAD ONE "    - {activity: Stuck}\n", NULL);
    recorder_reset();
    trial_start(&t, &o);
    assert_true(recorder_wait("stuck", 1));
    int64_t began_ns = real_now();
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    trial_end(&t);
    assert_int_equal(t.snapshot->abandoned, 1);
    assert_true(real_now() - began_ns >= INT64_C(5000000000));
    trial_free(&t);
}

static void executed_tells_results_after_all_checks(void **state)
{
    (void)state;
    struct trial t;
    struct told told;
    run_told(&t, &told,
             HEAD ONE "    - {activity: GiveText, text: '{\"a\": [1, 2]}', assert_match: nothing}\n"
                      "    - {activity: Note, text: x, fail: true, name: named}\n"
                      "    - {activity: GiveText, text: '{\"a\": [1, {\"b\": 7}]}'}\n",
             false);
    assert_non_null(
        strstr(told.text, "t01 one one/1/GiveText GiveText 1 2 pattern 'nothing' not "));
    assert_non_null(strstr(told.text, "named Note 1 1 asked to fail\n"));
    assert_int_equal(told.count, 3);
    const stressor_value *b = stressor_value_at(told.value, "a.[1].b");
    assert_non_null(b);
    assert_int_equal(b->as.integer, 7);
    assert_null(stressor_value_at(told.value, "a.[9]"));
    assert_null(stressor_value_at(told.value, "a.["));
    const stressor_value *list = stressor_map_get(told.value, "a", 1);
    assert_non_null(list);
    assert_int_equal(stressor_list_at(list, 0)->as.integer, 1);
    free_told(&t, &told);
}

static void executed_tells_of_called_activities_too(void **state)
{
    (void)state;
    struct trial t;
    struct told told;
    run_told(&t, &told, HEAD ONE "    - {activity: Call, type: Note, arguments: {text: x}}\n",
             false);
    assert_string_equal(told.text, "t01 one Note Note called 0 0\nt01 one one/1/Call Call 0 0\n");
    free_told(&t, &told);
}

static int32_t append(void *data, const char *bytes, uint64_t length)
{
    strncat(data, bytes, length);
    return 0;
}

static int32_t refuse(void *data, const char *bytes, uint64_t length)
{
    (void)data, (void)bytes, (void)length;
    return STRESSOR_ELIMIT;
}

static void the_text_of_a_value_is_that_of_the_language(void **state)
{
    (void)state;
    char text[100] = "";
    stressor_value v = stressor_double(1);
    assert_int_equal(stressor_value_text(&v, append, text), 0);
    assert_string_equal(text, "1.0");
    assert_int_equal(stressor_value_text(&v, refuse, NULL), STRESSOR_ELIMIT);
    v = stressor_string("");
    assert_int_equal(stressor_value_text(&v, append, text), 0);
    stressor_value *copy = stressor_value_copy(&v);
    assert_int_equal(copy->type, STRESSOR_STRING);
    stressor_value_free(copy);
    stressor_value_free(NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_virtual_time_pauses_take_no_time_and_are_measured_whole),
        cmocka_unit_test(limits_are_reached_by_the_virtual_clock),
        cmocka_unit_test(what_is_on_the_pool_is_waited_for_in_real_time),
        cmocka_unit_test(who_is_cancelled_has_its_grace_period_in_real_time),
        cmocka_unit_test(executed_tells_results_after_all_checks),
        cmocka_unit_test(executed_tells_of_called_activities_too),
        cmocka_unit_test(the_text_of_a_value_is_that_of_the_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
