#include "watch.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "frame.h"
#include "interpreter.h"
#include "module.h"

enum {
    KICK_NS = 20000000, /* until a script is told again */
    SPARE_NS = 2000000  /* until one that stands in the library is looked at again */
};

/* How long it may take to give back what it holds. */
static const int64_t grace_ns[] = {
    [FRAME_SCRIPT] = 0, [FRAME_LIBRARY] = 1000000000, [FRAME_IMPORT] = 3000000000};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static struct script *scripts;
static int64_t wakes_ns = INT64_MAX; /* when the thread looks again by itself */
static bool is_running;

static int64_t clock_of(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) != 0)
        return 0;
    return (int64_t)t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void wait_until(pthread_cond_t *cond, int64_t when_ns)
{
    struct timespec t = {.tv_sec = (time_t)(when_ns / 1000000000),
                         .tv_nsec = (long)(when_ns % 1000000000)};
    if (when_ns == INT64_MAX)
        pthread_cond_wait(cond, &lock);
    else
        pthread_cond_timedwait(cond, &lock, &t);
}

static void init_cond(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

/* --- the thread --------------------------------------------------------------------------------
 */

/* True: it has to be told. */
static bool look_at(struct script *s, int64_t now, int64_t *next_ns)
{
    if (s->waits)
        return false;
    if (s->stop == SCRIPT_RUNS && now >= s->look_ns) {
        int64_t used_ns = clock_of(s->cpu) - s->cpu_start_ns;
        if (used_ns >= s->timeout_ns)
            s->stop = SCRIPT_TIMEOUT;
        else
            s->look_ns = now + s->timeout_ns - used_ns;
    }
    bool due = s->stop != SCRIPT_RUNS && now >= s->kick_ns;
    int64_t at = s->stop == SCRIPT_RUNS ? s->look_ns : s->kick_ns;
    if (!due && at < *next_ns)
        *next_ns = at;
    return due;
}

/* The first line of the script's own raises then. As _PyEval_SetTrace does it, but for the audit
 * event: hooks are Python, which must not run while the lock is held. (CPython 3.11) */
static void trace(PyThreadState *thread)
{
    thread->c_tracefunc = module_trace;
    thread->cframe->use_tracing = 255;
}

/* With the GIL and the lock. */
static void kick(struct script *s)
{
    int64_t now = clock_of(CLOCK_MONOTONIC);
    if (s->line == 0)
        s->line = frame_line(s->thread, s->place->name);
    if (s->stopped_ns == 0)
        s->stopped_ns = now;
    bool spared = now - s->stopped_ns < grace_ns[frame_stands_in(s->thread)];
    if (!spared)
        PyThreadState_SetAsyncExc(s->thread_id, module_stopped);
    else
        trace(s->thread);
    s->kick_ns = now + (spared ? SPARE_NS : KICK_NS);
}

static void kick_all(void)
{
    pthread_mutex_unlock(&lock);
    PyGILState_STATE gil = PyGILState_Ensure();
    int collects = PyGC_Disable(); /* frames are objects, and finalizers Python */
    pthread_mutex_lock(&lock);
    for (struct script *s = scripts; s != NULL; s = s->next)
        if (s->stop != SCRIPT_RUNS && !s->waits)
            kick(s);
    pthread_mutex_unlock(&lock);
    if (collects)
        PyGC_Enable();
    PyGILState_Release(gil);
    pthread_mutex_lock(&lock);
}

static void *watch_thread(void *data)
{
    (void)data;
    pthread_mutex_lock(&lock);
    for (;;) {
        int64_t now = clock_of(CLOCK_MONOTONIC), next_ns = INT64_MAX;
        bool any = false;
        for (struct script *s = scripts; s != NULL; s = s->next)
            any = look_at(s, now, &next_ns) || any;
        if (any) {
            kick_all();
            continue;
        }
        wakes_ns = next_ns;
        wait_until(&changed, next_ns);
    }
    return NULL;
}

static bool start_thread(void)
{
    pthread_attr_t attr;
    pthread_t thread;
    if (is_running)
        return true;
    init_cond(&changed);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    is_running = pthread_create(&thread, &attr, watch_thread, NULL) == 0;
    pthread_attr_destroy(&attr);
    return is_running;
}

/* --- scripts -----------------------------------------------------------------------------------
 */

/* With the lock. */
static void compute_from_now(struct script *s)
{
    s->cpu_start_ns = clock_of(s->cpu);
    s->look_ns = clock_of(CLOCK_MONOTONIC) + s->timeout_ns;
    s->waits = false;
    if (s->look_ns < wakes_ns || s->stop != SCRIPT_RUNS)
        pthread_cond_signal(&changed);
}

bool watch_begin(struct script *s)
{
    s->thread = PyThreadState_Get();
    s->thread_id = PyThread_get_thread_ident();
    if (pthread_getcpuclockid(pthread_self(), &s->cpu) != 0)
        s->cpu = CLOCK_MONOTONIC;
    init_cond(&s->woken);
    pthread_mutex_lock(&lock);
    bool good = start_thread();
    if (good) {
        s->next = scripts;
        s->link = &scripts;
        if (s->next != NULL)
            s->next->link = &s->next;
        scripts = s;
        if (s->exec->data != NULL)
            s->stop = SCRIPT_CANCELLED;
        compute_from_now(s);
    }
    pthread_mutex_unlock(&lock);
    if (!good)
        pthread_cond_destroy(&s->woken);
    return good;
}

/* One that was raised too late waits for the next function that is called. Taking it back instead
 * (PyThreadState_SetAsyncExc with NULL) leaves the interpreter's flag set, which slows all threads
 * and keeps those that are traced from entering a function (CPython 3.11). */
static void take_kick(void)
{
    PyErr_Clear();
    PyObject *none = PyObject_CallNoArgs(prelude.nothing);
    PyErr_Clear();
    Py_XDECREF(none);
}

void watch_end(struct script *s)
{
    pthread_mutex_lock(&lock);
    *s->link = s->next;
    if (s->next != NULL)
        s->next->link = s->link;
    pthread_mutex_unlock(&lock);
    pthread_cond_destroy(&s->woken);
    if (s->stop == SCRIPT_RUNS)
        return;
    PyEval_SetTrace(NULL, NULL);
    take_kick();
}

bool watch_wait(struct script *s)
{
    pthread_mutex_lock(&lock);
    s->waits = s->stop == SCRIPT_RUNS;
    bool waits = s->waits;
    pthread_mutex_unlock(&lock);
    return waits;
}

void watch_go_on(struct script *s)
{
    pthread_mutex_lock(&lock);
    compute_from_now(s);
    pthread_mutex_unlock(&lock);
}

void watch_sleep(struct script *s, int64_t duration_ns)
{
    int64_t now = clock_of(CLOCK_MONOTONIC);
    int64_t until_ns = duration_ns < INT64_MAX - now ? now + duration_ns : INT64_MAX;
    pthread_mutex_lock(&lock);
    s->waits = true;
    while (s->stop == SCRIPT_RUNS && clock_of(CLOCK_MONOTONIC) < until_ns)
        wait_until(&s->woken, until_ns);
    compute_from_now(s);
    pthread_mutex_unlock(&lock);
}

enum script_stop watch_why(struct script *s)
{
    pthread_mutex_lock(&lock);
    enum script_stop stop = s->stop;
    pthread_mutex_unlock(&lock);
    return stop;
}

/* `data` is NULL at the start of each execution and otherwise ours: a mark there reaches a script
 * that has not begun, and none that begins later in the same place. */
void watch_cancel(stressor_exec *exec)
{
    pthread_mutex_lock(&lock);
    exec->data = &lock;
    for (struct script *s = scripts; s != NULL; s = s->next)
        if (s->exec == exec) {
            s->stop = SCRIPT_CANCELLED;
            pthread_cond_signal(&s->woken);
            pthread_cond_signal(&changed);
        }
    pthread_mutex_unlock(&lock);
}
