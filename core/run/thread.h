/*
 * thread -- what each thread of ours does first.
 */
#ifndef CORE_RUN_THREAD_H
#define CORE_RUN_THREAD_H

#include <pthread.h>
#include <signal.h>
#include <stddef.h>

/* A peer or a reader that has gone is an error of whoever wrote to it, and must not end the process
 * of a program that has not thought of the signal. Processes that the thread starts inherit it. */
static inline void thread_block_pipe(void)
{
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
}

#endif
