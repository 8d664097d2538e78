/*
 * alloc -- memory that a run takes and keeps: the activity PsAlloc, to see what a report says of
 * growing processes.
 *
 * It shows where a plugin keeps what it needs: for a session, or for the whole run.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>
#include <stressor/plugin.h>

enum { ARG_ALLOCATE_MB, ARG_PER_SESSION, ARGS_COUNT };

#define MAX_MB 1024

/* A piece of memory, in the list of who keeps it. */
struct block {
    struct block *next;
    unsigned char bytes[];
};

struct keeper {
    struct block *blocks;
    int64_t bytes;
};

struct alloc {
    const stressor_host *host;
    int64_t metric;
};

/* Of one run; all workers share it. */
struct alloc_run {
    struct alloc *plugin;
    pthread_mutex_t lock;
    struct keeper shared; /* under `lock` */
};

static struct block *block_new(size_t bytes)
{
    struct block *b = malloc(sizeof *b + bytes);
    if (b != NULL)
        memset(b->bytes, 1, bytes); /* a page counts only once it is written to */
    return b;
}

static void keep(struct keeper *k, struct block *b, size_t bytes)
{
    b->next = k->blocks;
    k->blocks = b;
    k->bytes += (int64_t)bytes;
}

static void keeper_free(struct keeper *k)
{
    for (struct block *b = k->blocks, *next; b != NULL; b = next) {
        next = b->next;
        free(b);
    }
}

/* The result is what is kept now, in bytes: by the session, or by the run. */
static int32_t alloc_start(stressor_exec *exec, stressor_result *result)
{
    struct alloc_run *run = exec->run_data;
    struct keeper *session = exec->session_data;
    size_t bytes = (size_t)(exec->args[ARG_ALLOCATE_MB].as.real * 1e6);
    int64_t kept;
    struct block *b = block_new(bytes);
    if (b == NULL)
        return stressor_fail(exec, &result->failure, STRESSOR_GENERATOR, "memory",
                             "out of memory for %zu bytes", bytes);
    if (exec->args[ARG_PER_SESSION].as.integer != 0) {
        keep(session, b, bytes);
        kept = session->bytes;
    } else {
        pthread_mutex_lock(&run->lock);
        keep(&run->shared, b, bytes);
        kept = run->shared.bytes;
        pthread_mutex_unlock(&run->lock);
    }
    exec->host->metric_record(exec->worker, run->plugin->metric, (int64_t)bytes);
    result->value = stressor_int(kept);
    return STRESSOR_DONE;
}

/* --- life ------------------------------------------------------------------------------------ */

static int32_t alloc_init(const stressor_host *host, void **data)
{
    struct alloc *a = malloc(sizeof *a);
    if (a == NULL)
        return STRESSOR_ENOMEM;
    a->host = host;
    a->metric = host->metric(host, STRESSOR_METRIC_COUNTER, "alloc.bytes", "By",
                             "memory that PsAlloc took");
    if (a->metric < 0) {
        int32_t error = (int32_t)a->metric;
        free(a);
        return error;
    }
    *data = a;
    return STRESSOR_OK;
}

static void alloc_fini(void *data)
{
    free(data);
}

static int32_t alloc_run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    (void)run;
    (void)plan;
    struct alloc_run *r = calloc(1, sizeof *r);
    if (r == NULL)
        return STRESSOR_ENOMEM;
    r->plugin = data;
    pthread_mutex_init(&r->lock, NULL);
    *run_data = r;
    return STRESSOR_OK;
}

static void alloc_run_close(void *run_data)
{
    struct alloc_run *r = run_data;
    keeper_free(&r->shared);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static int32_t alloc_worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    (void)worker;
    *worker_data = run_data;
    return STRESSOR_OK;
}

static int32_t alloc_session_open(void *worker_data, stressor_exec *exec, void **session_data)
{
    (void)worker_data;
    (void)exec;
    *session_data = calloc(1, sizeof(struct keeper));
    return *session_data == NULL ? STRESSOR_ENOMEM : STRESSOR_OK;
}

static void alloc_session_close(void *session_data)
{
    keeper_free(session_data);
    free(session_data);
}

/* --- what it offers -------------------------------------------------------------------------- */

static const stressor_arg arg_allocate_mb = {.size = sizeof arg_allocate_mb,
                                             .name = "allocate_mb",
                                             .types = STRESSOR_ARG_FLOAT,
                                             .flags = STRESSOR_ARG_REQUIRED,
                                             .max = MAX_MB,
                                             .help =
                                                 "how much to take, in units of 1,000,000 bytes"};
static const stressor_arg arg_per_session = {
    .size = sizeof arg_per_session,
    .name = "per_session",
    .types = STRESSOR_ARG_BOOL,
    .fallback = "false",
    .help = "keep it until the session ends, instead of the run"};
static const stressor_arg *const alloc_args[ARGS_COUNT] = {
    [ARG_ALLOCATE_MB] = &arg_allocate_mb, [ARG_PER_SESSION] = &arg_per_session};

static const stressor_activity_type alloc_type = {.size = sizeof alloc_type,
                                                  .name = "PsAlloc",
                                                  .help = "Take memory and keep it",
                                                  .args = alloc_args,
                                                  .args_count = ARGS_COUNT,
                                                  .start = alloc_start};
static const stressor_activity_type *const activities[] = {&alloc_type};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "alloc",
                                       .version = "1.0.0",
                                       .help = "Takes memory",
                                       .license = "MIT",
                                       .activities = activities,
                                       .activities_count = 1,
                                       .init = alloc_init,
                                       .fini = alloc_fini,
                                       .run_open = alloc_run_open,
                                       .run_close = alloc_run_close,
                                       .worker_open = alloc_worker_open,
                                       .session_open = alloc_session_open,
                                       .session_close = alloc_session_close};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
