#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <stressor/log.h>

static const int64_t CANCEL_GRACE_NS = INT64_C(2000000000); /* the host waits for 5 s */

/* --- ending it ---------------------------------------------------------------------------------
 */

static void end_with(struct job *j, enum job_verdict verdict, int64_t grace_ns)
{
    if (verdict > j->verdict)
        j->verdict = verdict;
    if (grace_ns > 0 && !j->is_asked) {
        process_signal(&j->process, SIGTERM);
        process_signal(&j->process, SIGCONT); /* one that is stopped cannot heed it */
        j->worker->plugin->loop->timer_start(j->timer, grace_ns);
    } else if (grace_ns == 0) {
        process_signal(&j->process, SIGKILL);
    }
    j->is_asked = true;
}

static void on_timer(void *data)
{
    struct job *j = data;
    end_with(j, JOB_TIMEOUT, j->is_asked ? 0 : j->grace_ns);
}

void job_cancel(struct job *j)
{
    int64_t grace_ns = j->grace_ns < CANCEL_GRACE_NS ? j->grace_ns : CANCEL_GRACE_NS;
    if (j->is_asked) /* of what is left of its time no more than that */
        j->worker->plugin->loop->timer_start(j->timer, grace_ns);
    end_with(j, JOB_CANCELLED, grace_ns);
}

/* --- its output --------------------------------------------------------------------------------
 */

static void stop_watching(struct job *j, stressor_watch **watch)
{
    j->worker->plugin->loop->watch_free(*watch);
    *watch = NULL;
}

static void look_at_output(struct job *j, enum output_state state, stressor_watch **watch)
{
    if (state == OUTPUT_FAILED)
        end_with(j, JOB_NO_MEMORY, 0);
    else if (watch == &j->out_watch && j->out.is_cut)
        end_with(j, JOB_TOO_MUCH, 0);
    else if (state == OUTPUT_OPEN)
        return;
    stop_watching(j, watch);
}

static void on_out(void *data, uint32_t events)
{
    struct job *j = data;
    (void)events;
    look_at_output(j, output_read(&j->out, j->process.out), &j->out_watch);
}

static void on_err(void *data, uint32_t events)
{
    struct job *j = data;
    (void)events;
    look_at_output(j, output_read(&j->err, j->process.err), &j->err_watch);
}

/* --- the end -----------------------------------------------------------------------------------
 */

static void on_end(void *data, uint32_t events)
{
    struct job *j = data;
    (void)events;
    stop_watching(j, &j->end_watch);
    j->worker->plugin->loop->timer_stop(j->timer);
    process_reap(&j->process, &j->end);
    if (j->out_watch != NULL && output_drain(&j->out, j->process.out) == OUTPUT_FAILED &&
        j->verdict == JOB_FINE)
        j->verdict = JOB_NO_MEMORY;
    if (j->err_watch != NULL)
        output_drain(&j->err, j->process.err);
    if (j->out.is_cut && j->verdict == JOB_FINE)
        j->verdict = JOB_TOO_MUCH;
    job_over(j);
}

void job_free(struct job *j)
{
    if (j == NULL)
        return;
    const struct exec_plugin *p = j->worker->plugin;
    stop_watching(j, &j->out_watch);
    stop_watching(j, &j->err_watch);
    stop_watching(j, &j->end_watch);
    p->loop->timer_free(j->timer);
    if (j->process.pid > 0)
        process_kill(&j->process);
    process_close(&j->process);
    output_finish(&j->out);
    output_finish(&j->err);
    *j->link = j->next;
    if (j->next != NULL)
        j->next->link = j->link;
    free(j);
}

/* --- the beginning -----------------------------------------------------------------------------
 */

static bool watch(struct job *j, int fd, stressor_watch **out,
                  void (*ready)(void *data, uint32_t events))
{
    const stressor_loop_api *loop = j->worker->plugin->loop;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
        return false;
    *out = loop->watch_new(j->worker->worker, fd, ready, j);
    return *out != NULL && loop->watch_set(*out, STRESSOR_READABLE) == STRESSOR_OK;
}

static bool watch_all(struct job *j)
{
    stressor_value timeout = j->exec->args[ARG_TIMEOUT];
    const stressor_loop_api *loop = j->worker->plugin->loop;
    j->timer = loop->timer_new(j->worker->worker, on_timer, j);
    j->end_watch = loop->watch_new(j->worker->worker, j->process.end, on_end, j);
    if (j->timer == NULL || j->end_watch == NULL ||
        loop->watch_set(j->end_watch, STRESSOR_READABLE) != STRESSOR_OK ||
        !watch(j, j->process.out, &j->out_watch, on_out) ||
        !watch(j, j->process.err, &j->err_watch, on_err))
        return false;
    if (timeout.type == STRESSOR_INT)
        loop->timer_start(j->timer, timeout.as.integer);
    return true;
}

static void tell_why(struct job *j, const char *step, stressor_failure *failure)
{
    int error = errno;
    const char *kind = error == EMFILE || error == ENFILE ? "descriptors"
                       : error == ENOMEM                  ? "memory"
                       : error == EAGAIN                  ? "processes"
                                                          : "start";
    bool is_ours = step != NULL || strcmp(kind, "start") != 0;
    stressor_fail(j->exec, failure,
                  is_ours ? (uint32_t)STRESSOR_GENERATOR : (uint32_t)STRESSOR_SCRIPT, kind,
                  "cannot %s%s%s: %s", step != NULL ? step : "start", step != NULL ? " for " : " ",
                  j->command.name, strerror(error));
}

static struct job *job_new(struct exec_worker *w, stressor_exec *exec)
{
    struct job *j = calloc(1, sizeof *j);
    if (j == NULL)
        return NULL;
    j->worker = w;
    j->exec = exec;
    j->process = (struct process){.pid = -1, .end = -1, .out = -1, .err = -1};
    j->grace_ns = exec->args[ARG_GRACE].as.integer;
    j->out.max = (size_t)exec->args[ARG_MAX_OUTPUT].as.integer;
    j->err.max = JOB_STDERR_MAX;
    j->next = w->jobs;
    j->link = &w->jobs;
    if (j->next != NULL)
        j->next->link = &j->next;
    w->jobs = j;
    return j;
}

struct job *job_start(struct exec_worker *w, stressor_exec *exec, int folder,
                      stressor_failure *failure)
{
    const stressor_value *in = &exec->args[ARG_STDIN];
    struct process_input input = {.folder = folder};
    struct rusage own;
    const char *step;
    struct job *j = job_new(w, exec);
    if (j == NULL) {
        stressor_fail(exec, failure, STRESSOR_GENERATOR, "memory", "out of memory");
        return NULL;
    }
    if (in->type == STRESSOR_STRING) {
        input.bytes = in->as.string.ptr;
        input.length = in->as.string.length;
    }
    /* A new process counts as its own the memory that its parent has when it is made. */
    if (getrusage(RUSAGE_SELF, &own) == 0)
        j->memory_floor = (int64_t)own.ru_maxrss * 1024;
    if (!command_make(&j->command, exec, failure)) {
        job_free(j);
        return NULL;
    }
    if (!process_start(&j->process, &j->command, &input, &step)) {
        tell_why(j, step, failure);
        job_free(j);
        return NULL;
    }
    if (!watch_all(j)) {
        stressor_fail(exec, failure, STRESSOR_GENERATOR, "memory",
                      "out of memory to watch the command");
        job_free(j);
        return NULL;
    }
    return j;
}
