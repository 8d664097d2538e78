/*
 * schema -- arguments checked and coerced by the tables that plugins declare.
 *
 * While compiling, `schema_bind` takes a map of the scenario apart: every key must be in one of
 * the tables, constants are coerced, texts with macros become templates, mistakes are recorded
 * with their place. While running, `schema_coerce` brings an expanded value to its type.
 */
#ifndef CORE_CONFIG_SCHEMA_H
#define CORE_CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/schema.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/value.h"
#include "config/node.h"
#include "config/template.h"

/* One table and where its values go: arrays of `count` members each. */
struct schema_table {
    const stressor_arg *const *args;
    size_t count;
    stressor_value *values;
    uint8_t *states;      /* enum stressor_arg_state */
    struct place *places; /* where each stands; of absent ones: where the map stands */
};

enum schema_unknown { SCHEMA_UNKNOWN_ERROR, SCHEMA_UNKNOWN_WARN, SCHEMA_UNKNOWN_FINE };

/* Is the table itself well formed (names unique, defaults and ranges fitting, regexes compiling)?
 * Checked when a plugin is loaded. False: `why` says what is wrong. */
bool schema_check(const stressor_arg *const *args, size_t count,
                  const stressor_arg_group *const *groups, size_t groups_count, struct buf *why);

/* Binds the entries of `map` to the tables; keys in `skip` (ended by NULL; may be NULL) are left
 * alone. `what` names the thing in messages: "GetRequest", "section 'sessions'". False: mistakes
 * were recorded; the values are still safe to read. */
bool schema_bind(const struct schema_table *tables, size_t tables_count, const struct node *map,
                 const char *const *skip, enum schema_unknown unknown, const char *what,
                 const struct template_scope *scope, struct arena *a);
/* The groups of one table, once it is bound. */
bool schema_check_groups(const struct schema_table *table, const stressor_arg_group *const *groups,
                         size_t groups_count, const struct node *map, const char *what,
                         struct diag *d);

/* Coerces a constant or expanded value in place; memory from the arena. Null means absent unless
 * the argument takes STRESSOR_ARG_NULL: `*absent` says so, and the caller applies the default.
 * False: `why` says what was expected and what was found ("expected a duration such as 1.5 or
 * 500ms, found text 'abc'"); secrets are masked in it. */
bool schema_coerce(const stressor_arg *arg, stressor_value *v, struct arena *a, bool *absent,
                   struct buf *why);
/* The declared default as a value (null when there is none). */
bool schema_fallback(const stressor_arg *arg, struct arena *a, stressor_value *v);
/* "integer or list of integers", for messages, help and docs. */
void schema_type_text(const stressor_arg *arg, struct buf *out);

#endif
