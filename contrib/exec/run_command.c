/*
 * exec -- programs of this machine: the activity RunCommand.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stressor/log.h>

#include "job.h"

/* --- the result --------------------------------------------------------------------------------
 */

static void put(struct job *j, stressor_builder *b, const char *key, stressor_value v)
{
    const stressor_host *host = j->exec->host;
    host->build_key(b, key, strlen(key));
    host->build_value(b, &v);
}

static stressor_value signal_name(struct job *j)
{
    const char *name = j->end.signal > 0 ? sigabbrev_np(j->end.signal) : NULL;
    char *text = j->end.signal > 0 ? j->exec->host->scratch(j->exec, 32) : NULL;
    if (text == NULL)
        return stressor_null();
    if (name != NULL)
        snprintf(text, 32, "SIG%s", name);
    else
        snprintf(text, 32, "%d", j->end.signal);
    return stressor_string(text);
}

static bool build_info(struct job *j, stressor_value *out)
{
    const stressor_host *host = j->exec->host;
    const struct process_end *end = &j->end;
    stressor_builder *b = host->build(j->exec);
    if (b == NULL)
        return false;
    bool has_peak = end->peak_memory > j->memory_floor;
    host->build_map(b);
    put(j, b, "exit_code", end->exit_code >= 0 ? stressor_int(end->exit_code) : stressor_null());
    put(j, b, "signal", signal_name(j));
    put(j, b, "stderr", stressor_string_n(j->err.bytes, j->err.length));
    put(j, b, "stderr_cut", stressor_bool(j->err.is_cut));
    put(j, b, "cpu_time", stressor_double((double)(end->user_ns + end->system_ns) / 1e9));
    put(j, b, "user_time", stressor_double((double)end->user_ns / 1e9));
    put(j, b, "system_time", stressor_double((double)end->system_ns / 1e9));
    put(j, b, "peak_memory", has_peak ? stressor_int(end->peak_memory) : stressor_null());
    host->build_end(b);
    return host->build_finish(b, out) == STRESSOR_OK;
}

/* The last line that the command said of its trouble, and what comes before it in a message. */
static void last_words(const struct job *j, const char **before, int *length, const char **text)
{
    enum { SHOWN_MAX = 300 };
    size_t end = j->err.length;
    *before = *text = "";
    *length = 0;
    while (end > 0 && strchr("\r\n \t", j->err.bytes[end - 1]) != NULL)
        end--;
    size_t start = end;
    while (start > 0 && j->err.bytes[start - 1] != '\n' && end - start < SHOWN_MAX)
        start--;
    if (start == end || j->command.has_secrets)
        return;
    *before = ": ";
    *text = j->err.bytes + start;
    *length = (int)(end - start);
}

static bool is_expected(const struct job *j)
{
    const stressor_value *expected = &j->exec->args[ARG_ASSERT_EXIT];
    if (expected->type == STRESSOR_NULL)
        return true;
    if (expected->type == STRESSOR_INT)
        return expected->as.integer == j->end.exit_code;
    for (uint64_t i = 0; i < expected->as.list.count; i++)
        if (j->exec->host->list_at(expected, i)->as.integer == j->end.exit_code)
            return true;
    return false;
}

static void fail_exit(struct job *j, stressor_failure *f)
{
    const char *before, *text;
    int length;
    stressor_value expected = stressor_string("0");
    j->exec->host->value_text(j->exec, &j->exec->args[ARG_ASSERT_EXIT], &expected);
    last_words(j, &before, &length, &text);
    if (j->end.exit_code < 0) {
        stressor_value name = signal_name(j);
        stressor_fail(j->exec, f, STRESSOR_TARGET, "signal", "%s was ended by %.*s%s%.*s",
                      j->command.name, (int)name.as.string.length,
                      name.type == STRESSOR_STRING ? name.as.string.ptr : "a signal", before,
                      length, text);
        return;
    }
    stressor_fail(j->exec, f, STRESSOR_ASSERTION, "exit code",
                  "expected exit code %.*s, got %d from %s%s%.*s", (int)expected.as.string.length,
                  expected.as.string.ptr, j->end.exit_code, j->command.name, before, length, text);
}

static void judge(struct job *j, stressor_failure *f)
{
    const stressor_value *args = j->exec->args;
    const char *name = j->command.name;
    switch (j->verdict) {
    case JOB_CANCELLED:
        stressor_fail(j->exec, f, STRESSOR_CANCELLED, "cancelled", "%s was ended by a stop", name);
        return;
    case JOB_TIMEOUT:
        stressor_fail(j->exec, f, STRESSOR_TIMEOUT, "timeout",
                      "expected %s to end within %g s; it was ended", name,
                      (double)args[ARG_TIMEOUT].as.integer / 1e9);
        return;
    case JOB_TOO_MUCH:
        stressor_fail(j->exec, f, STRESSOR_TARGET, "too much output",
                      "expected at most %zu bytes of output from %s (max_output)", j->out.max,
                      name);
        return;
    case JOB_NO_MEMORY:
        stressor_fail(j->exec, f, STRESSOR_GENERATOR, "memory",
                      "out of memory for the output of %s", name);
        return;
    default: break;
    }
    if (!j->end.is_known)
        stressor_fail(j->exec, f, STRESSOR_GENERATOR, "lost",
                      "how %s ended was told to somebody else in this process", name);
    else if (!is_expected(j))
        fail_exit(j, f);
}

