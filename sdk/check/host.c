#include <stdlib.h>
#include <string.h>

#include <stressor/call.h>
#include <stressor/loop.h>
#include <stressor/text.h>

#include "check.h"

/* The host as the plugin sees it: the engine's, but for executions, and for memory that runs out.
 */

static const stressor_host *real;
static stressor_host table;
static const stressor_loop_api *real_loop;
static const stressor_json_api *real_json;
static const stressor_path_api *real_path;
static const stressor_activity_api *real_activity;
static _Thread_local bool said; /* the plugin is called and speaks on one thread */
static _Atomic int64_t timers, watches;

bool host_problem_said(void)
{
    bool was = said;
    said = false;
    return was;
}

const stressor_host *host_real(void)
{
    return real;
}

/* --- what needs an execution ----------------------------------------------------------------- */

static stressor_builder *build(stressor_exec *x)
{
    stressor_exec *mine = exec_real(x, "build");
    return mine != NULL && memory_grant("build") ? real->build(mine) : NULL;
}

static int32_t value_text(stressor_exec *x, const stressor_value *value, stressor_value *out)
{
    stressor_exec *mine = exec_real(x, "value_text");
    return mine != NULL && memory_grant("value_text") ? real->value_text(mine, value, out)
                                                      : STRESSOR_ENOMEM;
}

static void *scratch(stressor_exec *x, uint64_t size)
{
    stressor_exec *mine = exec_real(x, "scratch");
    return mine != NULL && memory_grant("scratch") ? real->scratch(mine, size) : NULL;
}

static int32_t check(stressor_exec *x, const stressor_result *result, stressor_failure *failure)
{
    stressor_exec *mine = exec_real(x, "check");
    return mine != NULL ? real->check(mine, result, failure) : STRESSOR_FAILED;
}

static int32_t variable_get(stressor_exec *x, int64_t slot, stressor_value *out)
{
    stressor_exec *mine = exec_real(x, "variable_get");
    return mine != NULL ? real->variable_get(mine, slot, out) : STRESSOR_EINVAL;
}

static int32_t variable_get_as(stressor_exec *x, int64_t slot, const stressor_arg *arg,
                               stressor_value *out, stressor_failure *failure)
{
    stressor_exec *mine = exec_real(x, "variable_get_as");
    return mine != NULL ? real->variable_get_as(mine, slot, arg, out, failure) : STRESSOR_ENOENT;
}

static int32_t variable_set(stressor_exec *x, int64_t slot, const stressor_value *value)
{
    stressor_exec *mine = exec_real(x, "variable_set");
    return mine != NULL && memory_grant("variable_set") ? real->variable_set(mine, slot, value)
                                                        : STRESSOR_ENOMEM;
}

static int32_t variable_find(stressor_exec *x, const char *name, uint64_t length,
                             stressor_value *out)
{
    stressor_exec *mine = exec_real(x, "variable_find");
    return mine != NULL ? real->variable_find(mine, name, length, out) : STRESSOR_ENOENT;
}

static int32_t variable_store(stressor_exec *x, const char *name, uint64_t length,
                              const stressor_value *value)
{
    stressor_exec *mine = exec_real(x, "variable_store");
    return mine != NULL && memory_grant("variable_store")
               ? real->variable_store(mine, name, length, value)
               : STRESSOR_ENOMEM;
}

static void variables(stressor_exec *x,
                      void (*each)(void *data, const char *name, uint64_t length,
                                   const stressor_value *value),
                      void *data)
{
    stressor_exec *mine = exec_real(x, "variables");
    if (mine != NULL)
        real->variables(mine, each, data);
}

/* --- what gets the table --------------------------------------------------------------------- */

static void log_bytes(const stressor_host *host, int32_t level, const char *text, uint64_t length)
{
    (void)host;
    said = true;
    real->log(real, level, text, length);
}

static int32_t log_enabled(const stressor_host *host, int32_t level)
{
    (void)host, (void)level;
    return 1; /* so that what it logs is made */
}

static int32_t problem(stressor_prepare *place, int32_t arg, const char *text, uint64_t length)
{
    said = true;
    return real->problem(place, arg, text, length);
}

static int64_t metric(const stressor_host *host, uint32_t kind, const char *name, const char *unit,
                      const char *help)
{
    (void)host;
    return real->metric(real, kind, name, unit, help);
}

/* --- stressor.loop/1 ------------------------------------------------------------------------- */

static stressor_timer *timer_new(stressor_worker *worker, void (*fire)(void *data), void *data)
{
    stressor_timer *t = memory_grant("timer_new") ? real_loop->timer_new(worker, fire, data) : NULL;
    atomic_fetch_add(&timers, t != NULL);
    return t;
}

static void timer_free(stressor_timer *timer)
{
    atomic_fetch_sub(&timers, timer != NULL);
    real_loop->timer_free(timer);
}

static stressor_watch *watch_new(stressor_worker *worker, int fd,
                                 void (*ready)(void *data, uint32_t events), void *data)
{
    stressor_watch *w =
        memory_grant("watch_new") ? real_loop->watch_new(worker, fd, ready, data) : NULL;
    atomic_fetch_add(&watches, w != NULL);
    atomic_store(&shared->awaits, true);
    return w;
}

