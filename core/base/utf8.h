/*
 * utf8 -- just enough of it to tell text from bytes.
 */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the character at the start: how many bytes it takes (1 to 4), or 0 when there is none:
 * nothing left, malformed, overlong, a surrogate, beyond U+10FFFF. */
size_t utf8_decode(const char *text, size_t length, uint32_t *character);
/* Is all of it well-formed? Empty text is. */
bool utf8_valid(const char *text, size_t length);
/* How many bytes were written to `out`. The character must be below U+110000. */
size_t utf8_encode(uint32_t character, char out[4]);

#endif
