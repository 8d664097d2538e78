/*
 * arena -- memory that is freed all at once.
 *
 * Chunks grow from `first` bytes, doubling up to 64 KiB; larger requests get a chunk of their
 * own. `ceiling` bounds the sum of all chunks (0: none), so that no input drives it further.
 * Nothing is allocated before the first request. Not thread-safe.
 */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* the newest first */
    char *at;
    size_t left;
    size_t first;
    size_t total;
    size_t ceiling;
};

void arena_init(struct arena *a, size_t first, size_t ceiling);
void arena_finish(struct arena *a);
/* Everything allocated is gone; the first chunk is kept for use again. */
void arena_reset(struct arena *a);

/* Everything allocated since the mark was taken is gone; nothing may have been reset meanwhile. */
struct arena_mark {
    struct arena_chunk *chunks, *older;
    char *at;
    size_t left;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, const struct arena_mark *mark);

/* Aligned to 16 bytes, not cleared. NULL: out of memory or over the ceiling. Size 0 is fine. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_zero(struct arena *a, size_t size);
/* A copy with a NUL behind it. NULL likewise. */
char *arena_copy(struct arena *a, const char *bytes, size_t length);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
