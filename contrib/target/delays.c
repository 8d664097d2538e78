#include "delays.h"

#include <stdlib.h>
#include <time.h>

int64_t delays_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void delays_init(struct delays *d)
{
    *d = (struct delays){0};
}

void delays_finish(struct delays *d)
{
    free(d->heap);
    *d = (struct delays){0};
}

static void put(struct delays *d, size_t at, struct delay *delay)
{
    d->heap[at] = delay;
    delay->at = at + 1;
}

static void rise(struct delays *d, size_t at)
{
    struct delay *delay = d->heap[at];
    while (at > 0 && d->heap[(at - 1) / 2]->due_ns > delay->due_ns) {
        put(d, at, d->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(d, at, delay);
}

static void sink(struct delays *d, size_t at)
{
    struct delay *delay = d->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= d->count) {
            break;
        }
        if (child + 1 < d->count && d->heap[child + 1]->due_ns < d->heap[child]->due_ns) {
            child++;
        }
        if (d->heap[child]->due_ns >= delay->due_ns) {
            break;
        }
        put(d, at, d->heap[child]);
        at = child;
    }
    put(d, at, delay);
}

bool delays_add(struct delays *d, struct delay *delay, int64_t due_ns)
{
    if (d->count == d->room) {
        size_t room = d->room ? 2 * d->room : 64;
        struct delay **heap = realloc(d->heap, room * sizeof *heap);
        if (!heap) {
            return false;
        }
        d->heap = heap;
        d->room = room;
    }
    delay->due_ns = due_ns;
    put(d, d->count++, delay);
    rise(d, delay->at - 1);
    return true;
}

void delays_remove(struct delays *d, struct delay *delay)
{
    if (delay->at == 0) {
        return;
    }
    size_t at = delay->at - 1;
    delay->at = 0;
    d->count--;
    if (at < d->count) {
        put(d, at, d->heap[d->count]);
        rise(d, at);
        sink(d, d->heap[at]->at - 1);
    }
}

struct delay *delays_take(struct delays *d, int64_t now_ns)
{
    if (d->count == 0 || d->heap[0]->due_ns > now_ns) {
        return NULL;
    }
    struct delay *first = d->heap[0];
    delays_remove(d, first);
    return first;
}

int64_t delays_wait(const struct delays *d, int64_t now_ns)
{
    if (d->count == 0) {
        return -1;
    }
    return d->heap[0]->due_ns > now_ns ? d->heap[0]->due_ns - now_ns : 0;
}
