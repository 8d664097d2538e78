/*
 * form -- names and values percent-encoded, as query strings and form bodies want them.
 *
 * A null is dropped, a list repeats its name, a space is '+'. Other values are taken in their
 * text form.
 */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include <stressor/plugin.h>

#include "buf.h"

/* Appends `value`, a map or a list of pairs, as "a=1&b=2"; `separator` stands before the first
 * pair ('\0': none) and '&' between pairs. `*secret` is set when a secret went into it. 0,
 * STRESSOR_EINVAL (an item of the list is no pair), STRESSOR_ENOMEM. */
int32_t form_append(stressor_exec *exec, const stressor_value *value, char separator,
                    struct buf *out, bool *secret);
/* One text, encoded. */
void form_append_text(struct buf *out, struct span text);

#endif