static void watch_free(stressor_watch *watch)
{
    atomic_fetch_sub(&watches, watch != NULL);
    real_loop->watch_free(watch);
}

static int32_t post(stressor_worker *worker, void (*deliver)(void *data), void *data)
{
    return memory_grant("post") ? real_loop->post(worker, deliver, data) : STRESSOR_ENOMEM;
}

void host_settle(void)
{
    if (atomic_load(&timers) > 0)
        found(CHECK_LEFT, "timers",
              "%lld left after the run; timer_free them, in "
              "worker_close at the latest",
              (long long)atomic_load(&timers));
    if (atomic_load(&watches) > 0)
        found(CHECK_LEFT, "watches",
              "%lld left after the run; watch_free them, in "
              "worker_close at the latest",
              (long long)atomic_load(&watches));
    atomic_store(&timers, 0);
    atomic_store(&watches, 0);
}

/* --- JSON, paths, calls ---------------------------------------------------------------------- */

static int32_t json_parse(stressor_exec *x, const char *text, uint64_t length, stressor_value *out,
                          stressor_value *error)
{
    stressor_exec *mine = exec_real(x, "parse");
    return mine != NULL && memory_grant("parse") ? real_json->parse(mine, text, length, out, error)
                                                 : STRESSOR_ENOMEM;
}

static int32_t json_write(stressor_exec *x, const stressor_value *value, stressor_value *out)
{
    stressor_exec *mine = exec_real(x, "write");
    return mine != NULL && memory_grant("write") ? real_json->write(mine, value, out)
                                                 : STRESSOR_ENOMEM;
}

static int32_t path_get(stressor_exec *x, const stressor_path *path, const stressor_value *root,
                        stressor_value *out, stressor_value *error)
{
    stressor_exec *mine = exec_real(x, "get");
    return mine != NULL ? real_path->get(mine, path, root, out, error) : STRESSOR_ENOENT;
}

/* A call under way. */
struct call {
    stressor_exec *caller; /* the plugin's */
    void (*done)(stressor_exec *caller, void *data, const stressor_result *result);
    void *data;
};

static void call_done(stressor_exec *caller, void *data, const stressor_result *result)
{
    struct call c = *(struct call *)data;
    (void)caller;
    free(data);
    c.done(c.caller, c.data, result);
}

static int32_t call(stressor_exec *caller, const char *type, const stressor_value *args,
                    void (*done)(stressor_exec *caller, void *data, const stressor_result *result),
                    void *data)
{
    stressor_exec *mine = exec_real(caller, "call");
    struct call *c = mine != NULL && memory_grant("call") ? malloc(sizeof *c) : NULL;
    if (c == NULL)
        return STRESSOR_ENOMEM;
    *c = (struct call){caller, done, data};
    atomic_store(&shared->awaits, true);
    int32_t status = real_activity->call(mine, type, args, call_done, c);
    if (status < 0)
        free(c);
    return status;
}

static int32_t call_wait(stressor_exec *caller, const char *type, const stressor_value *args,
                         stressor_result *result)
{
    stressor_exec *mine = exec_real(caller, "call_wait");
    return mine != NULL ? real_activity->call_wait(mine, type, args, result) : STRESSOR_FAILED;
}

/* --- extensions ------------------------------------------------------------------------------ */

static stressor_loop_api loop;
static stressor_json_api json;
static stressor_path_api path;
static stressor_activity_api activity;

static const void *extension(const stressor_host *host, const char *name)
{
    static const struct {
        const char *name;
        const void *table;
    } own[] = {{STRESSOR_LOOP_1, &loop},
               {STRESSOR_JSON_1, &json},
               {STRESSOR_PATH_1, &path},
               {STRESSOR_ACTIVITY_1, &activity}};
    (void)host;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(name, own[i].name) == 0)
            return own[i].table;
    return real->extension(real, name);
}

static void wrap_extensions(void)
{
    real_loop = real->extension(real, STRESSOR_LOOP_1);
    real_json = real->extension(real, STRESSOR_JSON_1);
    real_path = real->extension(real, STRESSOR_PATH_1);
    real_activity = real->extension(real, STRESSOR_ACTIVITY_1);
    loop = *real_loop;
    loop.timer_new = timer_new;
    loop.timer_free = timer_free;
    loop.watch_new = watch_new;
    loop.watch_free = watch_free;
    loop.post = post;
    json = *real_json;
    json.parse = json_parse;
    json.write = json_write;
    path = *real_path;
    path.get = path_get;
    activity = *real_activity;
    activity.call = call;
    activity.call_wait = call_wait;
}

const stressor_host *host_wrap(const stressor_host *host)
{
    if (host == NULL)
        return &table;
    real = host;
    wrap_extensions();
    table = *real;
    table.extension = extension;
    table.log = log_bytes;
    table.log_enabled = log_enabled;
    table.build = build;
    table.value_text = value_text;
    table.scratch = scratch;
    table.complete = exec_complete;
    table.check = check;
    table.problem = problem;
    table.variable_get = variable_get;
    table.variable_get_as = variable_get_as;
    table.variable_set = variable_set;
    table.variable_find = variable_find;
    table.variable_store = variable_store;
    table.variables = variables;
    table.metric = metric;
    return &table;
}
