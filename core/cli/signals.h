/*
 * signals -- SIGINT, SIGTERM and SIGHUP end a run in steps.
 *
 * They are blocked in all threads; one thread of ours waits for them. Before the run the first
 * ends the program. During the run the first stops it gracefully, the second at once, and a
 * further one ends the program, but only when the run (or a reader of our output) hangs. After the
 * run the first ends what stays.
 *
 * One object per process.
 */
#ifndef CORE_CLI_SIGNALS_H
#define CORE_CLI_SIGNALS_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include <stressor/stressor.h>

struct signals {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t rested;
    sigset_t set;
    sigset_t before; /* the mask to go back to */
    stressor_run *run;
    bool loading;        /* before the run */
    bool resting;        /* signals_rest waits */
    bool hasty;          /* a signal came that is not for a person who watches */
    bool finished;       /* the thread shall end */
    unsigned stops;      /* how many came during the run, and after it */
    unsigned stops_then; /* of these, how many before its end */
    int64_t patience_ns; /* monotonic: before that nothing counts as hanging */
};

/* Before any other thread starts. False: no thread can be made. [main] */
bool signals_start(struct signals *s);
/* A run is about to start: signals that come from now on wait for signals_set_run. [main] */
void signals_expect_run(struct signals *s);
/* From now on signals go to this run, and those that came in the meantime; NULL: it has ended.
 * [main] */
void signals_set_run(struct signals *s, stressor_run *run);
/* After the end of the run, for what stays: waits for a signal. Does not wait where one came since
 * then, or where the run was not stopped by a single Ctrl-C, but by two, or by a signal that wants
 * the program to end. [main] */
void signals_rest(struct signals *s);
/* How many signals the run has had. [any] */
unsigned signals_stops(struct signals *s);
/* Ends the thread and unblocks the signals. [main] */
void signals_finish(struct signals *s);

#endif
