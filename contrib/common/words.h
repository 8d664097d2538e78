/*
 * words -- the names of the SDK's numbers, the same in every document. Unknown numbers are "?".
 */
#ifndef CONTRIB_COMMON_WORDS_H
#define CONTRIB_COMMON_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include <stressor/snapshot.h>

const char *word_phase(uint32_t phase);         /* "main", "init", "end", "warmup" */
const char *word_stage(uint32_t stage);         /* "starting", … */
const char *word_verdict(uint32_t verdict);     /* "none", "passed", … */
const char *word_category(uint32_t category);   /* "TARGET", … */
const char *word_threshold(uint32_t state);     /* "pending", "passed", "failed" */
const char *word_threshold_unit(uint32_t unit); /* "ns", "count", "per_second", "percent" */
const char *word_trust(uint32_t verdict);       /* "unknown", "trusted", "untrusted" */
const char *word_metric(uint32_t kind);         /* "counter", "gauge", "histogram" */

#define WHEN_SIZE 40
/* ISO 8601 in UTC with milliseconds: "2024-01-31T12:00:00.123Z". */
void when_utc(int64_t wall_ns, char out[WHEN_SIZE]);

/* How long the activities and sequences of a phase were counted, for rates: the warm-up, or what
 * was measured; init and end: the whole run. */
int64_t phase_span_ns(const stressor_snapshot *s, uint32_t phase);
/* n per second; 0 when no time has passed. */
double per_second(uint64_t n, int64_t span_ns);
/* The rate of all net activities: those of the main phase by the measured time, as each row's. */
double net_per_second(const stressor_snapshot *s);
/* Most types are never called by scripts: then their rows are not worth telling. */
bool row_is_unused_call(const stressor_row *row);

#endif
