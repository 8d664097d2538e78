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
    const stressor_histogram *interval; /* in the interval of the snapshot; NULL: none */
    uint64_t interval_count;            /* of `count`, those in the interval */
    uint64_t interval_errors;
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
    const stressor_histogram *total;    /* of the durations of the passes */
    const stressor_histogram *interval; /* in the interval of the snapshot; NULL: none */
    uint64_t interval_passes;
    uint64_t interval_errors;
} stressor_sequence_row;

/* Errors of one category, kind and row. A name that was executed in several phases has a row, and
 * groups, of each. */
typedef struct stressor_error_group {
    uint32_t size;
    uint32_t category; /* enum stressor_category */
    const char *kind;
    const char *row;     /* the row's name; NULL: not of an activity (a limit) */
    const char *example; /* the first one: session, place and text */
    uint64_t count;
    uint32_t phase; /* enum stressor_phase, of the row; MAIN where there is none */
    uint32_t reserved;
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

/* What the generator itself used, since the start of the run. */
typedef struct stressor_resources {
    uint32_t size;
    uint32_t workers;
    int64_t cpu_user_ns;
    int64_t cpu_system_ns;
    uint64_t peak_bytes;      /* largest resident set of the process */
    uint64_t pool_threads;    /* most at a time, for BLOCKING activities */
    int64_t pool_wait_max_ns; /* the longest that one waited for a thread */
    int64_t loop_lag_p99_ns;  /* how late the workers handle what is ready: from then to the next */
    int64_t loop_lag_max_ns;  /* step of its session */
} stressor_resources;

/* One worker. */
typedef struct stressor_worker_row {
    uint32_t size;
    uint32_t index;
    double cpu; /* of its thread, in the last second: 1 is a whole CPU */
    double cpu_max;
    int64_t cpu_ns; /* since the start of the run */
    int64_t loop_lag_p99_ns;
    int64_t loop_lag_max_ns;
    uint64_t sessions; /* that are on it now */
} stressor_worker_row;

/* A process that is looked at each second: the first is the generator itself, the others are
 * those that config.watch names. Figures are 0 where the system does not give them. */
typedef struct stressor_process_row {
    uint32_t size;
    uint32_t alive;     /* 0 or 1, at the last look */
    const char *name;   /* "stressor", or the entry of config.watch */
    const char *reason; /* why there are no figures: "no such process"; NULL: there are */
    int64_t pid;        /* 0: not found yet */
    double cpu;         /* in the last second: 1 is a whole CPU */
    double cpu_max;
    int64_t cpu_ns;        /* since it was first looked at */
    uint64_t memory_bytes; /* resident */
    uint64_t memory_max_bytes;
    uint64_t threads;
    uint64_t descriptors;
    uint64_t descriptors_limit;
    uint64_t sockets;
    uint64_t read_bytes; /* from storage, since it was first looked at */
    uint64_t written_bytes;
} stressor_process_row;

/* The machine that the generator runs on. */
typedef struct stressor_machine {
    uint32_t size;
    uint32_t cpus;
    double cpu; /* busy in the last second: 1 is a whole CPU */
    double cpu_max;
    uint64_t memory_bytes;
    uint64_t memory_available_bytes;
    uint64_t received_bytes; /* all network interfaces, loopback included, during the run */
    uint64_t sent_bytes;
    uint64_t tcp_sockets; /* in use now, and waiting for the end of TIME_WAIT */
    uint64_t tcp_time_wait;
    uint64_t local_ports; /* that outgoing connections may take */
} stressor_machine;

/* A moment of the time series. There are at most 300, the oldest first; when they are full,
 * neighbours are merged and an interval is twice as long. Latencies are those of net activities
 * that completed in it, warm-up, init and end included. */
typedef struct stressor_point {
    uint32_t size;
    uint32_t phase;  /* STRESSOR_PHASE_WARMUP when it began in the warm-up; else MAIN */
    int64_t from_ns; /* since the start of the run */
    int64_t to_ns;
    uint64_t sessions;   /* most that ran at one of its seconds */
    uint64_t activities; /* net */
    uint64_t errors;
    int64_t mean_ns;
    int64_t p50_ns;
    int64_t p90_ns;
    int64_t p95_ns;
    int64_t p99_ns;
    int64_t max_ns;
    double machine_cpu; /* mean over the interval: 1 is a whole CPU */
    const struct stressor_process_point *const *processes; /* in the order of the snapshot's */
    uint32_t processes_count;
    uint32_t reserved;
} stressor_point;

typedef struct stressor_process_point {
    uint32_t size;
    uint32_t reserved;
    double cpu;            /* mean over the interval */
    uint64_t memory_bytes; /* most at one of its seconds */
    uint64_t descriptors;  /* likewise */
    uint64_t read_bytes;   /* in the interval */
    uint64_t written_bytes;
} stressor_process_point;

/* The last seconds (5 at most), for people who watch. */
typedef struct stressor_recent {
    uint32_t size;
    uint32_t reserved;
    int64_t duration_ns; /* 0: nothing yet */
    uint64_t activities; /* net */
    uint64_t errors;
    int64_t p50_ns;
    int64_t p95_ns;
    int64_t p99_ns;
} stressor_recent;

enum stressor_threshold_state {
    STRESSOR_THRESHOLD_PENDING = 0, /* the run goes on; `value` is how it stands */
    STRESSOR_THRESHOLD_PASSED = 1,
    STRESSOR_THRESHOLD_FAILED = 2
};

enum stressor_threshold_unit {
    STRESSOR_THRESHOLD_NS = 1,
    STRESSOR_THRESHOLD_COUNT = 2,
    STRESSOR_THRESHOLD_PER_SECOND = 3,
    STRESSOR_THRESHOLD_PERCENT = 4
};

/* A line of the section `thresholds`. */
typedef struct stressor_threshold_row {
    uint32_t size;
    uint32_t state;     /* enum stressor_threshold_state */
    uint32_t unit;      /* enum stressor_threshold_unit, of value and limit */
    uint32_t aborted;   /* 0 or 1: it has stopped the run */
    const char *text;   /* "p99 of login < 1s for 10s, abort" */
    const char *name;   /* what it is about; NULL: all net activities */
    const char *actual; /* the value for people: "312 ms", "no sample" */
    double value;       /* 0 where there is no sample */
    double limit;
    uint64_t samples;  /* that `value` is of; of a second, 0 where that is a count or rate of 0 */
    int64_t failed_ns; /* when, since the start, it failed while running; 0: it did not */
    uint32_t broken;   /* 0 or 1: pending, and as it stands it would fail, or is about to (`for`); 0
                          where time alone mends it: a count that is to be above its limit */
    uint32_t reserved;
} stressor_threshold_row;

enum stressor_trust_verdict {
    STRESSOR_TRUST_UNKNOWN = 0, /* too little has happened to say */
    STRESSOR_TRUSTED = 1,
    STRESSOR_UNTRUSTED = 2
};

/* Whether the figures tell of the target, or of the generator. */
typedef struct stressor_trust {
    uint32_t size;
    uint32_t verdict; /* enum stressor_trust_verdict */
    int64_t lateness_p99_ns;
    int64_t lateness_max_ns;
    int64_t lateness_limit_ns;  /* max(5 ms, 10 % of the median latency): above, it is untrusted */
    int64_t median_ns;          /* of all net activities */
    uint64_t generator_errors;  /* failures of the category GENERATOR; any makes it untrusted */
    const char *const *reasons; /* sentences with the figures and what to do */
    const char *const *notes;   /* what does not make it untrusted, such as busy CPUs */
    uint32_t reasons_count;
    uint32_t notes_count;
} stressor_trust;

/* An entry of the configuration, for people: secrets are masked. */
typedef struct stressor_fact {
    uint32_t size;
    uint32_t reserved;
    const char *section; /* "config", "context", "sessions", "scenario", "thresholds", "run" */
    const char *name;
    const char *text;
} stressor_fact;

/* What became of the run, by the rules of the exit code, reports aside. */
enum stressor_verdict {
    STRESSOR_VERDICT_NONE = 0, /* it goes on */
    STRESSOR_VERDICT_PASSED = 1,
    STRESSOR_VERDICT_STOPPED = 2,   /* by the user */
    STRESSOR_VERDICT_THRESHOLD = 3, /* a threshold failed */
    STRESSOR_VERDICT_ERRORS = 4,    /* there were errors, and no threshold on errors */
    STRESSOR_VERDICT_UNTRUSTED = 5 /* not to be trusted, which `strict` of the options fails; 1.1 */
};

struct stressor_snapshot {
    uint32_t size;
    uint32_t stage;       /* enum stressor_stage */
    uint64_t serial;      /* 1, 2, … within the run */
    const char *name;     /* of the run configuration */
    const char *tag;      /* may be NULL */
    const char *details;  /* may be NULL */
    const char *base_url; /* may be NULL */
    const char *version;  /* of stressor */
    int64_t started_wall_ns;
    int64_t ended_wall_ns; /* 0 while running */
    int64_t elapsed_ns;
    int64_t warmup_ns;   /* config.warmup */
    int64_t measured_ns; /* elapsed, without the warm-up */
    int64_t interval_ns; /* how long the interval is: since the snapshot of the second before */
    int64_t expected_ns; /* how long the run will take in all; 0: nobody knows */
    int64_t net_ns;      /* of the activities that are counted in `activities`, summed */
    uint64_t activities; /* completed, without those that ignore timing, were called or warm-up */
    uint64_t activities_all;
    uint64_t errors;    /* failed activities and reached limits */
    uint64_t cancelled; /* activities that a stop ended */
    uint64_t abandoned; /* activities that did not answer a stop within the grace period */
    uint64_t sessions_planned;
    uint64_t sessions_started;
    uint64_t sessions_running;
    uint64_t sessions_done;
    uint64_t passes; /* of sequences, init, end and warm-up included */
    const stressor_row *const *rows;
    const stressor_sequence_row *const *sequences;
    const stressor_error_group *const *error_groups; /* most frequent first */
    const stressor_metric_row *const *metrics;
    const stressor_worker_row *const *workers;
    const stressor_process_row *const *processes;
    const stressor_threshold_row *const *thresholds; /* in the order of the file */
    const stressor_point *const *points;
    const stressor_fact *const *facts;
    uint32_t rows_count;
    uint32_t sequences_count;
    uint32_t error_groups_count;
    uint32_t metrics_count;
    uint32_t workers_count;
    uint32_t processes_count;
    uint32_t thresholds_count;
    uint32_t points_count;
    uint32_t facts_count;
    uint32_t dry_run;              /* 0 or 1 */
    uint64_t error_groups_dropped; /* errors whose group did not fit into the table */
    const stressor_resources *resources;
    const stressor_machine *machine;
    const stressor_recent *recent;
    const stressor_trust *trust;
    const stressor_histogram *net; /* latencies of all net activities of the phase MAIN */
    const char
        *stop_reason;    /* "max_errors", "max_time", "threshold", "stopped"; NULL: to its end */
    uint64_t seed;       /* of the random numbers; the same seed gives the same ones again */
    int64_t starting_ns; /* how long it took until the last session had started; 0: not yet */
    uint32_t verdict;    /* enum stressor_verdict */
    uint32_t reserved;
};

/* A session, for people who watch. */
typedef struct stressor_session_row {
    uint32_t size;
    uint32_t running; /* 0 or 1 */
    uint64_t number;  /* 1, 2, … in the order of the starts */
    const char *id;
    const char *user;
    const char *path;       /* sequence/index/type of what it does now */
    const char *last_error; /* may be NULL; cut to 200 bytes */
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
