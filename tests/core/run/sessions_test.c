/*
 * The list of sessions for people who watch: pages, filters, what is shown of each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recorder.h"
#include "run/session.h"

#define HEAD "file_version: stressor#0\n"
#define ONE  "scenario: [{sequence: one}]\nsequences:\n  one:\n"

/* Half of them fail once; then all wait. */
static void start(struct trial *t, uint32_t workers, unsigned sessions)
{
    char yaml[600];
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = workers;
    snprintf(yaml, sizeof yaml,
             HEAD "sessions: {count: %u, users: [{name: Ann, password: p, fails: false}, {name: "
                  "Bob, password: p, fails: "
                  "true}]}\n" ONE "    - {activity: Note, text: b, fail: '$(user.fails)'}\n"
                  "    - {activity: Wait, seconds: 60}\n",
             sessions);
    trial_load(t, yaml, NULL);
    trial_start(t, &o);
    assert_true(recorder_wait("waiting", sessions));
}

static void stop(struct trial *t)
{
    stressor_run_stop(t->run, STRESSOR_STOP_GRACEFUL);
    trial_end(t);
    trial_free(t);
}

struct list {
    char text[4000];
    size_t length;
    unsigned rows;
    uint64_t total;
};

static void add(void *data, const stressor_session_row *row)
{
    struct list *l = data;
    assert_int_equal(row->running, 1);
    l->rows++;
    l->length += (size_t)snprintf(
        l->text + l->length, l->length < sizeof l->text ? sizeof l->text - l->length : 0,
        "%llu %s %s %s %llu %llu %s\n", (unsigned long long)row->number, row->id, row->user,
        row->path, (unsigned long long)row->activities, (unsigned long long)row->errors,
        row->last_error != NULL ? row->last_error : "-");
    if (l->length >= sizeof l->text)
        l->length = sizeof l->text - 1;
}

static struct list page(const struct trial *t, uint64_t offset, uint64_t limit, const char *filter)
{
    struct list l = {.length = 0};
    assert_int_equal(stressor_run_sessions(t->run, offset, limit, filter, &l.total, add, &l), 0);
    return l;
}

static void sessions_are_listed_by_number_whatever_their_worker(void **state)
{
    (void)state;
    struct trial t;
    start(&t, 3, 7);
    struct list l = page(&t, 0, 100, NULL);
    assert_string_equal(l.text, "1 t01 Ann one/2/Wait 1 0 -\n"
                                "2 t02 Bob one/2/Wait 1 1 asked to fail\n"
                                "3 t03 Ann one/2/Wait 1 0 -\n"
                                "4 t04 Bob one/2/Wait 1 1 asked to fail\n"
                                "5 t05 Ann one/2/Wait 1 0 -\n"
                                "6 t06 Bob one/2/Wait 1 1 asked to fail\n"
                                "7 t07 Ann one/2/Wait 1 0 -\n");
    assert_int_equal(l.total, 7);
    l = page(&t, 2, 2, "");
    assert_string_equal(l.text, "3 t03 Ann one/2/Wait 1 0 -\n"
                                "4 t04 Bob one/2/Wait 1 1 asked to fail\n");
    assert_int_equal(l.total, 7);
    assert_int_equal(page(&t, 6, 100, NULL).rows, 1);
    assert_int_equal(page(&t, 7, 100, NULL).rows, 0);
    assert_int_equal(page(&t, UINT64_MAX, UINT64_MAX, NULL).rows, 0);
    assert_int_equal(page(&t, 0, 0, NULL).total, 7);
    stop(&t);
}

static void a_filter_is_searched_in_id_user_path_and_error(void **state)
{
    (void)state;
    struct trial t;
    start(&t, 3, 12);
    struct list l = page(&t, 1, 1, "bOB");
    assert_int_equal(l.total, 6);
    assert_string_equal(l.text, "4 t04 Bob one/2/Wait 1 1 asked to fail\n");
    l = page(&t, 0, 10, "T11");
    assert_int_equal(l.total, 1);
    assert_string_equal(l.text, "11 t11 Ann one/2/Wait 1 0 -\n");
    assert_int_equal(page(&t, 0, 100, "/wait").total, 12);
    assert_int_equal(page(&t, 0, 100, "ASKED").total, 6);
    assert_int_equal(page(&t, 0, 100, "nobody").total, 0);
    stop(&t);
}

static void many_sessions_take_many_turns_and_pages_have_a_ceiling(void **state)
{
    (void)state;
    struct trial t;
    start(&t, 1, 2400);
    struct list l = page(&t, 0, UINT64_MAX, "bob");
    assert_int_equal(l.total, 1200);
    assert_int_equal(l.rows, 1000);
    l = page(&t, 1199, 10, "bob");
    assert_string_equal(l.text, "2400 t2400 Bob one/2/Wait 1 1 asked to fail\n");
    stop(&t);
}

static void after_the_end_there_are_none(void **state)
{
    (void)state;
    struct trial t;
    start(&t, 3, 5);
    stressor_run_stop(t.run, STRESSOR_STOP_NOW);
    trial_end(&t);
    struct list l = page(&t, 0, 10, NULL);
    assert_int_equal(l.rows, 0);
    assert_int_equal(l.total, 0);
    trial_free(&t);
}

static void a_busy_worker_is_not_waited_for_without_end(void **state)
{
    (void)state;
    struct trial t;
    struct list l = {.length = 0};
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 1;
    trial_load(&t,
               HEAD ONE "    - {activity: Note, text: begun}\n    - {activity: Burn, seconds: 4}\n",
               NULL);
    trial_start(&t, &o);
    assert_true(recorder_wait("begun", 1));
    assert_int_equal(stressor_run_sessions(t.run, 0, 10, NULL, &l.total, add, &l), STRESSOR_ELIMIT);
    assert_int_equal(l.rows, 0);
    assert_int_equal(l.total, 0);
    trial_end(&t); /* the worker answers nobody then */
    trial_free(&t);
}

static void last_errors_are_cut_between_characters(void **state)
{
    (void)state;
    struct stressor_session s = {.last_error = NULL};
    char text[300];
    session_error(&s, "short", 5);
    assert_string_equal(s.last_error, "short");
    memset(text, 'a', sizeof text);
    memcpy(text + 198, "\xe2\x82\xac", 3); /* three bytes: 198 to 200 */
    session_error(&s, text, sizeof text);
    assert_int_equal(strlen(s.last_error), 198);
    text[200] = 'a';
    memcpy(text + 197, "\xe2\x82\xac", 3);
    session_error(&s, text, sizeof text);
    assert_int_equal(strlen(s.last_error), 200);
    free(s.last_error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_listed_by_number_whatever_their_worker),
        cmocka_unit_test(a_filter_is_searched_in_id_user_path_and_error),
        cmocka_unit_test(many_sessions_take_many_turns_and_pages_have_a_ceiling),
        cmocka_unit_test(after_the_end_there_are_none),
        cmocka_unit_test(a_busy_worker_is_not_waited_for_without_end),
        cmocka_unit_test(last_errors_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
