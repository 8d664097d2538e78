#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"

/*
 * The plugin's descriptor with functions of ours. `prepare` does not say whose it is, so that each
 * kind has one of its own; from then on the kind goes along with the place.
 */

enum { TABLE_MAX = 4096 };
static const int64_t LOAD_MAX_NS = INT64_C(1000000000);

struct wrapped_place {
    const struct kind *kind;
    void *real;
};

static stressor_plugin_entry entry;
static const stressor_plugin *plugin; /* the plugin's own */
static stressor_plugin copy;
static struct kind kinds[KINDS_MAX];
static size_t kinds_count;
static stressor_activity_type types[KINDS_MAX];
static const stressor_activity_type *type_table[KINDS_MAX];
static stressor_script_engine engines[KINDS_MAX];
static const stressor_script_engine *engine_table[KINDS_MAX];
static _Atomic(stressor_run *) run_now;

stressor_run *current_run(void)
{
    return atomic_load(&run_now);
}

const stressor_plugin *plugin_descriptor(void)
{
    return plugin;
}

/* --- loading --------------------------------------------------------------------------------- */

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Where its code lies, which `data`, an address in it, tells. */
static int find_code(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    const char *wanted = data, *first = (const char *)info->dlpi_addr, *end = first;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD) {
            const char *last = first + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
            end = last > end ? last : end;
        }
    if (wanted < first || wanted >= end)
        return 0;
    memory_watch(first, end);
    return 1;
}

