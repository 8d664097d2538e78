/*
 * compare_limit -- by how much figures may get worse: "--max-p95 +10%".
 */
#ifndef CORE_CLI_COMPARE_LIMIT_H
#define CORE_CLI_COMPARE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/compare_read.h"

/* The first ones are enum result_latency. */
enum figure_kind { FIGURE_ERRORS = RESULT_LATENCIES, FIGURE_RATE, FIGURE_KINDS };

struct limit {
    bool given;
    bool relative;    /* percent of the first run's figure; of errors: percentage points */
    double by;        /* percent, ns, errors or per second; negative: less than before */
    const char *text; /* as given; borrowed */
};

struct limits {
    struct limit of[FIGURE_KINDS];
};

enum limit_reading { LIMIT_READ, LIMIT_UNSIGNED, LIMIT_WRONG };

/* "+10%", "-5%", "+20ms" (latencies), "+3" (errors), "-10" (rate). Without a sign it may be 0
 * alone: of anything else nobody could tell whether more or less is meant. */
enum limit_reading limit_read(struct limit *l, enum figure_kind kind, const char *text);
/* The figures of a kind: ns, errors, per second. */
double limit_figure(const struct result_row *row, enum figure_kind kind);
/* Percent of the executions; 0 without any. */
double error_percent(const struct result_row *row);
/* Does `b` keep the limit, measured by `a`? Always, where it is not given. */
bool limit_holds(const struct limit *l, enum figure_kind kind, const struct result_row *a,
                 const struct result_row *b);

#endif
