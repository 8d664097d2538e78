#include "recorder.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <stressor/call.h>
#include <stressor/log.h>
#include <stressor/loop.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static char notes[1 << 16];
static size_t notes_length;

static const stressor_loop_api *loop;
static const stressor_activity_api *activities;

void recorder_note(const char *id, const char *text, size_t length)
{
    pthread_mutex_lock(&lock);
    int n = snprintf(notes + notes_length, sizeof notes - notes_length, "%s%s:%.*s",
                     notes_length > 0 ? " " : "", id, (int)length, text);
    if (n > 0 && notes_length + (size_t)n < sizeof notes)
        notes_length += (size_t)n;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

const char *recorder_notes(void)
{
    return notes;
}

void recorder_reset(void)
{
    pthread_mutex_lock(&lock);
    notes_length = 0;
    notes[0] = '\0';
    pthread_mutex_unlock(&lock);
}

static unsigned count_locked(const char *text)
{
    unsigned count = 0;
    size_t length = strlen(text);
    for (const char *p = notes; (p = strchr(p, ':')) != NULL; p++)
        if (strncmp(p + 1, text, length) == 0 && (p[1 + length] == ' ' || p[1 + length] == '\0'))
            count++;
    return count;
}

unsigned recorder_count(const char *text)
{
    pthread_mutex_lock(&lock);
    unsigned count = count_locked(text);
    pthread_mutex_unlock(&lock);
    return count;
}

bool recorder_wait(const char *text, unsigned times)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    pthread_mutex_lock(&lock);
    int status = 0;
    while (count_locked(text) < times && status == 0)
        status = pthread_cond_timedwait(&changed, &lock, &until);
    bool good = count_locked(text) >= times;
    pthread_mutex_unlock(&lock);
    return good;
}

/* --- the activities ------------------------------------------------------------------------------
 */

#define ARG(NAME, ...) static const stressor_arg NAME = {.size = sizeof(stressor_arg), __VA_ARGS__}

ARG(arg_text, .name = "text", .types = STRESSOR_ARG_STRING, .help = "what to note");
ARG(arg_fail, .name = "fail", .types = STRESSOR_ARG_BOOL, .fallback = "false", .help = "fail");
ARG(arg_value, .name = "value", .types = STRESSOR_ARG_ANY, .help = "the result");
ARG(arg_seconds, .name = "seconds", .types = STRESSOR_ARG_DURATION, .flags = STRESSOR_ARG_REQUIRED,
    .help = "how long");
ARG(arg_type, .name = "type", .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_REQUIRED,
    .help = "the activity to call");
ARG(arg_arguments, .name = "arguments", .types = STRESSOR_ARG_MAP, .help = "its arguments");

static const char *id_of(stressor_exec *x)
{
    static _Thread_local stressor_session_info info;
    x->host->session_info(x->session, &info);
    return info.id;
}

static int32_t note_start(stressor_exec *x, stressor_result *r)
{
    stressor_value text;
    x->host->value_text(x, &x->args[0], &text);
    recorder_note(id_of(x), text.as.string.ptr, text.as.string.length);
    r->value = x->args[0];
    if (x->args[1].as.integer == 0)
        return STRESSOR_DONE;
    return stressor_fail(x, &r->failure, STRESSOR_TARGET, "asked", "asked to fail");
}

static int32_t give_start(stressor_exec *x, stressor_result *r)
{
    r->value = x->args[0];
    return STRESSOR_DONE;
}

static int32_t give_text_start(stressor_exec *x, stressor_result *r)
{
    r->text = x->args[0].as.string.ptr;
    r->text_length = x->args[0].as.string.length;
    r->flags = STRESSOR_RESULT_TEXT_IS_VALUE;
    if (x->args[0].flags & STRESSOR_SECRET)
        r->flags |= STRESSOR_RESULT_TEXT_IS_SECRET;
    return STRESSOR_DONE;
}

/* Asks 2,000 times whether the text is right. */
static int32_t ask_start(stressor_exec *x, stressor_result *r)
{
    int32_t status = give_text_start(x, r);
    for (int i = 0; i < 2000 && status == STRESSOR_DONE; i++)
        status = x->host->check(x, r, &r->failure);
    return status;
}

/* Those that wait for nothing come often, and would fill the notes. */
static void note_wait(stressor_exec *x, const char *text)
{
    if (x->args[0].as.integer > 0)
        recorder_note(id_of(x), text, strlen(text));
}

