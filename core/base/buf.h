/*
 * buf -- bytes that grow.
 *
 * `data` is never NULL and always ends in a NUL that `length` does not count. After a failure
 * (out of memory, ceiling) `failed` stays set, the content stays as it was, and further writes
 * do nothing: callers may write on and ask once at the end.
 */
#ifndef CORE_BASE_BUF_H
#define CORE_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t length;
    size_t capacity;
    size_t ceiling; /* 0: none */
    bool failed;
};

void buf_init(struct buf *b, size_t ceiling);
void buf_finish(struct buf *b); /* and is as after buf_init */
void buf_clear(struct buf *b);  /* empty, not failed; memory kept */

bool buf_put(struct buf *b, const char *bytes, size_t length);
bool buf_puts(struct buf *b, const char *text);
bool buf_putc(struct buf *b, char c);
/* As buf_put, but a NUL becomes `\x00`: for what printf is to take whole. */
bool buf_put_shown(struct buf *b, const char *bytes, size_t length);
bool buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool buf_vprintf(struct buf *b, const char *fmt, va_list args);
/* The content, malloc'ed; the buffer is empty then. NULL when it had failed. */
char *buf_steal(struct buf *b);

#endif
