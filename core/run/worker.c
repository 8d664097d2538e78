#include "run/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/host.h"
#include "run/session.h"
#include "run/thread.h"

static const int64_t GRACE_NS = 5 * NS_PER_S; /* for an activity to answer a stop */
static const int64_t TURN_NS = 2 * NS_PER_MS; /* before sockets are looked at again */
static const int64_t POLL_WAITED_NS = 100000; /* a shorter poll found what was there */
enum { STARTS_MAX = 256 };                    /* sessions in one turn */

/* --- timers ---------------------------------------------------------------------------------- */

static void on_clock(uv_timer_t *handle);
static void on_idle(uv_idle_t *handle);

/* libuv counts in milliseconds from a time that it read a while ago: rounding up keeps timers
 * from being early, looking again when it fires keeps them right. What is due already is left to
 * the idle callback, as libuv fires a timer of 0 ms again and again without looking at sockets. */
static void arm_clock(struct stressor_worker *w)
{
    const struct timer *first = timers_first(&w->timers);
    if (w->in_turn || first == NULL || (w->clock_due != 0 && w->clock_due <= first->due_ns))
        return;
    int64_t delay_ns = first->due_ns - clock_now();
    if (delay_ns <= 0) {
        uv_idle_start(&w->idle, on_idle);
        return;
    }
    uv_update_time(&w->loop);
    w->clock_due = first->due_ns;
    uv_timer_start(&w->clock, on_clock, (uint64_t)((delay_ns - 1) / NS_PER_MS + 1), 0);
}

/* What is due now, but not for longer than a turn: sockets come in between. */
static void fire_due(struct stressor_worker *w)
{
    int64_t began_ns = clock_now(), now_ns = began_ns;
    for (struct timer *t; now_ns - began_ns < TURN_NS; now_ns = clock_now()) {
        if ((t = timers_due(&w->timers, began_ns)) == NULL)
            break;
        w->cause_ns = t->due_ns;
        t->fire(t->data);
    }
}

static void on_clock(uv_timer_t *handle)
{
    struct stressor_worker *w = handle->data;
    w->clock_due = 0;
    w->in_turn = true;
    fire_due(w);
    w->in_turn = false;
    arm_clock(w);
}

void worker_timer_set(struct stressor_worker *w, struct timer *timer, int64_t delay_ns)
{
    timers_set(&w->timers, timer, clock_sum(clock_now(), delay_ns > 0 ? delay_ns : 0));
    if (timers_first(&w->timers) == timer)
        arm_clock(w);
}

void worker_timer_off(struct stressor_worker *w, struct timer *timer)
{
    timers_off(&w->timers, timer);
}

/* --- lateness --------------------------------------------------------------------------------
 */

/* Has a message come, or a stop? */
static bool is_told(struct stressor_worker *w)
{
    pthread_mutex_lock(&w->inbox_lock);
    bool told = w->inbox != NULL;
    pthread_mutex_unlock(&w->inbox_lock);
    return told || atomic_load(&w->run->stop) != w->stop_seen;
}

/* In virtual time, about to wait for nothing but a timer: it is due at once. */
static void skip_wait(struct stressor_worker *w)
{
    const struct timer *first = timers_first(&w->timers);
    if (first == NULL || w->ready != NULL || w->armed > 0 || w->jobs > 0 || w->asked > 0 ||
        is_told(w))
        return;
    clock_forward(first->due_ns);
    if (first->due_ns > clock_now())
        return;               /* too far away even for that clock */
    uv_timer_stop(&w->clock); /* what it was set to has another distance now */
    w->clock_due = 0;
    uv_idle_start(&w->idle, on_idle);
}

static void on_prepare(uv_prepare_t *handle)
{
    struct stressor_worker *w = handle->data;
    w->last_poll_ns = w->poll_end_ns;
    w->poll_start_ns = clock_now();
    w->poll_end_ns = 0;
    if (w->run->virtual_time)
        skip_wait(w);
}

static void on_check(uv_check_t *handle)
{
    struct stressor_worker *w = handle->data;
    if (w->poll_end_ns == 0)
        w->poll_end_ns = clock_now();
}

/* What woke a poll that waited has just come. What one that did not wait found may have come just
 * after the one before. */
void worker_polled(struct stressor_worker *w)
{
    if (w->poll_end_ns == 0)
        w->poll_end_ns = clock_now();
    bool waited = w->poll_end_ns - w->poll_start_ns > POLL_WAITED_NS;
    w->cause_ns = waited ? w->poll_end_ns : w->last_poll_ns;
}

/* --- sessions -------------------------------------------------------------------------------- */

static void maybe_finish(struct stressor_worker *w)
{
    if (w->live_count == 0 && !w->starting)
        uv_stop(&w->loop);
}

