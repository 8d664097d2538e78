/*
 * pgsql -- what the files of the plugin share: the state of each stage of its life, of a
 * connection, and of one execution of SqlQuery.
 *
 * A session has a connection for each text in `connection` that it uses, and one query at a time.
 * A query that is given up (timeout, stop) leaves its connection DRAINING: the server is asked on
 * another thread to cancel it, the execution has ended already, and what still comes is dropped.
 * The session's next query on that connection waits until that is over.
 */
#ifndef PGSQL_PGSQL_H
#define PGSQL_PGSQL_H

#include <stdbool.h>

#include <libpq-fe.h>

#include <client/client.h>
#include <client/job.h>
#include <client/mask.h>
#include <client/place.h>
#include <client/resolver.h>
#include <stressor/loop.h>
#include <stressor/plugin.h>
#include <stressor/text.h>

enum {
    CONNECTIONS_MAX = 4,    /* of a session; the one unused for longest makes room */
    PARAMETERS_MAX = 65535, /* of a query, by the protocol */
    STATEMENTS_MAX = 1000,  /* prepared on a connection; further ones are sent unprepared */
    COLUMN_NAME_MAX = 80,   /* of two columns of one name, the second is told apart */
    MESSAGE_MAX = 2048,     /* bytes of a server's message that are shown */
    DRAIN_NS = 2000000000   /* how long a cancelled query may take to end */
};

/* In the order of the table in args.c. */
enum sql_arg {
    ARG_QUERY,
    ARG_PARAMETERS,
    ARG_CONNECTION,
    ARG_TIMEOUT,
    ARG_PREPARE,
    ARG_ASSERT_ROWS,
    ARG_ASSERT_VALUE,
    ARG_ASSERT_ERROR,
    ARGS_COUNT
};

/* Keys of `config`, in the order of the table in args.c. */
enum sql_setting { SETTING_CONNECTION, SETTING_TIMEOUT, SETTING_MAX_RESULT, SETTINGS_COUNT };

extern const stressor_arg *const sql_args[ARGS_COUNT];
extern const stressor_setting *const sql_settings[SETTINGS_COUNT];
extern const stressor_activity_type sql_query;

struct pgsql {
    struct client client;
    const stressor_json_api *json;
    int64_t connections_metric, connect_time_metric, rows_metric;
    uint32_t places; /* so many numbers were given out */
};

struct sql_place {
    struct place base;
    uint32_t number;  /* names its prepared statement */
    bool may_prepare; /* the query is the same each time */
};

struct sql_session {
    struct client_session base;     /* its deadline is that of the query under way */
    struct connection *connections; /* the one used last is first */
    struct query *query;            /* NULL: none */
};

enum connection_state {
    CONNECTION_CLOSED,
    CONNECTION_RESOLVING,
    CONNECTION_CONNECTING,
    CONNECTION_READY,
    CONNECTION_PREPARING,
    CONNECTION_RUNNING,
    CONNECTION_DRAINING
};

struct connection {
    struct connection *next;
    struct sql_session *session;
    enum connection_state state;
    PGconn *pg;
    PQconninfoOption *options; /* while it is being made */
    struct resolver_wait wait;
    int fd; /* a duplicate of libpq's socket, which libpq may close at any time; -1: none */
    stressor_watch *watch;
    stressor_timer *drain;
    struct cancel *cancel; /* not answered yet; NULL: none */
    struct query *query;   /* that uses it or waits for it; NULL: none */
    uint64_t unread;       /* bytes that came since the last row or result */
    int64_t began_ns;      /* connecting */
    uint8_t *prepared;     /* by the number of the place */
    size_t prepared_room, prepared_count;
    size_t key_length;
    char key[]; /* the text that it was made from */
};

struct parameters {
    int count;
    const char **values;
    int *lengths, *formats;
};

/* One execution; in its scratch. */
struct query {
    stressor_exec *exec;
    const struct sql_place *place;
    struct sql_session *session;
    struct connection *connection; /* NULL: it has ended or let go of it */
    const char *text;
    struct parameters parameters;
    struct mask mask;   /* its secrets */
    size_t own_secrets; /* how many of them are not the connection's */
    bool is_secret;     /* the text of the query holds one */
    bool prepare;
    bool wants_rows;
    bool executing;              /* what comes now answers the query itself, not its preparation */
    int64_t timeout_ns;          /* 0: none */
    int64_t sent_ns, connect_ns; /* connect_ns 0: the connection was there */
    uint64_t max_result;
    uint64_t result_bytes;
    uint64_t received, rows;   /* rows that came; that came or were changed */
    stressor_builder *builder; /* NULL: no row has come */
    const char **columns;      /* the keys of a row; NULL: no row has come */
    char command[64];          /* the tag */
    char sqlstate[6];          /* of the server's error; empty: none */
    bool ended;
    stressor_result result;
};

