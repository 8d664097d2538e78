/*
 * html_scale -- the axes of charts: from which value to which, and where lines and labels go.
 */
#ifndef CONTRIB_REPORTS_HTML_SCALE_H
#define CONTRIB_REPORTS_HTML_SCALE_H

#include <stdbool.h>
#include <stdint.h>

#include "html_figure.h"

#define SCALE_TICKS 16

struct scale {
    double low, high;
    double step; /* between ticks; 0: logarithmic */
    double ticks[SCALE_TICKS];
    unsigned ticks_count;
};

/* From 0 to the round number at or above `most`; `whole`: no tick lies between whole numbers,
 * unless `most` is between 0 and 1. */
struct scale scale_linear(double most, bool whole);
/* From the round number at or below `least` to that at or above `most`, both positive. */
struct scale scale_log(double least, double most);
/* Time since the start, up to `span_ns` exactly, with ticks at round times. */
struct scale scale_clock(int64_t span_ns);

/* Where a value lies: 0 at the low end, 1 at the high one; within these. */
double scale_at(const struct scale *s, double value);
void scale_label(const struct scale *s, unsigned tick, enum figure_unit unit,
                 char out[FIGURE_SIZE]);
/* Of a clock, without its unit: "90", "1:30". */
void scale_clock_label(const struct scale *s, unsigned tick, char out[FIGURE_SIZE]);
const char *scale_clock_unit(const struct scale *s); /* "seconds since the start" */

#endif
