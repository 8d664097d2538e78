#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <client/outcome.h>
#include <stressor/log.h>

#include "redis.h"

/* --- the session's connections ------------------------------------------------------------- */

static struct connection *connection_new(struct redis_session *s, const struct server *server)
{
    struct connection *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->session = s;
    c->server = *server;
    return c;
}

/* The one found moves to the front, so that the one unused for longest is the last. */
struct connection *connection_find(struct redis_session *s, const struct server *server)
{
    struct connection **at = &s->connections, *last = NULL;
    size_t count = 0;
    for (; *at != NULL; at = &(*at)->next) {
        struct connection *c = *at;
        if (server_equal(&c->server, server)) {
            *at = c->next;
            c->next = s->connections;
            s->connections = c;
            return c;
        }
        last = c;
        count++;
    }
    struct connection *c = connection_new(s, server);
    if (c == NULL)
        return NULL;
    if (count >= CONNECTIONS_MAX)
        connection_free(last);
    c->next = s->connections;
    s->connections = c;
    return c;
}

void connection_close(struct connection *c)
{
    resolver_leave(&c->wait);
    if (c->ac != NULL)
        redisAsyncFree(c->ac);
    c->connected = false;
    c->setup_left = 0;
}

void connection_free(struct connection *c)
{
    struct connection **at = &c->session->connections;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    connection_close(c);
    free(c);
}

/* --- failures ------------------------------------------------------------------------------ */

static void fail_broken(struct connection *c)
{
    struct command *q = c->command;
    const struct trouble *trouble = trouble_in(c->error);
    if (c->too_large)
        command_fail(q, STRESSOR_TARGET, "reply too large",
                     "expected replies of at most %llu bytes (config.redis_max_reply), got more",
                     (unsigned long long)c->max_reply);
    else if (trouble != NULL)
        command_fail(q, STRESSOR_GENERATOR, trouble->kind, "%s", trouble->text);
    else if (c->connected)
        command_fail(q, STRESSOR_TARGET, "closed", "the connection to Redis broke: %s",
                     reply_text(q, c->error));
    else
        command_fail(q, STRESSOR_TARGET, "connect", "cannot connect to Redis at %s%s%.0d: %s",
                     c->server.address, c->server.is_path ? "" : " port ",
                     c->server.is_path ? 0 : c->server.port, reply_text(q, c->error));
}

/* --- connecting ---------------------------------------------------------------------------- */

static void on_setup(redisAsyncContext *ac, void *r, void *data)
{
    struct connection *c = data;
    const redisReply *reply = r;
    (void)ac;
    c->setup_left--;
    if (reply == NULL || reply->type != REDIS_REPLY_ERROR)
        return;
    c->refused = true;
    if (c->command == NULL)
        return;
    command_fail(c->command, STRESSOR_TARGET, "login", "Redis refused the login or database: %s",
                 reply_text(c->command, reply->str));
}

static bool setup(struct connection *c, int count, const char **words)
{
    c->setup_left++;
    return redisAsyncCommandArgv(c->ac, on_setup, c, count, words, NULL) == REDIS_OK;
}

static bool setup_all(struct connection *c)
{
    struct server *s = &c->server;
    char number[24];
    const char *with_name[] = {"AUTH", s->name, s->password}, *without[] = {"AUTH", s->password};
    const char *select[] = {"SELECT", number};
    snprintf(number, sizeof number, "%lld", (long long)s->database);
    if (s->has_password && !(s->name[0] != '\0' ? setup(c, 3, with_name) : setup(c, 2, without)))
        return false;
    return s->database == 0 || setup(c, 2, select);
}

static void on_connect(const redisAsyncContext *ac, int status)
{
    struct connection *c = ac->ev.data;
    struct redis *p = session_plugin(c->session);
    if (status != REDIS_OK)
        return;
    c->connected = true;
    p->client.host->metric_record(c->session->base.worker->worker, p->connections_metric, 1);
    if (c->command != NULL)
        c->command->connect_ns = p->client.loop->now() - c->began_ns;
}

/* False: `error` says why. */
static bool open_one(struct connection *c, const char *address)
{
    redisAsyncContext *ac = c->server.is_path ? redisAsyncConnectUnix(address)
                                              : redisAsyncConnect(address, c->server.port);
    if (ac == NULL || ac->err != 0 || !attach(c, ac)) {
        snprintf(c->error, sizeof c->error, "%s",
                 ac != NULL && ac->err != 0 ? ac->errstr : strerror(ENOMEM));
        if (ac != NULL)
            redisAsyncFree(ac);
        return false;
    }
    c->connected = c->too_large = c->refused = false;
    c->setup_left = 0;
    reply_limit(c);
    if (redisAsyncSetConnectCallback(ac, on_connect) == REDIS_OK && setup_all(c) &&
        command_send(c->command))
        return true;
    connection_close(c);
    snprintf(c->error, sizeof c->error, "%s", strerror(ENOMEM));
    return false;
}

/* One address after the other, until one answers. */
static void open_next(struct connection *c)
{
    while (c->next_address < c->addresses.count)
        if (open_one(c, c->addresses.addresses[c->next_address++]))
            return;
    fail_broken(c);
}

static void resolved(struct connection *c, const struct resolver_answer *answer)
{
    if (answer->count == 0) {
        command_fail(c->command, STRESSOR_TARGET, "resolve", "the name '%s' has no address: %s",
                     c->server.address, answer->error);
        return;
    }
    c->addresses = *answer;
    open_next(c);
}

static void on_resolved(void *data, const struct resolver_answer *answer)
{
    struct connection *c = data;
    struct redis_session *s = c->session;
    resolved(c, answer);
    command_settle(s);
}

static void open_name(struct connection *c)
{
    struct resolver_answer answer;
    c->wait.done = on_resolved;
    c->wait.data = c;
    switch (resolver_ask(c->session->base.worker->resolver, c->server.address, &c->wait, &answer)) {
    case RESOLVER_PENDING: return;
    case RESOLVER_FOUND: resolved(c, &answer); return;
    default:
        command_fail(c->command, STRESSOR_GENERATOR, "memory",
                     "this machine is out of memory or threads");
    }
}

/* --- in use -------------------------------------------------------------------------------- */

void connection_use(struct connection *c)
{
    c->reply_bytes = 0;
    c->max_reply = c->command->max_reply;
    c->too_large = false;
    if (c->ac != NULL) {
        if (!command_send(c->command))
            command_fail(c->command, STRESSOR_TARGET, "closed", "the connection to Redis broke");
        return;
    }
    c->began_ns = c->session->base.worker->loop->now();
    c->connected = false;
    c->next_address = 0;
    c->addresses.count = 0;
    if (!c->server.is_path)
        open_name(c);
    else if (!open_one(c, c->server.address))
        fail_broken(c);
}

/* Of what has not been read whole yet. */
static uint64_t unread(const struct connection *c)
{
    return c->ac != NULL ? c->ac->c.reader->len : 0;
}

void connection_turned(struct connection *c)
{
    struct command *q = c->command;
    if (c->ac != NULL && unread(c) > c->max_reply)
        c->too_large = true;
    if (c->ac != NULL && (c->refused || c->too_large || c->watch_broke))
        connection_close(c);
    if (c->ac != NULL || q == NULL || q->ended)
        return;
    if (!c->connected && !c->too_large)
        open_next(c);
    else
        fail_broken(c);
}
