#include <string.h>

#include <client/outcome.h>
#include <stressor/log.h>

#include "pgsql.h"

/* --- the place ------------------------------------------------------------------------------ */

static const char zero_byte[] = "the query holds a zero byte";

static bool has_zero_byte(const stressor_value *text)
{
    return memchr(text->as.string.ptr, '\0', text->as.string.length) != NULL;
}

static int32_t check_query(stressor_prepare *prepare)
{
    bool fine = prepare->states[ARG_QUERY] != STRESSOR_ARG_CONSTANT ||
                !has_zero_byte(&prepare->args[ARG_QUERY]);
    return fine ? 0 : stressor_problem(prepare, ARG_QUERY, "%s", zero_byte);
}

static const struct place_kind places = {.settings = sql_settings,
                                         .settings_count = SETTINGS_COUNT,
                                         .expect_arg = ARG_ASSERT_VALUE,
                                         .expect_is_map = true,
                                         .failure = "value"};

static int32_t place_prepare(stressor_prepare *prepare)
{
    struct pgsql *plugin = prepare->plugin;
    struct sql_place *p = place_new(prepare, &places, sizeof *p);
    int32_t query = check_query(prepare), parameters = parameters_prepare(prepare);
    int32_t connection = connect_prepare(prepare), rows = check_prepare(prepare);
    if (p == NULL || query != 0 || parameters != 0 || connection != 0 || rows != 0) {
        place_release(plugin, p);
        return STRESSOR_EINVAL;
    }
    p->number = plugin->places++;
    p->may_prepare = prepare->states[ARG_QUERY] == STRESSOR_ARG_CONSTANT;
    return 0;
}

/* --- its ends ------------------------------------------------------------------------------- */

void query_end(struct query *q)
{
    q->ended = true;
    if (q->connection != NULL)
        q->connection->query = NULL;
}

void query_fail(struct query *q, uint32_t category, const char *kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    outcome_fail(q->exec, &q->result.failure, category, kind, format, args);
    va_end(args);
    query_end(q);
}

/* What the host is told about it. Null when memory is out. */
static stressor_value info_of(struct query *q)
{
    const struct outcome_entry entries[] = {
        {"command", stressor_string(q->command)},
        {"rows", stressor_int((int64_t)q->rows)},
        {"bytes", stressor_int((int64_t)q->result_bytes)},
        {"sqlstate", q->sqlstate[0] != '\0' ? stressor_string(q->sqlstate) : stressor_null()},
        {"connected", stressor_bool(q->connect_ns > 0)},
        {"connect_time", stressor_double((double)q->connect_ns / 1e9)},
        {"query_time",
         stressor_double(q->sent_ns > 0
                             ? (double)(q->session->base.worker->loop->now() - q->sent_ns) / 1e9
                             : 0)},
    };
    return outcome_info(q->exec, entries, sizeof entries / sizeof *entries);
}

/* The session and the query are done with each other. */
static int32_t leave(struct query *q)
{
    struct sql_session *s = q->session;
    client_session_deadline(&s->base, 0);
    s->query = NULL;
    if (q->received > 0)
        q->exec->host->metric_record(q->exec->worker, session_plugin(s)->rows_metric,
                                     (int64_t)q->received);
    if ((q->exec->wants & STRESSOR_WANT_INFO) != 0)
        q->result.info = info_of(q);
    return q->result.failure.category == STRESSOR_NO_FAILURE ? STRESSOR_DONE : STRESSOR_FAILED;
}

void query_settle(struct sql_session *s)
{
    struct query *q = s->query;
    if (q == NULL || !q->ended)
        return;
    leave(q);
    q->exec->host->complete(q->exec, &q->result);
}

void query_advance(struct query *q)
{
    struct connection *c = q->connection;
    if (c->state == CONNECTION_CLOSED)
        connect_begin(c);
    else if (c->state == CONNECTION_READY)
        exchange_send(c);
}

/* --- one execution -------------------------------------------------------------------------- */

