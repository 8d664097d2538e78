#include <stdlib.h>

#include "pgsql.h"

static int32_t plugin_init(const stressor_host *host, void **data)
{
    struct pgsql *p = client_new(host, "pgsql", sizeof *p);
    if (p == NULL)
        return STRESSOR_ENOMEM;
    p->json = host->extension(host, STRESSOR_JSON_1);
    p->connections_metric = host->metric(host, STRESSOR_METRIC_COUNTER, "pgsql.connections", "1",
                                         "connections made to PostgreSQL");
    p->connect_time_metric = host->metric(host, STRESSOR_METRIC_HISTOGRAM, "pgsql.connect_time",
                                          "ns", "how long connecting to PostgreSQL took");
    p->rows_metric = host->metric(host, STRESSOR_METRIC_COUNTER, "pgsql.rows", "1",
                                  "rows received from PostgreSQL");
    bool complete = p->json != NULL && p->connections_metric >= 0 && p->connect_time_metric >= 0 &&
                    p->rows_metric >= 0;
    return client_finish(&p->client, complete, data);
}

static void session_close(void *session_data)
{
    struct sql_session *s = session_data;
    while (s->connections != NULL)
        connection_free(s->connections);
    client_session_free(&s->base);
}

static void on_deadline(void *data)
{
    struct sql_session *s = data;
    struct query *q = s->query;
    if (q == NULL)
        return;
    struct connection *c = q->connection;
    const char *what = c->state < CONNECTION_READY ? "the connection" : "the whole answer";
    query_fail(q, STRESSOR_TIMEOUT, "timeout", "expected %s within %g s", what,
               (double)q->timeout_ns / 1e9);
    connection_abandon(c);
    query_settle(s);
}

static int32_t session_open(void *worker_data, stressor_exec *exec, void **session_data)
{
    (void)exec;
    *session_data = client_session_new(worker_data, sizeof(struct sql_session), on_deadline);
    return *session_data != NULL ? 0 : STRESSOR_ENOMEM;
}

static const stressor_activity_type *const types[] = {&sql_query};

static const stressor_plugin plugin = {
    .size = sizeof plugin,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "pgsql",
    .version = "0.1.0",
    .help = "SQL queries to PostgreSQL, over a connection of its own for each session",
    .license = "MIT",
    .activities = types,
    .activities_count = 1,
    .settings = sql_settings,
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
