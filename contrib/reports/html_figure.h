/*
 * html_figure -- numbers for people: thousands separated by commas, three digits that matter, units
 * of powers of ten behind a space that does not break. No function depends on the locale.
 */
#ifndef CONTRIB_REPORTS_HTML_FIGURE_H
#define CONTRIB_REPORTS_HTML_FIGURE_H

#include <stdint.h>

#define FIGURE_SIZE 48

/* What a number counts. */
enum figure_unit {
    FIGURE_COUNT, /* activities, sessions, each second */
    FIGURE_TIME,  /* nanoseconds */
    FIGURE_BYTES,
    FIGURE_PERCENT
};

void figure_count(uint64_t n, char out[FIGURE_SIZE]);       /* "1,234,567" */
void figure_time(int64_t ns, char out[FIGURE_SIZE]);        /* "850 ns", "1.20 ms" */
void figure_span(int64_t ns, char out[FIGURE_SIZE]);        /* "75.0 ms", "2m05s", "1h02m03s" */
void figure_bytes(uint64_t bytes, char out[FIGURE_SIZE]);   /* "34.1 MB" */
void figure_real(double x, char out[FIGURE_SIZE]);          /* "0.123", "1,234" */
void figure_percent(double percent, char out[FIGURE_SIZE]); /* "8 %", as the summary has CPUs */
void figure_part(uint64_t n, uint64_t of, char out[FIGURE_SIZE]); /* "0.06 %"; "–" of nothing */
/* A whole multiple of `step` on an axis whose greatest value is `high`: "0.5 s", "20k". */
void figure_tick(double value, double step, double high, enum figure_unit unit,
                 char out[FIGURE_SIZE]);

#endif