bool plugin_load(void)
{
    doing("loading it");
    int64_t began_ns = now_ns();
    void *handle = dlopen(options.file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    int64_t took_ns = now_ns() - began_ns;
    if (handle == NULL) {
        found(CHECK_SYMBOLS, "", "it does not load: %s", dlerror());
        return false;
    }
    atomic_store(&shared->opened, true);
    if (took_ns > LOAD_MAX_NS)
        found(CHECK_LOAD, "", "loading takes %.1f s; what takes long belongs into init",
              (double)took_ns / 1e9);
    void *symbol = dlsym(handle, STRESSOR_PLUGIN_ENTRY);
    memcpy(&entry, &symbol, sizeof entry); /* ISO C knows no other way */
    if (symbol == NULL)
        return false; /* told by CHECK_EXPORTS */
    dl_iterate_phdr(find_code, symbol);
    doing(STRESSOR_PLUGIN_ENTRY);
    plugin = entry();
    if (plugin == NULL)
        found(CHECK_DESCRIPTOR, "", STRESSOR_PLUGIN_ENTRY " returns no descriptor");
    else if (entry() != plugin)
        found(CHECK_DESCRIPTOR, "",
              STRESSOR_PLUGIN_ENTRY " returns another descriptor at each call; it must be static");
    return plugin != NULL;
}

const stressor_plugin_entry *with_entries(void)
{
    static stressor_plugin_entry entries[WITH_MAX + 1];
    for (size_t i = 0; options.with != NULL && options.with[i] != NULL; i++) {
        void *handle = dlopen(options.with[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
        void *symbol = handle != NULL ? dlsym(handle, STRESSOR_PLUGIN_ENTRY) : NULL;
        if (symbol == NULL) {
            note("--with %s does not load: %s", options.with[i], dlerror());
            entries[i] = NULL;
            break;
        }
        memcpy(&entries[i], &symbol, sizeof symbol);
    }
    return entries;
}

/* --- life ------------------------------------------------------------------------------------ */

/* 0 or negative, and the reason must have been logged. */
static int32_t checked(const char *function, int32_t status)
{
    bool said = host_problem_said();
    if (status > 0)
        found(CHECK_LIFE, function,
              "%s returned %d; it must be 0, or a negative enum stressor_error", function, status);
    else if (status < 0 && !said && !memory_failed())
        found(CHECK_LIFE, function, "%s fails (%d) without a line of log that says why", function,
              status);
    return status;
}

static int32_t life_init(const stressor_host *host, void **data)
{
    const stressor_host *mine = host_wrap(host);
    if (plugin->init == NULL)
        return STRESSOR_OK;
    doing("init");
    host_problem_said();
    return checked("init", plugin->init(mine, data));
}

static void life_fini(void *data)
{
    doing("fini");
    if (plugin->fini != NULL)
        plugin->fini(data);
}

static int32_t life_run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    atomic_store(&run_now, run);
    if (plugin->run_open == NULL)
        return STRESSOR_OK;
    doing("run_open");
    host_problem_said();
    return checked("run_open", plugin->run_open(data, run, plan, run_data));
}

static void life_run_close(void *run_data)
{
    doing("run_close");
    if (plugin->run_close != NULL)
        plugin->run_close(run_data);
    atomic_store(&run_now, NULL);
}

static int32_t life_worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    if (plugin->worker_open == NULL)
        return STRESSOR_OK;
    doing("worker_open");
    host_problem_said();
    return checked("worker_open", plugin->worker_open(run_data, worker, worker_data));
}

static void life_worker_close(void *worker_data)
{
    doing("worker_close");
    if (plugin->worker_close != NULL)
        plugin->worker_close(worker_data);
}

static int32_t life_session_open(void *worker_data, stressor_exec *exec, void **session_data)
{
    if (plugin->session_open == NULL)
        return STRESSOR_OK;
    const struct wrapped_place *place = exec->place;
    host_problem_said();
    return checked("session_open", exec_session_open(plugin->session_open, worker_data, place->real,
                                                     exec, session_data));
}

static void life_session_close(void *session_data)
{
    doing("session_close");
    if (plugin->session_close != NULL)
        plugin->session_close(session_data);
}

/* --- activities ------------------------------------------------------------------------------ */

static int32_t prepare(size_t i, stressor_prepare *place)
{
    const struct kind *kind = &kinds[i];
    struct wrapped_place *mine = calloc(1, sizeof *mine);
    if (mine == NULL)
        return place->host->problem(place, -1, "out of memory", 13);
    mine->kind = kind;
    int32_t status = STRESSOR_OK;
    if (kind->prepare != NULL) {
        const stressor_host *host = place->host;
        place->host = host_wrap(NULL);
        host_problem_said();
        doing("prepare of %s", kind->name);
        status = kind->prepare(place);
        place->host = host;
        if (status > 0)
            found(CHECK_LIFE, kind->name, "prepare returned %d; it must be 0 or negative", status);
        else if (status < 0 && !host_problem_said() && !memory_failed())
            found(CHECK_LIFE, kind->name,
                  "prepare fails (%d) without host->problem saying what is wrong", status);
    }
    mine->real = place->place;
    place->place = mine;
    if (status < 0)
        free(mine);
    return status;
}

static void release(void *data, void *place)
{
    struct wrapped_place *mine = place;
    doing("release of %s", mine->kind->name);
    if (mine->kind->release != NULL)
        mine->kind->release(data, mine->real);
    free(mine);
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    const struct wrapped_place *mine = exec->place;
    return exec_start(mine->kind, mine->real, exec, result);
}

/* Numbers in octal: 64 of them. */
#define PREPARE(N)                                                                                 \
    static int32_t prepare_##N(stressor_prepare *place)                                            \
    {                                                                                              \
        return prepare(0##N, place);                                                               \
    }
#define NAME(N)     prepare_##N,
#define EIGHT(X, N) X(N##0) X(N##1) X(N##2) X(N##3) X(N##4) X(N##5) X(N##6) X(N##7)
#define ALL(X)                                                                                     \
    EIGHT(X, 0)                                                                                    \
    EIGHT(X, 1) EIGHT(X, 2) EIGHT(X, 3) EIGHT(X, 4) EIGHT(X, 5) EIGHT(X, 6) EIGHT(X, 7)
ALL(PREPARE)
static int32_t (*const prepares[KINDS_MAX])(stressor_prepare *place) = {ALL(NAME)};

/* --- the descriptor -------------------------------------------------------------------------- */

/* A copy of a struct that may be shorter or longer than ours. */
static void take(void *to, const void *from, size_t known)
{
    uint32_t size;
    memcpy(&size, from, sizeof size);
    memset(to, 0, known);
    memcpy(to, from, size < known ? size : known);
    size = (uint32_t)known;
    memcpy(to, &size, sizeof size);
}

static void wrap_activities(void)
{
    copy.activities_count = 0;
    for (uint32_t i = 0; i < plugin->activities_count && kinds_count < KINDS_MAX; i++) {
        if (plugin->activities[i] == NULL)
            continue;
        uint32_t n = copy.activities_count++;
        stressor_activity_type *t = &types[n];
        struct kind *k = &kinds[kinds_count];
        take(t, plugin->activities[i], sizeof *t);
        *k = (struct kind){.name = t->name,
                           .flags = t->flags,
                           .args = t->args,
                           .groups = t->groups,
                           .args_count = t->args_count,
                           .groups_count = t->groups_count,
                           .prepare = t->prepare,
                           .release = t->release,
                           .start = t->start,
                           .cancel = t->cancel};
        t->prepare = prepares[kinds_count++];
        t->release = release;
        t->start = t->start != NULL ? start : NULL;
        t->cancel = exec_cancel;
        type_table[n] = t;
    }
    copy.activities = type_table;
}

static const stressor_activity_type *type_of(const stressor_plugin *p, const char *name)
{
    for (uint32_t i = 0; p != NULL && i < p->activities_count; i++)
        if (p->activities[i] != NULL && strcmp(p->activities[i]->name, name) == 0)
            return p->activities[i];
    return NULL;
}

/* The arguments of an engine are those of its type, where a plugin that is loaded declares it. */
static void take_args(struct kind *k)
{
    const stressor_activity_type *t = type_of(plugin, k->name);
    const stressor_plugin_entry *with = with_entries();
    for (size_t i = 0; t == NULL && with[i] != NULL; i++)
        t = type_of(with[i](), k->name);
    if (t == NULL)
        return;
    k->args = t->args;
    k->args_count = t->args_count;
    k->groups = t->groups;
    k->groups_count = t->groups_count;
}

static void wrap_engines(void)
{
    copy.engines_count = 0;
    for (uint32_t i = 0; i < plugin->engines_count && kinds_count < KINDS_MAX; i++) {
        if (plugin->engines[i] == NULL)
            continue;
        uint32_t n = copy.engines_count++;
        stressor_script_engine *e = &engines[n];
        struct kind *k = &kinds[kinds_count];
        take(e, plugin->engines[i], sizeof *e);
        *k = (struct kind){.name = e->activity,
                           .flags = e->flags,
                           .language = e->language,
                           .prepare = e->prepare,
                           .release = e->release,
                           .start = e->start,
                           .cancel = e->cancel};
        take_args(k);
        e->prepare = prepares[kinds_count++];
        e->release = release;
        e->start = e->start != NULL ? start : NULL;
        e->cancel = exec_cancel;
        engine_table[n] = e;
    }
    copy.engines = engine_table;
}

const struct kind *kind_at(size_t i)
{
    for (size_t k = 0; k < kinds_count; k++)
        if ((options.activity == NULL || strcmp(options.activity, kinds[k].name) == 0) && i-- == 0)
            return &kinds[k];
    return NULL;
}

/* Called once for each engine; what is made is the same each time. */
const stressor_plugin *wrapped_entry(void)
{
    kinds_count = 0;
    take(&copy, plugin, sizeof copy);
    if (copy.activities != NULL)
        wrap_activities();
    if (copy.engines != NULL)
        wrap_engines();
    copy.init = life_init;
    copy.fini = life_fini;
    copy.run_open = life_run_open;
    copy.run_close = life_run_close;
    copy.worker_open = life_worker_open;
    copy.worker_close = life_worker_close;
    copy.session_open = life_session_open;
    copy.session_close = life_session_close;
    return &copy;
}
