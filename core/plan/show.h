/*
 * The inside of stressor_plan_show, shared by its files: YAML in block style, piece by piece.
 *
 * What is written is well-formed YAML 1.1 in which every text reads back as it is, but for secrets
 * ("***") and what is too long. Nothing in it moves a cursor or turns the direction of a line:
 * such characters are escaped.
 */
#ifndef CORE_PLAN_SHOW_H
#define CORE_PLAN_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/plugin.h>
#include <stressor/reporter.h>

#include "base/buf.h"

enum {
    SHOW_TEXT_MAX = 16 << 10, /* bytes of one text */
    SHOW_MAX = 64 << 20,      /* bytes in all */
    SHOW_NOTE_COLUMN = 40,    /* where comments begin, where there is room */
};

struct show {
    stressor_sink sink;
    void *data;
    struct buf text;  /* that the sink does not have yet */
    size_t line;      /* where in it the line begins */
    uint64_t given;   /* bytes that the sink has */
    int32_t error;    /* of the sink */
    bool open;        /* the cursor stands behind "- " */
    const char *note; /* of the line that is being written, if it is not there yet */
    bool cut;         /* SHOW_MAX is reached */
};

/* How to show a value. */
struct show_as {
    const stressor_arg *arg; /* its declaration; NULL: none */
    const char *note;        /* a comment behind it; NULL: none */
    bool conceal;            /* it is a secret, whatever it looks like */
};

/* Nothing is to be written any more. */
bool show_done(const struct show *s);
/* 0, what the sink returned, or STRESSOR_ENOMEM. */
int32_t show_finish(struct show *s);

/* "KEY:" or "KEY: VALUE" after two spaces for each level of `depth`. */
void show_head(struct show *s, unsigned depth, const char *key, const char *note);
void show_value(struct show *s, unsigned depth, const char *key, const stressor_value *v,
                const struct show_as *as);
void show_string(struct show *s, unsigned depth, const char *key, const char *text,
                 const char *note);
/* "true" */
void show_yes(struct show *s, unsigned depth, const char *key, const char *note);
void show_int(struct show *s, unsigned depth, const char *key, uint64_t number, const char *note);
void show_duration(struct show *s, unsigned depth, const char *key, int64_t ns, const char *note);
/* "- ": the next line is an item's first. */
void show_item(struct show *s, unsigned depth);
/* A line that is a comment. */
void show_note(struct show *s, unsigned depth, const char *text);

/* The pieces of a line. */
void show_begin(struct show *s, unsigned depth);
void show_end(struct show *s); /* with s->note as a comment */
/* A text as a scalar: plain, quoted, or, unless it is a `key`, as a block of lines at `depth`. */
void show_scalar(struct show *s, unsigned depth, const char *text, size_t length, bool key);
void show_span(struct buf *out, int64_t ns); /* "1.5s" */

#endif
