#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <stressor/log.h>

#include "pgsql.h"

enum { SLACK_BYTES = 1 << 20 }; /* what may come in one go beyond the ceiling of a result */

/* --- notices ------------------------------------------------------------------------------- */

void exchange_notice(void *data, const PGresult *notice)
{
    struct connection *c = data;
    const stressor_host *host = session_plugin(c->session)->client.host;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    bool warns = severity != NULL && strcmp(severity, "WARNING") == 0;
    int32_t level = warns ? STRESSOR_LOG_WARNING : STRESSOR_LOG_DEBUG;
    if (text == NULL || !host->log_enabled(host, level))
        return;
    stressor_log(host, level, "pgsql: %s: %s", severity != NULL ? severity : "NOTICE",
                 c->query != NULL ? failure_text(c->query, text)
                                  : "(of a query that was given up)");
}

/* --- sending ------------------------------------------------------------------------------- */

static bool is_prepared(const struct connection *c, const struct sql_place *p)
{
    return p->number < c->prepared_room && c->prepared[p->number] != 0;
}

static void set_prepared(struct connection *c, const struct sql_place *p, bool prepared)
{
    if (p->number >= c->prepared_room || is_prepared(c, p) == prepared)
        return;
    c->prepared[p->number] = prepared;
    c->prepared_count += prepared ? 1 : (size_t)-1;
}

/* False: it has to do without. */
static bool reserve_prepared(struct connection *c, const struct sql_place *p)
{
    if (p->number < c->prepared_room)
        return c->prepared_count < STATEMENTS_MAX;
    size_t room = (size_t)p->number + 16;
    uint8_t *prepared = realloc(c->prepared, room);
    if (prepared == NULL)
        return false;
    memset(prepared + c->prepared_room, 0, room - c->prepared_room);
    c->prepared = prepared;
    c->prepared_room = room;
    return c->prepared_count < STATEMENTS_MAX;
}

static void flush(struct connection *c)
{
    int left = PQflush(c->pg);
    if (left < 0)
        connection_lost(c, "closed");
    else
        connection_watch(c, left > 0 ? STRESSOR_READABLE | STRESSOR_WRITABLE : STRESSOR_READABLE);
}

static void send_execute(struct connection *c, const char *statement)
{
    struct query *q = c->query;
    const struct parameters *p = &q->parameters;
    int sent = statement != NULL ? PQsendQueryPrepared(c->pg, statement, p->count, p->values,
                                                       p->lengths, p->formats, 0)
                                 : PQsendQueryParams(c->pg, q->text, p->count, NULL, p->values,
                                                     p->lengths, p->formats, 0);
    if (!sent || !PQsetSingleRowMode(c->pg)) {
        connection_lost(c, "closed");
        return;
    }
    q->executing = true;
    c->state = CONNECTION_RUNNING;
    flush(c);
}

void exchange_send(struct connection *c)
{
    struct query *q = c->query;
    const struct sql_place *place = q->place;
    char statement[32];
    snprintf(statement, sizeof statement, "stressor_%u", place->number);
    q->sent_ns = c->session->base.worker->loop->now();
    if ((q->exec->flags & STRESSOR_EXEC_DEBUG) != 0)
        stressor_log(q->exec->host, STRESSOR_LOG_INFO, "pgsql: %s, %d parameters",
                     q->is_secret ? "***" : q->text, q->parameters.count);
    c->unread = 0;
    if (!q->prepare) {
        send_execute(c, NULL);
    } else if (is_prepared(c, place)) {
        send_execute(c, statement);
    } else if (!reserve_prepared(c, place)) {
        send_execute(c, NULL);
    } else if (!PQsendPrepare(c->pg, statement, q->text, 0, NULL)) {
        connection_lost(c, "closed");
    } else {
        c->state = CONNECTION_PREPARING;
        flush(c);
    }
}

/* --- what comes ---------------------------------------------------------------------------- */

static void too_large(struct connection *c)
{
    struct query *q = c->query;
    query_fail(q, STRESSOR_TARGET, "result too large",
               "expected rows of at most %llu bytes (config.pgsql_max_result), got more",
               (unsigned long long)q->max_result);
    connection_abandon(c);
}

static void copy_refused(struct connection *c)
{
    query_fail(c->query, STRESSOR_SCRIPT, "copy",
               "COPY from or to the client is not supported by SqlQuery");
    connection_close(c);
}

