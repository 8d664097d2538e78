#include "run/pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "run/thread.h"

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t more;
    pthread_cond_t ended;
    struct pool_job *first, **last;
    unsigned threads, idle, waiting;
    bool closing;
    struct pool *next; /* among those left behind */
};

struct pool *pool_new(void)
{
    struct pool *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->more, NULL);
    pthread_cond_init(&p->ended, NULL);
    p->last = &p->first;
    return p;
}

static void unlink_job(struct pool *p, struct pool_job *job)
{
    *job->link = job->next;
    if (job->next != NULL)
        job->next->link = job->link;
    else
        p->last = job->link;
    job->link = NULL;
    p->waiting--;
}

static struct pool_job *next_job(struct pool *p)
{
    while (p->first == NULL && !p->closing) {
        p->idle++;
        pthread_cond_wait(&p->more, &p->lock);
        p->idle--;
    }
    struct pool_job *job = p->first;
    if (job == NULL)
        return NULL;
    unlink_job(p, job);
    return job;
}

static void *pool_thread(void *data)
{
    struct pool *p = data;
    thread_block_pipe();
    pthread_mutex_lock(&p->lock);
    for (struct pool_job *job; (job = next_job(p)) != NULL;) {
        pthread_mutex_unlock(&p->lock);
        job->waited_ns = clock_now() - job->submitted_ns;
        job->work(job);
        pthread_mutex_lock(&p->lock);
    }
    p->threads--;
    pthread_cond_signal(&p->ended);
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static bool add_thread(struct pool *p)
{
    pthread_attr_t attr;
    pthread_t thread;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    bool good = pthread_create(&thread, &attr, pool_thread, p) == 0;
    pthread_attr_destroy(&attr);
    if (good)
        p->threads++;
    return good;
}

bool pool_submit(struct pool *p, struct pool_job *job)
{
    pthread_mutex_lock(&p->lock);
    bool good = true;
    if (p->waiting >= p->idle && p->threads < POOL_THREADS_MAX)
        good = add_thread(p) || p->threads > 0;
    if (good) {
        job->next = NULL;
        job->submitted_ns = clock_now();
        job->link = p->last;
        *p->last = job;
        p->last = &job->next;
        p->waiting++;
        pthread_cond_signal(&p->more);
    }
    pthread_mutex_unlock(&p->lock);
    return good;
}

bool pool_withdraw(struct pool *p, struct pool_job *job)
{
    pthread_mutex_lock(&p->lock);
    bool queued = job->link != NULL;
    if (queued)
        unlink_job(p, job);
    pthread_mutex_unlock(&p->lock);
    return queued;
}

unsigned pool_threads(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    unsigned threads = p->threads;
    pthread_mutex_unlock(&p->lock);
    return threads;
}

/* A stuck thread may still come back and look at its pool. */
static struct pool *left_behind;

void pool_free(struct pool *p, bool stuck)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->lock);
    p->closing = true;
    pthread_cond_broadcast(&p->more);
    while (p->threads > 0 && !stuck)
        pthread_cond_wait(&p->ended, &p->lock);
    pthread_mutex_unlock(&p->lock);
    if (stuck) {
        p->next = left_behind;
        left_behind = p;
        return;
    }
    pthread_cond_destroy(&p->ended);
    pthread_cond_destroy(&p->more);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
