/*
 * summary_parts -- the tables of the summary. Each writes nothing where there is nothing to
 * show, else a blank line first. False: out of memory, or the stream has an error. `width` is 0
 * where there is no terminal.
 */
#ifndef CORE_CLI_SUMMARY_PARTS_H
#define CORE_CLI_SUMMARY_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <stressor/snapshot.h>

bool summary_write_rows(FILE *out, const stressor_snapshot *s, size_t width);
bool summary_write_metrics(FILE *out, const stressor_snapshot *s);
bool summary_write_errors(FILE *out, const stressor_snapshot *s, size_t width);

#endif
