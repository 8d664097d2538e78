#include "run/ticker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/figures.h"
#include "run/reports.h"
#include "run/thread.h"
#include "run/worker.h"
#include "stats/series.h"
#include "stats/snapshot.h"
#include "stats/threshold.h"
#include "stats/trust.h"
#include "stats/watch.h"

static const int64_t TICK_NS = NS_PER_S;
enum { CPU_PART = 10 /* of its time at most it works: a slow tick has the next ones skipped */ };

struct ticker {
    struct stressor_run *run;
    struct reports *reports;
    struct watch_worker *watched;
    pthread_t thread;
    bool has_thread;

    char *error; /* the caller's of ticker_new: only until `opened` */
    size_t error_size;

    bool opened, started, quit; /* guarded by the run's lock, told by its `changed` */
    atomic_bool done;           /* the same, but may be read without */

    pthread_mutex_t state; /* guards what follows, and its users */
    struct series *series;
    struct watch *watch;
    struct thresholds *thresholds;
    const stressor_snapshot *latest;

    pthread_mutex_t shown_lock;     /* guards what follows */
    const stressor_snapshot *shown; /* the same as `latest`, once it is complete */
};

/* --- figures ------------------------------------------------------------------------------------
 */

/* What does not depend on who asks: the run's own facts, and the verdicts. */
static bool judge(const struct ticker *t, stressor_snapshot *s)
{
    if (!figures_facts(t->run, s) || !trust_judge(s))
        return false;
    snapshot_judge(s, thresholds_on_errors(t->thresholds) && !s->dry_run, t->run->strict);
    return true;
}

/* The figures of a second, or the final ones. NULL: out of memory. */
static stressor_snapshot *look(struct ticker *t, bool *abort)
{
    watch_look(t->watch, clock_now());
    stressor_snapshot *s = figures_take(t->run, t->latest);
    if (s != NULL && watch_show(t->watch, s) && series_add(t->series, s) &&
        series_show(t->series, s) && thresholds_judge(t->thresholds, s, abort) && judge(t, s))
        return s;
    snapshot_release(s);
    return NULL;
}

static void publish(struct ticker *t, const stressor_snapshot *s)
{
    pthread_mutex_lock(&t->shown_lock);
    const stressor_snapshot *before = t->shown;
    t->shown = s;
    pthread_mutex_unlock(&t->shown_lock);
    t->latest = s;
    snapshot_release(before);
}

/* Takes the figures, and makes them the latest. They stay as they are where memory is out, which
 * is NULL. */
static const stressor_snapshot *take(struct ticker *t, bool *abort)
{
    pthread_mutex_lock(&t->state);
    stressor_snapshot *s = look(t, abort);
    if (s != NULL)
        publish(t, s);
    pthread_mutex_unlock(&t->state);
    if (s == NULL)
        log_line(STRESSOR_LOG_ERROR, "out of memory for the figures of the run");
    return s;
}

const stressor_snapshot *ticker_latest(struct ticker *t)
{
    pthread_mutex_lock(&t->shown_lock);
    const stressor_snapshot *s = t->shown != NULL ? snapshot_retain(t->shown) : NULL;
    pthread_mutex_unlock(&t->shown_lock);
    return s;
}

const stressor_snapshot *ticker_snapshot(struct ticker *t)
{
    const stressor_snapshot *latest = ticker_latest(t);
    if (latest != NULL && latest->stage == STRESSOR_STAGE_DONE)
        return latest;
    snapshot_release(latest);
    pthread_mutex_lock(&t->state);
    stressor_snapshot *s = figures_take(t->run, t->latest);
    if (s != NULL && !(watch_show(t->watch, s) && series_show(t->series, s) &&
                       thresholds_show(t->thresholds, s) && judge(t, s))) {
        snapshot_release(s);
        s = NULL;
    }
    pthread_mutex_unlock(&t->state);
    return s;
}

/* --- the thread ---------------------------------------------------------------------------------
 */

static bool run_is_over(const struct stressor_run *run)
{
    return run->workers_done == run->workers_count;
}

/* Until the clock says so. True: the workers have ended. */
static bool wait_for_tick(struct stressor_run *run, int64_t until_ns)
{
    pthread_mutex_lock(&run->lock);
    for (int64_t left_ns; !run_is_over(run) && (left_ns = until_ns - clock_now()) > 0;) {
        int64_t real_ns = clock_sum(clock_real(), left_ns);
        struct timespec until = {.tv_sec = real_ns / NS_PER_S, .tv_nsec = real_ns % NS_PER_S};
        pthread_cond_timedwait(&run->changed, &run->lock, &until);
    }
    bool over = run_is_over(run);
    pthread_mutex_unlock(&run->lock);
    return over;
}

/* The next on the grid; seconds that a slow reporter took are skipped, and those before `rest_ns`.
 */
static int64_t next_tick(const struct stressor_run *run, int64_t rest_ns)
{
    int64_t now_ns = clock_now();
    int64_t elapsed_ns = (now_ns > rest_ns ? now_ns : rest_ns) - run->started_ns;
    return run->started_ns + (elapsed_ns / TICK_NS + 1) * TICK_NS;
}

