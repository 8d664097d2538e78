/*
 * clock -- times in nanoseconds. Durations by the monotonic clock only; the wall clock is for
 * printing dates. A run in virtual time puts the clock forward instead of waiting (clock_forward).
 */
#ifndef CORE_BASE_CLOCK_H
#define CORE_BASE_CLOCK_H

#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

/* How far the clock has been put forward, for the whole process. */
extern _Atomic int64_t clock_ahead_ns;

/* The monotonic clock of the system, which condition variables wait by. */
static inline int64_t clock_real(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static inline int64_t clock_now(void)
{
    return clock_real() + atomic_load_explicit(&clock_ahead_ns, memory_order_relaxed);
}

static inline int64_t clock_wall(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* The sum of two times, at the ends of the range where it does not fit. */
static inline int64_t clock_sum(int64_t a_ns, int64_t b_ns)
{
    int64_t sum_ns;
    if (__builtin_add_overflow(a_ns, b_ns, &sum_ns))
        return b_ns < 0 ? INT64_MIN : INT64_MAX;
    return sum_ns;
}

/* Puts the clock forward to a time; nothing where that is over. Never so far that sums of times
 * would not fit. [any] */
void clock_forward(int64_t to_ns);

/* CPU time of the calling thread. */
static inline int64_t clock_thread_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

#endif
