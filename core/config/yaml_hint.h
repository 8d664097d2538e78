/*
 * yaml_hint -- what to do about the syntax errors that libyaml words for its own authors.
 */
#ifndef CORE_CONFIG_YAML_HINT_H
#define CORE_CONFIG_YAML_HINT_H

#include <stddef.h>

#include "base/buf.h"

/* Puts "; …" where something is known. `index` is where in the text the problem stands, in
 * characters. */
void yaml_hint(const char *problem, const char *text, size_t length, size_t index, struct buf *out);

#endif