static void wait_over(void *data)
{
    stressor_exec *x = data;
    stressor_result r = {.size = sizeof r};
    note_wait(x, "waited");
    loop->timer_free(x->data);
    x->host->complete(x, &r);
}

static int32_t wait_start(stressor_exec *x, stressor_result *r)
{
    note_wait(x, "waiting");
    x->data = loop->timer_new(x->worker, wait_over, x);
    if (x->data == NULL)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    loop->timer_start(x->data, x->args[0].as.integer);
    return STRESSOR_PENDING;
}

static void wait_cancel(stressor_exec *x)
{
    stressor_result r = {.size = sizeof r};
    recorder_note(id_of(x), "cancelled", strlen("cancelled"));
    loop->timer_free(x->data);
    stressor_fail(x, &r.failure, STRESSOR_CANCELLED, "cancelled", "cancelled");
    x->host->complete(x, &r);
}

static int32_t stuck_start(stressor_exec *x, stressor_result *r)
{
    (void)r;
    recorder_note(id_of(x), "stuck", strlen("stuck"));
    return STRESSOR_PENDING;
}

static void stuck_cancel(stressor_exec *x)
{
    (void)x;
}

static int32_t block_start(stressor_exec *x, stressor_result *r)
{
    int64_t ns = x->args[0].as.integer;
    struct timespec t = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    recorder_note(id_of(x), "blocking", strlen("blocking"));
    nanosleep(&t, NULL);
    r->value = stressor_string("blocked");
    return STRESSOR_DONE;
}

static int32_t burn_start(stressor_exec *x, stressor_result *r)
{
    (void)r;
    for (int64_t from_ns = loop->now(); loop->now() - from_ns < x->args[0].as.integer;)
        continue;
    return STRESSOR_DONE;
}

static int32_t call_prepare(stressor_prepare *p)
{
    return activities->will_call(p);
}

static void note_secret(stressor_exec *x, const stressor_result *result)
{
    if ((result->flags & STRESSOR_RESULT_TEXT_IS_SECRET) != 0)
        recorder_note(id_of(x), "secret", strlen("secret"));
}

static void call_done(stressor_exec *x, void *data, const stressor_result *result)
{
    (void)data;
    note_secret(x, result);
    x->host->complete(x, result);
}

static int32_t call_start(stressor_exec *x, stressor_result *r)
{
    if (activities->call(x, x->args[0].as.string.ptr, &x->args[1], call_done, NULL) == 0)
        return STRESSOR_PENDING;
    return stressor_fail(x, &r->failure, STRESSOR_SCRIPT, "refused", "the call was refused");
}

static int32_t call_wait_start(stressor_exec *x, stressor_result *r)
{
    int32_t status = activities->call_wait(x, x->args[0].as.string.ptr, &x->args[1], r);
    note_secret(x, r);
    return status;
}

#define TYPE(ID, NAME, START, FLAGS, ...)                                                          \
    static const stressor_arg *const ID##_args[] = {__VA_ARGS__};                                  \
    static const stressor_activity_type ID = {.size = sizeof ID,                                   \
                                              .flags = FLAGS,                                      \
                                              .name = NAME,                                        \
                                              .help = "For tests",                                 \
                                              .args = ID##_args,                                   \
                                              .args_count = sizeof ID##_args / sizeof *ID##_args,  \
                                              .start = START,

TYPE(t_note, "Note", note_start, STRESSOR_ACTIVITY_DRY_RUN, &arg_text, &arg_fail)
}
;
TYPE(t_give, "Give", give_start, 0, &arg_value)
}
;
TYPE(t_give_text, "GiveText", give_text_start, 0, &arg_text)
}
;
TYPE(t_ask, "Ask", ask_start, 0, &arg_text)
}
;
TYPE(t_wait, "Wait", wait_start, STRESSOR_ACTIVITY_IGNORE_TIMING, &arg_seconds).cancel = wait_cancel
}
;
TYPE(t_stuck, "Stuck", stuck_start, 0, &arg_text).cancel = stuck_cancel,
                                       .descriptors_per_session = 5
}
;
TYPE(t_block, "Block", block_start, STRESSOR_ACTIVITY_BLOCKING, &arg_seconds)
}
;
TYPE(t_burn, "Burn", burn_start, 0, &arg_seconds)
}
;
TYPE(t_call, "Call", call_start, 0, &arg_type, &arg_arguments).prepare = call_prepare
}
;
TYPE(t_call_wait, "CallWait", call_wait_start, STRESSOR_ACTIVITY_BLOCKING, &arg_type,
     &arg_arguments)
    .prepare = call_prepare
}
;

