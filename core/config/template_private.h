/*
 * The inside of a template, shared by its files.
 */
#ifndef CORE_CONFIG_TEMPLATE_PRIVATE_H
#define CORE_CONFIG_TEMPLATE_PRIVATE_H

#include "config/template.h"

enum piece_kind { PIECE_LITERAL = 1, PIECE_VARIABLE, PIECE_CALL };

/* A text without its end marked. */
struct span {
    const char *text;
    size_t length;
};

/* `$(user.name)`: looked up whole, then as `user` and the way `name` into it. */
struct variable {
    uint32_t whole;
    uint32_t head;
    size_t way_count; /* 0: a name without dots */
    struct span *way;
    struct span name;
};

/* `$random(1, $(high))` */
struct call {
    const stressor_macro *macro;
    void *plugin;
    size_t args_count;
    const struct template **args; /* NULL: the text stands for itself */
    struct span *texts;
};

struct piece {
    enum piece_kind kind;
    union {
        struct span literal;
        struct variable variable;
        struct call call;
    };
};

struct template
{
    struct place at;
    struct span source;
    bool alone; /* one macro: it keeps its type */
    size_t count;
    struct piece *pieces;
};

/* "; did you mean 'x'?" for a variable that is not set, or why there is nothing to find. */
void template_explain_unknown(const struct variable *v, const struct template_env *env,
                              struct buf *out);

#endif
