#include "run/timers.h"

#include <stdlib.h>

/* A heap with four children to a node: shallower than a binary one, and they share a cache line. */
enum { CHILDREN = 4 };

void timers_init(struct timers *t)
{
    *t = (struct timers){0};
}

void timers_finish(struct timers *t)
{
    free(t->heap);
    timers_init(t);
}

static void place_at(struct timers *t, size_t i, struct timer *timer)
{
    t->heap[i] = timer;
    timer->position = (uint32_t)i + 1;
}

static void sift_up(struct timers *t, size_t i, struct timer *timer)
{
    while (i > 0) {
        size_t parent = (i - 1) / CHILDREN;
        if (t->heap[parent]->due_ns <= timer->due_ns)
            break;
        place_at(t, i, t->heap[parent]);
        i = parent;
    }
    place_at(t, i, timer);
}

static void sift_down(struct timers *t, size_t i, struct timer *timer)
{
    for (;;) {
        size_t first = i * CHILDREN + 1, best = first;
        if (first >= t->count)
            break;
        for (size_t k = first + 1; k < first + CHILDREN && k < t->count; k++)
            if (t->heap[k]->due_ns < t->heap[best]->due_ns)
                best = k;
        if (t->heap[best]->due_ns >= timer->due_ns)
            break;
        place_at(t, i, t->heap[best]);
        i = best;
    }
    place_at(t, i, timer);
}

void timers_off(struct timers *t, struct timer *timer)
{
    if (timer->position == TIMER_OFF)
        return;
    size_t i = timer->position - 1;
    timer->position = TIMER_OFF;
    struct timer *last = t->heap[--t->count];
    if (last == timer)
        return;
    if (i > 0 && t->heap[(i - 1) / CHILDREN]->due_ns > last->due_ns)
        sift_up(t, i, last);
    else
        sift_down(t, i, last);
}

bool timers_reserve(struct timers *t)
{
    if (t->reserved == t->room) {
        size_t room = t->room > 0 ? 2 * t->room : 64;
        struct timer **heap = realloc(t->heap, room * sizeof(struct timer *));
        if (heap == NULL)
            return false;
        t->heap = heap;
        t->room = room;
    }
    t->reserved++;
    return true;
}

void timers_unreserve(struct timers *t)
{
    t->reserved--;
}

void timers_set(struct timers *t, struct timer *timer, int64_t due_ns)
{
    timers_off(t, timer);
    timer->due_ns = due_ns;
    sift_up(t, t->count++, timer);
}

struct timer *timers_first(const struct timers *t)
{
    return t->count > 0 ? t->heap[0] : NULL;
}

struct timer *timers_due(struct timers *t, int64_t now_ns)
{
    struct timer *first = timers_first(t);
    if (first == NULL || first->due_ns > now_ns)
        return NULL;
    timers_off(t, first);
    return first;
}