static inline struct pgsql *session_plugin(const struct sql_session *s)
{
    return s->base.worker->plugin;
}

static inline const stressor_value *query_arg(const struct query *q, enum sql_arg arg)
{
    return &q->exec->args[arg];
}

/* --- connection.c: [worker] ---------------------------------------------------------------- */

/* The session's connection for that text, made when there is none. NULL: out of memory. */
struct connection *connection_find(struct sql_session *s, const char *key, size_t length);
void connection_free(struct connection *c);
/* Closes it; the query, if any, stays with it. */
void connection_close(struct connection *c);
/* Has libpq take and send what it can. The query may have ended then: see query_settle. */
void connection_watch(struct connection *c, uint32_t events);
/* Watches another socket of libpq's. False: the query has failed, where there is one. */
bool connection_rewatch(struct connection *c, uint32_t events);
/* It broke. The query fails for that unless it has failed already. */
void connection_lost(struct connection *c, const char *kind);
/* Gives up what is under way, without waiting; the query lets go of it. */
void connection_abandon(struct connection *c);

/* --- connect.c ----------------------------------------------------------------------------- */

/* What prepare can say of `connection`: 0, or that of host->problem. [main] */
int32_t connect_prepare(stressor_prepare *prepare);
/* Begins to connect. The query may fail in it. */
void connect_begin(struct connection *c);
/* Goes on, when its socket is ready. */
void connect_step(struct connection *c);

/* --- exchange.c ---------------------------------------------------------------------------- */

/* Sends the query, on a READY connection. */
void exchange_send(struct connection *c);
/* Takes what has come. */
void exchange_ready(struct connection *c, uint32_t events);
/* libpq's notice receiver: to the log, not to standard error. `data` is the connection. */
void exchange_notice(void *data, const PGresult *notice);
/* A cancelled query may have been answered: goes on where all is over. */
void exchange_drained(struct connection *c);

/* --- cancel.c ------------------------------------------------------------------------------ */

/* Asks the server on another thread to cancel; exchange_drained is called when it is told. False:
 * it cannot be asked. */
bool cancel_send(struct connection *c);
void cancel_forget(struct connection *c); /* fine when there is none */

/* --- query.c ------------------------------------------------------------------------------- */

/* Goes on with the query: connects, waits, or sends. */
void query_advance(struct query *q);
/* Completes the session's query if it has ended. Last in whatever the loop calls. */
void query_settle(struct sql_session *s);
/* Ends it well or, once `result.failure` is filled in, badly. It lets go of the connection. */
void query_end(struct query *q);
/* Ends it with a failure whose text is formatted; the first failure stays. */
STRESSOR_PRINTF(4, 5)
void query_fail(struct query *q, uint32_t category, const char *kind, const char *format, ...);

/* --- the rest ------------------------------------------------------------------------------ */

/* parameters.c: what prepare can say of them: 0, or that of host->problem. [main] */
int32_t parameters_prepare(stressor_prepare *prepare);
/* 0, or STRESSOR_FAILED with the result's failure filled in. */
int32_t parameters_make(struct query *q);
/* rows.c: a row of a result, or its end without one. False: the query has failed. */
bool rows_add(struct query *q, const PGresult *row);
bool rows_finish(struct query *q, stressor_value *out);
/* failure.c: what the server said, as the failure of the query. */
void failure_of_result(struct query *q, const PGresult *result);
/* What libpq said, as a failure of that kind; this machine's own troubles are told from it. */
void failure_of_connection(struct query *q, PGconn *pg, const char *kind);
/* A line of libpq's or the server's without what must not be shown; at most MESSAGE_MAX bytes. */
const char *failure_text(struct query *q, const char *text);
/* check.c: what prepare can say of `assert_rows`: 0, or that of host->problem. [main] */
int32_t check_prepare(stressor_prepare *prepare);
/* What the scenario expects of the answer. Fills in the failure. */
void check_all(struct query *q, const stressor_value *rows);

#endif
