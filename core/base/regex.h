/*
 * regex -- regular expressions in the dialect of Python's re, over PCRE2 with JIT.
 *
 * Unicode classes, named groups as (?P<name>…), bounded matching: a pattern that runs away, in
 * steps at one place or in time (about a second) over a long text, answers REGEX_LIMIT, never "no
 * match". What only PCRE2 knows is an error, as in Python. A text that is not valid UTF-8 is
 * matched byte by byte (as Latin-1). Compiled patterns are immutable and may be used by several
 * threads at once; the scratch memory for matching is per thread.
 */
#ifndef CORE_BASE_REGEX_H
#define CORE_BASE_REGEX_H

#include <stddef.h>

struct stressor_regex;

enum regex_flag { REGEX_MULTILINE = 0x1, REGEX_AT_START = 0x2 };

enum { REGEX_NO = 0, REGEX_YES = 1, REGEX_LIMIT = -4, REGEX_NOMEM = -1 };

/* NULL: malformed; `error` (may be NULL) says what and at which character. */
struct stressor_regex *regex_new(const char *pattern, size_t length, unsigned flags, char *error,
                                 size_t error_size);
void regex_free(struct stressor_regex *r);
int regex_match(const struct stressor_regex *r, const char *text, size_t length);
/* The same, and where the groups lie: `spans` holds 2 * count offsets, (size_t)-1 where a group
 * took no part. `start` is where to begin searching. */
int regex_find(const struct stressor_regex *r, const char *text, size_t length, size_t start,
               size_t *spans, size_t count);

#endif
