/*
 * A whole run while an allocation fails, on whatever thread: each in turn, once, and from there
 * on. The run ends, all that was begun is undone, and somebody is told. (load_memory_test.c
 * does the same for loading and starting.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "follower.h"
#include "nomem.h"
#include "odd.h"
#include "recorder.h"

static const char yaml[] =
    "file_version: stressor#0\n"
    "config: {n: 5, deep: {er: '$(n) and $(user.name)'}, watch: [1, ./no.pid]}\n"
    "thresholds: [max of main < 9s for 5s, count > 1, p50 of Note < 9s, errors < 9]\n"
    "sessions: {count: 3, ramp_up_delay: [0, 100us], users: [{name: a, password: p}]}\n"
    "scenario: [{sequence: init}, {sequence: main, repeat: 2}, {sequence: end}]\nsequences:\n"
    "  init: [{activity: Note, text: 'x$(n)'}]\n"
    "  end: [{activity: Note, text: e, debug: true}]\n"
    "  main:\n"
    "    - {activity: GiveText, text: '{\"a\": [1, {\"b\": \"$(n)\"}]}', assert_match: \"'b'\",\n"
    "       store_json: {one: 'a[0]', two: 'a[1]'}}\n"
    "    - {activity: Note, text: 'v=$(two) $(deep)', assert_match: '$(n)', fail: true}\n"
    "    - {activity: Give, value: [$(deep), $(last_result)]}\n"
    "    - {activity: Wait, seconds: 100us}\n"
    "    - {activity: Post}\n"
    "    - {activity: Block, seconds: 0}\n"
    "    - {activity: Call, type: GiveText, arguments: {text: '{\"q\": 1}', assert_match: q,\n"
    "       store_json: {new: q}}}\n"
    "    - {activity: CallWait, type: Call, arguments: {type: Wait, arguments: {seconds: 0}}}\n";

enum { FAILS_ANYWAY = 3 * 2 }; /* the note that is asked to, in each pass of each session */

/* False: no allocation was left to fail. */
static bool attempt(struct trial *t, long n, bool on)
{
    char error[200] = "";
    stressor_run_options o;
    static const stressor_report follow = {sizeof follow, 0, "follow", "nowhere"},
                                 plain = {sizeof plain, 0, "plain", "/dev/null"};
    static const stressor_report *const reports[] = {&follow, &plain, NULL};
    stressor_run_options_init(&o);
    o.workers = 2;
    o.reports = reports;
    recorder_reset();
    t->log_length = 0;
    t->log[0] = '\0';
    nomem_anywhere(n, on);
    t->run = stressor_run_start(t->plan, &o, error, sizeof error);
    bool ended = t->run == NULL || stressor_run_wait(t->run, INT64_C(60000000000)) == 1;
    bool failed = nomem_end();
    if (!ended)
        fail_msg("allocation %ld: the run does not end; %s", n, t->log);
    if (t->run != NULL) {
        t->snapshot = stressor_run_snapshot(t->run);
        assert_non_null(t->snapshot);
        stressor_report_info info = {.size = sizeof info};
        for (size_t i = 0; i < 2; i++) {
            assert_true(stressor_run_report(t->run, i, &info));
            assert_true(info.error == NULL || strstr(t->log, "memory") != NULL);
        }
        assert_int_equal(t->snapshot->sessions_running, 0);
        assert_int_equal(t->snapshot->sessions_started, t->snapshot->sessions_done);
        assert_true(t->snapshot->errors >= FAILS_ANYWAY || strstr(t->log, "memory") != NULL);
        assert_int_equal(t->snapshot->abandoned, 0);
        stressor_snapshot_release(t->snapshot);
        t->snapshot = NULL;
    } else {
        assert_true(*error != '\0');
    }
    stressor_run_free(t->run);
    t->run = NULL;
    assert_int_equal(recorder_count("run_open"), recorder_count("run_close"));
    assert_int_equal(recorder_count("worker_open"), recorder_count("worker_close"));
    assert_int_equal(recorder_count("session_open"), recorder_count("session_close"));
    assert_int_equal(recorder_count("open"), recorder_count("close"));
    return failed;
}

static void every_allocation_of_a_run_may_fail(void **state)
{
    (void)state;
    static const stressor_plugin_entry all[] = {recorder_entry, odd_entry, follower_entry, NULL};
    struct trial t;
    trial_load_with(&t, all, yaml, NULL);
    assert_non_null(t.plan);
    long n = 0;
    while (attempt(&t, n, false))
        n++;
    assert_true(n > 100);
    for (long i = 0; i < n; i += i / 20 + 1)
        attempt(&t, i, true);
    attempt(&t, -1, false); /* and now all is well again */
    assert_int_equal(recorder_count("e"), 3);
    trial_free(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_run_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
