/*
 * worker -- one thread with one event loop, and the sessions that live on it.
 *
 * Sessions that can go on wait in the ready queue; the loop takes them from there, one step
 * budget each, between looking at sockets. Nothing is stepped from inside a callback of a plugin.
 * All functions are [worker] unless they say otherwise.
 */
#ifndef CORE_RUN_WORKER_H
#define CORE_RUN_WORKER_H

#include <pthread.h>
#include <uv.h>

#include "run/run.h"
#include "run/timers.h"

struct stressor_session;

struct message {
    void (*deliver)(void *data);
    void *data;
    struct message *next;
    int64_t sent_ns;
    bool owned; /* by the inbox: freed when it has been delivered */
};

struct stressor_worker {
    struct stressor_run *run;
    struct shard *shard;
    uint32_t index;
    pthread_t thread;
    bool joined;

    uv_loop_t loop;
    uv_timer_t clock;  /* wakes for the first of `timers` */
    int64_t clock_due; /* what it is set to; 0: nothing */
    uv_idle_t idle;    /* runs while sessions are ready */
    uv_prepare_t prepare;
    uv_check_t check;
    int64_t poll_start_ns, poll_end_ns; /* of this turn's; the end is 0 until it is known */
    int64_t last_poll_ns;               /* the end of the one before */
    int64_t cause_ns; /* since when what is being handled was ready; 0: nobody can say */
    uv_async_t wake;
    struct timers timers;

    pthread_mutex_t inbox_lock;
    struct message *inbox, **inbox_last;
    bool closed; /* takes no messages any more; guarded by inbox_lock, as is the inbox */

    struct stressor_session *ready, **ready_last;
    /* Those that have started: its i-th is number i * workers + index + 1; NULL: it has ended. */
    struct stressor_session **sessions;
    size_t sessions_count;
    uint64_t live_count;
    uint64_t next_start; /* number of the next session to start, from 0 */
    struct timer start_timer;
    struct timer grace_timer;
    uint32_t stop_seen;
    uint32_t armed; /* watches that wait for something */
    uint32_t jobs;  /* executions on the pool */
    uint32_t asked; /* sessions whose execution was cancelled and has not answered */
    bool in_turn;   /* inside a callback that arms the clock at its end */
    bool starting;  /* sessions of this worker are still to be started */

    void **plugin_data; /* what worker_open left, by plugin index */
    bool *plugin_open;
};

/* [main] Starts the thread. NULL: out of memory or threads. */
struct stressor_worker *worker_new(struct stressor_run *run, uint32_t index);
/* [main] Waits for the thread and frees the worker. NULL is fine. */
void worker_free(struct stressor_worker *w);

/* To be called first in a callback of the loop that tells of a socket. */
void worker_polled(struct stressor_worker *w);
/* The session's next step will be taken soon; it could be since `cause_ns`. */
void worker_ready(struct stressor_worker *w, struct stressor_session *s);
/* The session has ended: frees it. */
void worker_session_ended(struct stressor_worker *w, struct stressor_session *s);
/* The session's activity did not answer a stop: it is put aside for good. */
void worker_session_aside(struct stressor_worker *w, struct stressor_session *s);

/* Timers: set to fire `delay_ns` from now; each has a place reserved in `timers`. */
void worker_timer_set(struct stressor_worker *w, struct timer *timer, int64_t delay_ns);
void worker_timer_off(struct stressor_worker *w, struct timer *timer);

/* [any] Has `deliver` called on the worker, once. The message is the sender's, who leaves it alone
 * until then. False: the worker has ended. */
bool worker_send(struct stressor_worker *w, struct message *m, void (*deliver)(void *data),
                 void *data);
/* [any] The same with a message of its own. 0; STRESSOR_ENOMEM; STRESSOR_EINVAL: it has ended. */
int32_t worker_post(struct stressor_worker *w, void (*deliver)(void *data), void *data);
/* [any] Has the worker look at the run's stop and limits. */
void worker_wake(struct stressor_worker *w);

#endif
