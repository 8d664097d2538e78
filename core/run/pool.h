/*
 * pool -- threads for activities that block: ours, growing up to a ceiling, so that a slow one
 * never holds up libuv's four.
 *
 * Jobs are members of whatever submits them. Threads are started when all are busy, and end with
 * the pool.
 */
#ifndef CORE_RUN_POOL_H
#define CORE_RUN_POOL_H

#include <stdbool.h>
#include <stdint.h>

enum { POOL_THREADS_MAX = 256 };

struct pool;

struct pool_job {
    void (*work)(struct pool_job *job); /* [pool] */
    struct pool_job *next, **link;      /* in the queue; `link` is NULL outside */
    int64_t submitted_ns;
    int64_t waited_ns; /* in the queue; set before `work` */
};

struct pool *pool_new(void);
/* [any] False: no thread can be had at all. */
bool pool_submit(struct pool *p, struct pool_job *job);
/* [any] Takes a job that no thread has begun out of the queue. False: one has, or it never was in
 * it. */
bool pool_withdraw(struct pool *p, struct pool_job *job);
unsigned pool_threads(struct pool *p); /* most at a time. [any] */
/* Ends the threads and frees the pool. With `stuck` jobs that never return it is left to the end
 * of the process. NULL is fine. [main] */
void pool_free(struct pool *p, bool stuck);

#endif