static void strip(const struct job *j, stressor_result *r)
{
    if (j->exec->args[ARG_STRIP].as.integer == 0)
        return;
    while (r->text_length > 0 && r->text[r->text_length - 1] == '\n')
        r->text_length--;
}

void job_over(struct job *j)
{
    stressor_result r = {.size = sizeof r, .flags = STRESSOR_RESULT_TEXT_IS_VALUE};
    stressor_exec *exec = j->exec;
    r.text = j->out.bytes != NULL ? j->out.bytes : "";
    r.text_length = j->out.length;
    strip(j, &r);
    judge(j, &r.failure);
    if ((exec->wants & (STRESSOR_WANT_INFO | STRESSOR_WANT_DEBUG)) != 0 &&
        !build_info(j, &r.info) && r.failure.category == STRESSOR_NO_FAILURE)
        stressor_fail(exec, &r.failure, STRESSOR_GENERATOR, "memory", "out of memory");
    exec->host->complete(exec, &r);
    job_free(j);
}

/* --- one execution -----------------------------------------------------------------------------
 */

struct place {
    stressor_plan *plan;
};

static const char folder_outside[] = "it has to be in the scenario's folder or below";

/* A descriptor; -1: where stressor runs, for want of a folder of the scenario. -2: a failure. */
static int open_folder(stressor_exec *exec, stressor_failure *failure)
{
    const struct place *place = exec->place;
    const stressor_value *v = &exec->args[ARG_FOLDER];
    bool given = v->type == STRESSOR_STRING;
    int fd = exec->host->open_folder(place->plan, given ? v->as.string.ptr : "",
                                     given ? v->as.string.length : 0);
    if (fd >= 0)
        return fd;
    if (!given && fd == STRESSOR_EINVAL)
        return -1;
    int error = errno;
    bool ours = fd != STRESSOR_EINVAL && (error == EMFILE || error == ENFILE);
    stressor_fail(exec, failure, ours ? (uint32_t)STRESSOR_GENERATOR : (uint32_t)STRESSOR_SCRIPT,
                  ours ? "descriptors" : "bad argument", "argument 'folder': %s",
                  fd == STRESSOR_EINVAL ? folder_outside : strerror(error));
    return -2;
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    const stressor_value *in = &exec->args[ARG_STDIN];
    if (in->type == STRESSOR_STRING && in->as.string.length > COMMAND_STDIN_MAX)
        return stressor_fail(exec, &result->failure, STRESSOR_SCRIPT, "bad argument",
                             "argument 'stdin': expected at most %d bytes", COMMAND_STDIN_MAX);
    int folder = open_folder(exec, &result->failure);
    if (folder == -2)
        return STRESSOR_FAILED;
    exec->data = job_start(exec->worker_data, exec, folder, &result->failure);
    if (folder >= 0)
        close(folder);
    return exec->data != NULL ? STRESSOR_PENDING : STRESSOR_FAILED;
}

static void cancel(stressor_exec *exec)
{
    job_cancel(exec->data);
}

/* One that is not there may be made by the run itself. */
static int32_t check_folder(stressor_prepare *p)
{
    const stressor_value *v = &p->args[ARG_FOLDER];
    if (p->states[ARG_FOLDER] != STRESSOR_ARG_CONSTANT)
        return 0;
    int fd = p->host->open_folder(p->plan, v->as.string.ptr, v->as.string.length);
    if (fd >= 0)
        close(fd);
    return fd == STRESSOR_EINVAL ? stressor_problem(p, ARG_FOLDER, "%s", folder_outside) : 0;
}

static int32_t prepare(stressor_prepare *p)
{
    int32_t command = command_check(p), folder = check_folder(p);
    if (command != 0 || folder != 0)
        return STRESSOR_EINVAL;
    struct place *place = calloc(1, sizeof *place);
    if (place == NULL)
        return stressor_problem(p, -1, "out of memory");
    place->plan = p->plan;
    p->place = place;
    return 0;
}

static void release(void *plugin, void *place)
{
    (void)plugin;
    free(place);
}

/* --- the type ----------------------------------------------------------------------------------
 */

#define ARG(NAME, ...)                                                                             \
    static const stressor_arg arg_##NAME = {.size = sizeof arg_##NAME, .name = #NAME, __VA_ARGS__}

