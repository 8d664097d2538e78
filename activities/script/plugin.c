#include <stdlib.h>

#include <stressor/log.h>

#include "run_script.h"
#include "state.h"

static int32_t no_memory(const stressor_host *host)
{
    stressor_log(host, STRESSOR_LOG_ERROR, "script: out of memory");
    return STRESSOR_ENOMEM;
}

static const void *need(const stressor_host *host, const char *name)
{
    const void *table = host->extension(host, name);
    if (table == NULL)
        stressor_log(host, STRESSOR_LOG_ERROR, "script: the host does not offer %s", name);
    return table;
}

static int32_t plugin_init(const stressor_host *host, void **data)
{
    struct script_plugin *p = calloc(1, sizeof *p);
    if (p == NULL)
        return no_memory(host);
    p->host = host;
    p->activity = need(host, STRESSOR_ACTIVITY_1);
    p->json = need(host, STRESSOR_JSON_1);
    p->regex = need(host, STRESSOR_REGEX_1);
    if (p->activity == NULL || p->json == NULL || p->regex == NULL) {
        free(p);
        return STRESSOR_ESYSTEM;
    }
    *data = p;
    return 0;
}

static int32_t run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    struct script_plugin *p = data;
    struct script_run *r = calloc(1, sizeof *r);
    (void)run;
    if (r == NULL)
        return no_memory(p->host);
    r->plugin = p;
    r->plan = plan;
    *run_data = r;
    return 0;
}

static void worker_close(void *worker_data)
{
    struct script_worker *w = worker_data;
    state_close(w);
    free(w);
}

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    struct script_run *r = run_data;
    struct script_worker *w = calloc(1, sizeof *w);
    (void)worker;
    if (w == NULL)
        return no_memory(r->plugin->host);
    w->run = r;
    if (!state_open(w)) {
        free(w);
        return no_memory(r->plugin->host);
    }
    *worker_data = w;
    return 0;
}

static bool read_setting(stressor_exec *exec, int64_t slot, const stressor_arg *arg, int64_t *out)
{
    stressor_value v;
    stressor_failure failure = {0};
    int32_t rc = exec->host->variable_get_as(exec, slot, arg, &v, &failure);
    if (rc == STRESSOR_EINVAL)
        stressor_log(exec->host, STRESSOR_LOG_ERROR, "%.*s", (int)failure.length, failure.text);
    if (rc == STRESSOR_OK)
        *out = v.as.integer;
    return rc == STRESSOR_OK;
}

static bool read_settings(struct script_worker *w, stressor_exec *exec)
{
    const struct script_place *place = exec->place;
    int64_t memory;
    if (!read_setting(exec, place->timeout_slot, &run_script_timeout, &w->timeout_ns) ||
        !read_setting(exec, place->memory_slot, &run_script_memory, &memory))
        return false;
    w->limit = (size_t)memory;
    w->collect_due = true;
    state_collect(w);
    w->has_settings = true;
    return true;
}

static int32_t session_open(void *worker_data, stressor_exec *exec, void **session_data)
{
    struct script_worker *w = worker_data;
    if (!w->has_settings && !read_settings(w, exec))
        return STRESSOR_EINVAL;
    struct script_session *s = calloc(1, sizeof *s);
    if (s == NULL)
        return no_memory(exec->host);
    s->worker = w;
    *session_data = s;
    return 0;
}

static const stressor_activity_type *const types[] = {&run_script_type};
static const stressor_script_engine *const engines[] = {&run_script_engine};
static const stressor_setting timeout_setting = {
    .size = sizeof timeout_setting, .section = "config", .arg = &run_script_timeout};
static const stressor_setting memory_setting = {
    .size = sizeof memory_setting, .section = "config", .arg = &run_script_memory};
static const stressor_setting language_setting = {
    .size = sizeof language_setting, .section = "config", .arg = &run_script_language};
static const stressor_setting *const settings[] = {&timeout_setting, &memory_setting,
                                                   &language_setting};

static const stressor_plugin plugin = {
    .size = sizeof plugin,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "script",
    .version = "0.1.0",
    .help = "Scripts in Lua",
    .license = "MIT",
    .activities = types,
    .activities_count = 1,
    .settings = settings,
    .settings_count = 3,
    .engines = engines,
    .engines_count = 1,
    .init = plugin_init,
    .fini = free,
    .run_open = run_open,
    .run_close = free,
    .worker_open = worker_open,
    .worker_close = worker_close,
    .session_open = session_open,
    .session_close = free,
};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
