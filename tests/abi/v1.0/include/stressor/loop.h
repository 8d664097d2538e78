/*
 * loop.h -- the extension "stressor.loop/1": timers, descriptors and messages on a worker.
 *
 * It is what a library with an event interface of its own needs to run on the session's
 * worker: curl_multi_socket_action, libpq, hiredis.
 */
#ifndef STRESSOR_LOOP_H
#define STRESSOR_LOOP_H

#include <stressor/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STRESSOR_LOOP_1 "stressor.loop/1"

typedef struct stressor_timer stressor_timer;
typedef struct stressor_watch stressor_watch;

enum stressor_event {
    STRESSOR_READABLE = 0x1,
    STRESSOR_WRITABLE = 0x2,
    STRESSOR_HANGUP = 0x4 /* reported only: an error. The end of a stream shows as READABLE */
};

typedef struct stressor_loop_api {
    uint32_t size;
    uint32_t reserved;

    /* Monotonic nanoseconds. [any] */
    int64_t (*now)(void);

    /* A timer, not started. Its callback is never called early, nor from inside these
     * functions. NULL: out of memory. [worker] */
    stressor_timer *(*timer_new)(stressor_worker *worker, void (*fire)(void *data), void *data);
    /* Fires once after delay_ns (0: in the loop's next turn); starting again moves it. [worker] */
    void (*timer_start)(stressor_timer *timer, int64_t delay_ns);
    void (*timer_stop)(stressor_timer *timer); /* fine when not started. [worker] */
    /* Stops it; fine in its own callback, and in worker_close. NULL is fine. [worker] */
    void (*timer_free)(stressor_timer *timer);

    /* Watches a descriptor, at first for nothing, and makes it non-blocking. The watch does not own
     * the descriptor. It must be freed before that is closed, or, where a library closes it by
     * itself, right after: before the number is used again and before the callback returns. At most
     * one watch for a descriptor. NULL: errno says why; ENOMEM, EEXIST where it is watched already,
     * EPERM for files that cannot be watched. [worker] */
    stressor_watch *(*watch_new)(stressor_worker *worker, int fd,
                                 void (*ready)(void *data, uint32_t events), void *data);
    /* What to watch for (enum stressor_event), level-triggered; 0: nothing. Setting what is set
     * costs nothing. 0 or STRESSOR_ESYSTEM. [worker] */
    int32_t (*watch_set)(stressor_watch *watch, uint32_t events);
    /* Fine in its own callback, and in worker_close. NULL is fine. [worker] */
    void (*watch_free)(stressor_watch *watch);

    /* Has `deliver` called on the worker, once. STRESSOR_ENOMEM, or STRESSOR_EINVAL when the run's
     * last session on it has ended: then it is not called. The worker is there until run_close.
     * [any] */
    int32_t (*post)(stressor_worker *worker, void (*deliver)(void *data), void *data);
} stressor_loop_api;

#ifdef __cplusplus
}
#endif

#endif
