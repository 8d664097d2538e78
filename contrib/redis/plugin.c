#include <stdlib.h>

#include "redis.h"

static int32_t plugin_init(const stressor_host *host, void **data)
{
    struct redis *p = client_new(host, "redis", sizeof *p);
    if (p == NULL)
        return STRESSOR_ENOMEM;
    p->connections_metric = host->metric(host, STRESSOR_METRIC_COUNTER, "redis.connections", "1",
                                         "connections made to Redis");
    p->commands_metric = host->metric(host, STRESSOR_METRIC_COUNTER, "redis.commands", "1",
                                      "commands that Redis answered");
    bool complete = p->connections_metric >= 0 && p->commands_metric >= 0;
    return client_finish(&p->client, complete, data);
}

static void session_close(void *session_data)
{
    struct redis_session *s = session_data;
    while (s->connections != NULL)
        connection_free(s->connections);
    client_session_free(&s->base);
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
    (void)exec;
    *session_data = client_session_new(worker_data, sizeof(struct redis_session), on_deadline);
    return *session_data != NULL ? 0 : STRESSOR_ENOMEM;
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
    .worker_open = client_worker_open,
    .worker_close = client_worker_close,
    .session_open = session_open,
    .session_close = session_close,
};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
