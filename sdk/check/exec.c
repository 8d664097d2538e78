#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stressor/loop.h>

#include "check.h"

/*
 * Executions as the plugin sees them. Each lies in a page of its own; once it has completed, the
 * page can only be read, so that a late write is a signal whose address tells whose it was.
 */

enum { PAGES = 1024 };

enum state {
    STATE_FREE,
    STATE_STARTING,
    STATE_PENDING,
    STATE_OVER,
    STATE_ASIDE, /* it did not answer a stop: whatever comes is forgiven */
};

struct record {
    stressor_exec *mine; /* at the start of its page */
    stressor_exec *real;
    const struct kind *kind; /* NULL: the opening of a session */
    enum state state;
    pthread_t worker;      /* where `complete` must be called */
    pthread_t thread;      /* where it runs: of BLOCKING kinds one of the pool */
    bool cancelled, early; /* early: complete was called inside start */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *pages;
static size_t page_size, next;
static struct record records[PAGES];
static bool stop_when_pending;

static const char *name_of(const struct record *r)
{
    return r->kind != NULL ? r->kind->name : "session_open";
}

/* --- pages ----------------------------------------------------------------------------------- */

static struct record *record_at(const void *address)
{
    const char *p = address;
    if (pages == NULL || p < pages || p >= pages + PAGES * page_size)
        return NULL;
    return &records[(size_t)(p - pages) / page_size];
}

/* No other signal of this kind is ours: it happens again, as it would have without us. */
static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    const struct record *r = record_at(info->si_addr);
    if (r == NULL) {
        signal(number, SIG_DFL);
        return;
    }
    found(
        CHECK_LATE, name_of(r),
        "it writes to its execution after it has completed%s; from host->complete on exec is gone",
        r->cancelled ? ", which was after a cancel" : "");
    _exit(STAGE_FOUND);
}

