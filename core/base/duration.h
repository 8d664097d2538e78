/*
 * duration -- "1.5", "500ms", "2s", "5m", "1h30m" to nanoseconds and back.
 */
#ifndef CORE_BASE_DURATION_H
#define CORE_BASE_DURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds without a unit; units ns us ms s m h d, largest first, each at most once. White space
 * around it is fine. False: not a duration, or out of range (±292 years). Negative ones are
 * read ("-1"); whether they make sense is the caller's to say. */
bool duration_parse(const char *text, size_t length, int64_t *ns);
/* Of seconds. False: NaN or out of range. */
bool duration_from_seconds(double seconds, int64_t *ns);
/* Three digits that matter, for people: "12.3 ms", "1.20 s", "2m05s". */
void duration_text(int64_t ns, char out[32]);

#endif