static void on_idle(uv_idle_t *handle)
{
    struct stressor_worker *w = handle->data;
    int64_t now_ns = clock_now(), until_ns = now_ns + TURN_NS;
    w->in_turn = true;
    do {
        struct stressor_session *s = w->ready;
        if (s == NULL)
            break;
        w->ready = s->next_ready;
        if (w->ready == NULL)
            w->ready_last = &w->ready;
        s->queued = false;
        if (s->ready_ns != 0)
            shard_lag(w->shard, now_ns - s->ready_ns);
        w->cause_ns = now_ns; /* of what this step makes ready */
        session_step(s, now_ns);
        now_ns = clock_now();
    } while (now_ns < until_ns);
    /* What the steps left to be done at once, such as sending, is done before the loop waits. */
    fire_due(w);
    w->in_turn = false;
    if (w->ready == NULL)
        uv_idle_stop(&w->idle);
    arm_clock(w);
}

void worker_ready(struct stressor_worker *w, struct stressor_session *s)
{
    if (s->queued)
        return;
    s->queued = true;
    s->ready_ns = w->cause_ns;
    s->next_ready = NULL;
    if (w->ready == NULL)
        uv_idle_start(&w->idle, on_idle);
    *w->ready_last = s;
    w->ready_last = &s->next_ready;
}

static void unlink_session(struct stressor_worker *w, struct stressor_session *s)
{
    w->sessions[(s->number - 1) / w->run->workers_count] = NULL;
    w->live_count--;
}

void worker_session_ended(struct stressor_worker *w, struct stressor_session *s)
{
    unlink_session(w, s);
    session_free(s);
    maybe_finish(w);
}

/* Sessions put aside stay until the process ends: their plugin may still write to them. */
static _Atomic(struct stressor_session *) aside;

void worker_session_aside(struct stressor_worker *w, struct stressor_session *s)
{
    const struct plan_place *p = exec_aside(&s->exec);
    log_line(STRESSOR_LOG_ERROR,
             "%s %s: plugin '%s' did not end the activity within %d s of the stop; the session is "
             "put aside",
             s->id, p->label, p->plugin->desc->name, (int)(GRACE_NS / NS_PER_S));
    shard_add(w->shard, SHARD_ABANDONED, 1);
    shard_add(w->shard, SHARD_SESSIONS_DONE, 1);
    unlink_session(w, s);
    w->asked--;
    s->next_ready = atomic_load(&aside);
    while (!atomic_compare_exchange_weak(&aside, &s->next_ready, s))
        ;
    maybe_finish(w);
}

static int64_t start_offset(const struct stressor_run *run, uint64_t number)
{
    return run->start_offsets != NULL ? run->start_offsets[number] : 0;
}

static bool start_one(struct stressor_worker *w)
{
    struct stressor_session *s = session_new(w, w->next_start + 1);
    if (s == NULL) {
        char line[80];
        int length =
            snprintf(line, sizeof line, "out of memory for session %llu; no further one starts",
                     (unsigned long long)w->next_start + 1);
        log_line(STRESSOR_LOG_CRITICAL, "%s", line);
        shard_add(w->shard, SHARD_ERRORS, 1);
        shard_error(w->shard, STRESSOR_GENERATOR, "memory", -1, line, (size_t)length);
        atomic_fetch_add(&w->run->errors, 1);
        return false;
    }
    w->sessions[w->sessions_count++] = s;
    w->live_count++;
    w->cause_ns = 0; /* how long starting takes is told by starting_ns */
    worker_ready(w, s);
    w->next_start += w->run->workers_count;
    return true;
}

/* Starts the sessions that are due, and sets the timer for the next. */
static void start_sessions(void *data)
{
    struct stressor_worker *w = data;
    struct stressor_run *run = w->run;
    if (!w->starting)
        return;
    for (unsigned n = 0;; n++) {
        int64_t now_ns = clock_now();
        if (w->next_start >= run->sessions_count ||
            atomic_load_explicit(&run->stop, memory_order_relaxed) != STRESSOR_STOP_NONE ||
            run_limits(run, now_ns) != 0)
            break;
        int64_t due_ns = clock_sum(run->started_ns, start_offset(run, w->next_start));
        if (due_ns > now_ns || n == STARTS_MAX) {
            int64_t limit_ns = run->limits.max_time_ns > 0
                                   ? clock_sum(run->started_ns, run->limits.max_time_ns)
                                   : INT64_MAX;
            worker_timer_set(w, &w->start_timer, (due_ns < limit_ns ? due_ns : limit_ns) - now_ns);
            return;
        }
        if (!start_one(w))
            break;
    }
    w->starting = false;
    int64_t now_ns = clock_now(), last_ns = atomic_load(&run->last_start_ns);
    while (last_ns < now_ns && !atomic_compare_exchange_weak(&run->last_start_ns, &last_ns, now_ns))
        ;
    unsigned reached = run_limits(run, clock_now());
    if (reached != 0 && w->next_start < run->sessions_count)
        run_limit_reached(run, w->shard, reached);
    maybe_finish(w);
}

