#include "client.h"

#include <stdlib.h>

#include <stressor/log.h>

static void *allocate(const stressor_host *host, const char *name, size_t size)
{
    void *p = calloc(1, size);
    if (p == NULL)
        stressor_log(host, STRESSOR_LOG_ERROR, "%s: out of memory", name);
    return p;
}

void *client_new(const stressor_host *host, const char *name, size_t size)
{
    struct client *c = allocate(host, name, size);
    if (c == NULL)
        return NULL;
    c->host = host;
    c->name = name;
    c->loop = host->extension(host, STRESSOR_LOOP_1);
    return c;
}

int32_t client_finish(struct client *c, bool complete, void **data)
{
    if (!expect_api_init(&c->expect, c->host) || c->loop == NULL || !complete) {
        stressor_log(c->host, STRESSOR_LOG_ERROR, "%s: the host does not offer what it needs",
                     c->name);
        free(c);
        return STRESSOR_ESYSTEM;
    }
    *data = c;
    return 0;
}

int32_t client_worker_open(void *run_data, stressor_worker *worker, void **worker_data)
{
    const struct client *c = run_data;
    struct client_worker *w = allocate(c->host, c->name, sizeof *w);
    if (w == NULL)
        return STRESSOR_ENOMEM;
    w->plugin = run_data;
    w->loop = c->loop;
    w->worker = worker;
    w->resolver = resolver_new(c->loop, worker);
    if (w->resolver == NULL) {
        stressor_log(c->host, STRESSOR_LOG_ERROR, "%s: out of memory", c->name);
        free(w);
        return STRESSOR_ENOMEM;
    }
    *worker_data = w;
    return 0;
}

void client_worker_close(void *worker_data)
{
    struct client_worker *w = worker_data;
    resolver_free(w->resolver);
    free(w);
}

void *client_session_new(struct client_worker *w, size_t size, void (*on_deadline)(void *session))
{
    const struct client *c = w->plugin;
    struct client_session *s = allocate(c->host, c->name, size);
    if (s == NULL)
        return NULL;
    s->worker = w;
    s->deadline = w->loop->timer_new(w->worker, on_deadline, s);
    if (s->deadline == NULL) {
        stressor_log(c->host, STRESSOR_LOG_ERROR, "%s: out of memory", c->name);
        free(s);
        return NULL;
    }
    return s;
}

void client_session_free(struct client_session *s)
{
    if (s == NULL)
        return;
    s->worker->loop->timer_free(s->deadline);
    free(s);
}

void client_session_deadline(struct client_session *s, int64_t timeout_ns)
{
    if (timeout_ns > 0)
        s->worker->loop->timer_start(s->deadline, timeout_ns);
    else
        s->worker->loop->timer_stop(s->deadline);
}
