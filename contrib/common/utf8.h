/*
 * utf8 -- text of unknown origin, character by character.
 */
#ifndef CONTRIB_COMMON_UTF8_H
#define CONTRIB_COMMON_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define TEXT_REPLACEMENT 0xFFFDu /* stands for what is not a character */

/* The next character of a text that ends in NUL, and moves on; 0 at the end. A byte that is not
 * part of well-formed UTF-8 is read as TEXT_REPLACEMENT. */
uint32_t text_next(const char **text);
/* Writes a character (what is none: TEXT_REPLACEMENT); returns the number of bytes. */
size_t text_encode(uint32_t character, char out[4]);

#endif
