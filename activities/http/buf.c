#include "buf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void buf_init(struct buf *b, size_t limit)
{
    *b = (struct buf){.limit = limit};
}

void buf_finish(struct buf *b)
{
    free(b->data);
    buf_init(b, b->limit);
}

void buf_shrink(struct buf *b, size_t keep)
{
    if (b->room > keep)
        buf_finish(b);
}

static bool buf_grow(struct buf *b, size_t length)
{
    if (b->failed)
        return false;
    if (length > b->limit - b->length) {
        b->failed = b->full = true;
        return false;
    }
    size_t need = b->length + length + 1;
    if (need <= b->room)
        return true;
    size_t room = b->room < 64 ? 64 : b->room;
    while (room < need)
        room += room / 2;
    char *data = realloc(b->data, room);
    if (data == NULL) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->room = room;
    return true;
}

bool buf_append(struct buf *b, const char *bytes, size_t length)
{
    if (!buf_grow(b, length))
        return false;
    if (length > 0)
        memcpy(b->data + b->length, bytes, length);
    b->length += length;
    b->data[b->length] = '\0';
    return true;
}

bool buf_append_span(struct buf *b, struct span s)
{
    return buf_append(b, s.ptr, s.length);
}

bool buf_append_text(struct buf *b, const char *text)
{
    return buf_append(b, text, strlen(text));
}

bool buf_append_char(struct buf *b, char c)
{
    return buf_append(b, &c, 1);
}

void buf_cut(struct buf *b, size_t length)
{
    if (b->data != NULL)
        b->data[length] = '\0';
    b->length = length;
}

struct span span_of(const char *text)
{
    return (struct span){text, strlen(text)};
}

bool span_equal(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.ptr, b.ptr, a.length) == 0);
}

bool span_equal_nocase(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || strncasecmp(a.ptr, b.ptr, a.length) == 0);
}
