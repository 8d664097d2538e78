/*
 * snapshot.h -- the state of a run at one moment: what reporters, the command line and
 * embedding programs read.
 *
 * A snapshot is immutable and may be read on any thread by whoever holds it. Its figures
 * come from all workers, each read without stopping it: while the run goes on, counts that
 * belong together may be some microseconds apart; after the run they are exact.
 *
 * Times are nanoseconds: durations by the monotonic clock, `_wall_ns` since 1970 UTC.
 */
#ifndef STRESSOR_SNAPSHOT_H
#define STRESSOR_SNAPSHOT_H

#include <stressor/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The distribution of some latencies: counts in buckets no wider than 0.1 % of their value. */
typedef struct stressor_histogram stressor_histogram;

enum stressor_phase {
    STRESSOR_PHASE_MAIN = 0,
    STRESSOR_PHASE_INIT = 1,
    STRESSOR_PHASE_END = 2,
    STRESSOR_PHASE_WARMUP = 3
};

enum stressor_stage {
    STRESSOR_STAGE_STARTING = 0, /* sessions are still being started */
    STRESSOR_STAGE_RUNNING = 1,
    STRESSOR_STAGE_STOPPING = 2, /* a limit or a stop ends it */
    STRESSOR_STAGE_DONE = 3
};

enum stressor_row_flag {
    STRESSOR_ROW_MONITORED = 0x1,     /* `monitor: true` */
    STRESSOR_ROW_IGNORE_TIMING = 0x2, /* kept out of the net figures */
    STRESSOR_ROW_CALLED = 0x4         /* activities that scripts called: outside net counts too */
};

/* Activities that share a name, or one place in the scenario. */
typedef struct stressor_row {
    uint32_t size;
    uint32_t flags;   /* enum stressor_row_flag */
    uint32_t phase;   /* enum stressor_phase */
    uint32_t index;   /* the same row has the same index in every snapshot of a run */
    const char *name; /* as the scenario names it, else sequence/index/type; ends in NUL */
    const char *type; /* the activity type, of the first place if several share the row */
    uint64_t count;   /* executions completed, failed ones included; no skipped, no cancelled */
    uint64_t errors;
    int64_t sum_ns; /* of the latencies, failed ones included */
    int64_t min_ns; /* 0 when count is 0 */
    int64_t max_ns;
    const stressor_histogram *total;    /* since the start of the run */
    const stressor_histogram *interval; /* since the snapshot before; NULL unless asked for */
} stressor_row;

typedef struct stressor_sequence_row {
    uint32_t size;
    uint32_t phase; /* enum stressor_phase */
    const char *name;
    uint64_t passes; /* completed, also those with errors in them */
    uint64_t errors; /* of activities in it */
    uint64_t activities;
    int64_t sum_ns; /* of the durations of the passes */
    int64_t net_ns; /* the same without activities that ignore timing */
    int64_t min_ns;
    int64_t max_ns;
} stressor_sequence_row;

/* Errors of one category, kind and row. */
typedef struct stressor_error_group {
    uint32_t size;
    uint32_t category; /* enum stressor_category */
    const char *kind;
    const char *row;     /* the row's name; NULL: not of an activity (a limit) */
    const char *example; /* the first one: session, place and text */
    uint64_t count;
} stressor_error_group;

/* A metric that a plugin registered. */
typedef struct stressor_metric_row {
    uint32_t size;
    uint32_t kind; /* enum stressor_metric_kind */
    const char *name;
    const char *unit;
    const char *help;
    int64_t value;                       /* counters and gauges */
    const stressor_histogram *histogram; /* histograms; else NULL */
} stressor_metric_row;

/* What the generator itself used. */
typedef struct stressor_resources {
    uint32_t size;
    uint32_t workers;
    int64_t cpu_user_ns;
    int64_t cpu_system_ns;
    uint64_t peak_bytes;      /* largest resident set of the process */
    uint64_t pool_threads;    /* most at a time, for BLOCKING activities */
    int64_t pool_wait_max_ns; /* the longest that one waited for a thread */
    int64_t loop_lag_p99_ns;  /* how late the workers handle what is due */
    int64_t loop_lag_max_ns;
} stressor_resources;

struct stressor_snapshot {
    uint32_t size;
    uint32_t stage;       /* enum stressor_stage */
    uint64_t serial;      /* 1, 2, … within the run */
    const char *name;     /* of the run configuration */
    const char *tag;      /* may be NULL */
    const char *base_url; /* may be NULL */
    int64_t started_wall_ns;
    int64_t ended_wall_ns; /* 0 while running */
    int64_t elapsed_ns;
    int64_t net_ns;      /* of all activities that do not ignore timing, summed over the sessions */
    uint64_t activities; /* completed, without those that ignore timing or were called */
    uint64_t activities_all;
    uint64_t errors;    /* failed activities and reached limits */
    uint64_t cancelled; /* activities that a stop ended */
    uint64_t abandoned; /* activities that did not answer a stop within the grace period */
    uint64_t sessions_planned;
    uint64_t sessions_started;
    uint64_t sessions_running;
    uint64_t sessions_done;
    uint64_t passes; /* of sequences, init and end included */
    const stressor_row *const *rows;
    const stressor_sequence_row *const *sequences;
    const stressor_error_group *const *error_groups; /* most frequent first */
    const stressor_metric_row *const *metrics;
    uint32_t rows_count;
    uint32_t sequences_count;
    uint32_t error_groups_count;
    uint32_t metrics_count;
    uint64_t error_groups_dropped; /* errors whose group did not fit into the table */
    const stressor_resources *resources;
    const char *stop_reason; /* "max_errors", "max_time", "stopped"; NULL: it ran to its end */
    uint64_t seed;           /* of the random numbers; the same seed gives the same ones again */
    uint32_t dry_run;        /* 0 or 1 */
    uint32_t reserved;
    int64_t starting_ns; /* how long it took until the last session had started; 0: not yet */
};

/* A session, for people who watch. */
typedef struct stressor_session_row {
    uint32_t size;
    uint32_t running; /* 0 or 1 */
    const char *id;
    const char *user;
    const char *path;       /* sequence/index/type of what it does now */
    const char *last_error; /* may be NULL */
    uint64_t activities;
    uint64_t errors;
} stressor_session_row;

/* "stressor.snapshot/1" [any] */
typedef struct stressor_snapshot_api {
    uint32_t size;
    uint32_t reserved;
    const stressor_snapshot *(*retain)(const stressor_snapshot *snapshot);
    void (*release)(const stressor_snapshot *snapshot);
    /* The value below or at which `percent` (0 to 100) of the recorded ones lie, off by 0.1 % at
     * most and never above the maximum; 0 when there are none. */
    int64_t (*percentile)(const stressor_histogram *histogram, double percent);
    uint64_t (*count)(const stressor_histogram *histogram);
    /* Calls `each` for every bucket that is not empty, in ascending order; lowest and highest
     * are the least and greatest value that fall into it. */
    void (*buckets)(const stressor_histogram *histogram,
                    void (*each)(void *data, int64_t lowest, int64_t highest, uint64_t count),
                    void *data);
} stressor_snapshot_api;

#define STRESSOR_SNAPSHOT_1 "stressor.snapshot/1"

#ifdef __cplusplus
}
#endif

#endif
