#include "cli/signals.h"

#include <time.h>
#include <unistd.h>

#include "cli/command.h"

#define NS_PER_S INT64_C(1000000000)

/* After "stop now" the run may take its grace period, and a little more. */
#define PATIENCE_STOP_NS    (7 * NS_PER_S)
#define PATIENCE_SUMMARY_NS (1 * NS_PER_S)

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void stop_run(struct signals *s)
{
    if (s->stops == 1) {
        stressor_run_stop(s->run, STRESSOR_STOP_GRACEFUL);
    } else if (s->stops >= 2) {
        stressor_run_stop(s->run, STRESSOR_STOP_NOW);
        s->patience_ns = now_ns() + PATIENCE_STOP_NS;
    }
}

/* Writes nothing: standard error may be what hangs. */
static void handle(struct signals *s, int signal)
{
    if (s->loading)
        _exit(COMMAND_STOPPED);
    s->stops++;
    s->hasty = s->hasty || signal != SIGINT;
    if (s->resting) {
        s->resting = false;
        s->patience_ns = now_ns() + PATIENCE_SUMMARY_NS;
        pthread_cond_signal(&s->rested);
    } else if (s->run != NULL && s->stops <= 2) {
        stop_run(s);
    } else if (now_ns() > s->patience_ns) {
        _exit(128 + signal);
    }
}

static void *signals_main(void *data)
{
    struct signals *s = data;
    for (;;) {
        int signal = 0;
        if (sigwait(&s->set, &signal) != 0)
            continue;
        pthread_mutex_lock(&s->lock);
        bool finished = s->finished;
        if (!finished)
            handle(s, signal);
        pthread_mutex_unlock(&s->lock);
        if (finished)
            return NULL;
    }
}

bool signals_start(struct signals *s)
{
    struct sigaction hangup;
    *s = (struct signals){
        .lock = PTHREAD_MUTEX_INITIALIZER, .rested = PTHREAD_COND_INITIALIZER, .loading = true};
    sigemptyset(&s->set);
    sigaddset(&s->set, SIGINT);
    sigaddset(&s->set, SIGTERM);
    /* nohup leaves it ignored. */
    if (sigaction(SIGHUP, NULL, &hangup) != 0 || hangup.sa_handler != SIG_IGN)
        sigaddset(&s->set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &s->set, &s->before);
    if (pthread_create(&s->thread, NULL, signals_main, s) == 0)
        return true;
    pthread_sigmask(SIG_SETMASK, &s->before, NULL);
    return false;
}

void signals_expect_run(struct signals *s)
{
    pthread_mutex_lock(&s->lock);
    s->loading = false;
    s->patience_ns = INT64_MAX;
    pthread_mutex_unlock(&s->lock);
}

void signals_set_run(struct signals *s, stressor_run *run)
{
    pthread_mutex_lock(&s->lock);
    s->loading = false;
    s->run = run;
    if (run == NULL) {
        s->patience_ns = now_ns() + PATIENCE_SUMMARY_NS;
        s->stops_then = s->stops;
    } else {
        stop_run(s);
    }
    pthread_mutex_unlock(&s->lock);
}

void signals_rest(struct signals *s)
{
    pthread_mutex_lock(&s->lock);
    s->resting = !s->hasty && s->stops == s->stops_then && s->stops < 2;
    while (s->resting)
        pthread_cond_wait(&s->rested, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

unsigned signals_stops(struct signals *s)
{
    pthread_mutex_lock(&s->lock);
    unsigned stops = s->stops;
    pthread_mutex_unlock(&s->lock);
    return stops;
}

void signals_finish(struct signals *s)
{
    pthread_mutex_lock(&s->lock);
    s->finished = true;
    pthread_mutex_unlock(&s->lock);
    pthread_kill(s->thread, SIGTERM);
    pthread_join(s->thread, NULL);
    pthread_sigmask(SIG_SETMASK, &s->before, NULL);
    pthread_cond_destroy(&s->rested);
    pthread_mutex_destroy(&s->lock);
}
