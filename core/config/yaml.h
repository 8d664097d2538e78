/*
 * yaml -- a YAML 1.1 document to a tree of nodes, as PyYAML's safe loader would read it, over
 * libyaml's events.
 *
 * Anchors, aliases and merge keys are resolved. Refused, each with its place: several documents,
 * tags other than the core ones, recursive aliases, keys that are no scalars, and whatever
 * exceeds the ceilings of node.h (checked while reading, so that a bomb costs a bounded number
 * of events). A duplicate key is a warning; the last one wins. Where only a part is wrong, a null
 * that is marked `broken` stands for it and reading goes on.
 */
#ifndef CORE_CONFIG_YAML_H
#define CORE_CONFIG_YAML_H

#include "config/node.h"

/* `file` is the name for messages and must live as long as the tree. An empty document is a null
 * scalar. NULL: it cannot be read any further; mistakes were recorded, as they may be otherwise. */
struct node *yaml_read(const char *text, size_t length, const char *file, struct arena *a,
                       struct diag *d);

/* What a plain (unquoted) scalar means: null, boolean, integer, number, or text. `v` borrows the
 * text. False: it looks like a number but is out of range, or out of memory. */
bool yaml_scalar(const char *text, size_t length, stressor_value *v);

#endif
