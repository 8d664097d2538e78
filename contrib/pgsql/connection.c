#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pgsql.h"

static const stressor_loop_api *loop_of(const struct connection *c)
{
    return c->session->base.worker->loop;
}

static void on_drain_over(void *data)
{
    struct connection *c = data;
    struct sql_session *s = c->session;
    connection_close(c);
    if (c->query != NULL)
        query_advance(c->query);
    query_settle(s);
}

static struct connection *connection_new(struct sql_session *s, const char *key, size_t length)
{
    if (length > SIZE_MAX - sizeof(struct connection) - 1)
        return NULL;
    struct connection *c = calloc(1, sizeof *c + length + 1);
    if (c == NULL)
        return NULL;
    c->session = s;
    c->fd = -1;
    c->key_length = length;
    memcpy(c->key, key, length);
    c->drain = loop_of(c)->timer_new(s->base.worker->worker, on_drain_over, c);
    if (c->drain != NULL)
        return c;
    free(c);
    return NULL;
}

/* The one found moves to the front, so that the one unused for longest is the last. */
struct connection *connection_find(struct sql_session *s, const char *key, size_t length)
{
    struct connection **at = &s->connections, *last = NULL;
    size_t count = 0;
    for (; *at != NULL; at = &(*at)->next) {
        struct connection *c = *at;
        if (c->key_length == length && memcmp(c->key, key, length) == 0) {
            *at = c->next;
            c->next = s->connections;
            s->connections = c;
            return c;
        }
        last = c;
        count++;
    }
    struct connection *c = connection_new(s, key, length);
    if (c == NULL)
        return NULL;
    if (count >= CONNECTIONS_MAX)
        connection_free(last);
    c->next = s->connections;
    s->connections = c;
    return c;
}

/* Before libpq closes the socket, or just after it has: the duplicate is ours. */
static void unwatch(struct connection *c)
{
    loop_of(c)->watch_free(c->watch);
    c->watch = NULL;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

void connection_close(struct connection *c)
{
    unwatch(c);
    resolver_leave(&c->wait);
    cancel_forget(c);
    loop_of(c)->timer_stop(c->drain);
    PQfinish(c->pg);
    c->pg = NULL;
    PQconninfoFree(c->options);
    c->options = NULL;
    if (c->prepared_count > 0)
        memset(c->prepared, 0, c->prepared_room);
    c->prepared_count = 0;
    c->unread = 0;
    c->state = CONNECTION_CLOSED;
}

void connection_free(struct connection *c)
{
    struct connection **at = &c->session->connections;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    connection_close(c);
    loop_of(c)->timer_free(c->drain);
    free(c->prepared);
    free(c);
}

static void on_ready(void *data, uint32_t events)
{
    struct connection *c = data;
    struct sql_session *s = c->session;
    if (c->state == CONNECTION_CONNECTING)
        connect_step(c);
    else
        exchange_ready(c, events);
    query_settle(s);
}

void connection_watch(struct connection *c, uint32_t events)
{
    if (loop_of(c)->watch_set(c->watch, events) != 0)
        connection_lost(c, "closed");
}

bool connection_rewatch(struct connection *c, uint32_t events)
{
    unwatch(c);
    c->fd = fcntl(PQsocket(c->pg), F_DUPFD_CLOEXEC, 0);
    int why = errno;
    if (c->fd >= 0)
        c->watch = loop_of(c)->watch_new(c->session->base.worker->worker, c->fd, on_ready, c);
    if (c->watch != NULL && loop_of(c)->watch_set(c->watch, events) == 0)
        return true;
    bool full = c->fd < 0 && (why == EMFILE || why == ENFILE);
    struct query *q = c->query;
    connection_close(c);
    if (q != NULL)
        query_fail(q, STRESSOR_GENERATOR, full ? "descriptors" : "memory", "%s",
                   full ? "this machine is out of file descriptors; raise `ulimit -n`"
                        : "this machine is out of memory");
    return false;
}

void connection_lost(struct connection *c, const char *kind)
{
    struct query *q = c->query;
    bool draining = c->state == CONNECTION_DRAINING;
    if (q != NULL && !draining && q->result.failure.category == STRESSOR_NO_FAILURE)
        failure_of_connection(q, c->pg, kind);
    connection_close(c);
    if (q == NULL)
        return;
    if (draining)
        query_advance(q);
    else
        query_end(q);
}

void connection_abandon(struct connection *c)
{
    if (c->state == CONNECTION_DRAINING || c->state == CONNECTION_READY)
        return;
    if (c->state < CONNECTION_READY || !cancel_send(c)) {
        connection_close(c);
        return;
    }
    c->state = CONNECTION_DRAINING;
    loop_of(c)->timer_start(c->drain, DRAIN_NS);
}
