/*
 * regex_dialect -- a pattern in the syntax of Python's re, rewritten for PCRE2. For regex only.
 *
 * What means the same in both is passed on. Rewritten is what PCRE2 reads differently: \Z, \v,
 * \uXXXX, octal and group numbers, {,n}, literal braces, '[' within a class. What Python refuses
 * and PCRE2 knows (\K, \C, recursion, verbs, …) is refused.
 */
#ifndef CORE_BASE_REGEX_DIALECT_H
#define CORE_BASE_REGEX_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct dialect {
    struct buf out;    /* the rewritten pattern */
    bool ascii;        /* (?a) at the start: \w, \d, \s, \b know ASCII only */
    const char *error; /* static; NULL: none */
    size_t error_at;   /* offset in the pattern */
};

/* Ceilings: bytes of a pattern, before and after. */
enum { DIALECT_PATTERN_MAX = 64 << 10, DIALECT_OUT_MAX = 512 << 10 };

/* `pattern` is valid UTF-8. False: `error` is set. dialect_finish either way. */
bool dialect_rewrite(struct dialect *d, const char *pattern, size_t length);
void dialect_finish(struct dialect *d);
/* The offset in the pattern of what was rewritten to `out_offset`. */
size_t dialect_origin(const char *pattern, size_t length, size_t out_offset);

#endif