static const stressor_activity_type *const types[] = {&t_note, &t_give,     &t_give_text, &t_ask,
                                                      &t_wait, &t_stuck,    &t_block,     &t_burn,
                                                      &t_call, &t_call_wait};

static const char *const wait_positions[] = {"seconds", NULL};
static const stressor_macro wait_macro = {.size = sizeof wait_macro,
                                          .kind = STRESSOR_MACRO_ACTIVITY,
                                          .name = "wait",
                                          .help = "Stands for Wait",
                                          .args = wait_positions,
                                          .args_required = 1,
                                          .activity = "Wait"};
static const stressor_macro *const macros[] = {&wait_macro};

static int32_t init(const stressor_host *host, void **data)
{
    (void)data;
    loop = host->extension(host, STRESSOR_LOOP_1);
    activities = host->extension(host, STRESSOR_ACTIVITY_1);
    return loop != NULL && activities != NULL ? STRESSOR_OK : STRESSOR_ENOENT;
}

static const stressor_plugin recorder = {
    .size = sizeof recorder,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "recorder",
    .version = "1.0",
    .help = "Notes what happens",
    .activities = types,
    .activities_count = sizeof types / sizeof *types,
    .macros = macros,
    .macros_count = 1,
    .init = init,
};

const stressor_plugin *recorder_entry(void)
{
    return &recorder;
}

/* --- trials --------------------------------------------------------------------------------------
 */

static void log_line(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                     uint64_t length)
{
    struct trial *t = data;
    (void)level;
    (void)time_wall_ns;
    int n = snprintf(t->log + t->log_length, sizeof t->log - t->log_length, "%.*s\n", (int)length,
                     text);
    if (n > 0 && t->log_length + (size_t)n < sizeof t->log)
        t->log_length += (size_t)n;
}

void trial_load(struct trial *t, const char *yaml, const char *const *overrides)
{
    static const stressor_plugin_entry builtins[] = {recorder_entry, NULL};
    trial_load_with(t, builtins, yaml, overrides);
}

void trial_load_with(struct trial *t, const stressor_plugin_entry *builtins, const char *yaml,
                     const char *const *overrides)
{
    memset(t, 0, sizeof *t);
    recorder_reset();
    stressor_engine_options o = {.size = sizeof o,
                                 .log_level = STRESSOR_LOG_INFO,
                                 .log = log_line,
                                 .log_data = t,
                                 .builtin_plugins = builtins};
    t->engine = stressor_engine_new(&o);
    assert_non_null(t->engine);
    stressor_load_options l = {.size = sizeof l, .overrides = overrides};
    t->plan = stressor_load_memory(t->engine, yaml, strlen(yaml), "test.yaml", NULL, &l);
}

void trial_start(struct trial *t, const stressor_run_options *options)
{
    char error[200];
    for (size_t i = 0; t->plan == NULL && i < stressor_mistakes_count(t->engine); i++)
        print_error("%s\n", stressor_mistake_text(t->engine, i));
    assert_non_null(t->plan);
    t->run = stressor_run_start(t->plan, options, error, sizeof error);
    if (t->run == NULL)
        print_error("%s\n", error);
    assert_non_null(t->run);
}

void trial_end(struct trial *t)
{
    assert_true(stressor_run_wait(t->run, -1)); /* ctest ends what hangs */
    t->snapshot = stressor_run_snapshot(t->run);
    assert_non_null(t->snapshot);
}

void trial_run(struct trial *t, const char *yaml)
{
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = 1;
    trial_load(t, yaml, NULL);
    trial_start(t, &o);
    trial_end(t);
}

void trial_free(struct trial *t)
{
    stressor_snapshot_release(t->snapshot);
    stressor_run_free(t->run);
    stressor_plan_free(t->plan);
    stressor_engine_free(t->engine);
}

uint64_t trial_errors(const struct trial *t, const char *kind)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < t->snapshot->error_groups_count; i++)
        if (strcmp(t->snapshot->error_groups[i]->kind, kind) == 0)
            count += t->snapshot->error_groups[i]->count;
    return count;
}

const stressor_row *trial_row(const struct trial *t, const char *name)
{
    for (uint32_t i = 0; i < t->snapshot->rows_count; i++)
        if (strcmp(t->snapshot->rows[i]->name, name) == 0)
            return t->snapshot->rows[i];
    return NULL;
}
