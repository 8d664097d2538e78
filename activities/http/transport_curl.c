#include "curl_private.h"

#include <stdlib.h>
#include <string.h>

/* The first version whose heads need no look; see head_state. */
#define LIBCURL_KEEPS_NO_HEADER 0x080100

bool transport_global_init(void)
{
    return curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK;
}

void transport_global_finish(void)
{
    curl_global_cleanup();
}

struct transport *transport_new(const stressor_loop_api *loop, stressor_worker *worker)
{
    struct transport *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    t->loop = loop;
    t->worker = worker;
    t->looks_at_heads = curl_version_info(CURLVERSION_NOW)->version_num < LIBCURL_KEEPS_NO_HEADER;
    if (!loop_open(t)) {
        transport_free(t);
        return NULL;
    }
    return t;
}

/* --- handles at rest: in the transport's list, and in that of the session they belong to ----- */

/* A handle that is nobody's: the first to be taken by another session. */
static void rest_last(struct transport_exchange *x)
{
    struct transport *t = x->transport;
    x->idle_next = NULL;
    x->idle_prev = t->idle_last;
    if (t->idle_last != NULL)
        t->idle_last->idle_next = x;
    else
        t->idle_first = x;
    t->idle_last = x;
    t->idle_count++;
}

static void rest(struct transport_exchange *x)
{
    struct transport *t = x->transport;
    struct transport_session *s = x->session;
    x->idle_prev = NULL;
    x->idle_next = t->idle_first;
    if (t->idle_first != NULL)
        t->idle_first->idle_prev = x;
    else
        t->idle_last = x;
    t->idle_first = x;
    t->idle_count++;
    x->session_prev = NULL;
    x->session_next = s->idle;
    if (s->idle != NULL)
        s->idle->session_prev = x;
    s->idle = x;
}

/* Only a handle that belongs to a session is in a list of one. */
static void leave_session(struct transport_exchange *x)
{
    if (x->session_prev != NULL)
        x->session_prev->session_next = x->session_next;
    else if (x->session != NULL)
        x->session->idle = x->session_next;
    if (x->session_next != NULL)
        x->session_next->session_prev = x->session_prev;
    x->session_prev = x->session_next = NULL;
}

static void wake(struct transport_exchange *x)
{
    struct transport *t = x->transport;
    if (x->idle_prev != NULL)
        x->idle_prev->idle_next = x->idle_next;
    else
        t->idle_first = x->idle_next;
    if (x->idle_next != NULL)
        x->idle_next->idle_prev = x->idle_prev;
    else
        t->idle_last = x->idle_prev;
    t->idle_count--;
    leave_session(x);
}

/* The session's own handle if it can be, else a new one, else the one that rests longest. */
static struct transport_exchange *handle_take(struct transport_session *s)
{
    struct transport *t = s->transport;
    struct transport_exchange *x = s->idle;
    if (x == NULL && t->idle_last != NULL &&
        (t->idle_last->session == NULL || t->count >= HANDLES_IDLE_MAX))
        x = t->idle_last;
    if (x != NULL)
        wake(x);
    else
        x = handle_new(t);
    if (x != NULL && !handle_bind(x, s)) {
        handle_free(x);
        return NULL;
    }
    return x;
}

void transport_free(struct transport *t)
{
    if (t == NULL)
        return;
    while (t->idle_first != NULL) {
        struct transport_exchange *x = t->idle_first;
        wake(x);
        handle_free(x);
    }
    loop_close(t);
    free(t);
}

/* --- sessions ------------------------------------------------------------------------------ */

