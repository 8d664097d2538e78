/*
 * figure -- numbers for people: thousands separated by commas, times with three digits that
 * matter.
 */
#ifndef CORE_CLI_FIGURE_H
#define CORE_CLI_FIGURE_H

#include <stdint.h>

#define FIGURE_SIZE 48

/* "1,234,567" */
void figure_count(uint64_t n, char out[FIGURE_SIZE]);
/* "1 error", "2 errors", "1,234 activities". */
void figure_counted(uint64_t n, const char *one, const char *many, char out[FIGURE_SIZE]);
/* "850 ns", "12.3 µs", "1.20 ms", "75.0 s": number, space, unit. */
void figure_time(int64_t ns, char out[FIGURE_SIZE]);
/* Below a minute as figure_time, else "2m05s", "1h02m03s". */
void figure_span(int64_t ns, char out[FIGURE_SIZE]);
/* How many decimals show three digits of a number, at most 3. */
int figure_decimals(double x);
/* "1,234.5"; `x` is finite and not negative. */
void figure_real(double x, int decimals, char out[FIGURE_SIZE]);
/* `n` in `ns`: "123/s", three digits that matter; "-" when no time has passed. */
void figure_rate(uint64_t n, int64_t ns, char out[FIGURE_SIZE]);
/* "34.1 MB", of powers of ten. */
void figure_bytes(uint64_t bytes, char out[FIGURE_SIZE]);
/* ISO 8601 with milliseconds in the local time zone: "2024-01-31T12:00:00.123+01:00". */
void figure_date(int64_t wall_ns, char out[FIGURE_SIZE]);

#endif
