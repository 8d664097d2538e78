/*
 * node -- the tree that a scenario file becomes: scalars, lists and maps that know where they
 * stand.
 *
 * Nodes live in the arena of their tree and do not change once loading is done. An alias is the
 * same node again, so the tree may be a graph without cycles; `weight` is how many nodes it has
 * when written out (saturating), bounded by NODE_WEIGHT_MAX.
 */
#ifndef CORE_CONFIG_NODE_H
#define CORE_CONFIG_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/value.h"

enum {
    NODE_DEPTH_MAX = 64,
    NODE_WEIGHT_MAX = 2000000, /* nodes, aliases written out */
    NODE_FILE_MAX = 64 << 20,  /* bytes of one file */
    NODE_TEXT_MAX = 16 << 20,  /* bytes of one scalar */
};

enum node_kind { NODE_SCALAR = 1, NODE_LIST, NODE_MAP };

struct node_entry {
    struct node *key; /* a scalar */
    struct node *value;
};

struct node {
    enum node_kind kind;
    bool quoted;     /* a scalar in quotes or a block: always text */
    bool inside;     /* a scalar without quotes inside { } or [ ]: a comma ends it */
    bool script;     /* text that $load brought in for `script`: no macros in it */
    bool literal;    /* text that is data, such as what $env gave: no macros in it either */
    bool resolved;   /* the loader's own mark: its load-time macros are done */
    bool broken;     /* its mistake is recorded: nothing more is to be said of it */
    unsigned height; /* levels of containers in it, itself included; a scalar has 0 */
    struct place at;
    uint64_t weight;
    stressor_value scalar; /* typed; a date keeps its text as a string */
    const char *text;      /* of a scalar as it stands in the file; ends in NUL */
    size_t length;
    size_t count; /* of items or entries */
    union {
        struct node **items;
        struct node_entry *entries; /* in file order; no duplicates (the last one won) */
    };
};

/* A scalar that is text. NULL: out of memory. The bytes are borrowed and end in NUL. */
struct node *node_new_text(struct arena *a, const struct place *at, const char *text,
                           size_t length);
/* What a key is called among the values: "true", "false", "null", or as it stands in the file. */
const char *node_key_name(const struct node *key, size_t *length);

/* The value of a key, or NULL; `map` may be NULL or no map. */
struct node *node_get(const struct node *map, const char *key);
const struct node_entry *node_entry(const struct node *map, const char *key);
/* "a list", "a map", "text", "an integer", …: for "expected …, found …". */
const char *node_kind_text(const struct node *n);
/* The value shortened for a message: `'abc…'`, `[1, 2, …]`. `out` as wide as it should get. */
void node_excerpt(const struct node *n, char *out, size_t size);
/* The same with its kind: "text 'abc'", "the integer 5", "a list [1, 2]", "null". */
void node_describe(const struct node *n, char *out, size_t size);
/* What to do about a macro whose ')' is missing: "; …", or "" where nothing is known. */
const char *node_open_hint(const struct node *n);

#endif
