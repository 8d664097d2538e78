/*
 * macro_call -- the call of a macro at the beginning of a text: `$name(a, 'b, c', $(d))`.
 */
#ifndef CORE_CONFIG_MACRO_CALL_H
#define CORE_CONFIG_MACRO_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "config/template.h"

/* Does the text begin with `$name(`? Then `*name_length` is that of the name, at `text + 1`. */
bool macro_call_name(const char *text, size_t length, size_t *name_length);
/* Takes the call apart that the text begins with; `*end` is behind its closing parenthesis. Never
 * MACRO_CALL_TRAILING. With MACRO_CALL_TOO_MANY the first arguments are there. */
enum macro_call_result macro_call_scan(const char *text, size_t length, struct macro_call *out,
                                       size_t *end);
/* Has the call as many arguments as the macro takes? Else `why` says how many those are. A macro
 * that names no positions counts them itself. */
bool macro_call_fits(const struct macro_call *call, const stressor_macro *macro, struct buf *why);

#endif
