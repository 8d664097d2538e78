#include <stdlib.h>

#include "pgsql.h"

/* PQcancel makes a connection of its own and waits for it. */
struct cancel {
    struct job job;
    struct connection *connection; /* [worker] only */
    PGcancel *key;
};

static void ask(struct job *job)
{
    struct cancel *x = (struct cancel *)(void *)job;
    char why[256];
    PQcancel(x->key, why, sizeof why);
}

static void asked(struct job *job)
{
    struct cancel *x = (struct cancel *)(void *)job;
    struct connection *c = x->connection;
    struct sql_session *s = c->session;
    c->cancel = NULL;
    exchange_drained(c);
    query_settle(s);
}

static void release(struct job *job)
{
    struct cancel *x = (struct cancel *)(void *)job;
    PQfreeCancel(x->key);
    free(x);
}

bool cancel_send(struct connection *c)
{
    struct cancel *x = calloc(1, sizeof *x);
    if (x == NULL)
        return false;
    const struct client_worker *w = c->session->base.worker;
    x->job = (struct job){
        .loop = w->loop, .worker = w->worker, .work = ask, .done = asked, .release = release};
    x->connection = c;
    x->key = PQgetCancel(c->pg);
    if (x->key == NULL || !job_start(&x->job)) {
        release(&x->job);
        return false;
    }
    c->cancel = x;
    return true;
}

void cancel_forget(struct connection *c)
{
    if (c->cancel != NULL)
        job_abandon(&c->cancel->job);
    c->cancel = NULL;
}