/* Shares of a CPU, and what is used from now on, are measured from this look. */
static void look_first(struct ticker *t)
{
    const char *name, *reason;
    pthread_mutex_lock(&t->state);
    watch_look(t->watch, clock_now());
    for (size_t i = 0; watch_wanted(t->watch, i, &name, &reason); i++)
        if (reason != NULL)
            log_line(STRESSOR_LOG_WARNING, "cannot watch '%s' (yet): %s", name, reason);
    pthread_mutex_unlock(&t->state);
}

/* `s` may be NULL: out of memory. */
static void tell_abort(const stressor_snapshot *s)
{
    for (uint32_t i = 0; s != NULL && i < s->thresholds_count; i++) {
        const stressor_threshold_row *row = s->thresholds[i];
        if (row->aborted)
            log_line(STRESSOR_LOG_WARNING, "stopping: the threshold '%s' has failed: %s", row->text,
                     row->actual);
    }
}

/* The workers may end while a tick begins: its figures are the final ones then. */
static void follow(struct ticker *t)
{
    for (int64_t rest_ns = 0;;) {
        bool over = wait_for_tick(t->run, next_tick(t->run, rest_ns)), abort = false;
        int64_t began_ns = clock_now(), cpu_ns = clock_thread_cpu();
        const stressor_snapshot *s = take(t, &abort);
        if (over || (s != NULL && s->stage == STRESSOR_STAGE_DONE)) {
            reports_end(t->reports, s);
            return;
        }
        if (abort) {
            tell_abort(s);
            run_stop_by_threshold(t->run);
        }
        if (s != NULL)
            reports_tick(t->reports, s);
        rest_ns = clock_sum(began_ns, CPU_PART * (clock_thread_cpu() - cpu_ns));
    }
}

static void tell(struct ticker *t, bool *what)
{
    pthread_mutex_lock(&t->run->lock);
    *what = true;
    pthread_cond_broadcast(&t->run->changed);
    pthread_mutex_unlock(&t->run->lock);
}

/* True: one of them is so; `other` may be NULL. */
static bool wait_for(struct ticker *t, const bool *one, const bool *other)
{
    pthread_mutex_lock(&t->run->lock);
    while (!*one && (other == NULL || !*other))
        pthread_cond_wait(&t->run->changed, &t->run->lock);
    bool first = *one;
    pthread_mutex_unlock(&t->run->lock);
    return first;
}

static void *ticker_main(void *data)
{
    struct ticker *t = data;
    thread_block_pipe();
    t->run->wrong = !reports_open(t->reports, t->error, t->error_size);
    tell(t, &t->opened);
    if (wait_for(t, &t->started, &t->quit)) {
        look_first(t);
        follow(t);
        pthread_mutex_lock(&t->run->lock);
        atomic_store(&t->done, true);
        pthread_cond_broadcast(&t->run->changed);
        pthread_mutex_unlock(&t->run->lock);
        wait_for(t, &t->quit, NULL);
    }
    reports_close(t->reports);
    return NULL;
}

/* --- life ---------------------------------------------------------------------------------------
 */

static struct watch *new_watch(struct ticker *t)
{
    const struct stressor_run *run = t->run;
    t->watched = calloc(run->workers_count + 1, sizeof *t->watched);
    if (t->watched == NULL)
        return NULL;
    for (uint32_t i = 0; i < run->workers_count; i++)
        t->watched[i] = (struct watch_worker){run->workers[i]->thread, run->shards[i]};
    return watch_new(run->plan->watch, run->plan->watch_count, t->watched, run->workers_count);
}

struct ticker *ticker_new(struct stressor_run *run, const stressor_report *const *reports,
                          char *error, size_t error_size)
{
    struct ticker *t = calloc(1, sizeof *t);
    snprintf(error, error_size, "out of memory");
    if (t == NULL)
        return NULL;
    t->run = run;
    t->error = error;
    t->error_size = error_size;
    pthread_mutex_init(&t->state, NULL);
    pthread_mutex_init(&t->shown_lock, NULL);
    if ((t->reports = reports_new(run, reports, error, error_size)) == NULL ||
        (t->series = series_new()) == NULL ||
        (t->thresholds = thresholds_new(run->plan->thresholds, run->plan->thresholds_count)) ==
            NULL ||
        (t->watch = new_watch(t)) == NULL) {
        ticker_free(t);
        return NULL;
    }
    if (pthread_create(&t->thread, NULL, ticker_main, t) != 0) {
        snprintf(error, error_size, "no thread can be started to follow the run");
        ticker_free(t);
        return NULL;
    }
    t->has_thread = true;
    wait_for(t, &t->opened, NULL);
    if (!run->wrong)
        return t;
    ticker_free(t);
    return NULL;
}

void ticker_start(struct ticker *t)
{
    tell(t, &t->started);
}

void ticker_free(struct ticker *t)
{
    if (t == NULL)
        return;
    if (t->has_thread) {
        tell(t, &t->quit);
        pthread_join(t->thread, NULL);
    }
    snapshot_release(t->shown);
    reports_free(t->reports);
    series_free(t->series);
    watch_free(t->watch);
    thresholds_free(t->thresholds);
    free(t->watched);
    pthread_mutex_destroy(&t->state);
    pthread_mutex_destroy(&t->shown_lock);
    free(t);
}

bool ticker_done(struct ticker *t)
{
    return atomic_load(&t->done);
}

bool ticker_report(struct ticker *t, size_t i, stressor_report_info *out)
{
    return reports_info(t->reports, i, out);
}