bool exec_init(void)
{
    page_size = (size_t)sysconf(_SC_PAGESIZE);
    void *memory =
        mmap(NULL, PAGES * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    pages = memory;
    const struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    return sigaction(SIGSEGV, &action, NULL) == 0;
}

/* The one that was free longest. NULL: all are pending. */
static struct record *take(const struct kind *kind, stressor_exec *real)
{
    struct record *r = NULL;
    pthread_mutex_lock(&lock);
    for (size_t tries = 0; tries < PAGES && r == NULL; tries++) {
        size_t i = next++ % PAGES;
        if (records[i].state == STATE_FREE || records[i].state == STATE_OVER)
            r = &records[i];
    }
    if (r != NULL) {
        stressor_exec *mine = (stressor_exec *)(void *)(pages + (size_t)(r - records) * page_size);
        mprotect(mine, page_size, PROT_READ | PROT_WRITE);
        *mine = *real;
        mine->host = host_wrap(NULL);
        pthread_t worker = pthread_self();
        *r = (struct record){.mine = mine,
                             .real = real,
                             .kind = kind,
                             .state = STATE_STARTING,
                             .worker = worker,
                             .thread = worker};
    }
    pthread_mutex_unlock(&lock);
    return r;
}

static void over(struct record *r)
{
    pthread_mutex_lock(&lock);
    r->state = STATE_OVER;
    mprotect(r->mine, page_size, PROT_READ);
    pthread_mutex_unlock(&lock);
}

/* Two threads may ask where a plugin is wrong. */
static struct record record_now(const struct record *r)
{
    pthread_mutex_lock(&lock);
    struct record now = *r;
    pthread_mutex_unlock(&lock);
    return now;
}

stressor_exec *exec_real(stressor_exec *mine, const char *function)
{
    struct record *at = record_at(mine), now;
    struct record *r = at != NULL ? &now : NULL;
    if (at != NULL)
        now = record_now(at);
    if (r == NULL || r->mine != mine) {
        found(CHECK_RESULTS, "", "host->%s is called with what is no execution", function);
        return NULL;
    }
    if (r->state == STATE_OVER) {
        found(CHECK_LATE, name_of(r), "host->%s is called for an execution that has completed",
              function);
        return NULL;
    }
    if (!pthread_equal(pthread_self(), r->thread))
        found(CHECK_THREAD, name_of(r),
              "host->%s is called on a thread that is not that of the execution", function);
    return r->real;
}

/* --- results --------------------------------------------------------------------------------- */

static void check_value(const struct record *r, const char *what, const stressor_value *v)
{
    if (v->type > STRESSOR_MAP)
        found(CHECK_RESULTS, name_of(r), "the %s of its result has the type %u, which is none",
              what, v->type);
    else if (v->type == STRESSOR_STRING && v->as.string.ptr == NULL && v->as.string.length > 0)
        found(CHECK_RESULTS, name_of(r), "the %s of its result is a text without bytes", what);
}

static void check_failure(const struct record *r, const stressor_failure *f)
{
    if (f->category > STRESSOR_INTERNAL)
        found(CHECK_RESULTS, name_of(r), "it fails with the category %u, which is none",
              f->category);
    else if (f->kind == NULL || f->kind[0] == '\0')
        found(CHECK_RESULTS, name_of(r),
              "it fails without a kind; failure.kind groups errors: \"connect\"");
    else if ((f->text == NULL || f->length == 0) && !memory_failed())
        found(CHECK_RESULTS, name_of(r), "it fails without a text that says what was wrong");
    if (f->category == STRESSOR_CANCELLED && !r->cancelled)
        found(CHECK_RESULTS, name_of(r),
              "it says that it was cancelled, but nobody asked it to end");
}

static void check_result(const struct record *r, int32_t status, const stressor_result *result)
{
    const stressor_failure *f = &result->failure;
    if (status == STRESSOR_FAILED && f->category == STRESSOR_NO_FAILURE)
        found(CHECK_RESULTS, name_of(r),
              "it fails without saying why; fill in result->failure, as stressor_fail does");
    if (f->category != STRESSOR_NO_FAILURE)
        check_failure(r, f);
    check_value(r, "value", &result->value);
    check_value(r, "info", &result->info);
    if (result->info.type != STRESSOR_MAP && result->info.type != STRESSOR_NULL)
        found(CHECK_RESULTS, name_of(r), "the info of its result is neither a map nor null");
    if (result->text == NULL && result->text_length > 0)
        found(CHECK_RESULTS, name_of(r), "the text of its result has a length but no bytes");
}

/* --- how they end ---------------------------------------------------------------------------- */

/* With the lock held. */
static void count_ending(const char *name, bool pending, bool ended)
{
    for (size_t i = 0; i < KINDS_MAX; i++) {
        struct endings *e = &shared->endings[i];
        if (e->name[0] == '\0')
            snprintf(e->name, sizeof e->name, "%s", name);
        if (strncmp(e->name, name, sizeof e->name - 1) != 0)
            continue;
        e->pending += pending;
        e->ended += ended;
        return;
    }
}

/* --- life ------------------------------------------------------------------------------------ */

static int32_t fail(stressor_result *result, const char *why)
{
    const stressor_value text = stressor_string(why);
    *result = (stressor_result){.size = sizeof *result};
    result->failure = (stressor_failure){STRESSOR_INTERNAL, 0, "check", text.as.string.ptr,
                                         text.as.string.length};
    return STRESSOR_FAILED;
}

/* What `start` returned. */
static int32_t settle_start(struct record *r, int32_t status, stressor_result *result)
{
    bool blocking = (r->kind->flags & STRESSOR_ACTIVITY_BLOCKING) != 0;
    if (r->early) {
        over(r);
        return fail(result, "completed inside start");
    }
    if (status == STRESSOR_PENDING && !blocking)
        return status;
    if (status == STRESSOR_PENDING)
        found(CHECK_RESULTS, name_of(r),
              "its type is BLOCKING, so that start must not return "
              "STRESSOR_PENDING");
    else if (status != STRESSOR_DONE && status != STRESSOR_FAILED)
        found(CHECK_RESULTS, name_of(r), "start returned %d, which is no enum stressor_status",
              status);
    else
        check_result(r, status, result);
    over(r);
    return status == STRESSOR_PENDING ? fail(result, "PENDING") : status;
}

int32_t exec_start(const struct kind *kind, void *place, stressor_exec *real,
                   stressor_result *result)
{
    struct record *r = take(kind, real);
    if (r == NULL)
        return fail(result, "too many are pending");
    bool blocking = (kind->flags & STRESSOR_ACTIVITY_BLOCKING) != 0;
    r->mine->place = place;
    atomic_fetch_add(&shared->executions, 1);
    doing("start of %s", kind->name);
    int32_t status = kind->start(r->mine, result);
    pthread_mutex_lock(&lock); /* it may have been completed by another thread meanwhile */
    bool pending = status == STRESSOR_PENDING && !blocking && !r->early;
    if (pending) {
        r->state = STATE_PENDING;
        count_ending(kind->name, !stop_when_pending, false);
    }
    pthread_mutex_unlock(&lock);
    if (!pending)
        return settle_start(r, status, result);
    doing("what follows the start of %s", kind->name);
    if (kind->cancel == NULL)
        found(CHECK_CANCEL, kind->name, "it returns STRESSOR_PENDING, but has no function cancel");
    if (stop_when_pending && current_run() != NULL)
        stressor_run_stop(current_run(), STRESSOR_STOP_GRACEFUL);
    return status;
}

static void complete_later(void *data)
{
    const struct record r = record_now(data);
    stressor_result result;
    if (r.state != STATE_OVER)
        return;
    fail(&result, "completed on the wrong thread");
    host_real()->complete(r.real, &result);
}

void exec_complete(stressor_exec *mine, const stressor_result *result)
{
    struct record *r = record_at(mine);
    if (r == NULL || record_now(r).mine != mine || record_now(r).kind == NULL) {
        found(CHECK_ONCE, "", "host->complete is called with what is no execution");
        return;
    }
    pthread_mutex_lock(&lock);
    bool right = pthread_equal(pthread_self(), r->worker) != 0;
    enum state state = r->state;
    bool first = !r->early;
    r->early |= state == STATE_STARTING;
    if (state == STATE_PENDING)
        count_ending(name_of(r), false, !r->cancelled);
    pthread_mutex_unlock(&lock);
    if (state == STATE_ASIDE)
        return;
    if (state == STATE_OVER || !first) {
        found(CHECK_ONCE, name_of(r),
              "it completes an execution %s; host->complete must be called once",
              first ? "that is over already" : "twice");
        return;
    }
    if (!right)
        found(
            CHECK_THREAD, name_of(r),
            "host->complete is called on a thread of its own; stressor.loop/1's post brings it to "
            "the session's worker");
    if (state == STATE_STARTING) {
        if (right)
            found(CHECK_START, name_of(r),
                  "host->complete is called inside start; return STRESSOR_DONE with the result "
                  "instead");
        return;
    }
    check_result(r, STRESSOR_DONE, result);
    over(r);
    doing("what follows the completion of %s", name_of(r));
    const stressor_loop_api *loop = host_real()->extension(host_real(), STRESSOR_LOOP_1);
    if (right)
        host_real()->complete(r->real, result);
    else
        loop->post(r->real->worker, complete_later, r);
}

void exec_cancel(stressor_exec *real)
{
    struct record *r = NULL;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < PAGES && r == NULL; i++)
        if (records[i].real == real && records[i].kind != NULL &&
            (records[i].state == STATE_PENDING || records[i].state == STATE_STARTING))
            r = &records[i];
    if (r != NULL)
        r->cancelled = true;
    pthread_mutex_unlock(&lock);
    if (r == NULL || r->kind->cancel == NULL)
        return;
    atomic_fetch_add(&shared->cancels, 1);
    doing("cancel of %s", name_of(r));
    r->kind->cancel(r->mine);
}

int32_t exec_session_open(int32_t (*open)(void *worker_data, stressor_exec *exec, void **data),
                          void *worker_data, void *place, stressor_exec *real, void **data)
{
    struct record *r = take(NULL, real);
    if (r == NULL)
        return STRESSOR_ELIMIT;
    r->mine->place = place;
    doing("session_open");
    int32_t status = open(worker_data, r->mine, data);
    over(r);
    return status;
}

void exec_settle(void)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < PAGES; i++) {
        struct record *r = &records[i];
        if (r->state != STATE_PENDING && r->state != STATE_STARTING)
            continue;
        found(CHECK_COMPLETES, name_of(r),
              "%s, but it never completed, not even within 5 s after cancel; the completion "
              "must come soon after cancel, with STRESSOR_CANCELLED",
              r->state == STATE_STARTING ? "its start has not returned"
                                         : "start returned STRESSOR_PENDING");
        r->state = STATE_ASIDE;
    }
    pthread_mutex_unlock(&lock);
}

void exec_stop_when_pending(bool on)
{
    stop_when_pending = on;
}
