#include "job.h"

#include <pthread.h>
#include <signal.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct job *first, **last = &first; /* that wait for a thread */
static int threads;

static void deliver(void *data)
{
    struct job *job = data;
    pthread_mutex_lock(&lock);
    bool awaited = job->worker != NULL;
    pthread_mutex_unlock(&lock);
    if (awaited)
        job->done(job);
    job->release(job);
}

/* The lock keeps the worker where it is while it is written to. */
static void finish(struct job *job)
{
    pthread_mutex_lock(&lock);
    bool posted = job->worker != NULL && job->loop->post(job->worker, deliver, job) == 0;
    pthread_mutex_unlock(&lock);
    if (!posted)
        job->release(job);
}

static struct job *next_job(void)
{
    pthread_mutex_lock(&lock);
    struct job *job = first;
    if (job == NULL) {
        threads--;
    } else {
        first = job->next;
        if (first == NULL)
            last = &first;
    }
    pthread_mutex_unlock(&lock);
    return job;
}

static void *run(void *unused)
{
    (void)unused;
    struct job *job;
    while ((job = next_job()) != NULL) {
        job->work(job);
        finish(job);
    }
    return NULL;
}

/* Detached, and with all signals blocked: they are the host's. */
static bool thread_start(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0 &&
                   pthread_create(&thread, &attributes, run, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

/* The thread may take the job only when the lock is given back, and so only once it is sure that
 * there is one. */
bool job_start(struct job *job)
{
    pthread_mutex_lock(&lock);
    bool started = threads < JOB_THREADS_MAX && thread_start();
    threads += started;
    bool taken = threads > 0;
    if (taken) {
        job->next = NULL;
        *last = job;
        last = &job->next;
    }
    pthread_mutex_unlock(&lock);
    return taken;
}

void job_abandon(struct job *job)
{
    pthread_mutex_lock(&lock);
    job->worker = NULL;
    pthread_mutex_unlock(&lock);
}
