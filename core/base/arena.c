#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_ALIGN = 16, ARENA_FIRST = 1024, ARENA_LARGEST = 64 << 10 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* of data */
    alignas(ARENA_ALIGN) char data[];
};

void arena_init(struct arena *a, size_t first, size_t ceiling)
{
    memset(a, 0, sizeof *a);
    a->first = first != 0 ? first : ARENA_FIRST;
    a->ceiling = ceiling;
}

void arena_finish(struct arena *a)
{
    for (struct arena_chunk *c = a->chunks, *older; c != NULL; c = older) {
        older = c->older;
        free(c);
    }
    arena_init(a, a->first, a->ceiling);
}

void arena_reset(struct arena *a)
{
    struct arena_chunk *c = a->chunks;
    if (c == NULL)
        return;
    while (c->older != NULL) {
        struct arena_chunk *older = c->older;
        free(c);
        c = older;
    }
    /* An oversized one that came first is not worth keeping. */
    if (c->size > ARENA_LARGEST && c->size > a->first) {
        free(c);
        arena_init(a, a->first, a->ceiling);
        return;
    }
    a->chunks = c;
    a->at = c->data;
    a->left = c->size;
    a->total = c->size;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->chunks, a->chunks != NULL ? a->chunks->older : NULL, a->at,
                               a->left};
}

/* Frees from `c` on until `end`. */
static void free_until(struct arena *a, struct arena_chunk *c, const struct arena_chunk *end)
{
    while (c != end) {
        struct arena_chunk *older = c->older;
        a->total -= c->size;
        free(c);
        c = older;
    }
}

void arena_rewind(struct arena *a, const struct arena_mark *mark)
{
    free_until(a, a->chunks, mark->chunks);
    a->chunks = mark->chunks;
    a->at = mark->at;
    a->left = mark->left;
    if (a->chunks == NULL)
        return;
    free_until(a, a->chunks->older, mark->older); /* large ones were put behind the newest */
    a->chunks->older = mark->older;
}

static struct arena_chunk *chunk_new(struct arena *a, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct arena_chunk) || size > SIZE_MAX - a->total)
        return NULL;
    if (a->ceiling != 0 && a->total + size > a->ceiling)
        return NULL;
    struct arena_chunk *c = malloc(sizeof *c + size);
    if (c == NULL)
        return NULL;
    c->size = size;
    a->total += size;
    return c;
}

static size_t next_size(const struct arena *a)
{
    if (a->chunks == NULL)
        return a->first;
    size_t size = a->first;
    while (size < a->total && size < ARENA_LARGEST)
        size *= 2;
    return size;
}

/* `size` is a multiple of ARENA_ALIGN and does not fit into the newest chunk. */
static void *alloc_slow(struct arena *a, size_t size)
{
    size_t usual = next_size(a);
    if (a->ceiling != 0 && a->total <= a->ceiling && usual > a->ceiling - a->total)
        usual = a->ceiling - a->total;
    bool own = size > usual;
    struct arena_chunk *c = chunk_new(a, own ? size : usual);
    if (c == NULL)
        return NULL;
    if (own && a->chunks != NULL) { /* what is left of the newest one stays in use */
        c->older = a->chunks->older;
        a->chunks->older = c;
        return c->data;
    }
    c->older = a->chunks;
    a->chunks = c;
    a->at = c->data + size;
    a->left = c->size - size;
    return c->data;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t rounded = (size + (ARENA_ALIGN - 1)) & ~(size_t)(ARENA_ALIGN - 1);
    if (rounded < size)
        return NULL;
    if (rounded > a->left || a->at == NULL)
        return alloc_slow(a, rounded);
    void *p = a->at;
    a->at += rounded;
    a->left -= rounded;
    return p;
}

void *arena_zero(struct arena *a, size_t size)
{
    void *p = arena_alloc(a, size);
    if (p != NULL)
        memset(p, 0, size);
    return p;
}

char *arena_copy(struct arena *a, const char *bytes, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *p = arena_alloc(a, length + 1);
    if (p == NULL)
        return NULL;
    if (length != 0)
        memcpy(p, bytes, length);
    p[length] = '\0';
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *p = length < 0 ? NULL : arena_alloc(a, (size_t)length + 1);
    if (p != NULL)
        vsnprintf(p, (size_t)length + 1, fmt, again);
    va_end(again);
    return p;
}
