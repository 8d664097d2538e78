#include "follower.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <stressor/log.h>

#include "recorder.h"

struct follower_seen follower_seen;
struct follower_pester follower_pester;
void (*follower_at_tick)(const stressor_control *control, const stressor_snapshot *s);

static void note(const char *what)
{
    follower_seen.strangers += !pthread_equal(follower_seen.thread, pthread_self());
    recorder_note("r", what, strlen(what));
}

static void keep(const stressor_snapshot *s)
{
    follower_seen.activities = s->activities;
    follower_seen.errors = s->errors;
    follower_seen.stage = s->stage;
    follower_seen.serial = s->serial;
}

static int32_t follow_open(void *plugin, const stressor_control *control, const char *path,
                           void **reporter)
{
    (void)plugin;
    follower_seen = (struct follower_seen){.control = control, .thread = pthread_self()};
    snprintf(follower_seen.path, sizeof follower_seen.path, "%s", path != NULL ? path : "-");
    note("open");
    *reporter = &follower_seen;
    return path != NULL && strcmp(path, "broken") == 0 ? STRESSOR_ESYSTEM : STRESSOR_OK;
}

static void follow_tick(void *reporter, const stressor_snapshot *s)
{
    (void)reporter;
    follower_seen.ticks++;
    keep(s);
    if (follower_at_tick != NULL)
        follower_at_tick(follower_seen.control, s);
    note("tick");
}

static int32_t follow_end(void *reporter, const stressor_snapshot *s)
{
    (void)reporter;
    keep(s);
    note("end");
    return STRESSOR_OK;
}

static void follow_close(void *reporter)
{
    (void)reporter;
    note("close");
}

/* --- pester -------------------------------------------------------------------------------------
 */

static struct {
    const stressor_control *control;
    pthread_t thread;
    _Atomic bool over;
    _Atomic(const stressor_snapshot *) final;
} pester;

static int32_t swallow(void *data, const char *bytes, uint64_t length)
{
    (void)data;
    (void)bytes;
    (void)length;
    return 0;
}

static void count_row(void *data, const stressor_session_row *row)
{
    *(uint64_t *)data += strlen(row->id) + strlen(row->path);
}

static void *pester_main(void *data)
{
    const stressor_control *c = pester.control;
    uint64_t sum = 0, total = 0;
    (void)data;
    for (bool last = false; !last;) {
        last = atomic_load(&pester.over);
        int32_t status = c->sessions_page(c, 0, 10, "T0", &total, count_row, &sum);
        follower_pester.pages += status == STRESSOR_OK;
        follower_pester.refused += status != STRESSOR_OK && status != STRESSOR_ELIMIT;
        const stressor_snapshot *s = atomic_load(&pester.final);
        if (s != NULL && c->render(c, "plain", s, swallow, NULL) < 0)
            follower_pester.refused++;
        if (last)
            c->stop(c, STRESSOR_STOP_NOW); /* too late to matter */
    }
    return NULL;
}

static int32_t pester_open(void *plugin, const stressor_control *control, const char *path,
                           void **reporter)
{
    (void)plugin;
    (void)path;
    follower_pester = (struct follower_pester){0};
    pester.control = control;
    atomic_store(&pester.over, false);
    atomic_store(&pester.final, NULL);
    *reporter = &pester;
    return pthread_create(&pester.thread, NULL, pester_main, NULL) == 0 ? STRESSOR_OK
                                                                        : STRESSOR_ESYSTEM;
}

static int32_t pester_end(void *reporter, const stressor_snapshot *s)
{
    (void)reporter;
    atomic_store(&pester.final, stressor_snapshot_retain(s));
    return STRESSOR_OK;
}

static void pester_close(void *reporter)
{
    (void)reporter;
    atomic_store(&pester.over, true);
    pthread_join(pester.thread, NULL);
    stressor_snapshot_release(atomic_load(&pester.final));
    note("close");
}

/* --- documents and files ------------------------------------------------------------------------
 */

static int32_t plain_render(void *plugin, const stressor_snapshot *s, stressor_sink sink,
                            void *data)
{
    char line[200];
    (void)plugin;
    int n = snprintf(line, sizeof line, "%s %llu %llu %u\n", s->name,
                     (unsigned long long)s->activities, (unsigned long long)s->errors, s->stage);
    int32_t status = 0;
    for (int i = 0; status >= 0 && i < n; i++)
        status = sink(data, line + i, 1);
    return status;
}

static int32_t torn_render(void *plugin, const stressor_snapshot *s, stressor_sink sink, void *data)
{
    (void)plugin;
    (void)s;
    sink(data, "some", 4);
    return STRESSOR_EINVAL;
}

static int32_t wordy_render(void *plugin, const stressor_snapshot *s, stressor_sink sink,
                            void *data)
{
    static const char line[1001] = "a";
    (void)plugin;
    (void)s;
    int32_t status = 0;
    for (int i = 0; status >= 0 && i < 200; i++)
        status = sink(data, line, 1000);
    return status;
}

/* No path is right. */
static int32_t fussy_open(void *plugin, const stressor_control *control, const char *path,
                          void **reporter)
{
    (void)plugin;
    (void)control;
    (void)path;
    (void)reporter;
    return STRESSOR_EINVAL;
}

/* Leaves PATH.left open, gives PATH.torn up, keeps PATH.good. */
static int32_t writer_open(void *plugin, const stressor_control *control, const char *path,
                           void **reporter)
{
    static const char *const ends[] = {"left", "torn", "good"};
    char name[300];
    stressor_file *file;
    (void)plugin;
    *reporter = NULL;
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s.%s", path, ends[i]);
        int32_t status = control->file_open(control, name, &file);
        if (status < 0)
            return status;
        control->file_write(file, "written", 7);
        if (i > 0 && control->file_close(file, i == 2) < 0)
            return STRESSOR_ESYSTEM;
    }
    return STRESSOR_OK;
}

static void writer_close(void *reporter)
{
    (void)reporter;
}

#define REPORTER(ID, KIND, ...)                                                                    \
    static const stressor_reporter_type ID = {                                                     \
        .size = sizeof ID, .kind = KIND, .help = "For tests", __VA_ARGS__}

REPORTER(r_follow, "follow", .extension = "follow", .open = follow_open, .tick = follow_tick,
         .end = follow_end, .close = follow_close);
REPORTER(r_stay, "stay", .flags = STRESSOR_REPORTER_STAYS, .open = follow_open, .end = follow_end,
         .close = follow_close);
REPORTER(r_pester, "pester", .flags = STRESSOR_REPORTER_STAYS, .open = pester_open,
         .end = pester_end, .close = pester_close);
REPORTER(r_plain, "plain", .extension = "plain", .render = plain_render);
REPORTER(r_torn, "torn", .extension = "torn", .render = torn_render);
REPORTER(r_wordy, "wordy", .extension = "wordy", .render = wordy_render);
REPORTER(r_writer, "writer", .open = writer_open, .close = writer_close);
REPORTER(r_fussy, "fussy", .open = fussy_open, .close = writer_close);

static const stressor_reporter_type *const reporters[] = {&r_follow, &r_stay,  &r_pester, &r_plain,
                                                          &r_torn,   &r_wordy, &r_writer, &r_fussy};

static const stressor_plugin follower = {
    .size = sizeof follower,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "follower",
    .version = "1.0",
    .help = "Notes what reporters see",
    .reporters = reporters,
    .reporters_count = sizeof reporters / sizeof *reporters,
};

const stressor_plugin *follower_entry(void)
{
    return &follower;
}
