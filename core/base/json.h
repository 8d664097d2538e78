/*
 * json -- JSON text to values and back, over jansson.
 *
 * Any JSON value may stand at the top. Order of keys is kept, of duplicate keys the last wins,
 * integers beyond 64 bits become numerals (VALUE_NUMERAL), other numbers beyond a double are
 * errors, NUL in strings is allowed, a byte order mark is skipped. Depth is bounded by
 * VALUE_DEPTH_MAX.
 */
#ifndef CORE_BASE_JSON_H
#define CORE_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/value.h"

struct json_error {
    int line, column;
    char text[160];
};

enum { JSON_OK = 0, JSON_SYNTAX = -6, JSON_NOMEM = -1 };

/* A quick look: could it be JSON at all? (Saves parsing of HTML and the like.) */
bool json_looks_like(const char *text, size_t length);
/* The value lives in the arena. `error` may be NULL. */
int json_parse(const char *text, size_t length, struct arena *a, stressor_value *out,
               struct json_error *error);
/* Compact (", " and ": " as Python's json.dumps when `spaced`). Not for VALUE_TEMPLATE values.
 * Infinite and NaN doubles become null, bytes that are no UTF-8 U+FFFD each. False: the buffer
 * failed. Secrets are written. */
bool json_write(const stressor_value *v, bool spaced, struct buf *out);
/* Are all numbers in it such that JSON has them, none infinite or NaN? */
bool json_has_numbers(const stressor_value *v);

#endif
