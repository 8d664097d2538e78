#include <stdio.h>
#include <stdlib.h>

#include <stressor/log.h>

#include "activity.h"
#include "compiled.h"
#include "html.h"
#include "multipart.h"
#include "options.h"
#include "request.h"

static int32_t no_memory(const stressor_host *host)
{
    stressor_log(host, STRESSOR_LOG_ERROR, "http: out of memory");
    return STRESSOR_ENOMEM;
}

/* --- the process --------------------------------------------------------------------------- */

static const void *need(const stressor_host *host, const char *name)
{
    const void *table = host->extension(host, name);
    if (table == NULL)
        stressor_log(host, STRESSOR_LOG_ERROR, "http: the host does not offer %s", name);
    return table;
}

static int32_t plugin_init(const stressor_host *host, void **data)
{
    struct http_plugin *p = calloc(1, sizeof *p);
    if (p == NULL)
        return no_memory(host);
    p->host = host;
    p->loop = need(host, STRESSOR_LOOP_1);
    p->json = need(host, STRESSOR_JSON_1);
    p->path = need(host, STRESSOR_PATH_1);
    p->regex = need(host, STRESSOR_REGEX_1);
    p->requests_metric = host->metric(host, STRESSOR_METRIC_COUNTER, "http.requests", "1",
                                      "requests sent, redirects included");
    p->connections_metric =
        host->metric(host, STRESSOR_METRIC_COUNTER, "http.connections", "1", "connections made");
    p->bytes_metric = host->metric(host, STRESSOR_METRIC_COUNTER, "http.body_bytes", "By",
                                   "bytes of bodies received, decompressed");
    bool complete = p->loop != NULL && p->json != NULL && p->path != NULL && p->regex != NULL &&
                    p->requests_metric >= 0 && p->connections_metric >= 0 && p->bytes_metric >= 0;
    if (!complete || !multipart_init(p) || !transport_global_init()) {
        stressor_log(host, STRESSOR_LOG_ERROR, "http: cannot start");
        free(p);
        return STRESSOR_ESYSTEM;
    }
    html_global_init();
    *data = p;
    return 0;
}

static void plugin_fini(void *data)
{
    transport_global_finish();
    free(data);
}

/* --- a run --------------------------------------------------------------------------------- */

static bool setting_is(struct http_run *r, const char *name, bool fallback)
{
    stressor_value v;
    if (r->plugin->host->setting(r->run, "sessions", name, &v) != 0 || v.type != STRESSOR_BOOL)
        return fallback;
    return v.as.integer != 0;
}

static int32_t run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    struct http_plugin *p = data;
    struct http_run *r = calloc(1, sizeof *r);
    if (r == NULL)
        return no_memory(p->host);
    (void)plan;
    r->plugin = p;
    r->run = run;
    r->basic_auth = setting_is(r, "basic_auth", false);
    r->verify = setting_is(r, "verify_ssl", true);
    *run_data = r;
    return 0;
}

static void run_close(void *run_data)
{
    free(run_data);
}

/* --- a worker ------------------------------------------------------------------------------ */

static void worker_close(void *worker_data)
{
    struct http_worker *w = worker_data;
    call_free_all(w);
    transport_free(w->transport);
    for (size_t i = 0; i < w->caches_count; i++)
        place_cache_free(w->caches[i]);
    free(w->caches);
    compiled_finish(w);
    free(w);
}

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    struct http_run *r = run_data;
    struct http_worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return no_memory(r->plugin->host);
    w->run = r;
    w->worker = worker;
    compiled_init(w);
    w->transport = transport_new(r->plugin->loop, worker);
    if (w->transport == NULL) {
        worker_close(w);
        return no_memory(r->plugin->host);
    }
    *worker_data = w;
    return 0;
}

/* --- a session ----------------------------------------------------------------------------- */

static int32_t read_ceiling(struct http_session *s, stressor_exec *exec)
{
    const struct http_place *place = exec->place;
    stressor_value bytes;
    stressor_failure failure;
    int32_t rc = exec->host->variable_get_as(exec, place->max_body_slot, http_max_body_setting,
                                             &bytes, &failure);
    if (rc == STRESSOR_EINVAL)
        stressor_log(exec->host, STRESSOR_LOG_ERROR, "max_body_size: %.*s", (int)failure.length,
                     failure.text);
    if (rc == 0)
        s->max_body = (uint64_t)bytes.as.integer;
    return rc;
}

static void session_close(void *session_data)
{
    struct http_session *s = session_data;
    transport_options_drop(s->options);
    transport_session_free(s->transport);
    free(s);
}

static int32_t session_open(void *worker_data, stressor_exec *exec, void **session_data)
{
    struct http_worker *w = worker_data;
    const stressor_host *host = exec->host;
    struct http_session *s = calloc(1, sizeof *s);
    if (s == NULL)
        return no_memory(host);
    s->worker = w;
    stressor_session_info info = {.size = sizeof info};
    host->session_info(exec->session, &info);
    char agent[256];
    snprintf(agent, sizeof agent, "session/%.*s Stressor/%s",
             (int)(info.id_length < 200 ? info.id_length : 200), info.id, host->version);
    for (char *p = agent; *p != '\0'; p++) /* the scenario may name its sessions itself */
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = '_';
    s->transport = transport_session_new(w->transport, agent);
    int32_t rc = s->transport == NULL ? no_memory(host) : read_ceiling(s, exec);
    if (rc == 0)
        rc = options_open(s, exec);
    if (rc != 0) {
        session_close(s);
        return rc;
    }
    *session_data = s;
    return 0;
}

static const stressor_plugin plugin = {
    .size = sizeof plugin,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "http",
    .version = "0.1.0",
    .help = "HTTP requests with cookies and connections of their own for each session",
    .license = "MIT",
    .activities = http_types,
    .activities_count = HTTP_TYPES_COUNT,
    .settings = http_settings,
    .settings_count = HTTP_SETTINGS_COUNT,
    .init = plugin_init,
    .fini = plugin_fini,
    .run_open = run_open,
    .run_close = run_close,
    .worker_open = worker_open,
    .worker_close = worker_close,
    .session_open = session_open,
    .session_close = session_close,
};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