struct transport_session *transport_session_new(struct transport *t, const char *agent)
{
    struct transport_session *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->transport = t;
    s->agent = strdup(agent);
    s->share = curl_share_init();
    if (s->agent == NULL || s->share == NULL ||
        curl_share_setopt(s->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) != CURLSHE_OK ||
        curl_share_setopt(s->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT) != CURLSHE_OK ||
        curl_share_setopt(s->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK) {
        transport_session_free(s);
        return NULL;
    }
    return s;
}

void transport_session_free(struct transport_session *s)
{
    if (s == NULL)
        return;
    while (s->idle != NULL) {
        struct transport_exchange *x = s->idle;
        wake(x);
        handle_bind(x, NULL);
        rest_last(x);
    }
    loop_unwatch_session(s); /* libcurl closes what is idle without telling */
    if (s->share != NULL)
        curl_share_cleanup(s->share);
    free(s->agent);
    free(s);
}

/* --- headers ------------------------------------------------------------------------------- */

struct transport_headers *transport_headers_new(struct transport *t)
{
    struct transport_headers *h = calloc(1, sizeof *h);
    if (h == NULL)
        return NULL;
    h->transport = t;
    h->serial = ++t->headers_serial;
    return h;
}

void transport_headers_free(struct transport_headers *h)
{
    if (h == NULL)
        return;
    curl_slist_free_all(h->list);
    free(h);
}

static bool headers_append(struct transport_headers *h, struct span name, const char *between,
                           struct span value)
{
    size_t gap = strlen(between);
    char *line = malloc(name.length + gap + value.length + 1);
    if (line == NULL)
        return false;
    memcpy(line, name.ptr, name.length);
    memcpy(line + name.length, between, gap);
    if (value.length > 0)
        memcpy(line + name.length + gap, value.ptr, value.length);
    line[name.length + gap + value.length] = '\0';
    struct curl_slist *list = curl_slist_append(h->list, line);
    free(line);
    if (list != NULL)
        h->list = list;
    return list != NULL;
}

static bool begins_nocase(struct span s, const char *with)
{
    struct span expected = span_of(with);
    s.length = s.length < expected.length ? s.length : expected.length;
    return span_equal_nocase(s, expected);
}

/* br, zstd, or any coding */
static bool accepts_more(struct span codings)
{
    for (size_t i = 0; i < codings.length; i++) {
        struct span rest = {codings.ptr + i, codings.length - i};
        if (*rest.ptr == '*' || begins_nocase(rest, "br") || begins_nocase(rest, "zstd"))
            return true;
    }
    return false;
}

bool transport_headers_add(struct transport_headers *h, struct span name, struct span value)
{
    if (span_equal_nocase(name, span_of("Accept-Encoding")))
        h->accept_more = accepts_more(value);
    return headers_append(h, name, value.length > 0 ? ": " : ";", value);
}

bool transport_headers_omit(struct transport_headers *h, struct span name)
{
    return headers_append(h, name, ":", (struct span){"", 0});
}

/* --- exchanges ----------------------------------------------------------------------------- */

struct transport_exchange *transport_start(struct transport_session *s,
                                           const struct transport_request *request)
{
    struct transport_exchange *x = handle_take(s);
    if (x == NULL)
        return NULL;
    x->stop = TRANSPORT_OK;
    x->stop_text = NULL;
    x->says_coding = false;
    x->open_errno = 0;
    x->body_bytes = 0;
    x->max_body = request->max_body;
    x->head_bytes = x->head_lines = 0;
    x->head = s->transport->looks_at_heads ? HEAD_MORE : HEAD_OVER;
    x->interim = false;
    x->answer = request->answer;
    x->done = request->done;
    x->data = request->data;
    x->detail[0] = '\0';
    buf_clear(&x->sent);
    if (!handle_apply(x, request) || (request->own_cookies && !cookies_part(x)) ||
        curl_multi_add_handle(s->transport->multi, x->easy) != CURLM_OK) {
        handle_free(x);
        return NULL;
    }
    x->running = true;
    x->running_prev = NULL;
    x->running_next = s->transport->running;
    if (x->running_next != NULL)
        x->running_next->running_prev = x;
    s->transport->running = x;
    return x;
}

static void stop_running(struct transport_exchange *x)
{
    struct transport *t = x->transport;
    if (!x->running)
        return;
    x->running = false;
    if (x->running_prev != NULL)
        x->running_prev->running_next = x->running_next;
    else
        t->running = x->running_next;
    if (x->running_next != NULL)
        x->running_next->running_prev = x->running_prev;
    curl_multi_remove_handle(t->multi, x->easy);
    for (struct transport_exchange **link = &t->broken; *link != NULL; link = &(*link)->broken_next)
        if (*link == x) {
            *link = x->broken_next;
            break;
        }
}

void transport_cancel(struct transport_exchange *x)
{
    stop_running(x);
    cookies_join(x);
    decoder_free(x->decoder);
    x->decoder = NULL;
    transport_release(x);
}

void transport_release(struct transport_exchange *x)
{
    struct transport *t = x->transport;
    buf_shrink(&x->sent, 4096);
    if (t->idle_count >= HANDLES_IDLE_MAX && t->idle_count > t->count / 2)
        handle_free(x);
    else
        rest(x);
}

static int version_of(struct transport_exchange *x)
{
    long version = CURL_HTTP_VERSION_NONE;
    curl_easy_getinfo(x->easy, CURLINFO_HTTP_VERSION, &version);
    switch (version) {
    case CURL_HTTP_VERSION_1_0: return 10;
    case CURL_HTTP_VERSION_1_1: return 11;
    case CURL_HTTP_VERSION_2_0: return 20;
    default: return 0;
    }
}

static void finish(struct transport_exchange *x, CURLcode code)
{
    struct transport_response response = {.error = TRANSPORT_OK};
    stop_running(x);
    if (!cookies_join(x))
        x->stop = TRANSPORT_MEMORY;
    else if (code == CURLE_OK && x->decoder != NULL && !decoder_is_over(x->decoder)) {
        x->stop = TRANSPORT_SHORT;
        x->stop_text = BODY_SHORT;
    }
    decoder_free(x->decoder);
    x->decoder = NULL;
    response.error = error_of(x, code);
    response.detail = x->detail;
    if (response.error != TRANSPORT_OK && x->stop == TRANSPORT_OK && x->detail[0] == '\0')
        response.detail = curl_easy_strerror(code);
    long status = 0;
    curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    response.status = (int)status;
    response.http_version = version_of(x);
    char *text = NULL;
    curl_easy_getinfo(x->easy, CURLINFO_CONTENT_TYPE, &text);
    response.content_type = text;
    if (status >= 300 && status < 400) {
        text = NULL;
        curl_easy_getinfo(x->easy, CURLINFO_REDIRECT_URL, &text);
        response.location = text;
    }
    x->done(x->data, &response);
}

void transport_deliver(struct transport *t)
{
    while (t->broken != NULL)
        finish(t->broken, CURLE_OUT_OF_MEMORY);
    int left;
    for (CURLMsg *m; (m = curl_multi_info_read(t->multi, &left)) != NULL;) {
        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode code = m->data.result; /* gone with the handle's removal */
        char *private = NULL;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
        finish((struct transport_exchange *)(void *)private, code);
    }
}

/* --- what came ------------------------------------------------------------------------------ */

bool transport_header(struct transport_exchange *x, void **cursor, const char **name,
                      const char **value)
{
    struct curl_header *h = curl_easy_nextheader(x->easy, CURLH_HEADER, -1, *cursor);
    if (h == NULL)
        return false;
    *cursor = h;
    *name = h->name;
    *value = h->value[strspn(h->value, " \t\r\n")] != '\0' ? h->value : ""; /* else not trimmed */
    return true;
}

struct span transport_sent(struct transport_exchange *x)
{
    return buf_span(&x->sent);
}

static int64_t info_ns(struct transport_exchange *x, CURLINFO what)
{
    curl_off_t us = 0;
    curl_easy_getinfo(x->easy, what, &us);
    return (int64_t)us * 1000;
}

void transport_counts(struct transport_exchange *x, struct transport_counts *out)
{
    long size = 0, connections = 0;
    curl_easy_getinfo(x->easy, CURLINFO_REQUEST_SIZE, &size);
    curl_easy_getinfo(x->easy, CURLINFO_NUM_CONNECTS, &connections);
    bool connected = connections > 0 && info_ns(x, CURLINFO_CONNECT_TIME_T) > 0;
    *out =
        (struct transport_counts){size > 0, connected ? (uint32_t)connections : 0, x->body_bytes};
}

void transport_phases(struct transport_exchange *x, struct transport_phases *out)
{
    int64_t resolved = info_ns(x, CURLINFO_NAMELOOKUP_TIME_T);
    int64_t connected = info_ns(x, CURLINFO_CONNECT_TIME_T);
    int64_t secured = info_ns(x, CURLINFO_APPCONNECT_TIME_T);
    int64_t sent = info_ns(x, CURLINFO_PRETRANSFER_TIME_T);
    int64_t answered = info_ns(x, CURLINFO_STARTTRANSFER_TIME_T);
    out->total_ns = info_ns(x, CURLINFO_TOTAL_TIME_T);
    out->resolve_ns = resolved;
    out->connect_ns = connected > resolved ? connected - resolved : 0;
    out->tls_ns = secured > connected ? secured - connected : 0;
    out->wait_ns = answered > sent ? answered - sent : 0;
    out->receive_ns = out->total_ns > answered ? out->total_ns - answered : 0;
}