static void command_done(struct query *q, PGresult *result)
{
    const char *count = PQcmdTuples(result);
    snprintf(q->command, sizeof q->command, "%s", PQcmdStatus(result));
    if (*count != '\0')
        q->rows = strtoull(count, NULL, 10);
}

static void take(struct connection *c, PGresult *result)
{
    struct query *q = c->query;
    switch (PQresultStatus(result)) {
    case PGRES_SINGLE_TUPLE:
        if (!rows_add(q, result))
            connection_abandon(c);
        else if (q->result_bytes > q->max_result)
            too_large(c);
        return;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
        if (q->executing)
            command_done(q, result);
        return;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH: copy_refused(c); return;
    default: failure_of_result(q, result);
    }
}

/* A statement that the server has dropped, or whose result has changed, is prepared anew. */
static bool is_stale(const struct query *q)
{
    return strcmp(q->sqlstate, "26000") == 0 || strcmp(q->sqlstate, "0A000") == 0;
}

static void ended(struct connection *c)
{
    struct query *q = c->query;
    if (is_stale(q))
        set_prepared(c, q->place, false);
    c->state = CONNECTION_READY;
    stressor_value rows = stressor_null();
    bool failed = q->result.failure.category != STRESSOR_NO_FAILURE;
    if (failed ? q->sqlstate[0] != '\0' : rows_finish(q, &rows))
        check_all(q, &rows);
    if (q->result.failure.category == STRESSOR_NO_FAILURE)
        q->result.value = rows;
    query_end(q);
}

/* One command is over. */
static void over(struct connection *c)
{
    struct query *q = c->query;
    char statement[32];
    switch (c->state) {
    case CONNECTION_DRAINING: exchange_drained(c); return;
    case CONNECTION_PREPARING:
        if (q->result.failure.category != STRESSOR_NO_FAILURE) {
            ended(c);
            return;
        }
        set_prepared(c, q->place, true);
        snprintf(statement, sizeof statement, "stressor_%u", q->place->number);
        send_execute(c, statement);
        return;
    default: ended(c);
    }
}

static bool is_busy(const struct connection *c)
{
    return c->state == CONNECTION_PREPARING || c->state == CONNECTION_RUNNING ||
           c->state == CONNECTION_DRAINING;
}

static void pump(struct connection *c)
{
    while (is_busy(c) && !PQisBusy(c->pg)) {
        if (c->state == CONNECTION_DRAINING && PQtransactionStatus(c->pg) != PQTRANS_ACTIVE) {
            over(c);
            return;
        }
        PGresult *result = PQgetResult(c->pg);
        if (result == NULL) {
            if (PQstatus(c->pg) == CONNECTION_BAD)
                return;
            over(c);
            continue;
        }
        c->unread = 0;
        if (c->state != CONNECTION_DRAINING)
            take(c, result);
        PQclear(result);
    }
}

/* libpq keeps a row until it is whole, however long it is. */
static bool is_bounded(struct connection *c)
{
    int waiting = 0;
    if (ioctl(c->fd, FIONREAD, &waiting) == 0 && waiting > 0)
        c->unread += (uint64_t)waiting;
    return c->query == NULL || c->unread <= c->query->max_result + SLACK_BYTES;
}

static void forget_notifications(PGconn *pg)
{
    PGnotify *n;
    while ((n = PQnotifies(pg)) != NULL)
        PQfreemem(n);
}

void exchange_ready(struct connection *c, uint32_t events)
{
    if (is_busy(c) && c->state != CONNECTION_DRAINING && !is_bounded(c)) {
        too_large(c);
        connection_close(c);
        return;
    }
    if (!PQconsumeInput(c->pg)) {
        pump(c); /* what came before the end */
        if (c->state != CONNECTION_CLOSED)
            connection_lost(c, "closed");
        return;
    }
    pump(c);
    if (c->state == CONNECTION_CLOSED)
        return;
    if (PQstatus(c->pg) == CONNECTION_BAD) {
        connection_lost(c, "closed");
        return;
    }
    forget_notifications(c->pg);
    if ((events & STRESSOR_WRITABLE) != 0)
        flush(c);
}

/* Both the answer to the query and that to the cancellation are there, in any order: a
 * cancellation that comes late would hit the next query. */
void exchange_drained(struct connection *c)
{
    if (c->state != CONNECTION_DRAINING || c->cancel != NULL ||
        PQtransactionStatus(c->pg) == PQTRANS_ACTIVE)
        return;
    c->session->base.worker->loop->timer_stop(c->drain);
    c->state = CONNECTION_READY;
    if (c->query != NULL)
        query_advance(c->query);
}
