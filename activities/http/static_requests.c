#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <stressor/log.h>

#include "activity.h"
#include "request.h"

/* The activity StaticRequests: several GET requests, some at once, none given up for another's
 * failure. All of it lies in the execution's scratch memory. */

enum { FAILURES_TOLD_MAX = 5 };

struct outcome {
    int status;
    stressor_failure failure; /* category 0: none */
};

struct statics {
    stressor_exec *exec;
    const stressor_value *urls;
    uint64_t count, next, failed;
    uint32_t running, slots_count;
    struct http_call **slots; /* what is under way; NULL: free */
    struct outcome *outcomes; /* in the order of the URLs */
};

/* Which slot, and which URL, a call has. */
struct part {
    struct statics *all;
    uint64_t url;
    uint32_t slot;
};

/* --- what comes of all ------------------------------------------------------------------------ */

static int32_t tell_failures(const struct statics *s, stressor_result *result)
{
    const struct outcome *first = NULL;
    struct buf text;
    char line[100];
    uint64_t told = 0;
    buf_init(&text, 64 << 10);
    snprintf(line, sizeof line, "%" PRIu64 " of %" PRIu64 " failed: ", s->failed, s->count);
    if (s->count > 1)
        buf_append_text(&text, line);
    for (uint64_t i = 0; i < s->count && told < FAILURES_TOLD_MAX; i++) {
        const struct outcome *o = &s->outcomes[i];
        if (o->failure.category == STRESSOR_NO_FAILURE)
            continue;
        if (first == NULL)
            first = o;
        buf_append_text(&text, told++ > 0 ? "; " : "");
        buf_append(&text, o->failure.text, o->failure.length);
    }
    if (told < s->failed)
        buf_append_text(&text, "; …");
    int32_t rc = stressor_fail(s->exec, &result->failure, first->failure.category,
                               first->failure.kind, "%.*s", (int)text.length, buf_span(&text).ptr);
    buf_finish(&text);
    return rc;
}

static void put(const stressor_host *host, stressor_builder *b, const char *key,
                stressor_value value)
{
    host->build_key(b, key, strlen(key));
    host->build_value(b, &value);
}

/* A list of {url, status}. */
static int32_t make_value(const struct statics *s, stressor_result *result)
{
    const stressor_host *host = s->exec->host;
    stressor_builder *b = host->build(s->exec);
    if (b == NULL)
        return STRESSOR_ENOMEM;
    host->build_list(b);
    for (uint64_t i = 0; i < s->count; i++) {
        host->build_map(b);
        put(host, b, "url", *host->list_at(s->urls, i));
        put(host, b, "status", stressor_int(s->outcomes[i].status));
        host->build_end(b);
    }
    host->build_end(b);
    return host->build_finish(b, &result->value);
}

static int32_t finish(const struct statics *s, stressor_result *result)
{
    if (s->failed > 0)
        return tell_failures(s, result);
    bool wanted = (s->exec->wants & (STRESSOR_WANT_TEXT | STRESSOR_WANT_VALUE)) != 0;
    if (!wanted || make_value(s, result) == 0)
        return STRESSOR_DONE;
    return stressor_fail(s->exec, &result->failure, STRESSOR_GENERATOR, "memory", "out of memory");
}

/* --- one -------------------------------------------------------------------------------------- */

static void note(struct statics *s, uint64_t url, int status, const stressor_failure *failure)
{
    s->outcomes[url] = (struct outcome){status, *failure};
    s->failed += failure->category != STRESSOR_NO_FAILURE;
}

static void fill_slots(struct statics *s);

static void part_ended(struct http_call *c, const stressor_result *result)
{
    const struct part *p = c->owner;
    struct statics *s = p->all;
    note(s, p->url, c->status, &result->failure);
    s->slots[p->slot] = NULL;
    s->running--;
    call_put(c);
    fill_slots(s);
    if (s->running > 0)
        return;
    stressor_result end = {.size = sizeof end};
    finish(s, &end);
    s->exec->host->complete(s->exec, &end);
}

