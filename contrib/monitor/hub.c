#include "hub.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <stressor/plugin.h>

#include <common/document.h>
#include <common/out.h>

#include "state.h"

#define NS_PER_S   INT64_C(1000000000)
#define EVENT_MOST ((size_t)8 << 20)

struct hub {
    const stressor_snapshot_api *api;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    const stressor_snapshot *latest;
    uint64_t version; /* of `latest`; 0: there is none */
    unsigned viewers;
    bool closed;
    struct event *event;       /* the last that was rendered; NULL: none */
    pthread_mutex_t rendering; /* taken before `lock` */
};

struct hub *hub_new(const stressor_snapshot_api *api)
{
    pthread_condattr_t attr;
    struct hub *h = calloc(1, sizeof *h);
    if (h == NULL)
        return NULL;
    h->api = api;
    pthread_mutex_init(&h->lock, NULL);
    pthread_mutex_init(&h->rendering, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&h->changed, &attr);
    pthread_condattr_destroy(&attr);
    return h;
}

void hub_free(struct hub *h)
{
    if (h == NULL)
        return;
    hub_drop(h, h->event);
    if (h->latest != NULL)
        h->api->release(h->latest);
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->rendering);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

void hub_show(struct hub *h, const stressor_snapshot *snapshot)
{
    const stressor_snapshot *kept = h->api->retain(snapshot);
    pthread_mutex_lock(&h->lock);
    const stressor_snapshot *before = h->latest;
    h->latest = kept;
    h->version++;
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
    if (before != NULL)
        h->api->release(before);
}

static const stressor_snapshot *take_latest(struct hub *h, uint64_t *version)
{
    pthread_mutex_lock(&h->lock);
    const stressor_snapshot *latest = h->latest != NULL ? h->api->retain(h->latest) : NULL;
    *version = h->version;
    pthread_mutex_unlock(&h->lock);
    return latest;
}

const stressor_snapshot *hub_latest(struct hub *h)
{
    uint64_t version;
    return take_latest(h, &version);
}

bool hub_enter(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    bool room = h->viewers < HUB_VIEWERS_MOST;
    h->viewers += room;
    pthread_mutex_unlock(&h->lock);
    return room;
}

void hub_leave(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->viewers--;
    pthread_mutex_unlock(&h->lock);
}

/* --- events -------------------------------------------------------------------------------------
 */

void hub_drop(struct hub *h, struct event *event)
{
    if (event == NULL)
        return;
    pthread_mutex_lock(&h->lock);
    bool last = --event->references == 0;
    pthread_mutex_unlock(&h->lock);
    if (!last)
        return;
    free(event->bytes);
    free(event);
}

/* An event's data is one line; in JSON a line break is only ever white space. */
static int32_t to_line(void *document, const char *bytes, uint64_t length)
{
    int32_t status = 0;
    uint64_t from = 0;
    for (uint64_t i = 0; i <= length && status == 0; i++) {
        if (i < length && bytes[i] != '\n')
            continue;
        status = document_sink(document, bytes + from, i - from);
        from = i + 1;
    }
    return status;
}

static struct event *render(const struct hub *h, const stressor_snapshot *s, uint64_t version)
{
    static const char head[] = "event: state\ndata: ";
    struct document d = {.most = EVENT_MOST};
    struct out out;
    struct event *event = calloc(1, sizeof *event);
    if (event == NULL)
        return NULL;
    int32_t status = document_sink(&d, head, sizeof head - 1);
    out_begin(&out, to_line, &d);
    out_fail(&out, status);
    state_write(h->api, s, &out);
    if (out_finish(&out) < 0 || document_sink(&d, "\n\n", 2) < 0) {
        document_free(&d);
        free(event);
        return NULL;
    }
    *event = (struct event){.references = 1, .version = version, .size = d.used, .bytes = d.bytes};
    return event;
}

/* One more reference to the event of the latest snapshot; NULL: out of memory. */
static struct event *take_event(struct hub *h)
{
    uint64_t version;
    pthread_mutex_lock(&h->rendering);
    const stressor_snapshot *latest = take_latest(h, &version);
    struct event *before = h->event; /* only changed by who renders */
    if (before == NULL || before->version != version) {
        h->event = render(h, latest, version);
        hub_drop(h, before);
    }
    pthread_mutex_lock(&h->lock);
    struct event *event = h->event;
    if (event != NULL)
        event->references++;
    pthread_mutex_unlock(&h->lock);
    pthread_mutex_unlock(&h->rendering);
    h->api->release(latest);
    return event;
}

static struct timespec after(int64_t timeout_ns)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t ns = t.tv_nsec + timeout_ns;
    t.tv_sec += (time_t)(ns / NS_PER_S);
    t.tv_nsec = (long)(ns % NS_PER_S);
    return t;
}

enum hub_news hub_wait(struct hub *h, uint64_t version, int64_t timeout_ns, struct event **event)
{
    struct timespec until = after(timeout_ns);
    int status = 0;
    pthread_mutex_lock(&h->lock);
    while (!h->closed && h->version <= version && status != ETIMEDOUT)
        status = pthread_cond_timedwait(&h->changed, &h->lock, &until);
    bool closed = h->closed;
    bool news = h->version > version;
    pthread_mutex_unlock(&h->lock);
    if (closed)
        return HUB_CLOSED;
    if (!news)
        return HUB_NOTHING;
    *event = take_event(h);
    return *event != NULL ? HUB_STATE : HUB_FAILED;
}

void hub_close(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->closed = true;
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
}
