/*
 * job -- something that blocks, such as looking up a name, done on a thread aside; the worker is
 * told when it is over.
 *
 *     struct lookup { struct job job; char name[256]; … };
 *     if (!job_start(&lookup->job))
 *         free(lookup);                   // never began
 *     …
 *     job_abandon(&lookup->job);          // whoever waits goes away: `done` does not come
 *
 * At most JOB_THREADS_MAX run at once in the process; more wait for their turn. The threads end
 * when nothing is left to do. A job that never returns holds up neither a worker nor the end of a
 * run.
 */
#ifndef CLIENT_JOB_H
#define CLIENT_JOB_H

#include <stdbool.h>

#include <stressor/loop.h>

enum { JOB_THREADS_MAX = 16 };

/* Part of the caller's own struct, all of which `release` frees. Set all but `next`. */
struct job {
    struct job *next;
    const stressor_loop_api *loop;
    stressor_worker *worker;          /* NULL: abandoned */
    void (*work)(struct job *job);    /* [its thread] may block */
    void (*done)(struct job *job);    /* [worker] after `work`, unless abandoned */
    void (*release)(struct job *job); /* [any] the last that is called, always */
};

/* False: there is no thread; nothing will be called, and the job is still the caller's. [worker] */
bool job_start(struct job *job);
/* Before the worker's sessions or the worker itself are gone. [worker] */
void job_abandon(struct job *job);

#endif
