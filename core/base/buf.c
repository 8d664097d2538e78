#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST = 64 };

/* What the data of every empty buffer points to. Never written to. */
static char empty[1];

void buf_init(struct buf *b, size_t ceiling)
{
    b->data = empty;
    b->length = 0;
    b->capacity = 0;
    b->ceiling = ceiling;
    b->failed = false;
}

void buf_finish(struct buf *b)
{
    if (b->capacity != 0)
        free(b->data);
    buf_init(b, b->ceiling);
}

void buf_clear(struct buf *b)
{
    b->length = 0;
    b->failed = false;
    if (b->capacity != 0)
        b->data[0] = '\0';
}

/* Makes room for `more` bytes and the NUL. */
static bool buf_reserve(struct buf *b, size_t more)
{
    if (b->failed)
        return false;
    size_t limit = b->ceiling != 0 ? b->ceiling : SIZE_MAX / 4;
    if (b->length > limit || more > limit - b->length)
        return b->failed = true, false;
    size_t need = b->length + more + 1;
    if (need <= b->capacity)
        return true;
    size_t capacity = b->capacity < BUF_FIRST ? BUF_FIRST : b->capacity;
    while (capacity < need)
        capacity += capacity / 2;
    char *data = realloc(b->capacity != 0 ? b->data : NULL, capacity);
    if (data == NULL)
        return b->failed = true, false;
    b->data = data;
    b->capacity = capacity;
    return true;
}

bool buf_put(struct buf *b, const char *bytes, size_t length)
{
    if (!buf_reserve(b, length))
        return false;
    if (length != 0)
        memcpy(b->data + b->length, bytes, length);
    b->length += length;
    b->data[b->length] = '\0';
    return true;
}

bool buf_puts(struct buf *b, const char *text)
{
    return buf_put(b, text, strlen(text));
}

bool buf_putc(struct buf *b, char c)
{
    return buf_put(b, &c, 1);
}

bool buf_put_shown(struct buf *b, const char *bytes, size_t length)
{
    const char *nul;
    while (length != 0 && (nul = memchr(bytes, '\0', length)) != NULL) {
        size_t before = (size_t)(nul - bytes);
        buf_put(b, bytes, before);
        buf_puts(b, "\\x00");
        bytes = nul + 1;
        length -= before + 1;
    }
    return buf_put(b, bytes, length);
}

bool buf_vprintf(struct buf *b, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, fmt, args);
    if (length < 0)
        b->failed = true;
    bool made = length >= 0 && buf_reserve(b, (size_t)length);
    if (made) {
        vsnprintf(b->data + b->length, (size_t)length + 1, fmt, again);
        b->length += (size_t)length;
    }
    va_end(again);
    return made;
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    bool made = buf_vprintf(b, fmt, args);
    va_end(args);
    return made;
}

char *buf_steal(struct buf *b)
{
    char *data = NULL;
    if (!b->failed)
        data = b->capacity != 0 ? b->data : calloc(1, 1);
    if (data == NULL)
        buf_finish(b);
    else
        buf_init(b, b->ceiling);
    return data;
}
