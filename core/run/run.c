#include "run/run.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/engine.h"
#include "run/figures.h"
#include "run/pool.h"
#include "run/sessions.h"
#include "run/ticker.h"
#include "run/worker.h"

enum { WORKERS_MAX = 1024, DESCRIPTORS_OWN = 32 /* plugins, logs, loops beside the sessions' */ };

/* --- limits ------------------------------------------------------------------------------------
 */

unsigned run_limits(const struct stressor_run *run, int64_t now_ns)
{
    unsigned reached = 0;
    if (run->limits.max_errors > 0 &&
        atomic_load_explicit(&run->errors, memory_order_relaxed) >= run->limits.max_errors)
        reached |= LIMIT_MAX_ERRORS;
    if (run->limits.max_time_ns > 0 && now_ns - run->started_ns >= run->limits.max_time_ns)
        reached |= LIMIT_MAX_TIME;
    return reached;
}

static void report_limit(struct shard *shard, const char *kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void report_limit(struct shard *shard, const char *kind, const char *fmt, ...)
{
    char line[160];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    log_line(STRESSOR_LOG_ERROR, "%s [%s]", line, kind);
    shard_add(shard, SHARD_ERRORS, 1);
    shard_error(shard, STRESSOR_ASSERTION, kind, -1, line, strlen(line));
}

void run_limit_reached(struct stressor_run *run, struct shard *shard, unsigned mask)
{
    if (mask == 0)
        return;
    unsigned fresh = mask & ~atomic_fetch_or(&run->limits_reached, mask);
    if (fresh & LIMIT_MAX_ERRORS)
        report_limit(shard, "max_errors", "the run has reached its limit of %llu error%s",
                     (unsigned long long)run->limits.max_errors,
                     run->limits.max_errors == 1 ? "" : "s");
    if (fresh & LIMIT_MAX_TIME)
        report_limit(shard, "max_time", "the run has reached its limit of %.10g s",
                     (double)run->limits.max_time_ns / (double)NS_PER_S);
    if (fresh == 0)
        return;
    for (uint32_t i = 0; i < run->workers_count; i++)
        worker_wake(run->workers[i]);
}

/* --- workers come and go ------------------------------------------------------------------------
 */

bool run_worker_ready(struct stressor_run *run, bool good)
{
    pthread_mutex_lock(&run->lock);
    run->failed |= !good;
    run->workers_ready++;
    pthread_cond_broadcast(&run->changed);
    while (!run->go)
        pthread_cond_wait(&run->changed, &run->lock);
    bool start = !run->failed;
    pthread_mutex_unlock(&run->lock);
    return start;
}

void run_worker_done(struct stressor_run *run)
{
    pthread_mutex_lock(&run->lock);
    if (++run->workers_done == run->workers_count) {
        run->ended_ns = clock_now();
        run->ended_wall_ns = clock_wall();
    }
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
}

/* --- starting ------------------------------------------------------------------------------------
 */

static uint32_t usable_cpus(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? (uint32_t)count : 1;
}

/* Raises the soft limit as far as it is needed and allowed, and says so where that is too little.
 */
static void check_descriptors(const struct stressor_run *run)
{
    uint64_t need = run->sessions_count * run->plan->descriptors_per_session + DESCRIPTORS_OWN +
                    (uint64_t)run->workers_count * 8;
    struct rlimit limit;
    if (run->dry_run || getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
        return;
    limit.rlim_cur = need < limit.rlim_max ? need : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= need)
        return;
    log_line(STRESSOR_LOG_WARNING,
             "%llu session%s may need %llu file descriptors, but the limit is %llu; raise it "
             "(ulimit -Hn) or use fewer sessions, or requests will fail here, not at the server",
             (unsigned long long)run->sessions_count, run->sessions_count == 1 ? "" : "s",
             (unsigned long long)need, (unsigned long long)limit.rlim_max);
}

static bool plan_ramp(struct stressor_run *run)
{
    const struct stressor_plan *plan = run->plan;
    if (plan->ramp_max_ns == 0 || run->sessions_count == 1)
        return true;
    run->start_offsets = calloc(run->sessions_count, sizeof *run->start_offsets);
    if (run->start_offsets == NULL)
        return false;
    uint64_t state = run->seed;
    uint64_t span = (uint64_t)(plan->ramp_max_ns - plan->ramp_min_ns);
    for (uint64_t i = 1; i < run->sessions_count; i++) {
        /* Knuth's MMIX generator: good enough to spread starts */
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int64_t extra = span > 0 ? (int64_t)((state >> 11) % (span + 1)) : 0;
        run->start_offsets[i] =
            clock_sum(run->start_offsets[i - 1], clock_sum(plan->ramp_min_ns, extra));
    }
    return true;
}

static bool used_by_plan(const struct stressor_plan *plan, const struct plugin *plugin)
{
    for (size_t s = 0; s < plan->sequences_count; s++)
        for (uint32_t k = 0; k < plan->sequences[s].count; k++)
            if (plan->sequences[s].places[k].plugin == plugin)
                return true;
    for (size_t i = 0; i < plan->dynamic_count; i++)
        if (plan->dynamic[i].plugin == plugin)
            return true;
    return false;
}

static bool open_plugins(struct stressor_run *run, char *error, size_t error_size)
{
    size_t count = registry_count(run->plan->registry);
    run->plugin_data = calloc(count + 1, sizeof *run->plugin_data);
    run->plugin_open = calloc(count + 1, sizeof *run->plugin_open);
    run->plugin_stuck = calloc(count + 1, sizeof *run->plugin_stuck);
    if (run->plugin_data == NULL || run->plugin_open == NULL || run->plugin_stuck == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct plugin *plugin = registry_plugin(run->plan->registry, i);
        if (!used_by_plan(run->plan, plugin))
            continue;
        run->plugin_data[i] = plugin->data; /* unless the plugin has its own */
        if (plugin->desc->run_open != NULL &&
            plugin->desc->run_open(plugin->data, run, run->plan, &run->plugin_data[i]) < 0) {
            snprintf(error, error_size, "plugin '%s' refused to open the run (the log says why)",
                     plugin->desc->name);
            return false;
        }
        run->plugin_open[i] = true;
        plugin->slot = run->plugin_slots++;
    }
    return true;
}

static bool make_shards(struct stressor_run *run)
{
    const struct host *host = run->engine->host;
    run->layout = run->plan->layout;
    run->metrics = calloc(host->metrics_count + 1, sizeof *run->metrics);
    run->shards = calloc(run->workers_count, sizeof(struct shard *));
    run->workers = calloc(run->workers_count, sizeof(struct stressor_worker *));
    if (run->metrics == NULL || run->shards == NULL || run->workers == NULL)
        return false;
    memcpy(run->metrics, host->metrics, host->metrics_count * sizeof *run->metrics);
    run->layout.metrics = run->metrics;
    run->layout.metrics_count = host->metrics_count;
    for (uint32_t i = 0; i < run->workers_count; i++)
        if ((run->shards[i] = shard_new(&run->layout)) == NULL)
            return false;
    return true;
}

static void read_options(struct stressor_run *run, const stressor_run_options *o)
{
    const struct stressor_plan *plan = run->plan;
    run->limits = plan->limits;
    if (o->max_errors >= 0)
        run->limits.max_errors = (uint64_t)o->max_errors;
    if (o->max_time_ns >= 0)
        run->limits.max_time_ns = o->max_time_ns;
    run->single = o->single != 0 || plan->force_single;
    run->dry_run = o->dry_run != 0 || plan->dry_run;
    run->strict = o->strict != 0;
    run->verbose = log_level();
    run->seed = o->seed;
    if (run->seed == 0 && getrandom(&run->seed, sizeof run->seed, 0) != sizeof run->seed)
        run->seed = (uint64_t)clock_wall();
    run->sessions_count = run->single ? 1 : plan->sessions_count;
    run->workers_count = o->workers > 0 ? o->workers : usable_cpus();
    if (run->workers_count > WORKERS_MAX)
        run->workers_count = WORKERS_MAX;
    if (run->workers_count > run->sessions_count)
        run->workers_count = (uint32_t)run->sessions_count;
    run->virtual_time = o->virtual_time != 0;
    if (run->virtual_time && run->workers_count > 1)
        run->workers_count = 1;
    run->executed = o->executed;
    run->executed_data = o->executed_data;
}

/* Those that there are open their plugins, and wait. False: one of them could not. */
static bool await_workers(struct stressor_run *run)
{
    pthread_mutex_lock(&run->lock);
    while (run->workers_ready < run->workers_count)
        pthread_cond_wait(&run->changed, &run->lock);
    bool good = !run->failed;
    pthread_mutex_unlock(&run->lock);
    return good;
}

/* Lets the workers begin, or end at once. */
static void release_workers(struct stressor_run *run, bool failed)
{
    pthread_mutex_lock(&run->lock);
    run->failed |= failed;
    run->started_ns = clock_now();
    run->warmup_until_ns = INT64_MIN;
    if (run->plan->warmup_ns > 0)
        run->warmup_until_ns = clock_sum(run->started_ns, run->plan->warmup_ns);
    run->started_wall_ns = clock_wall();
    run->go = true;
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
}

static bool make_workers(struct stressor_run *run)
{
    for (uint32_t i = 0; i < run->workers_count; i++) {
        run->workers[i] = worker_new(run, i);
        if (run->workers[i] == NULL) {
            for (uint32_t k = i; k < run->workers_count; k++)
                shard_free(run->shards[k]);
            run->workers_count = i;
            return false;
        }
    }
    return true;
}

static bool start_workers(struct stressor_run *run, const stressor_report *const *reports,
                          char *error, size_t error_size)
{
    bool good = make_workers(run);
    good = await_workers(run) && good;
    if (good) {
        run->ticker = ticker_new(run, reports, error, error_size);
        good = run->ticker != NULL;
    }
    release_workers(run, !good);
    if (good)
        ticker_start(run->ticker);
    return good;
}

stressor_run *stressor_run_start(stressor_plan *plan, const stressor_run_options *options,
                                 char *error, size_t error_size)
{
    char own[200];
    if (error == NULL || error_size == 0) {
        error = own;
        error_size = sizeof own;
    }
    stressor_run_options defaults;
    stressor_run_options_init(&defaults);
    if (options != NULL)
        memcpy(&defaults, options,
               options->size < sizeof defaults ? options->size : sizeof defaults);
    snprintf(error, error_size, "out of memory");
    struct stressor_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return NULL;
    run->plan = plan;
    run->engine = plan->engine;
    pthread_mutex_init(&run->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&run->changed, &attr);
    pthread_condattr_destroy(&attr);
    read_options(run, &defaults);
    check_descriptors(run);
    uint64_t peak;
    figures_use(&run->cpu_user_ns, &run->cpu_system_ns, &peak);
    run->pool = pool_new();
    bool good = run->pool != NULL && plan_ramp(run) && make_shards(run) &&
                open_plugins(run, error, error_size);
    if (good) {
        snprintf(error, error_size, "the workers did not start (the log says why)");
        good = start_workers(run, defaults.reports, error, error_size);
    } else {
        run->workers_done = run->workers_count; /* none was made: nothing to wait for */
    }
    if (good)
        return run;
    if (error == own) /* else the caller says it */
        log_line(STRESSOR_LOG_CRITICAL, "the run cannot start: %s", error);
    bool wrong = run->wrong;
    stressor_run_free(run);
    errno = wrong ? EINVAL : ECANCELED;
    return NULL;
}

/* --- while it runs, and after --------------------------------------------------------------------
 */

static bool has_ended(const struct stressor_run *run)
{
    return run->workers_done == run->workers_count;
}

/* ... and its reports are written. */
static bool is_done(const struct stressor_run *run)
{
    return has_ended(run) && ticker_done(run->ticker);
}

int stressor_run_wait(stressor_run *run, int64_t timeout_ns)
{
    int64_t until_ns = clock_sum(clock_real(), timeout_ns > 0 ? timeout_ns : 0);
    struct timespec until = {.tv_sec = until_ns / NS_PER_S, .tv_nsec = until_ns % NS_PER_S};
    pthread_mutex_lock(&run->lock);
    int status = 0;
    while (!is_done(run) && status != ETIMEDOUT)
        status = timeout_ns < 0 ? pthread_cond_wait(&run->changed, &run->lock)
                                : pthread_cond_timedwait(&run->changed, &run->lock, &until);
    int ended = is_done(run);
    pthread_mutex_unlock(&run->lock);
    return ended;
}

static void wake_workers(struct stressor_run *run)
{
    for (uint32_t i = 0; i < run->workers_count; i++)
        worker_wake(run->workers[i]);
}

void stressor_run_stop(stressor_run *run, uint32_t how)
{
    pthread_mutex_lock(&run->lock);
    if (!has_ended(run) && atomic_load(&run->stop) < how) /* what has ended was not stopped */
        atomic_store(&run->stop, how);
    pthread_mutex_unlock(&run->lock);
    wake_workers(run);
}

void run_stop_by_threshold(struct stressor_run *run)
{
    pthread_mutex_lock(&run->lock);
    if (!has_ended(run) && atomic_load(&run->stop) == STRESSOR_STOP_NONE) {
        atomic_store(&run->stop_by_threshold, true);
        atomic_store(&run->stop, STRESSOR_STOP_GRACEFUL);
    }
    pthread_mutex_unlock(&run->lock);
    wake_workers(run);
}

const stressor_snapshot *stressor_run_snapshot(stressor_run *run)
{
    return ticker_snapshot(run->ticker);
}

const stressor_snapshot *stressor_run_latest(stressor_run *run)
{
    return ticker_latest(run->ticker);
}

int32_t stressor_run_sessions(stressor_run *run, uint64_t offset, uint64_t limit,
                              const char *filter, uint64_t *total,
                              void (*each)(void *data, const stressor_session_row *row), void *data)
{
    return sessions_page(run, offset, limit, filter, total, each, data);
}

int stressor_run_report(stressor_run *run, size_t i, stressor_report_info *out)
{
    stressor_report_info info;
    if (!ticker_report(run->ticker, i, &info))
        return 0;
    uint32_t size = out->size < sizeof info ? out->size : (uint32_t)sizeof info;
    memcpy(out, &info, size);
    out->size = size;
    return 1;
}

void stressor_run_free(stressor_run *run)
{
    if (run == NULL)
        return;
    pthread_mutex_lock(&run->lock);
    while (!has_ended(run))
        pthread_cond_wait(&run->changed, &run->lock);
    pthread_mutex_unlock(&run->lock);
    ticker_free(run->ticker);
    run->ticker = NULL;
    bool stuck = atomic_load(&run->stuck) > 0;
    for (uint32_t i = 0; run->workers != NULL && i < run->workers_count; i++)
        worker_free(run->workers[i]);
    for (size_t i = registry_count(run->plan->registry); i-- > 0;) {
        const struct plugin *plugin = registry_plugin(run->plan->registry, i);
        if (run->plugin_open != NULL && run->plugin_open[i] && plugin->desc->run_close != NULL &&
            !run->plugin_stuck[i])
            plugin->desc->run_close(run->plugin_data[i]);
    }
    pool_free(run->pool, stuck);
    if (stuck) {
        static struct stressor_run *left_behind; /* its stuck threads may still look at it */
        run->plan->left_behind = true;
        run->engine->left_behind = true;
        run->next = left_behind;
        left_behind = run;
        return;
    }
    for (uint32_t i = 0; run->shards != NULL && i < run->workers_count; i++)
        shard_free(run->shards[i]);
    free(run->shards);
    free(run->workers);
    free(run->metrics);
    free(run->start_offsets);
    free(run->plugin_data);
    free(run->plugin_open);
    free(run->plugin_stuck);
    pthread_cond_destroy(&run->changed);
    pthread_mutex_destroy(&run->lock);
    free(run);
}
