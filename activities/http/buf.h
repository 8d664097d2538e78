/*
 * buf -- bytes that grow, up to a ceiling, and a piece of somebody else's bytes.
 *
 * A failure sticks: once memory or the ceiling has run out, appending does nothing and `failed`
 * stays set until buf_clear, so that a caller may append many times and look once. A buffer that
 * holds anything ends in a NUL beyond its length.
 */
#ifndef HTTP_BUF_H
#define HTTP_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct span {
    const char *ptr;
    size_t length;
};

struct buf {
    char *data; /* NULL while nothing was appended */
    size_t length;
    size_t room;
    size_t limit; /* bytes that it may hold */
    bool failed;
    bool full; /* it failed for its limit, not for memory */
};

void buf_init(struct buf *b, size_t limit);
void buf_finish(struct buf *b);
/* Empties it and keeps the memory. */
static inline void buf_clear(struct buf *b)
{
    b->length = 0;
    b->failed = b->full = false;
}
/* Gives memory beyond `keep` bytes back; what it holds is lost then. */
void buf_shrink(struct buf *b, size_t keep);

/* All return whether the buffer is still good. */
bool buf_append(struct buf *b, const char *bytes, size_t length);
bool buf_append_span(struct buf *b, struct span s);
bool buf_append_text(struct buf *b, const char *text);
bool buf_append_char(struct buf *b, char c);
/* Cuts it to `length` bytes, which it must hold. */
void buf_cut(struct buf *b, size_t length);

static inline struct span buf_span(const struct buf *b)
{
    return (struct span){b->length > 0 ? b->data : "", b->length};
}

struct span span_of(const char *text);
bool span_equal(struct span a, struct span b);
/* The same without regard to the case of ASCII letters. */
bool span_equal_nocase(struct span a, struct span b);

#endif
