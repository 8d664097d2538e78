/*
 * names -- texts interned to small numbers, 0, 1, 2, … in the order first seen.
 */
#ifndef CORE_BASE_NAMES_H
#define CORE_BASE_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct names;

struct names *names_new(void);
void names_free(struct names *n);
/* The number of a text, added if new. Negative: out of memory. */
int32_t names_add(struct names *n, const char *text, size_t length);
/* Negative: not there. Safe from several threads once nothing is added any more. */
int32_t names_find(const struct names *n, const char *text, size_t length);
size_t names_count(const struct names *n);
/* Ends in NUL; lives as long as `n`. `length` may be NULL. */
const char *names_text(const struct names *n, int32_t number, size_t *length);

#endif
