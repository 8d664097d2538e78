#include "redis.h"

/* The hooks by which hiredis says what it waits for. */

static void set(struct connection *c, uint32_t events)
{
    c->events = events;
    if (c->session->base.worker->loop->watch_set(c->watch, events) != 0)
        c->watch_broke = true;
}

static void add_read(void *data)
{
    struct connection *c = data;
    set(c, c->events | STRESSOR_READABLE);
}

static void del_read(void *data)
{
    struct connection *c = data;
    set(c, c->events & ~(uint32_t)STRESSOR_READABLE);
}

static void add_write(void *data)
{
    struct connection *c = data;
    set(c, c->events | STRESSOR_WRITABLE);
}

static void del_write(void *data)
{
    struct connection *c = data;
    set(c, c->events & ~(uint32_t)STRESSOR_WRITABLE);
}

/* Just before hiredis closes the socket and frees the context. */
static void cleanup(void *data)
{
    struct connection *c = data;
    c->session->base.worker->loop->watch_free(c->watch);
    c->watch = NULL;
    snprintf(c->error, sizeof c->error, "%s", c->ac->c.errstr);
    c->ac = NULL;
}

static void on_ready(void *data, uint32_t events)
{
    struct connection *c = data;
    struct redis_session *s = c->session;
    if ((events & (STRESSOR_READABLE | STRESSOR_HANGUP)) != 0)
        redisAsyncHandleRead(c->ac);
    if (c->ac != NULL && (events & STRESSOR_WRITABLE) != 0)
        redisAsyncHandleWrite(c->ac);
    connection_turned(c);
    command_settle(s);
}

bool attach(struct connection *c, redisAsyncContext *ac)
{
    const struct client_worker *w = c->session->base.worker;
    c->watch = w->loop->watch_new(w->worker, ac->c.fd, on_ready, c);
    if (c->watch == NULL)
        return false;
    c->ac = ac;
    c->events = 0;
    c->watch_broke = false;
    ac->ev.data = c;
    ac->ev.addRead = add_read;
    ac->ev.delRead = del_read;
    ac->ev.addWrite = add_write;
    ac->ev.delWrite = del_write;
    ac->ev.cleanup = cleanup;
    return true;
}
