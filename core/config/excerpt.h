/*
 * excerpt -- texts shortened for a message: on one line, cut between characters.
 */
#ifndef CORE_CONFIG_EXCERPT_H
#define CORE_CONFIG_EXCERPT_H

#include <stdbool.h>
#include <stddef.h>

enum { EXCERPT_MAX = 72 }; /* bytes of `out` that read well in a message */

struct excerpt {
    char *out; /* always ends in NUL */
    size_t size;
    size_t used;
    bool cut; /* something did not fit: an ellipsis stands at the end, no more is taken */
};

/* `size` at least 16. Some bytes stay in reserve for excerpt_close. */
void excerpt_init(struct excerpt *e, char *out, size_t size);
/* Appends; control characters become spaces, bytes that are not UTF-8 become '?'. */
void excerpt_put(struct excerpt *e, const char *text, size_t length);
/* Appends a closing quote or bracket: fits even after a cut, up to four times. */
void excerpt_close(struct excerpt *e, char c);

/* 'text…' in quotes. */
void excerpt_text(const char *text, size_t length, char *out, size_t size);

#endif
