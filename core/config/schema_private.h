/*
 * The inside of schema, shared by its files.
 */
#ifndef CORE_CONFIG_SCHEMA_PRIVATE_H
#define CORE_CONFIG_SCHEMA_PRIVATE_H

#include "config/schema.h"

#define SCHEMA_TEXTS                                                                               \
    ((uint32_t)STRESSOR_ARG_STRING | STRESSOR_ARG_REGEX | STRESSOR_ARG_PATH | STRESSOR_ARG_XPATH)
#define SCHEMA_NUMBERS ((uint32_t)STRESSOR_ARG_INT | STRESSOR_ARG_FLOAT)
#define SCHEMA_KNOWN                                                                               \
    ((uint32_t)STRESSOR_ARG_ANY | STRESSOR_ARG_NULL | STRESSOR_ARG_REGEX | STRESSOR_ARG_DURATION | \
     STRESSOR_ARG_PATH | STRESSOR_ARG_XPATH)

/* Any value, null included, as it was written. */
static inline bool schema_takes_any(uint32_t types)
{
    return (types & STRESSOR_ARG_ANY) == STRESSOR_ARG_ANY;
}

/* Are the choices of such an argument, or of its items, numbers? */
static inline bool schema_chooses_numbers(const stressor_arg *arg, uint32_t types)
{
    return arg->choices != NULL && (types & SCHEMA_NUMBERS) != 0 && (types & SCHEMA_TEXTS) == 0;
}

/* Where in a value: items and entries from the outside to the inside, linked the other way. */
struct schema_step {
    const struct schema_step *outer;
    uint64_t index;
    const char *key; /* NULL: an item of a list */
    uint64_t key_length;
};

/* One value being coerced. With `diag` each mistake is recorded at its node and work goes on;
 * without, the first ends it, and `why` tells it. */
struct schema_coercion {
    const stressor_arg *arg;
    struct arena *arena;
    struct buf *why;
    struct diag *diag;
    const char *what;       /* with `diag`: of which thing it is an argument */
    const struct place *at; /* with `diag`: where no node is known */
    bool partial;           /* there are templates in it: check the rest, change nothing */
};

/* `n` is the node that `v` was made from, or NULL. */
bool schema_coerce_as(const struct schema_coercion *c, stressor_value *v, const struct node *n);
/* Null that means the argument is absent? */
bool schema_is_absent(const stressor_arg *arg, const stressor_value *v);

/* "argument" of an activity, "key" of a section. */
const char *schema_noun(const char *what);
/* "an integer or a list of integers" */
void schema_expected_text(uint32_t types, uint32_t items, struct buf *out);
/* "text 'abc'", "the integer 12"; masked when it is or holds a secret, or `hide`. */
void schema_found_text(const stressor_value *v, const struct node *n, bool hide, struct buf *out);

/* Does the text match the pattern of an argument from its start? A pattern that does not compile
 * matches all (schema_check refuses it). Compiled patterns are kept. [any] */
bool schema_pattern_matches(const char *pattern, const char *text, size_t length);

#endif