/* False: it failed at once. */
static bool start_part(struct statics *s, uint32_t slot, uint64_t url, stressor_failure *failure)
{
    const stressor_host *host = s->exec->host;
    struct part *p = host->scratch(s->exec, sizeof *p);
    struct http_call *c = p != NULL ? call_take(s->exec) : NULL;
    if (c == NULL) {
        stressor_fail(s->exec, failure, STRESSOR_GENERATOR, "memory", "out of memory");
        return false;
    }
    *p = (struct part){s, url, slot};
    c->owner = p;
    c->ended = part_ended;
    c->url_arg = host->list_at(s->urls, url);
    c->wants = 0;
    if (activity_perform(c, failure) != 0) {
        call_put(c);
        return false;
    }
    s->slots[slot] = c;
    s->running++;
    return true;
}

static void fill_slots(struct statics *s)
{
    for (uint32_t slot = 0; slot < s->slots_count && s->next < s->count; slot++)
        while (s->slots[slot] == NULL && s->next < s->count) {
            stressor_failure failure = {.category = STRESSOR_NO_FAILURE};
            uint64_t url = s->next++;
            if (!start_part(s, slot, url, &failure))
                note(s, url, 0, &failure);
        }
}

/* --- the activity ----------------------------------------------------------------------------- */

static struct statics *statics_new(stressor_exec *exec)
{
    const stressor_value *urls = &exec->args[ARG_URL_LIST];
    uint64_t count = urls->as.list.count;
    const stressor_value *at_once = &exec->args[ARG_THREAD_COUNT];
    uint64_t threads = at_once->type == STRESSOR_INT ? (uint64_t)at_once->as.integer : 1;
    struct statics *s = exec->host->scratch(exec, sizeof *s);
    if (s == NULL)
        return NULL;
    *s = (struct statics){.exec = exec, .urls = urls, .count = count};
    s->slots_count = (uint32_t)(threads < count ? threads : count);
    s->slots = exec->host->scratch(exec, (s->slots_count + 1) * sizeof(struct http_call *));
    s->outcomes = exec->host->scratch(exec, (count + 1) * sizeof *s->outcomes);
    if (s->slots == NULL || s->outcomes == NULL)
        return NULL;
    for (uint32_t i = 0; i < s->slots_count; i++)
        s->slots[i] = NULL;
    return s;
}

static int32_t statics_start(stressor_exec *exec, stressor_result *result)
{
    struct statics *s = statics_new(exec);
    if (s == NULL)
        return stressor_fail(exec, &result->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    exec->data = s;
    fill_slots(s);
    return s->running > 0 ? STRESSOR_PENDING : finish(s, result);
}

static void statics_cancel(stressor_exec *exec)
{
    struct statics *s = exec->data;
    stressor_result result = {.size = sizeof result};
    for (uint32_t i = 0; i < s->slots_count; i++)
        if (s->slots[i] != NULL)
            activity_abandon(s->slots[i]);
    stressor_fail(exec, &result.failure, STRESSOR_CANCELLED, "cancelled",
                  "%" PRIu32 " requests were cancelled", s->running);
    exec->host->complete(exec, &result);
}

static int32_t statics_prepare(stressor_prepare *prepare)
{
    return place_prepare(prepare, "GET");
}

const stressor_activity_type http_static_requests = {
    .size = sizeof http_static_requests,
    .name = "StaticRequests",
    .help = "Send HTTP GET requests for several URLs, some at once",
    .args = http_static_args,
    .args_count = ARGS_COUNT,
    .groups = http_groups,
    .groups_count = HTTP_GROUPS_COUNT,
    .descriptors_per_session = 6,
    .prepare = statics_prepare,
    .release = place_release,
    .start = statics_start,
    .cancel = statics_cancel,
};
