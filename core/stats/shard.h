/*
 * shard -- what one worker has counted.
 *
 * Only the shard's worker writes; anyone may read at the same time (relaxed atomics with a single
 * writer). Error groups are behind a mutex of their own, as they are rare and hold text.
 */
#ifndef CORE_STATS_SHARD_H
#define CORE_STATS_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/histogram.h"

enum {
    SHARD_ERROR_GROUPS_MAX = 1000,
    SHARD_EXAMPLE_MAX = 1000, /* bytes */
    SHARD_KIND_MAX = 100,     /* bytes; longer kinds group by their beginning */
};

/* What a row, a sequence, a metric is called; the same tables for all shards of a run, borrowed. */
struct shard_layout {
    const struct row_info {
        const char *name;
        const char *type;
        uint32_t phase; /* enum stressor_phase */
        uint32_t flags; /* enum stressor_row_flag */
    } * rows;
    size_t rows_count;
    const struct sequence_info {
        const char *name;
        uint32_t phase;
    } * sequences;
    size_t sequences_count;
    const struct metric_info {
        const char *name, *unit, *help;
        uint32_t kind; /* enum stressor_metric_kind */
    } * metrics;
    size_t metrics_count;
};

struct shard;

struct shard *shard_new(const struct shard_layout *layout); /* NULL: out of memory */
void shard_free(struct shard *s);

/* One completed activity. [the shard's worker], as all that follow */
void shard_activity(struct shard *s, uint32_t row, int64_t latency_ns, bool failed);
/* One finished pass of a sequence. */
void shard_pass(struct shard *s, uint32_t sequence, int64_t duration_ns, int64_t net_ns);
/* An activity within a sequence; `failed` counts it as an error of the sequence too. */
void shard_sequence_activity(struct shard *s, uint32_t sequence, bool failed);
void shard_metric(struct shard *s, uint32_t metric, int64_t value);
void shard_lag(struct shard *s, int64_t lag_ns);

enum shard_counter {
    SHARD_ERRORS,
    SHARD_CANCELLED,
    SHARD_ABANDONED,
    SHARD_SESSIONS_STARTED,
    SHARD_SESSIONS_DONE,
    SHARD_POOL_THREADS,  /* a maximum, not a sum, across shards */
    SHARD_POOL_WAIT_MAX, /* ns; a maximum */
    SHARD_COUNTERS
};
void shard_add(struct shard *s, enum shard_counter which, uint64_t n);
void shard_max(struct shard *s, enum shard_counter which, uint64_t n);

/* Counts an error in its group; `row` negative: of no activity. Texts are copied, `example` only
 * for a new group. Returns how often this group has come now (1: new; 0: no room for the group).
 * Does not touch SHARD_ERRORS. */
uint64_t shard_error(struct shard *s, uint32_t category, const char *kind, int32_t row,
                     const char *example, size_t example_length);

/*
 * Reading, while the worker goes on. [any] What they point to lives as long as the shard.
 * Histograms are NULL before their first value.
 */
struct shard_row {
    uint64_t count;
    uint64_t errors;
    int64_t sum_ns;
    const struct stressor_histogram *latency;
};
struct shard_row shard_row(const struct shard *s, size_t row);

struct shard_sequence {
    uint64_t passes;
    uint64_t errors;
    uint64_t activities;
    int64_t sum_ns;
    int64_t net_ns;
    const struct stressor_histogram *durations;
};
struct shard_sequence shard_sequence(const struct shard *s, size_t sequence);

int64_t shard_metric_value(const struct shard *s, size_t metric); /* counters and gauges */
const struct stressor_histogram *shard_metric_histogram(const struct shard *s, size_t metric);
const struct stressor_histogram *shard_lags(const struct shard *s);
uint64_t shard_counter(const struct shard *s, enum shard_counter which);

struct shard_group {
    uint32_t category;
    int32_t row; /* negative: of no activity */
    uint64_t count;
    const char *kind;
    const char *example;
};
/* Copies at most `room` groups to `out`; returns how many there are. `*dropped` counts the errors
 * that found no room for a group. */
size_t shard_errors(struct shard *s, struct shard_group *out, size_t room, uint64_t *dropped);

#endif