ARG(command, .types = STRESSOR_ARG_LIST | STRESSOR_ARG_STRING,
    .items = STRESSOR_ARG_STRING | STRESSOR_ARG_INT | STRESSOR_ARG_FLOAT,
    .flags = STRESSOR_ARG_REQUIRED,
    .help = "the program and its arguments, as a list; with `shell: true` a text for /bin/sh");
ARG(shell, .types = STRESSOR_ARG_BOOL, .fallback = "false",
    .help = "whether `command` is a text that a shell runs");
ARG(environment, .types = STRESSOR_ARG_MAP,
    .items = STRESSOR_ARG_STRING | STRESSOR_ARG_INT | STRESSOR_ARG_FLOAT | STRESSOR_ARG_NULL,
    .help = "variables that are set besides stressor's own; null removes one");
ARG(folder, .types = STRESSOR_ARG_STRING,
    .help = "where the command works: the scenario's folder, or one below");
ARG(stdin, .types = STRESSOR_ARG_STRING, .help = "what the command reads from its standard input");
ARG(timeout, .types = STRESSOR_ARG_DURATION | STRESSOR_ARG_NULL, .fallback = "60", .min = 0.001,
    .max = 1e9, .help = "how long the command may take; null: as long as it wants");
ARG(grace, .types = STRESSOR_ARG_DURATION, .fallback = "2", .min = 0, .max = 3600,
    .help = "how long a command that is to end may take for it before it is killed");
ARG(max_output, .types = STRESSOR_ARG_INT, .fallback = "1048576", .min = 0,
    .max = COMMAND_OUTPUT_MAX, .help = "how many bytes the command may write");
ARG(assert_exit, .types = STRESSOR_ARG_INT | STRESSOR_ARG_LIST | STRESSOR_ARG_NULL,
    .items = STRESSOR_ARG_INT, .fallback = "0", .min = 0, .max = 255,
    .help = "the exit code that is expected, or a list; null: any, and signals too");
ARG(strip, .types = STRESSOR_ARG_BOOL, .fallback = "true",
    .help = "whether newlines at the end of the output are left out");

static const stressor_arg *const args[ARGS_COUNT] = {[ARG_COMMAND] = &arg_command,
                                                     [ARG_SHELL] = &arg_shell,
                                                     [ARG_ENVIRONMENT] = &arg_environment,
                                                     [ARG_FOLDER] = &arg_folder,
                                                     [ARG_STDIN] = &arg_stdin,
                                                     [ARG_TIMEOUT] = &arg_timeout,
                                                     [ARG_GRACE] = &arg_grace,
                                                     [ARG_MAX_OUTPUT] = &arg_max_output,
                                                     [ARG_ASSERT_EXIT] = &arg_assert_exit,
                                                     [ARG_STRIP] = &arg_strip};

static const stressor_activity_type run_command = {.size = sizeof run_command,
                                                   .name = "RunCommand",
                                                   .help = "Run a program of this machine",
                                                   .args = args,
                                                   .args_count = ARGS_COUNT,
                                                   .descriptors_per_session =
                                                       9, /* while it starts; then three */
                                                   .prepare = prepare,
                                                   .release = release,
                                                   .start = start,
                                                   .cancel = cancel};

/* --- life --------------------------------------------------------------------------------------
 */

static int32_t plugin_init(const stressor_host *host, void **data)
{
    struct exec_plugin *p = calloc(1, sizeof *p);
    if (p == NULL)
        return STRESSOR_ENOMEM;
    p->host = host;
    p->loop = host->extension(host, STRESSOR_LOOP_1);
    if (p->loop == NULL || !STRESSOR_HAS(host, open_folder)) {
        stressor_log(host, STRESSOR_LOG_ERROR, "exec: the host is too old");
        free(p);
        return STRESSOR_ESYSTEM;
    }
    *data = p;
    return 0;
}

static int32_t run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    (void)run;
    (void)plan;
    *run_data = data;
    return 0;
}

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    struct exec_worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return STRESSOR_ENOMEM;
    w->plugin = run_data;
    w->worker = worker;
    *worker_data = w;
    return 0;
}

/* What is left are commands whose sessions were put aside. */
static void worker_close(void *worker_data)
{
    struct exec_worker *w = worker_data;
    while (w->jobs != NULL)
        job_free(w->jobs);
    free(w);
}

static const stressor_activity_type *const types[] = {&run_command};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "exec",
                                       .version = "0.1.0",
                                       .help = "Programs of this machine",
                                       .license = "MIT",
                                       .activities = types,
                                       .activities_count = 1,
                                       .init = plugin_init,
                                       .fini = free,
                                       .run_open = run_open,
                                       .worker_open = worker_open,
                                       .worker_close = worker_close};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
