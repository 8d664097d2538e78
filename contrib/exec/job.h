/*
 * job -- one RunCommand under way: the process, its output, its time limit.
 *
 * A job is over when the process has ended, whoever else still holds its pipes: what is in them
 * then is read, and what is left of the process's group is killed. All is [worker].
 */
#ifndef EXEC_JOB_H
#define EXEC_JOB_H

#include <stressor/loop.h>
#include <stressor/plugin.h>

#include "command.h"
#include "output.h"
#include "process.h"

enum { JOB_STDERR_MAX = 64 << 10 /* bytes of it that are kept */ };

struct exec_plugin {
    const stressor_host *host;
    const stressor_loop_api *loop;
};

struct exec_worker {
    const struct exec_plugin *plugin;
    stressor_worker *worker;
    struct job *jobs;
};

/* Why a job was ended. */
enum job_verdict { JOB_FINE, JOB_TIMEOUT, JOB_TOO_MUCH, JOB_NO_MEMORY, JOB_CANCELLED };

struct job {
    struct job *next, **link; /* of the worker's */
    struct exec_worker *worker;
    stressor_exec *exec;
    struct command command;
    struct process process;
    struct output out, err;
    stressor_watch *out_watch, *err_watch, *end_watch;
    stressor_timer *timer;
    int64_t grace_ns;
    int64_t memory_floor; /* bytes; a peak below says nothing of the process */
    bool is_asked;        /* to end, by SIGTERM */
    enum job_verdict verdict;
    struct process_end end;
};

/* NULL: `failure` says why it could not be started. Later job_over is called, once, and not from
 * inside this function. `folder` (-1: where we are) is the caller's again. */
struct job *job_start(struct exec_worker *w, stressor_exec *exec, int folder,
                      stressor_failure *failure);
/* The job has ended. Completes the execution and frees the job: in run_command.c. */
void job_over(struct job *job);
void job_cancel(struct job *job);
/* NULL is fine. Kills the process if it still runs. */
void job_free(struct job *job);

#endif