/* --- stopping -------------------------------------------------------------------------------- */

static void on_grace(void *data)
{
    struct stressor_worker *w = data;
    int64_t now_ns = clock_now();
    int64_t next_ns = INT64_MAX;
    for (size_t i = 0; i < w->sessions_count; i++) {
        struct stressor_session *s = w->sessions[i];
        if (s == NULL || s->cancelled_ns == 0)
            continue;
        int64_t left_ns = s->cancelled_ns + GRACE_NS - now_ns;
        if (left_ns <= 0)
            worker_session_aside(w, s);
        else if (left_ns < next_ns)
            next_ns = left_ns;
    }
    if (next_ns != INT64_MAX)
        worker_timer_set(w, &w->grace_timer, next_ns);
}

static struct message *take_inbox(struct stressor_worker *w, bool close)
{
    pthread_mutex_lock(&w->inbox_lock);
    struct message *m = w->inbox;
    w->inbox = NULL;
    w->inbox_last = &w->inbox;
    w->closed |= close;
    pthread_mutex_unlock(&w->inbox_lock);
    return m;
}

static void deliver_all(struct stressor_worker *w, struct message *m)
{
    for (struct message *next; m != NULL; m = next) {
        bool owned = m->owned; /* if not, it may go with what it is delivered to */
        next = m->next;
        w->cause_ns = m->sent_ns;
        m->deliver(m->data);
        if (owned)
            free(m);
    }
}

static void on_wake(uv_async_t *handle)
{
    struct stressor_worker *w = handle->data;
    worker_polled(w);
    deliver_all(w, take_inbox(w, false));
    uint32_t stop = atomic_load(&w->run->stop);
    if (stop != w->stop_seen) {
        w->stop_seen = stop;
        w->cause_ns = 0;
        /* The last first: they may still wait for what the first would set free. */
        for (size_t i = w->sessions_count; i-- > 0;)
            if (w->sessions[i] != NULL)
                session_stop(w->sessions[i]);
        on_grace(w);
    }
    start_sessions(w);
}

bool worker_send(struct stressor_worker *w, struct message *m, void (*deliver)(void *data),
                 void *data)
{
    m->deliver = deliver;
    m->data = data;
    m->sent_ns = clock_now();
    m->next = NULL;
    pthread_mutex_lock(&w->inbox_lock);
    bool open = !w->closed;
    if (open) {
        *w->inbox_last = m;
        w->inbox_last = &m->next;
        uv_async_send(&w->wake);
    }
    pthread_mutex_unlock(&w->inbox_lock);
    return open;
}

int32_t worker_post(struct stressor_worker *w, void (*deliver)(void *data), void *data)
{
    struct message *m = malloc(sizeof *m);
    if (m == NULL)
        return STRESSOR_ENOMEM;
    m->owned = true;
    if (worker_send(w, m, deliver, data))
        return STRESSOR_OK;
    free(m);
    return STRESSOR_EINVAL;
}

void worker_wake(struct stressor_worker *w)
{
    pthread_mutex_lock(&w->inbox_lock);
    if (!w->closed)
        uv_async_send(&w->wake);
    pthread_mutex_unlock(&w->inbox_lock);
}

/* --- the thread ------------------------------------------------------------------------------ */

static bool open_plugins(struct stressor_worker *w)
{
    struct stressor_run *run = w->run;
    size_t count = registry_count(run->plan->registry);
    for (size_t i = 0; i < count; i++) {
        const struct plugin *plugin = registry_plugin(run->plan->registry, i);
        if (!run->plugin_open[i])
            continue;
        w->plugin_data[i] = run->plugin_data[i]; /* unless the plugin has its own */
        if (plugin->desc->worker_open != NULL &&
            plugin->desc->worker_open(run->plugin_data[i], w, &w->plugin_data[i]) < 0) {
            log_line(STRESSOR_LOG_CRITICAL, "plugin '%s' could not open a worker",
                     plugin->desc->name);
            return false;
        }
        w->plugin_open[i] = true;
    }
    return true;
}

static void close_plugins(struct stressor_worker *w)
{
    for (size_t i = registry_count(w->run->plan->registry); i-- > 0;) {
        const struct plugin *plugin = registry_plugin(w->run->plan->registry, i);
        if (w->plugin_open[i] && plugin->desc->worker_close != NULL && !w->run->plugin_stuck[i])
            plugin->desc->worker_close(w->plugin_data[i]);
    }
}

