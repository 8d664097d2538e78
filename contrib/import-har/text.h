/*
 * text -- bytes: borrowed (span), growing up to a ceiling (text), kept together (pool).
 *
 * Running out of memory, or past the ceiling, is remembered: what is appended afterwards is
 * dropped, and `failed` tells. A pool gives NULL; its strings end in NUL, which does not count.
 */
#ifndef IMPORT_HAR_TEXT_H
#define IMPORT_HAR_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct span {
    const char *ptr; /* NULL: there is none */
    size_t length;
};

struct span span_of(const char *text);
bool span_is(struct span a, const char *b);
bool span_equal(struct span a, struct span b);
bool span_equal_nocase(struct span a, struct span b);
bool span_begins(struct span s, const char *with);
bool span_begins_nocase(struct span s, const char *with);
bool span_find(struct span s, const char *what, size_t *at);
struct span span_trim(struct span s);
/* Is it well-formed UTF-8? */
bool span_is_utf8(struct span s);

struct text {
    char *data;
    size_t length, size, most;
    bool failed;
};

void text_init(struct text *t, size_t most);
void text_finish(struct text *t);
void text_clear(struct text *t);
void text_put(struct text *t, const char *bytes, size_t length);
void text_puts(struct text *t, const char *s);
void text_char(struct text *t, char c);
void text_span(struct text *t, struct span s);
__attribute__((format(printf, 2, 3))) void text_printf(struct text *t, const char *fmt, ...);
struct span text_all(const struct text *t);

struct pool {
    struct pool_block *blocks;
    size_t used, most;
};

void pool_init(struct pool *p, size_t most);
void pool_finish(struct pool *p);
/* Keeps the last block for what comes next. */
void pool_reset(struct pool *p);
/* Zeroed, aligned for anything. NULL: out of memory, or over the ceiling. */
void *pool_take(struct pool *p, size_t size);
/* `.ptr` is NULL where there is no memory. */
struct span pool_copy(struct pool *p, struct span s);

/* Reads base64, white space between left out. `.ptr` is NULL where it is none, or without memory.
 */
struct span base64_read(struct pool *p, struct span s);

#endif
