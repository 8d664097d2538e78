/*
 * mask -- secrets kept out of what other programs say.
 *
 * A server may repeat in its error messages what it was sent. A mask holds the secrets of one
 * execution and puts *** in their place.
 */
#ifndef CLIENT_MASK_H
#define CLIENT_MASK_H

#include <stdbool.h>

#include <stressor/plugin.h>

enum { MASK_SECRETS_MAX = 64 }; /* more than that, and all of a text is masked */

struct mask {
    size_t count; /* may be more than MASK_SECRETS_MAX */
    stressor_value secrets[MASK_SECRETS_MAX];
};

/* Adds a text that is a secret, or all such texts in a list or map; others are left out. The bytes
 * must live as long as the mask. [any] */
void mask_add(struct mask *m, const stressor_host *host, const stressor_value *v);
/* Adds a text whatever its flags; empty ones are left out. [any] */
void mask_add_text(struct mask *m, const char *text, size_t length);
/* Does the text hold a secret? [any] */
bool mask_finds(const struct mask *m, const char *text, size_t length);
/* The text without its secrets, ending in NUL: `text` itself, a copy in scratch, or "***" when
 * memory is out. `text` ends in NUL. On the thread of the execution. */
const char *mask_text(const struct mask *m, stressor_exec *exec, const char *text);

#endif
