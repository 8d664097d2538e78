#include <stdlib.h>

#include <stressor/log.h>

#include "redis.h"

static int32_t no_memory(const stressor_host *host)
{
    stressor_log(host, STRESSOR_LOG_ERROR, "redis: out of memory");
    return STRESSOR_ENOMEM;
}

static int32_t plugin_init(const stressor_host *host, void **data)
{
    struct redis *p = calloc(1, sizeof *p);
    if (p == NULL)
        return no_memory(host);
    p->host = host;
    p->loop = host->extension(host, STRESSOR_LOOP_1);
    p->connections_metric = host->metric(host, STRESSOR_METRIC_COUNTER, "redis.connections", "1",
                                         "connections made to Redis");
    p->commands_metric = host->metric(host, STRESSOR_METRIC_COUNTER, "redis.commands", "1",
                                      "commands that Redis answered");
    bool complete = expect_api_init(&p->expect, host) && p->loop != NULL &&
                    p->connections_metric >= 0 && p->commands_metric >= 0;
    if (!complete) {
        stressor_log(host, STRESSOR_LOG_ERROR, "redis: the host does not offer what it needs");
        free(p);
        return STRESSOR_ESYSTEM;
    }
    *data = p;
    return 0;
}

static int32_t run_open(void *data, stressor_run *run, stressor_plan *plan, void **run_data)
{
    (void)run;
    (void)plan;
    *run_data = data;
    return 0;
}

static void worker_close(void *worker_data)
{
    struct redis_worker *w = worker_data;
    resolver_free(w->resolver);
    free(w);
}

static int32_t worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    struct redis *p = run_data;
    struct redis_worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return no_memory(p->host);
    w->plugin = p;
    w->worker = worker;
    w->resolver = resolver_new(p->loop, worker);
    if (w->resolver == NULL) {
        worker_close(w);
        return no_memory(p->host);
    }
    *worker_data = w;
    return 0;
}

static void session_close(void *session_data)
{
    struct redis_session *s = session_data;
    while (s->connections != NULL)
        connection_free(s->connections);
    session_plugin(s)->loop->timer_free(s->deadline);
    free(s);
}

static void on_deadline(void *data)
{
    struct redis_session *s = data;
    struct command *q = s->command;
    if (q == NULL)
        return;
    struct connection *c = q->connection;
    command_fail(q, STRESSOR_TIMEOUT, "timeout", "expected %s within %g s",
                 c->connected ? "all replies" : "the connection", (double)q->timeout_ns / 1e9);
    connection_close(c);
    command_settle(s);
}

static int32_t session_open(void *worker_data, stressor_exec *exec, void **session_data)
{
    struct redis_worker *w = worker_data;
    (void)exec;
    struct redis_session *s = calloc(1, sizeof *s);
    if (s == NULL)
        return no_memory(w->plugin->host);
    s->worker = w;
    s->deadline = w->plugin->loop->timer_new(w->worker, on_deadline, s);
    if (s->deadline == NULL) {
        session_close(s);
        return no_memory(w->plugin->host);
    }
    *session_data = s;
    return 0;
}

static const stressor_activity_type *const types[] = {&redis_command};

static const stressor_plugin plugin = {
    .size = sizeof plugin,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "redis",
    .version = "0.1.0",
    .help = "Redis commands, over a connection of its own for each session",
    .license = "MIT",
    .activities = types,
    .activities_count = 1,
    .settings = redis_settings,
    .settings_count = SETTINGS_COUNT,
    .init = plugin_init,
    .fini = free,
    .run_open = run_open,
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
