#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "run/host.h"
#include "run/worker.h"

/* stressor.loop/1: timers of the worker's heap, watches of libuv. */

struct stressor_timer {
    struct timer timer;
    struct stressor_worker *worker;
};

struct stressor_watch {
    uv_poll_t poll; /* first: it is freed through its handle */
    void (*ready)(void *data, uint32_t events);
    void *data;
    struct stressor_worker *worker;
    uint32_t events; /* enum stressor_event */
};

static stressor_timer *timer_new(stressor_worker *worker, void (*fire)(void *data), void *data)
{
    struct stressor_timer *t = calloc(1, sizeof *t);
    if (t == NULL || !timers_reserve(&worker->timers)) {
        free(t);
        return NULL;
    }
    t->timer.fire = fire;
    t->timer.data = data;
    t->worker = worker;
    return t;
}

static void timer_start(stressor_timer *t, int64_t delay_ns)
{
    worker_timer_set(t->worker, &t->timer, delay_ns);
}

static void timer_stop(stressor_timer *t)
{
    worker_timer_off(t->worker, &t->timer);
}

static void timer_free(stressor_timer *t)
{
    if (t == NULL)
        return;
    timer_stop(t);
    timers_unreserve(&t->worker->timers);
    free(t);
}

static void set_events(struct stressor_watch *w, uint32_t events)
{
    if (w->events != 0)
        w->worker->armed--;
    w->events = events;
    if (w->events != 0)
        w->worker->armed++;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct stressor_watch *w = (struct stressor_watch *)(void *)poll;
    uint32_t happened = 0;
    worker_polled(w->worker);
    if (events & UV_READABLE)
        happened |= STRESSOR_READABLE;
    if (events & UV_WRITABLE)
        happened |= STRESSOR_WRITABLE;
    if (status < 0 || (events & UV_DISCONNECT))
        happened |= STRESSOR_HANGUP;
    if (status < 0)
        set_events(w, 0); /* libuv has stopped it */
    w->ready(w->data, happened);
}

static stressor_watch *watch_new(stressor_worker *worker, int fd,
                                 void (*ready)(void *data, uint32_t events), void *data)
{
    struct stressor_watch *w = calloc(1, sizeof *w);
    if (w == NULL)
        return NULL;
    w->ready = ready;
    w->data = data;
    w->worker = worker;
    int status = uv_poll_init(&worker->loop, &w->poll, fd);
    if (status == 0)
        return w;
    free(w);
    errno = -status; /* on Unix, libuv's errors are errno's */
    return NULL;
}

static int32_t watch_set(stressor_watch *w, uint32_t events)
{
    if (events == w->events)
        return STRESSOR_OK;
    int flags = 0;
    if (events & STRESSOR_READABLE)
        flags |= UV_READABLE;
    if (events & STRESSOR_WRITABLE)
        flags |= UV_WRITABLE;
    int status = flags != 0 ? uv_poll_start(&w->poll, flags, on_poll) : uv_poll_stop(&w->poll);
    if (status != 0) {
        errno = -status;
        return STRESSOR_ESYSTEM;
    }
    set_events(w, events);
    return STRESSOR_OK;
}

void host_watch_closed(uv_handle_t *handle)
{
    free(handle);
}

static void watch_free(stressor_watch *w)
{
    if (w == NULL)
        return;
    set_events(w, 0);
    uv_close((uv_handle_t *)&w->poll, host_watch_closed);
}

static int32_t post(stressor_worker *worker, void (*deliver)(void *data), void *data)
{
    return worker_post(worker, deliver, data);
}

const stressor_loop_api host_loop = {
    .size = sizeof host_loop,
    .now = clock_now,
    .timer_new = timer_new,
    .timer_start = timer_start,
    .timer_stop = timer_stop,
    .timer_free = timer_free,
    .watch_new = watch_new,
    .watch_set = watch_set,
    .watch_free = watch_free,
    .post = post,
};
