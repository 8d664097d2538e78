#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <client/outcome.h>
#include <stressor/log.h>

#include "pgsql.h"

/* Several lines become one, control characters blanks. */
static void flatten(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && (unsigned char)text[length - 1] <= ' ')
        text[--length] = '\0';
    for (char *p = text; *p != '\0'; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
}

const char *failure_text(struct query *q, const char *text)
{
    char line[MESSAGE_MAX];
    if (q->is_secret)
        return "(not shown, since the query holds a secret)";
    snprintf(line, sizeof line, "%s", mask_text(&q->mask, q->exec, text));
    flatten(line);
    size_t size = strlen(line) + 1;
    char *copy = q->exec->host->scratch(q->exec, size);
    return copy != NULL ? memcpy(copy, line, size) : "out of memory";
}

static const char *kind_of(struct query *q)
{
    enum { SIZE = sizeof "sql 00000" };
    char *kind = q->exec->host->scratch(q->exec, SIZE);
    if (kind == NULL)
        return "sql";
    snprintf(kind, SIZE, "sql %s", q->sqlstate);
    return kind;
}

void failure_of_result(struct query *q, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    if (q->result.failure.category != STRESSOR_NO_FAILURE)
        return;
    if (sqlstate == NULL || strlen(sqlstate) != 5) { /* libpq's own */
        failure_of_connection(q, q->connection->pg, "closed");
        return;
    }
    memcpy(q->sqlstate, sqlstate, sizeof q->sqlstate);
    stressor_fail(q->exec, &q->result.failure, STRESSOR_TARGET, kind_of(q),
                  "PostgreSQL answered with error %s: %s%s%s", q->sqlstate,
                  failure_text(q, message != NULL ? message : "(no message)"),
                  detail != NULL ? "; " : "", detail != NULL ? failure_text(q, detail) : "");
}

/* What the server said of itself is no trouble of this machine's, though it may read the same. */
static bool is_of_server(const char *text)
{
    return strstr(text, "FATAL:") != NULL || strstr(text, "could not fork") != NULL;
}

void failure_of_connection(struct query *q, PGconn *pg, const char *kind)
{
    const char *text = pg != NULL ? PQerrorMessage(pg) : strerror(ENOMEM);
    const struct trouble *trouble = is_of_server(text) ? NULL : trouble_in(text);
    stressor_failure *failure = &q->result.failure;
    if (trouble != NULL)
        stressor_fail(q->exec, failure, STRESSOR_GENERATOR, trouble->kind, "%s", trouble->text);
    else
        stressor_fail(q->exec, failure, STRESSOR_TARGET, kind, "%s: %s",
                      strcmp(kind, "connect") == 0 ? "cannot connect to PostgreSQL"
                                                   : "the connection to PostgreSQL broke",
                      *text != '\0' ? failure_text(q, text) : "no reason was given");
}