static void close_handle(uv_handle_t *handle, void *data)
{
    (void)data;
    if (!uv_is_closing(handle))
        uv_close(handle, handle->type == UV_POLL ? host_watch_closed : NULL);
}

static void close_loop(struct stressor_worker *w)
{
    uv_walk(&w->loop, close_handle, NULL);
    while (uv_loop_close(&w->loop) == UV_EBUSY)
        uv_run(&w->loop, UV_RUN_DEFAULT);
}

/* libuv's first loop ends the process where there are no descriptors for its poll and a pipe. */
static int check_descriptors(void)
{
    int pipes[2], poll = -1, error = 0;
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return uv_translate_sys_error(errno);
    poll = fcntl(pipes[0], F_DUPFD_CLOEXEC, 0);
    if (poll < 0)
        error = uv_translate_sys_error(errno);
    else
        close(poll);
    close(pipes[0]);
    close(pipes[1]);
    return error;
}

static bool open_loop(struct stressor_worker *w)
{
    int error = check_descriptors();
    if (error == 0)
        error = uv_loop_init(&w->loop);
    if (error == 0) {
        uv_timer_init(&w->loop, &w->clock);
        uv_idle_init(&w->loop, &w->idle);
        uv_prepare_init(&w->loop, &w->prepare);
        uv_check_init(&w->loop, &w->check);
        w->clock.data = w->idle.data = w->wake.data = w->prepare.data = w->check.data = w;
        uv_prepare_start(&w->prepare, on_prepare);
        uv_check_start(&w->check, on_check);
        error = uv_async_init(&w->loop, &w->wake, on_wake);
        if (error == 0)
            return true;
        close_loop(w);
    }
    log_line(STRESSOR_LOG_CRITICAL, "a worker cannot open its loop: %s", uv_strerror(error));
    return false;
}

static void *worker_main(void *data)
{
    struct stressor_worker *w = data;
    thread_block_pipe();
    if (run_worker_ready(w->run, open_plugins(w))) {
        w->poll_end_ns = clock_now();
        start_sessions(w);
        if (w->live_count > 0 || w->starting) /* else uv_stop was said before its time */
            uv_run(&w->loop, UV_RUN_DEFAULT);
    }
    deliver_all(w,
                take_inbox(w, true)); /* what was taken is delivered, while the plugins are open */
    close_plugins(w);
    run_worker_done(w->run);
    return NULL;
}

struct stressor_worker *worker_new(struct stressor_run *run, uint32_t index)
{
    size_t plugins = registry_count(run->plan->registry);
    struct stressor_worker *w = calloc(1, sizeof *w);
    if (w == NULL) {
        log_line(STRESSOR_LOG_CRITICAL, "out of memory for a worker");
        return NULL;
    }
    w->run = run;
    w->index = index;
    w->shard = run->shards[index];
    w->next_start = index;
    w->starting = true;
    w->ready_last = &w->ready;
    w->inbox_last = &w->inbox;
    w->start_timer = (struct timer){.fire = start_sessions, .data = w};
    w->grace_timer = (struct timer){.fire = on_grace, .data = w};
    w->sessions =
        calloc(run->sessions_count / run->workers_count + 1, sizeof(struct stressor_session *));
    w->plugin_data = calloc(plugins + 1, sizeof *w->plugin_data);
    w->plugin_open = calloc(plugins + 1, sizeof *w->plugin_open);
    timers_init(&w->timers);
    pthread_mutex_init(&w->inbox_lock, NULL);
    /* Places for start_timer and grace_timer. */
    bool memory = w->sessions != NULL && w->plugin_data != NULL && w->plugin_open != NULL &&
                  timers_reserve(&w->timers) && timers_reserve(&w->timers);
    if (!memory)
        log_line(STRESSOR_LOG_CRITICAL, "out of memory for a worker");
    if (memory && open_loop(w)) {
        int error = pthread_create(&w->thread, NULL, worker_main, w);
        if (error == 0)
            return w;
        log_line(STRESSOR_LOG_CRITICAL, "cannot make the thread of a worker: %s", strerror(error));
        close_loop(w);
    }
    w->joined = true;
    worker_free(w);
    return NULL;
}

void worker_free(struct stressor_worker *w)
{
    if (w == NULL)
        return;
    if (!w->joined) {
        pthread_join(w->thread, NULL);
        /* Only now, so that no other thread gets a number of one of its descriptors: the thread
         * sanitizer does not see how libuv closes them. */
        close_loop(w);
    }
    if (atomic_load(&w->run->stuck) > 0)
        return; /* a thread that comes back late still looks at it */
    timers_finish(&w->timers);
    pthread_mutex_destroy(&w->inbox_lock);
    free(w->sessions);
    free(w->plugin_data);
    free(w->plugin_open);
    free(w);
}
