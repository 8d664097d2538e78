/*
 * delays -- what waits for its time: a heap ordered by due time.
 *
 * The heap holds pointers to delays that their owners embed and keep alive until they are due
 * or removed. One thread.
 */
#ifndef TARGET_DELAYS_H
#define TARGET_DELAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct delay {
    int64_t due_ns; /* on the monotonic clock */
    size_t at;      /* place in the heap plus one; 0: not in it */
};

struct delays {
    struct delay **heap;
    size_t count, room;
};

/* The monotonic clock. */
int64_t delays_now(void);

void delays_init(struct delays *d);
void delays_finish(struct delays *d);

/* Sets due_ns and enters the heap; false: out of memory. */
bool delays_add(struct delays *d, struct delay *delay, int64_t due_ns);
/* Leaves the heap; nothing happens when it is not in it. */
void delays_remove(struct delays *d, struct delay *delay);
/* Takes out the earliest that is due at `now_ns`, NULL when there is none. */
struct delay *delays_take(struct delays *d, int64_t now_ns);
/* Nanoseconds until the earliest is due, 0 when it already is; negative: nothing waits. */
int64_t delays_wait(const struct delays *d, int64_t now_ns);

#endif
