/*
 * summary -- what a run came to, for people: the verdict, the facts, a row for each activity, the
 * use of resources, the errors in groups, the thresholds, whether all that is to be trusted, and
 * the verdict again.
 *
 * A pure function of a snapshot: the same snapshot and style give the same bytes (dates are in
 * the local time zone). The verdict is that of the exit code, so that it hears what else goes into
 * that. It wants a UTF-8 LC_CTYPE for the widths of names.
 */
#ifndef CORE_CLI_SUMMARY_H
#define CORE_CLI_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include <stressor/snapshot.h>

struct summary_style {
    bool colour;
    bool brief;   /* the verdict, and what went wrong */
    size_t width; /* columns of the terminal; 0: no terminal */
    size_t reports_failed;
    bool strict; /* figures that are not to be trusted fail the run */
};

/* False: out of memory, or the stream has an error (ferror tells which). */
bool summary_write(FILE *out, const stressor_snapshot *s, const struct summary_style *style);
#endif
