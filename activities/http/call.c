#include <stdlib.h>
#include <string.h>

#include "activity.h"
#include "request.h"

static struct http_call *call_new(void)
{
    struct http_call *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    url_init(&c->url);
    buf_init(&c->body, FORM_BYTES_MAX);
    buf_init(&c->cookie, TRANSPORT_HEADER_BYTES_MAX);
    buf_init(&c->name, TRANSPORT_HEADER_BYTES_MAX);
    buf_init(&c->password, TRANSPORT_HEADER_BYTES_MAX);
    buf_init(&c->ca_file, TRANSPORT_HEADER_BYTES_MAX);
    buf_init(&c->plain, FORM_BYTES_MAX);
    buf_init(&c->answer, SIZE_MAX / 2); /* the ceiling is the request's */
    buf_init(&c->text, SIZE_MAX / 2);   /* at most three times the answer */
    return c;
}

struct http_call *call_take(stressor_exec *exec)
{
    struct http_session *session = exec->session_data;
    struct http_worker *w = session->worker;
    struct http_call *c = w->free_calls;
    if (c != NULL)
        w->free_calls = c->next_free;
    else
        c = call_new();
    if (c == NULL)
        return NULL;
    c->exec = exec;
    c->place = exec->place;
    c->session = session;
    c->url_arg = call_arg(c, ARG_URL);
    c->wants = exec->wants;
    c->status = 0;
    c->options = NULL;
    c->exchange = NULL;
    c->redirects = 0;
    c->url_secret = false;
    c->drop_entity = c->drop_cookie = c->drop_credentials = c->drop_host = false;
    c->has_text = c->json_parsed = false;
    return c;
}

void call_put(struct http_call *c)
{
    struct http_worker *w = c->session->worker;
    transport_headers_free(c->headers);
    c->headers = NULL;
    transport_options_drop(c->options);
    c->options = NULL;
    buf_shrink(&c->plain, ANSWER_BYTES_KEPT);
    buf_shrink(&c->body, ANSWER_BYTES_KEPT);
    buf_shrink(&c->answer, ANSWER_BYTES_KEPT);
    buf_shrink(&c->text, ANSWER_BYTES_KEPT);
    c->next_free = w->free_calls;
    w->free_calls = c;
}

void call_free_all(struct http_worker *w)
{
    while (w->free_calls != NULL) {
        struct http_call *c = w->free_calls;
        w->free_calls = c->next_free;
        url_finish(&c->url);
        buf_finish(&c->body);
        buf_finish(&c->cookie);
        buf_finish(&c->name);
        buf_finish(&c->password);
        buf_finish(&c->ca_file);
        buf_finish(&c->plain);
        buf_finish(&c->answer);
        buf_finish(&c->text);
        free(c);
    }
}

struct place_cache *request_cache(struct http_call *c)
{
    struct http_worker *w = c->session->worker;
    uint32_t number = c->place->number;
    if (number >= w->caches_count) {
        size_t count = (size_t)number + 1 + number / 2;
        struct place_cache **caches = realloc(w->caches, count * sizeof *caches);
        if (caches == NULL)
            return NULL;
        memset(caches + w->caches_count, 0, (count - w->caches_count) * sizeof *caches);
        w->caches = caches;
        w->caches_count = count;
    }
    if (w->caches[number] == NULL) {
        struct place_cache *cache = calloc(1, sizeof *cache);
        if (cache == NULL)
            return NULL;
        buf_init(&cache->base, URL_LENGTH_MAX);
        url_init(&cache->url);
        buf_init(&cache->body, FORM_BYTES_MAX);
        buf_init(&cache->cookie, TRANSPORT_HEADER_BYTES_MAX);
        w->caches[number] = cache;
    }
    return w->caches[number];
}

void place_cache_free(struct place_cache *cache)
{
    if (cache == NULL)
        return;
    buf_finish(&cache->base);
    url_finish(&cache->url);
    buf_finish(&cache->body);
    buf_finish(&cache->cookie);
    transport_headers_free(cache->headers);
    free(cache);
}
