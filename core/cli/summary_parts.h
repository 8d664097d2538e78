/*
 * summary_parts -- the parts of the summary. Each writes nothing where there is nothing to show,
 * else a blank line first. False: out of memory, or the stream has an error.
 */
#ifndef CORE_CLI_SUMMARY_PARTS_H
#define CORE_CLI_SUMMARY_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <stressor/snapshot.h>

#include "cli/summary.h"

#define SUMMARY_RED    "\033[1;31m"
#define SUMMARY_GREEN  "\033[1;32m"
#define SUMMARY_YELLOW "\033[1;33m"
#define SUMMARY_PLAIN  "\033[0m"

/* The colour where colours are asked for, else NULL. */
static inline const char *summary_in(const struct summary_style *style, const char *colour)
{
    return style->colour ? colour : NULL;
}

/* A few words in a colour. */
void summary_put(FILE *out, const struct summary_style *style, const char *colour,
                 const char *text);

enum { SUMMARY_WARMUP_SIZE = 80 };
/* " (476 in the warm-up)", of the errors of the run, or "". */
void summary_warmup_errors(const stressor_snapshot *s, char out[SUMMARY_WARMUP_SIZE]);
/* The activities that the errors are of: the net ones; all, without what scripts called, where
 * there are no others, or others failed too. */
uint64_t summary_executed(const stressor_snapshot *s);

bool summary_write_facts(FILE *out, const stressor_snapshot *s, size_t width);
bool summary_write_rows(FILE *out, const stressor_snapshot *s, const struct summary_style *style);
bool summary_write_metrics(FILE *out, const stressor_snapshot *s, size_t width);
bool summary_write_resources(FILE *out, const stressor_snapshot *s,
                             const struct summary_style *style);
/* With style->brief those that failed only. */
bool summary_write_thresholds(FILE *out, const stressor_snapshot *s,
                              const struct summary_style *style);
bool summary_write_errors(FILE *out, const stressor_snapshot *s, size_t width);
/* With style->brief only where the figures are not to be trusted. */
bool summary_write_trust(FILE *out, const stressor_snapshot *s, const struct summary_style *style);

#endif
