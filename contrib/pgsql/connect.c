#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include "pgsql.h"

enum { KEYWORDS_MAX = 64 };

static PQconninfoOption *option(PQconninfoOption *options, const char *keyword)
{
    for (PQconninfoOption *o = options; o->keyword != NULL; o++)
        if (strcmp(o->keyword, keyword) == 0)
            return o;
    return NULL;
}

static const char *option_value(PQconninfoOption *options, const char *keyword,
                                const char *variable)
{
    const PQconninfoOption *o = option(options, keyword);
    const char *value = o != NULL && o->val != NULL && *o->val != '\0' ? o->val : getenv(variable);
    return value != NULL && *value != '\0' ? value : NULL;
}

/* --- what libpq is given ------------------------------------------------------------------- */

struct words {
    const char *keywords[KEYWORDS_MAX + 1], *values[KEYWORDS_MAX + 1];
    size_t count;
};

static void put(struct words *w, const char *keyword, const char *value)
{
    if (w->count < KEYWORDS_MAX) {
        w->keywords[w->count] = keyword;
        w->values[w->count] = value;
        w->count++;
    }
}

/* The later of two equal keywords counts for libpq. */
static void put_default(struct words *w, PQconninfoOption *options, const char *keyword,
                        const char *value)
{
    const PQconninfoOption *o = option(options, keyword);
    if (o != NULL && o->val == NULL)
        put(w, keyword, value);
}

/* The name once for each address, as libpq wants it. */
static void put_addresses(struct words *w, const char *host, const struct resolver_answer *answer,
                          char *hosts, size_t hosts_size, char *addresses, size_t addresses_size)
{
    size_t h = 0, a = 0;
    for (size_t i = 0; i < answer->count; i++) {
        h += (size_t)snprintf(hosts + h, hosts_size - h, "%s%s", i > 0 ? "," : "", host);
        a += (size_t)snprintf(addresses + a, addresses_size - a, "%s%s", i > 0 ? "," : "",
                              answer->addresses[i]);
    }
    put(w, "host", hosts);
    put(w, "hostaddr", addresses);
}

static void connect_go(struct connection *c, const char *host, const struct resolver_answer *answer)
{
    char hosts[RESOLVER_ADDRESSES_MAX * (RESOLVER_NAME_MAX + 1) + 1];
    char addresses[RESOLVER_ADDRESSES_MAX * (RESOLVER_ADDRESS_SIZE + 1) + 1];
    struct words words = {.count = 0};
    for (PQconninfoOption *o = c->options; o->keyword != NULL; o++)
        if (o->val != NULL)
            put(&words, o->keyword, o->val);
    put_default(&words, c->options, "client_encoding", "UTF8");
    put_default(&words, c->options, "gssencmode", "disable"); /* it would look for tickets */
    put_default(&words, c->options, "fallback_application_name", "stressor");
    if (answer != NULL)
        put_addresses(&words, host, answer, hosts, sizeof hosts, addresses, sizeof addresses);
    c->state = CONNECTION_CONNECTING;
    c->pg = PQconnectStartParams(words.keywords, words.values, 0);
    if (c->pg != NULL)
        PQsetNoticeReceiver(c->pg, exchange_notice, c);
    if (c->pg == NULL)
        connection_lost(c, "memory");
    else if (PQstatus(c->pg) == CONNECTION_BAD)
        connection_lost(c, "connect");
    else
        connection_rewatch(c, STRESSOR_WRITABLE);
}

/* --- what the scenario gives --------------------------------------------------------------- */

static bool needs_resolver(PQconninfoOption *options)
{
    const char *host = option_value(options, "host", "PGHOST");
    return host != NULL && host[0] != '/' && host[0] != '@' &&
           option_value(options, "hostaddr", "PGHOSTADDR") == NULL && !resolver_is_address(host);
}

/* NULL: `mistake` says what is wrong with the text, which ends in NUL; libpq's own reason would
 * quote it. */
static PQconninfoOption *read_options(const char *text, size_t length, const char **mistake)
{
    bool whole = memchr(text, '\0', length) == NULL;
    PQconninfoOption *options = whole ? PQconninfoParse(text, NULL) : NULL;
    *mistake = NULL;
    if (options == NULL) {
        *mistake = "the connection is neither a postgresql:// URI nor key=value text that libpq "
                   "knows";
        return NULL;
    }
    const char *host = needs_resolver(options) ? option_value(options, "host", "PGHOST") : "";
    if (strchr(host, ',') != NULL)
        *mistake = "a connection to one of several hosts needs their addresses in 'hostaddr'";
    else if (strchr(host, '@') != NULL)
        *mistake = "the host holds an '@': in a user or password of a URI it is written %40";
    if (*mistake == NULL)
        return options;
    PQconninfoFree(options);
    return NULL;
}

