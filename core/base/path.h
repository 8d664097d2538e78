/*
 * path -- dotted paths into a value: `result.items.[0].id`, `items[0].id`, `[-1]`.
 *
 * A part is a key of a map or the index of a list item in brackets. A key may be a number
 * ("a.0.b" looks up the key "0"). Syntax is checked once, by path_new.
 */
#ifndef CORE_BASE_PATH_H
#define CORE_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/value.h"

struct stressor_path;

enum { PATH_PARTS_MAX = 256 };

/* NULL: malformed or out of memory; `*error` (a static text; may be NULL) says how. */
struct stressor_path *path_new(const char *text, size_t length, const char **error);
void path_free(struct stressor_path *p);
/* Where it leads, or NULL; then `why` (may be NULL) receives which part is missing, in what, and
 * what there was: "no key 'id' in {…}; there are 'ID', 'name'" (nearest first, at most 8). */
const stressor_value *path_get(const struct stressor_path *p, const stressor_value *root,
                               struct buf *why);

#endif
