#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct span span_of(const char *text)
{
    return (struct span){text, strlen(text)};
}

bool span_is(struct span a, const char *b)
{
    return span_equal(a, span_of(b));
}

bool span_equal(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.ptr, b.ptr, a.length) == 0);
}

bool span_equal_nocase(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || strncasecmp(a.ptr, b.ptr, a.length) == 0);
}

bool span_begins(struct span s, const char *with)
{
    size_t n = strlen(with);
    return s.length >= n && (n == 0 || memcmp(s.ptr, with, n) == 0);
}

bool span_begins_nocase(struct span s, const char *with)
{
    size_t n = strlen(with);
    return s.length >= n && (n == 0 || strncasecmp(s.ptr, with, n) == 0);
}

bool span_find(struct span s, const char *what, size_t *at)
{
    const char *found = s.length > 0 ? memmem(s.ptr, s.length, what, strlen(what)) : NULL;
    if (found == NULL)
        return false;
    *at = (size_t)(found - s.ptr);
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span s)
{
    while (s.length > 0 && is_blank(s.ptr[0]))
        s.ptr++, s.length--;
    while (s.length > 0 && is_blank(s.ptr[s.length - 1]))
        s.length--;
    return s;
}

bool span_is_utf8(struct span s)
{
    for (size_t i = 0; i < s.length;) {
        unsigned char c = (unsigned char)s.ptr[i++];
        int more = c < 0x80 ? 0 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
        uint32_t value = c < 0x80 ? c : c & (0x3fu >> more);
        static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        if (c >= 0xf8 || (c >= 0x80 && c < 0xc2))
            return false;
        for (int k = 0; k < more; k++, i++) {
            if (i >= s.length || ((unsigned char)s.ptr[i] & 0xc0) != 0x80)
                return false;
            value = value << 6 | ((unsigned char)s.ptr[i] & 0x3f);
        }
        if (value < least[more] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
            return false;
    }
    return true;
}

/* --- growing ---------------------------------------------------------------------------------- */

void text_init(struct text *t, size_t most)
{
    *t = (struct text){.most = most};
}

void text_finish(struct text *t)
{
    free(t->data);
    *t = (struct text){.most = t->most};
}

void text_clear(struct text *t)
{
    t->length = 0;
    t->failed = false;
}

void text_put(struct text *t, const char *bytes, size_t length)
{
    if (t->failed || length == 0)
        return;
    if (length > t->most - t->length) {
        t->failed = true;
        return;
    }
    if (t->size - t->length <= length) {
        size_t size = t->size + t->size / 2 + length + 64;
        char *data = realloc(t->data, size);
        if (data == NULL) {
            t->failed = true;
            return;
        }
        t->data = data;
        t->size = size;
    }
    memcpy(t->data + t->length, bytes, length);
    t->length += length;
    t->data[t->length] = '\0';
}

void text_puts(struct text *t, const char *s)
{
    text_put(t, s, strlen(s));
}

void text_char(struct text *t, char c)
{
    text_put(t, &c, 1);
}

void text_span(struct text *t, struct span s)
{
    text_put(t, s.ptr, s.length);
}

void text_printf(struct text *t, const char *fmt, ...)
{
    char small[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(small, sizeof small, fmt, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof small)
        t->failed = true;
    else
        text_put(t, small, (size_t)n);
}

struct span text_all(const struct text *t)
{
    return (struct span){t->data != NULL ? t->data : "", t->length};
}

/* --- the pool --------------------------------------------------------------------------------- */

#define POOL_BLOCK ((size_t)64 << 10)

struct pool_block {
    struct pool_block *next;
    size_t size, used;
    _Alignas(max_align_t) char bytes[];
};

void pool_init(struct pool *p, size_t most)
{
    *p = (struct pool){.most = most};
}

static void free_blocks(struct pool_block *b)
{
    while (b != NULL) {
        struct pool_block *next = b->next;
        free(b);
        b = next;
    }
}

void pool_finish(struct pool *p)
{
    free_blocks(p->blocks);
    *p = (struct pool){.most = p->most};
}

void pool_reset(struct pool *p)
{
    struct pool_block *keep = p->blocks;
    if (keep == NULL)
        return;
    if (keep->size > POOL_BLOCK) {
        pool_finish(p);
        return;
    }
    free_blocks(keep->next);
    keep->next = NULL;
    keep->used = 0;
    p->used = keep->size;
}

void *pool_take(struct pool *p, size_t size)
{
    if (size > p->most)
        return NULL;
    size = (size + 15) & ~(size_t)15;
    struct pool_block *b = p->blocks;
    if (b == NULL || b->size - b->used < size) {
        size_t room = size > POOL_BLOCK / 4 ? size : POOL_BLOCK;
        if (room > p->most - (p->used < p->most ? p->used : p->most))
            return NULL;
        struct pool_block *fresh = malloc(sizeof *fresh + room);
        if (fresh == NULL)
            return NULL;
        *fresh = (struct pool_block){.size = room};
        /* What needs a block of its own leaves the one with room in front. */
        if (b != NULL && room == size) {
            fresh->next = b->next;
            b->next = fresh;
        } else {
            fresh->next = b;
            p->blocks = fresh;
        }
        p->used += room;
        b = fresh;
    }
    void *out = b->bytes + b->used;
    b->used += size;
    memset(out, 0, size);
    return out;
}

struct span pool_copy(struct pool *p, struct span s)
{
    char *out = pool_take(p, s.length + 1);
    if (out == NULL)
        return (struct span){NULL, 0};
    if (s.length > 0)
        memcpy(out, s.ptr, s.length);
    return (struct span){out, s.length};
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

struct span base64_read(struct pool *p, struct span s)
{
    const struct span none = {NULL, 0};
    char *out = pool_take(p, s.length / 4 * 3 + 4);
    size_t n = 0;
    uint32_t bits = 0;
    int count = 0;
    for (size_t i = 0; out != NULL && i < s.length && s.ptr[i] != '='; i++) {
        int digit = base64_digit(s.ptr[i]);
        if (is_blank(s.ptr[i]))
            continue;
        if (digit < 0)
            return none;
        bits = bits << 6 | (uint32_t)digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[n++] = (char)(bits >> count & 0xff);
        }
    }
    return out != NULL ? (struct span){out, n} : none;
}