int32_t connect_prepare(stressor_prepare *prepare)
{
    const stressor_value *v = &prepare->args[ARG_CONNECTION];
    const char *mistake;
    if (prepare->states[ARG_CONNECTION] != STRESSOR_ARG_CONSTANT)
        return 0;
    char *text = calloc(1, (size_t)v->as.string.length + 1);
    if (text == NULL)
        return stressor_problem(prepare, ARG_CONNECTION, "out of memory");
    memcpy(text, v->as.string.ptr, (size_t)v->as.string.length);
    PQconninfoFree(read_options(text, (size_t)v->as.string.length, &mistake));
    free(text);
    return mistake != NULL ? stressor_problem(prepare, ARG_CONNECTION, "%s", mistake) : 0;
}

/* --- where it is --------------------------------------------------------------------------- */

static void resolved(struct connection *c, const struct resolver_answer *answer)
{
    const char *host = option_value(c->options, "host", "PGHOST");
    if (answer->count > 0) {
        connect_go(c, host, answer);
    } else {
        struct query *q = c->query;
        char said[sizeof answer->error];
        snprintf(said, sizeof said, "%s", answer->error);
        connection_close(c);
        if (q != NULL)
            query_fail(q, STRESSOR_TARGET, "resolve",
                       "the name of the PostgreSQL server has no address: %s", said);
    }
}

static void on_resolved(void *data, const struct resolver_answer *answer)
{
    struct connection *c = data;
    struct sql_session *s = c->session;
    resolved(c, answer);
    query_settle(s);
}

/* libpq would look up names while everybody waits. */
static void connect_resolve(struct connection *c)
{
    const char *host = option_value(c->options, "host", "PGHOST");
    struct query *q = c->query;
    if (!needs_resolver(c->options)) {
        connect_go(c, NULL, NULL);
        return;
    }
    struct resolver_answer answer;
    c->wait.done = on_resolved;
    c->wait.data = c;
    c->state = CONNECTION_RESOLVING;
    switch (resolver_ask(c->session->base.worker->resolver, host, &c->wait, &answer)) {
    case RESOLVER_PENDING: return;
    case RESOLVER_FOUND: resolved(c, &answer); return;
    default:
        connection_close(c);
        query_fail(q, STRESSOR_GENERATOR, "memory", "this machine is out of memory or threads");
    }
}

/* Until the connection is made; libpq may quote what it was given. */
static void mask_password(struct query *q, const PQconninfoOption *password)
{
    mask_add_text(&q->mask, q->connection->key, q->connection->key_length);
    if (password == NULL || password->val == NULL)
        return;
    size_t length = strlen(password->val);
    char *copy = q->exec->host->scratch(q->exec, length + 1);
    if (copy == NULL)
        q->is_secret = true;
    else
        mask_add_text(&q->mask, memcpy(copy, password->val, length + 1), length);
}

void connect_begin(struct connection *c)
{
    struct query *q = c->query;
    const char *mistake;
    c->began_ns = c->session->base.worker->loop->now();
    c->options = read_options(c->key, c->key_length, &mistake);
    if (c->options == NULL) {
        query_fail(q, STRESSOR_SCRIPT, "connection", "%s", mistake);
        return;
    }
    mask_password(q, option(c->options, "password"));
    connect_resolve(c);
}

/* --- going on ------------------------------------------------------------------------------ */

static void connected(struct connection *c)
{
    struct pgsql *p = session_plugin(c->session);
    struct query *q = c->query;
    if (PQsetnonblocking(c->pg, 1) != 0 || !connection_rewatch(c, STRESSOR_READABLE))
        return;
    PQconninfoFree(c->options);
    c->options = NULL;
    c->state = CONNECTION_READY;
    q->mask.count = q->own_secrets;
    q->connect_ns = p->client.loop->now() - c->began_ns;
    stressor_worker *worker = c->session->base.worker->worker;
    p->client.host->metric_record(worker, p->connections_metric, 1);
    p->client.host->metric_record(worker, p->connect_time_metric, q->connect_ns);
    query_advance(q);
}

void connect_step(struct connection *c)
{
    switch (PQconnectPoll(c->pg)) {
    case PGRES_POLLING_READING: connection_rewatch(c, STRESSOR_READABLE); break;
    case PGRES_POLLING_WRITING: connection_rewatch(c, STRESSOR_WRITABLE); break;
    case PGRES_POLLING_OK: connected(c); break;
    default: connection_lost(c, "connect");
    }
}
