/*
 * template -- a string with macros in it, compiled once into literals, variable slots and calls.
 *
 * A variable is `$(`, optional space, \w[\w.:]*, optional space, `)`; a call is `$name(arguments)`
 * where `name` is a run-time macro of a plugin. All else is literal; what looks like a call of a
 * macro that nobody provides draws a warning. A template that is one macro alone, white space
 * around it ignored, yields the macro's own value; otherwise text is yielded.
 *
 * A dotted name is looked up whole, then as a variable and a way into it: `user.name`.
 */
#ifndef CORE_CONFIG_TEMPLATE_H
#define CORE_CONFIG_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/activity.h>
#include <stressor/macro.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/names.h"
#include "base/value.h"
#include "config/node.h"

enum {
    TEMPLATE_DEPTH_MAX = 32,      /* of macros whose values hold macros */
    TEMPLATE_TEXT_MAX = 16 << 20, /* bytes of one expansion */
    TEMPLATE_PIECES_MAX = 100000, /* of one template, and of one expansion in all */
};

struct template;

/* What compiling needs to know. */
struct template_scope {
    struct names *variables; /* slots are interned here */
    /* A macro by name, of any kind; NULL: nobody provides it. `plugin` receives the plugin's data
     * as its `expand` wants it. May be NULL: there are none. */
    const stressor_macro *(*macro)(void *data, const char *name, size_t length, void **plugin);
    /* Offers the names of all macros, for "did you mean". May be NULL. */
    void (*macro_names)(void *data, void (*each)(void *to, const char *name), void *to);
    void *data;
    struct diag *diag;
};

/* What expanding needs. `failure` texts live in the arena. */
struct template_env {
    /* The value of a slot, possibly a template itself; NULL: unset. */
    const stressor_value *(*variable)(void *data, uint32_t slot);
    void *data;
    const struct names *variables;
    struct arena *arena; /* what comes out lives here (or is borrowed from the variables) */
    stressor_exec *exec; /* for the macros of plugins; may be NULL */
    unsigned depth;      /* 0 at the start; counts on its own */
    unsigned pieces;     /* likewise */
};

/* Compiles; `*out` is NULL when there is no macro in the text (then use the text itself). False:
 * a mistake was recorded. The template lives in the arena, and borrows `at`'s file name. */
bool template_compile(const struct template_scope *scope, struct arena *a, const struct place *at,
                      const char *text, size_t length, const struct template **out);
/* Can `$(…)` read a variable of that name? */
bool template_names(const char *name, size_t length);
/* Where it stands, and its source text. */
const struct place *template_place(const struct template *t);
const char *template_source(const struct template *t, size_t *length);

/* False: `failure` says why (category SCRIPT, or the macro's own). */
bool template_expand(const struct template *t, struct template_env *env, stressor_value *out,
                     stressor_failure *failure);
/* Expands every template in a value, at any depth; values without any come out as they are. */
bool template_expand_value(const stressor_value *in, struct template_env *env, stressor_value *out,
                           stressor_failure *failure);

/* A macro call that is the whole of a text, as in `activity: $sleep(0.3, $(b))`. */
struct macro_call {
    const char *name;
    size_t name_length;
    struct {
        const char *text;
        size_t length;
    } args[16]; /* trimmed; quotes around one are taken off */
    size_t args_count;
};
enum macro_call_result {
    MACRO_CALL_NONE = 0, /* it is not one: no `$name(` at the start */
    MACRO_CALL_YES = 1,
    MACRO_CALL_TRAILING = 2, /* text after the closing parenthesis */
    MACRO_CALL_OPEN = 3,     /* no closing parenthesis */
    MACRO_CALL_TOO_MANY = 4, /* more than 16 arguments */
};
enum macro_call_result macro_call_parse(const char *text, size_t length, struct macro_call *out);

/* A node as a value: strings with macros become VALUE_TEMPLATE unless `raw`. False: mistakes were
 * recorded. A macro in text that `plain` scalars spell ("12") is still text after expansion. */
bool template_node_value(const struct template_scope *scope, struct arena *a, const struct node *n,
                         bool raw, stressor_value *out);

#endif
