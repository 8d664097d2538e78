/*
 * timers -- what is due when: a heap of deadlines in nanoseconds, for one thread.
 *
 * Timers are members of whatever owns them. Each needs a place in the heap, reserved as long as its
 * owner may set it, so that setting one cannot fail. They are never early: the caller says what
 * time it is.
 */
#ifndef CORE_RUN_TIMERS_H
#define CORE_RUN_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TIMER_OFF = 0 };

struct timer {
    int64_t due_ns;
    uint32_t position; /* in the heap, from 1; TIMER_OFF: not set */
    void (*fire)(void *data);
    void *data;
};

struct timers {
    struct timer **heap;
    size_t count, room, reserved;
};

void timers_init(struct timers *t);
void timers_finish(struct timers *t);
/* A place for one more timer. False: out of memory. */
bool timers_reserve(struct timers *t);
void timers_unreserve(struct timers *t);
/* Sets it, or moves it. */
void timers_set(struct timers *t, struct timer *timer, int64_t due_ns);
void timers_off(struct timers *t, struct timer *timer);
/* The next one, or NULL. */
struct timer *timers_first(const struct timers *t);
/* Takes the first one off if it is due, else NULL. */
struct timer *timers_due(struct timers *t, int64_t now_ns);

#endif
