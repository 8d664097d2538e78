/*
 * conceal -- what must not be shown, in text where no flag tells what is a secret.
 */
#ifndef CORE_BASE_CONCEAL_H
#define CORE_BASE_CONCEAL_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* Whether `text` holds URLs with passwords; then `out`, which is empty, gets the text with
 * `http://name:***@host` in their place. When the buffer fails, what was written stays. */
bool conceal_passwords(const char *text, size_t length, struct buf *out);

/* Whether a header of that name (Authorization, Cookie, …, in any case of letters) is a secret. */
bool conceal_header(const char *name, size_t length);

/* Whether what is called so in a configuration is taken for a secret: names that hold "password",
 * "secret", "token", … in any case of letters. */
bool conceal_key(const char *name, size_t length);

#endif
