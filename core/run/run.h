/*
 * run -- one execution of a plan: its workers, its limits, its end.
 *
 * The plan is read-only. What several threads write is atomic here, or belongs to one worker.
 */
#ifndef CORE_RUN_RUN_H
#define CORE_RUN_RUN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <stressor/stressor.h>

#include "plan/plan.h"
#include "stats/shard.h"

struct pool;
struct ticker;

enum run_limit { LIMIT_MAX_ERRORS = 0x1, LIMIT_MAX_TIME = 0x2 };

struct stressor_run {
    struct stressor_plan *plan;
    struct stressor_engine *engine;
    struct plan_limits limits;
    bool single;
    bool dry_run;
    bool strict;       /* figures that are not to be trusted fail it */
    bool virtual_time; /* the clock is put forward instead of waiting */
    void (*executed)(void *data, const stressor_execution *execution); /* NULL: nobody asks */
    void *executed_data;
    int verbose; /* the log level when it started */
    uint64_t seed;
    uint64_t sessions_count;
    int64_t *start_offsets; /* ns after the start of the run, by session; NULL: all at once */

    struct stressor_worker **workers;
    uint32_t workers_count;
    struct shard **shards; /* by worker */
    struct shard_layout layout;
    struct metric_info *metrics;
    struct pool *pool;
    struct ticker *ticker; /* NULL while it starts */
    void **plugin_data;    /* what run_open left, by plugin index */
    bool *plugin_open;
    uint32_t plugin_slots;      /* how many have a slot */
    _Atomic bool *plugin_stuck; /* one of its threads never returned: it is not closed */

    int64_t started_ns, started_wall_ns;
    int64_t warmup_until_ns;            /* what starts earlier is warm-up; before all times: none */
    int64_t cpu_user_ns, cpu_system_ns; /* of the process when the run started */

    _Atomic uint32_t stop;          /* enum stressor_stop */
    _Atomic bool stop_by_threshold; /* `stop` was first said by a threshold */
    _Atomic uint64_t errors;
    _Atomic uint32_t limits_reached; /* enum run_limit: reported already */
    _Atomic uint64_t serial;
    _Atomic int64_t last_start_ns; /* when a session started last */
    _Atomic uint32_t stuck;        /* pool threads that never returned */

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    uint32_t workers_ready, workers_done;
    bool wrong;      /* a report cannot be as it is wanted: the run does not start */
    bool failed, go; /* a worker could not open; the workers may begin */
    int64_t ended_ns, ended_wall_ns;
    struct stressor_run *next; /* among those left behind */
};

/* Limits that hold now, whoever noticed them first. [worker] */
unsigned run_limits(const struct stressor_run *run, int64_t now_ns);
/* Counts the limits in `mask` that nobody has reported as one error each, and tells all workers
 * that no further session starts. [worker] */
void run_limit_reached(struct stressor_run *run, struct shard *shard, unsigned mask);
/* A worker's thread says how it stands, and waits for the others. False: the run does not start.
 * [worker] */
bool run_worker_ready(struct stressor_run *run, bool good);
void run_worker_done(struct stressor_run *run);
/* As stressor_run_stop, gracefully; the reason is a threshold, unless it was stopping already.
 * [any] */
void run_stop_by_threshold(struct stressor_run *run);

#endif
