/*
 * Reporters of a run: when they are called and on which thread, what they may ask for, and the
 * files that come of it.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "follower.h"
#include "recorder.h"
#include "run/worker.h"
#include "temporary.h"

#define HEAD  "file_version: stressor#0\nconfig: {name: x}\n"
#define ONE   "scenario: [{sequence: one}]\nsequences:\n  one:\n"
#define SHORT HEAD ONE "    - {activity: Note, text: a}\n    - {activity: Note, fail: true}\n"
#define LONG  HEAD ONE "    - {activity: Note, text: a}\n    - {activity: Wait, seconds: 60}\n"

static const stressor_plugin_entry plugins[] = {recorder_entry, follower_entry, NULL};

/* Each test has the current folder to itself. */
static char folder[TEMPORARY_SIZE];

static int enter_folder(void **state)
{
    (void)state;
    follower_at_tick = NULL;
    return temporary_make(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    return chdir("/") == 0 && temporary_remove(folder) ? 0 : -1;
}

static unsigned files(void)
{
    unsigned count = 0;
    DIR *d = opendir(".");
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(d);
    return count;
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void assert_file(const char *path, const char *text)
{
    char held[200] = "";
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    held[fread(held, 1, sizeof held - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(held, text);
}

/* --- runs with reports --------------------------------------------------------------------------
 */

enum { REPORTS_MAX = 4 };

static void options_of(stressor_run_options *o, stressor_report *reports,
                       const stressor_report **table, const char *const kinds[][2])
{
    size_t count = 0;
    for (; kinds[count][0] != NULL; count++) {
        reports[count] = (stressor_report){sizeof *reports, 0, kinds[count][0], kinds[count][1]};
        table[count] = &reports[count];
    }
    table[count] = NULL;
    stressor_run_options_init(o);
    o->workers = 2;
    o->reports = table;
}

static void start(struct trial *t, const char *yaml, const char *const kinds[][2])
{
    stressor_report reports[REPORTS_MAX];
    const stressor_report *table[REPORTS_MAX + 1];
    stressor_run_options o;
    options_of(&o, reports, table, kinds);
    trial_load_with(t, plugins, yaml, NULL);
    trial_start(t, &o);
}

#define KINDS(...)                                                                                 \
    (const char *const[][2])                                                                       \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            NULL, NULL                                                                             \
        }                                                                                          \
    }

static void run(struct trial *t, const char *yaml, const char *const kinds[][2])
{
    start(t, yaml, kinds);
    trial_end(t);
}

static const char *error_of(const struct trial *t, size_t i)
{
    stressor_report_info info = {.size = sizeof info};
    assert_true(stressor_run_report(t->run, i, &info));
    return info.error;
}

static void refused(const char *const kinds[][2], const char *expected)
{
    struct trial t;
    char error[300];
    stressor_report reports[REPORTS_MAX];
    const stressor_report *table[REPORTS_MAX + 1];
    stressor_run_options o;
    options_of(&o, reports, table, kinds);
    trial_load_with(&t, plugins, SHORT, NULL);
    assert_null(stressor_run_start(t.plan, &o, error, sizeof error));
    assert_int_equal(errno, EINVAL);
    assert_string_equal(error, expected);
    assert_string_equal(recorder_notes(), "");
    trial_free(&t);
    assert_int_equal(files(), 0);
}

/* --- calls --------------------------------------------------------------------------------------
 */

static void reporters_are_called_in_order_on_one_thread_that_is_no_workers(void **state)
{
    (void)state;
    struct trial t;
    start(&t, LONG, KINDS({"follow", NULL}));
    assert_true(recorder_wait("tick", 1));
    assert_false(pthread_equal(follower_seen.thread, pthread_self()));
    assert_false(pthread_equal(follower_seen.thread, t.run->workers[0]->thread));
    stressor_run_stop(t.run, STRESSOR_STOP_GRACEFUL);
    trial_end(&t);
    const char *notes = recorder_notes(), *reporter = strstr(notes, "r:");
    assert_ptr_equal(reporter, notes); /* it is open before the first session begins */
    assert_non_null(strstr(notes, "r:open t01:a t01:waiting r:tick"));
    assert_non_null(strstr(notes, "t01:cancelled r:end r:close"));
    assert_int_equal(recorder_count("end"), 1);
    assert_int_equal(follower_seen.strangers, 0);
    assert_string_equal(follower_seen.path, "results.follow");
    assert_int_equal(follower_seen.stage, STRESSOR_STAGE_DONE);
    assert_int_equal(follower_seen.serial, t.snapshot->serial);
    trial_free(&t);
}

static void the_final_figures_are_those_that_reporters_were_told(void **state)
{
    (void)state;
    struct trial t;
    run(&t, SHORT, KINDS({"follow", "a"}));
    assert_int_equal(follower_seen.ticks, 0);
    assert_int_equal(follower_seen.activities, 2);
    assert_int_equal(follower_seen.errors, 1);
    const stressor_snapshot *again = stressor_run_snapshot(t.run);
    const stressor_snapshot *latest = stressor_run_latest(t.run);
    assert_ptr_equal(again, t.snapshot);
    assert_ptr_equal(latest, t.snapshot);
    assert_int_equal(t.snapshot->verdict, STRESSOR_VERDICT_ERRORS);
    stressor_snapshot_release(again);
    stressor_snapshot_release(latest);
    trial_free(&t);
}

static void figures_while_running_hold_what_the_last_second_told(void **state)
{
    (void)state;
    struct trial t;
    start(&t, LONG "thresholds: [count > 0]\n", KINDS({"follow", "a"}));
    assert_null(stressor_run_latest(t.run));
    const stressor_snapshot *first = stressor_run_snapshot(t.run);
    assert_int_equal(first->thresholds_count, 1);
    assert_int_equal(first->thresholds[0]->state, STRESSOR_THRESHOLD_PENDING);
    assert_string_equal(first->thresholds[0]->text, "count > 0");
    stressor_snapshot_release(first);
    assert_true(recorder_wait("tick", 1));
    const stressor_snapshot *latest = stressor_run_latest(t.run);
    const stressor_snapshot *now = stressor_run_snapshot(t.run);
    assert_int_equal(latest->serial, 2);
    assert_int_equal(now->serial, 3);
    assert_int_equal(latest->stage, STRESSOR_STAGE_RUNNING);
    assert_int_equal(latest->points_count, 1);
    assert_int_equal(now->points_count, 1);
    assert_int_equal(now->thresholds_count, 1);
    assert_string_equal(now->thresholds[0]->text, latest->thresholds[0]->text);
    stressor_snapshot_release(latest);
    stressor_run_stop(t.run, STRESSOR_STOP_NOW);
    trial_end(&t);
    assert_string_equal(now->thresholds[0]->text, "count > 0");
    stressor_snapshot_release(now);
    trial_free(&t);
}

static void one_that_stays_is_closed_when_the_run_is_freed(void **state)
{
    (void)state;
    struct trial t;
    stressor_report_info info = {.size = sizeof info};
    run(&t, SHORT, KINDS({"stay", NULL}));
    assert_int_equal(recorder_count("end"), 1);
    assert_int_equal(recorder_count("close"), 0);
    assert_true(stressor_run_report(t.run, 0, &info));
    assert_int_equal(info.stays, 1);
    assert_null(info.path);
    assert_null(info.error);
    assert_false(stressor_run_report(t.run, 1, &info));
    trial_free(&t);
    assert_int_equal(recorder_count("close"), 1);
    assert_int_equal(follower_seen.strangers, 0);
    assert_string_equal(follower_seen.path, "-");
}

static void one_that_does_not_open_has_failed_and_the_others_go_on(void **state)
{
    (void)state;
    struct trial t;
    run(&t, SHORT, KINDS({"follow", "broken"}, {"plain", NULL}));
    assert_string_equal(error_of(&t, 0), "it could not be opened (the log says why)");
    assert_null(error_of(&t, 1));
    assert_int_equal(recorder_count("end"), 0);
    assert_int_equal(recorder_count("close"), 0);
    assert_file("results.plain", "x 2 1 3\n");
    trial_free(&t);
}

static void unknown_kinds_are_refused_with_those_that_there_are(void **state)
{
    (void)state;
    refused(KINDS({"plian", NULL}),
            "no plugin writes reports of the kind 'plian'; did you mean 'plain'? (there are: "
            "follow, stay, pester, plain, torn, wordy, writer, fussy)");
}

static void two_reports_to_one_path_are_refused(void **state)
{
    (void)state;
    refused(KINDS({"plain", "a"}, {"wordy", "b"}, {"torn", "a"}),
            "two reports, plain and torn, have the same path 'a'");
}

static void a_path_that_a_reporter_refuses_stops_the_run_before_it_begins(void **state)
{
    (void)state;
    refused(KINDS({"fussy", "abc"}), "the report fussy refuses its path 'abc' (the log says why)");
    refused(KINDS({"plain", "x"}, {"fussy", NULL}),
            "the report fussy refuses its path (the log says why)");
}

static void several_reports_go_to_one_device(void **state)
{
    (void)state;
    struct trial t;
    run(&t, SHORT, KINDS({"plain", "/dev/null"}, {"wordy", "/dev/null"}));
    assert_null(error_of(&t, 0));
    assert_null(error_of(&t, 1));
    trial_free(&t);
}

/* --- files --------------------------------------------------------------------------------------
 */

static void documents_are_written_whole(void **state)
{
    (void)state;
    struct trial t;
    stressor_report_info info = {.size = sizeof info};
    struct stat about;
    mode_t mask = umask(0);
    umask(mask);
    run(&t, SHORT, KINDS({"plain", NULL}, {"wordy", "long"}));
    assert_file("results.plain", "x 2 1 3\n");
    assert_int_equal(stat("long", &about), 0);
    assert_int_equal(about.st_size, 200000);
    assert_int_equal(about.st_mode & 0777, 0666 & ~mask);
    assert_int_equal(files(), 2);
    assert_true(stressor_run_report(t.run, 0, &info));
    assert_string_equal(info.path, "results.plain");
    assert_string_equal(info.kind, "plain");
    assert_null(info.error);
    trial_free(&t);
}

static void a_document_that_fails_leaves_the_old_one(void **state)
{
    (void)state;
    struct trial t;
    put("results.torn", "old");
    run(&t, SHORT, KINDS({"torn", NULL}));
    assert_string_equal(error_of(&t, 0), "it could not be rendered");
    assert_file("results.torn", "old");
    assert_int_equal(files(), 1);
    trial_free(&t);
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    struct trial t;
    struct stat about;
    put("target", "old");
    assert_int_equal(symlink("target", "link"), 0);
    run(&t, SHORT, KINDS({"plain", "link"}));
    assert_file("target", "x 2 1 3\n");
    assert_int_equal(lstat("link", &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    trial_free(&t);
}

static void a_file_that_cannot_be_written_fails_its_report_only(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *path, *why;
    } cases[] = {
        {"plain", "file/below", "cannot write 'file/below': Not a directory"},
        {"plain", "no/such", "cannot write 'no/such': No such file or directory"},
        {"plain", ".", "cannot write '.': Is a directory"},
        {"plain", "", "cannot write '': No such file or directory"},
        {"plain", "/dev/full", "cannot write '/dev/full': No space left on device"},
        {"wordy", "/dev/full", "cannot write '/dev/full': No space left on device"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trial t;
        char line[200];
        struct stat about;
        put("file", "");
        run(&t, SHORT, KINDS({cases[i].kind, cases[i].path}, {"plain", "other"}));
        assert_string_equal(error_of(&t, 0), cases[i].why);
        assert_null(error_of(&t, 1));
        snprintf(line, sizeof line, "report %s: %s\n", cases[i].kind, cases[i].why);
        const char *said = strstr(t.log, line);
        assert_non_null(said);
        assert_null(strstr(said + 1, line));
        assert_file("other", "x 2 1 3\n");
        assert_int_equal(files(), 2);
        assert_int_equal(stat("/dev/full", &about), 0);
        assert_true(S_ISCHR(about.st_mode));
        trial_free(&t);
    }
}

static void a_pipe_that_nobody_reads_is_no_reason_to_wait(void **state)
{
    (void)state;
    struct trial t;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    run(&t, SHORT, KINDS({"plain", "pipe"}));
    assert_string_equal(error_of(&t, 0), "cannot write 'pipe': No such device or address");
    trial_free(&t);
}

static void files_of_reporters_are_kept_or_removed_as_they_say(void **state)
{
    (void)state;
    struct trial t;
    run(&t, SHORT, KINDS({"writer", "w"}));
    assert_null(error_of(&t, 0));
    assert_file("w.good", "written");
    assert_int_equal(files(), 1); /* what it left open is gone, too */
    trial_free(&t);
}

static void names_of_temporary_files_that_exist_are_left_alone(void **state)
{
    (void)state;
    struct trial t;
    char name[64];
    snprintf(name, sizeof name, ".stressor-%ld-1.tmp", (long)getpid());
    put(name, "another's");
    run(&t, SHORT, KINDS({"plain", "a"}));
    assert_file(name, "another's");
    assert_file("a", "x 2 1 3\n");
    assert_int_equal(files(), 2);
    trial_free(&t);
}

/* --- what reporters may ask for -----------------------------------------------------------------
 */

static void stop_it(const stressor_control *control, const stressor_snapshot *s)
{
    (void)s;
    control->stop(control, STRESSOR_STOP_GRACEFUL);
}

static void a_reporter_may_stop_the_run(void **state)
{
    (void)state;
    struct trial t;
    follower_at_tick = stop_it;
    run(&t, LONG, KINDS({"follow", "a"}));
    assert_string_equal(t.snapshot->stop_reason, "stopped");
    assert_int_equal(t.snapshot->verdict, STRESSOR_VERDICT_STOPPED);
    trial_free(&t);
}

static const int64_t BURNT_NS = NS_PER_S / 4;
static int64_t last_interval_ns;

static void burn_and_stop_at_the_second(const stressor_control *control, const stressor_snapshot *s)
{
    last_interval_ns = s->interval_ns;
    if (follower_seen.ticks == 2) {
        stop_it(control, s);
        return;
    }
    for (int64_t cpu_ns = clock_thread_cpu(); clock_thread_cpu() - cpu_ns < BURNT_NS;)
        ;
}

static void following_the_run_takes_a_tenth_of_a_cpu_at_most(void **state)
{
    (void)state;
    struct trial t;
    follower_at_tick = burn_and_stop_at_the_second;
    run(&t, LONG, KINDS({"follow", "a"}));
    assert_int_equal(follower_seen.ticks, 2);
    assert_true(last_interval_ns >= 9 * BURNT_NS); /* the first may have begun a little late */
    trial_free(&t);
}

struct text {
    char bytes[100];
    size_t length;
};

static int32_t to_text(void *data, const char *bytes, uint64_t length)
{
    struct text *t = data;
    if (t->length + length >= sizeof t->bytes)
        return -77;
    memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
    return 0;
}

static struct text rendered;
static int32_t rendered_status, unknown_status, full_status;

static void render_and_stop(const stressor_control *control, const stressor_snapshot *s)
{
    struct text full = {.length = 0};
    rendered.length = 0;
    rendered_status = control->render(control, "plain", s, to_text, &rendered);
    full_status = control->render(control, "wordy", s, to_text, &full);
    unknown_status = control->render(control, "follow", s, to_text, &full);
    stop_it(control, s);
}

static void documents_of_other_kinds_are_rendered_while_it_runs(void **state)
{
    (void)state;
    struct trial t;
    follower_at_tick = render_and_stop;
    run(&t, LONG, KINDS({"follow", "a"}));
    assert_int_equal(rendered_status, 0);
    assert_int_equal(rendered.length, 8);
    assert_memory_equal(rendered.bytes, "x 1 0 1\n", 8);
    assert_int_equal(full_status, -77);
    assert_int_equal(unknown_status, STRESSOR_ENOENT);
    struct text after = {.length = 0};
    assert_int_equal(stressor_render(t.engine, "plain", t.snapshot, to_text, &after), 0);
    assert_memory_equal(after.bytes, "x 1 0 3\n", after.length);
    assert_int_equal(stressor_render(t.engine, "none", t.snapshot, to_text, &after),
                     STRESSOR_ENOENT);
    trial_free(&t);
}

/* Sessions that come and go, in several runs of one plan. */
static void threads_of_reporters_may_ask_until_they_are_closed(void **state)
{
    (void)state;
    struct trial t;
    stressor_report report = {sizeof report, 0, "pester", NULL};
    const stressor_report *reports[] = {&report, NULL};
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 2;
    o.reports = reports;
    trial_load_with(&t, plugins,
                    HEAD "sessions: {count: 500, ramp_up_delay: 1ms}\n" ONE
                         "    - {activity: Note, text: a}\n"
                         "    - {activity: Wait, seconds: 20ms}\n",
                    NULL);
    for (unsigned i = 0; i < 3; i++) {
        trial_start(&t, &o);
        if (i == 1)
            stressor_run_stop(t.run, STRESSOR_STOP_NOW);
        trial_end(&t);
        stressor_snapshot_release(t.snapshot);
        t.snapshot = NULL;
        stressor_run_free(t.run);
        t.run = NULL;
        assert_true(follower_pester.pages > 0);
        assert_int_equal(follower_pester.refused, 0);
    }
    trial_free(&t);
}

static void a_threshold_may_stop_the_run(void **state)
{
    (void)state;
    struct trial t;
    run(&t,
        HEAD ONE "    - {activity: Note, fail: true}\n    - {activity: Wait, seconds: 60}\n"
                 "thresholds: ['errors < 1, abort']\n",
        KINDS({"plain", NULL}));
    assert_string_equal(t.snapshot->stop_reason, "threshold");
    assert_int_equal(t.snapshot->verdict, STRESSOR_VERDICT_THRESHOLD);
    assert_int_equal(t.snapshot->thresholds[0]->aborted, 1);
    assert_int_equal(t.snapshot->cancelled, 1);
    assert_int_equal(files(), 1);
    trial_free(&t);
}

/* --- lateness -----------------------------------------------------------------------------------
 */

static void waiting_for_a_busy_worker_is_lateness(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "sessions: {count: 40}\n" ONE "    - {activity: Wait, seconds: 1ms}\n"
                       "    - {activity: Burn, seconds: 10ms}\n");
    /* All are ready after 1 ms or so, and the last is stepped when 39 others were. */
    assert_true(t.snapshot->resources->loop_lag_max_ns > 300000000);
    assert_int_equal(t.snapshot->trust->verdict, STRESSOR_UNTRUSTED);
    trial_free(&t);
}

static void without_anything_to_be_late_for_nothing_is_said(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, HEAD "sessions: {count: 40}\n" ONE "    - {activity: Note, text: a}\n");
    assert_int_equal(t.snapshot->resources->loop_lag_max_ns, 0);
    assert_int_equal(t.snapshot->trust->verdict, STRESSOR_TRUST_UNKNOWN);
    trial_free(&t);
}

int main(void)
{
#define T(NAME) cmocka_unit_test_setup_teardown(NAME, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        T(reporters_are_called_in_order_on_one_thread_that_is_no_workers),
        T(the_final_figures_are_those_that_reporters_were_told),
        T(figures_while_running_hold_what_the_last_second_told),
        T(one_that_stays_is_closed_when_the_run_is_freed),
        T(one_that_does_not_open_has_failed_and_the_others_go_on),
        T(unknown_kinds_are_refused_with_those_that_there_are),
        T(two_reports_to_one_path_are_refused),
        T(a_path_that_a_reporter_refuses_stops_the_run_before_it_begins),
        T(several_reports_go_to_one_device),
        T(documents_are_written_whole),
        T(a_document_that_fails_leaves_the_old_one),
        T(a_link_stays_a_link),
        T(a_file_that_cannot_be_written_fails_its_report_only),
        T(a_pipe_that_nobody_reads_is_no_reason_to_wait),
        T(files_of_reporters_are_kept_or_removed_as_they_say),
        T(names_of_temporary_files_that_exist_are_left_alone),
        T(a_reporter_may_stop_the_run),
        T(following_the_run_takes_a_tenth_of_a_cpu_at_most),
        T(documents_of_other_kinds_are_rendered_while_it_runs),
        T(threads_of_reporters_may_ask_until_they_are_closed),
        T(a_threshold_may_stop_the_run),
        T(waiting_for_a_busy_worker_is_lateness),
        T(without_anything_to_be_late_for_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