static int32_t find_connection(struct query *q)
{
    stressor_value key;
    stressor_failure *failure = &q->result.failure;
    if (place_arg(&q->place->base, q->exec, ARG_CONNECTION, SETTING_CONNECTION, &key, failure) != 0)
        return STRESSOR_FAILED;
    if (key.type != STRESSOR_STRING)
        return stressor_fail(q->exec, failure, STRESSOR_SCRIPT, "connection",
                             "neither the argument 'connection' nor config.pgsql_connection says "
                             "where the server is");
    q->connection = connection_find(q->session, key.as.string.ptr, key.as.string.length);
    if (q->connection == NULL)
        return outcome_no_memory(q->exec, failure);
    q->connection->query = q;
    return 0;
}

static int32_t read_limits(struct query *q)
{
    const struct place *place = &q->place->base;
    stressor_value timeout, most;
    stressor_failure *failure = &q->result.failure;
    if (place_arg(place, q->exec, ARG_TIMEOUT, SETTING_TIMEOUT, &timeout, failure) != 0 ||
        place_setting(place, q->exec, SETTING_MAX_RESULT, &most, failure) != 0)
        return STRESSOR_FAILED;
    q->timeout_ns = timeout.as.integer;
    q->max_result = (uint64_t)most.as.integer;
    return 0;
}

static int32_t read_query(struct query *q)
{
    const stressor_value *text = query_arg(q, ARG_QUERY);
    const stressor_value *prepare = query_arg(q, ARG_PREPARE);
    uint64_t length = text->as.string.length;
    if (has_zero_byte(text))
        return stressor_fail(q->exec, &q->result.failure, STRESSOR_SCRIPT, "query", "%s",
                             zero_byte);
    char *copy = q->exec->host->scratch(q->exec, length + 1);
    if (copy == NULL)
        return outcome_no_memory(q->exec, &q->result.failure);
    memcpy(copy, text->as.string.ptr, length);
    copy[length] = '\0';
    q->text = copy;
    q->is_secret = (text->flags & STRESSOR_SECRET) != 0;
    q->prepare = q->place->may_prepare && prepare->type == STRESSOR_BOOL && prepare->as.integer;
    q->wants_rows = (q->exec->wants & (STRESSOR_WANT_TEXT | STRESSOR_WANT_VALUE)) != 0 ||
                    query_arg(q, ARG_ASSERT_VALUE)->type == STRESSOR_MAP;
    return 0;
}

static int32_t begin(struct query *q)
{
    if (read_query(q) != 0 || parameters_make(q) != 0 || read_limits(q) != 0 ||
        find_connection(q) != 0)
        return STRESSOR_FAILED;
    struct sql_session *s = q->session;
    s->query = q;
    client_session_deadline(&s->base, q->timeout_ns);
    query_advance(q);
    return q->ended ? leave(q) : STRESSOR_PENDING;
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    struct query *q = exec->host->scratch(exec, sizeof *q);
    if (q == NULL)
        return outcome_no_memory(exec, &result->failure);
    *q = (struct query){.exec = exec,
                        .place = exec->place,
                        .session = exec->session_data,
                        .result = {.size = sizeof q->result}};
    exec->data = q;
    int32_t status = begin(q);
    if (status != STRESSOR_PENDING)
        *result = q->result;
    return status;
}

static void cancel(stressor_exec *exec)
{
    struct query *q = exec->data;
    struct connection *c = q->connection;
    query_fail(q, STRESSOR_CANCELLED, "cancelled", "the query was cancelled");
    connection_abandon(c);
    query_settle(q->session);
}

const stressor_activity_type sql_query = {
    .size = sizeof sql_query,
    .name = "SqlQuery",
    .help = "Send an SQL query to PostgreSQL",
    .args = sql_args,
    .args_count = ARGS_COUNT,
    .descriptors_per_session = 3, /* libpq's, its duplicate, and that of a cancellation */
    .prepare = place_prepare,
    .release = place_release,
    .start = start,
    .cancel = cancel,
};
