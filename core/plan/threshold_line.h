/*
 * threshold_line -- one line of the section `thresholds`, taken apart.
 *
 *     METRIC [of NAME] OP VALUE [for DURATION] [, abort]
 *
 * Blanks are needed only between words. A NAME with blanks, or with one of < > = !, is put in
 * single or double quotes. What NAME is is not looked at here.
 */
#ifndef CORE_PLAN_THRESHOLD_LINE_H
#define CORE_PLAN_THRESHOLD_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "stats/threshold.h"

enum { THRESHOLD_LINE_MAX = 1000 /* bytes */ };

struct threshold_line {
    struct threshold is; /* without text, subject and name */
    const char *name;    /* within the text, without its quotes; NULL: none */
    size_t name_length;
    size_t name_at; /* which character of the line it begins at, from 1 */
};

/* False: `why` says at which character of the line what was expected, and what stands there. */
bool threshold_line_parse(const char *text, size_t length, struct threshold_line *out,
                          struct buf *why);

#endif
