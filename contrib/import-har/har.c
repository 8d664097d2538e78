#include "har.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_stream.h"

/* --- where in the recording ------------------------------------------------------------------- */

enum place {
    NOWHERE,
    ABOVE, /* the whole document */
    ROOT,
    LOG,
    ENTRIES,
    ENTRY,
    STARTED,
    TIME,
    FROM_CACHE,
    REQUEST,
    METHOD,
    URL,
    REQUEST_HEADERS,
    REQUEST_HEADER,
    REQUEST_HEADER_NAME,
    REQUEST_HEADER_VALUE,
    POST,
    POST_TYPE,
    POST_TEXT,
    POST_ENCODING,
    PARAMS,
    PARAM,
    PARAM_NAME,
    PARAM_VALUE,
    PARAM_FILE,
    PARAM_TYPE,
    RESPONSE,
    STATUS,
    REDIRECT,
    RESPONSE_HEADERS,
    RESPONSE_HEADER,
    RESPONSE_HEADER_NAME,
    RESPONSE_HEADER_VALUE,
    CONTENT,
    CONTENT_TYPE,
    CONTENT_TEXT,
    CONTENT_ENCODING,
    CONTENT_SIZE,
    PLACES
};

/* `key` is NULL for the items of a list, and the document itself. */
static const struct {
    enum place parent;
    const char *key;
    char kind; /* '{', '[', 't'ext, 'n'umber */
} places[PLACES] = {
    [ROOT] = {ABOVE, NULL, '{'},
    [LOG] = {ROOT, "log", '{'},
    [ENTRIES] = {LOG, "entries", '['},
    [ENTRY] = {ENTRIES, NULL, '{'},
    [STARTED] = {ENTRY, "startedDateTime", 't'},
    [TIME] = {ENTRY, "time", 'n'},
    [FROM_CACHE] = {ENTRY, "_fromCache", 't'},
    [REQUEST] = {ENTRY, "request", '{'},
    [METHOD] = {REQUEST, "method", 't'},
    [URL] = {REQUEST, "url", 't'},
    [REQUEST_HEADERS] = {REQUEST, "headers", '['},
    [REQUEST_HEADER] = {REQUEST_HEADERS, NULL, '{'},
    [REQUEST_HEADER_NAME] = {REQUEST_HEADER, "name", 't'},
    [REQUEST_HEADER_VALUE] = {REQUEST_HEADER, "value", 't'},
    [POST] = {REQUEST, "postData", '{'},
    [POST_TYPE] = {POST, "mimeType", 't'},
    [POST_TEXT] = {POST, "text", 't'},
    [POST_ENCODING] = {POST, "encoding", 't'},
    [PARAMS] = {POST, "params", '['},
    [PARAM] = {PARAMS, NULL, '{'},
    [PARAM_NAME] = {PARAM, "name", 't'},
    [PARAM_VALUE] = {PARAM, "value", 't'},
    [PARAM_FILE] = {PARAM, "fileName", 't'},
    [PARAM_TYPE] = {PARAM, "contentType", 't'},
    [RESPONSE] = {ENTRY, "response", '{'},
    [STATUS] = {RESPONSE, "status", 'n'},
    [REDIRECT] = {RESPONSE, "redirectURL", 't'},
    [RESPONSE_HEADERS] = {RESPONSE, "headers", '['},
    [RESPONSE_HEADER] = {RESPONSE_HEADERS, NULL, '{'},
    [RESPONSE_HEADER_NAME] = {RESPONSE_HEADER, "name", 't'},
    [RESPONSE_HEADER_VALUE] = {RESPONSE_HEADER, "value", 't'},
    [CONTENT] = {RESPONSE, "content", '{'},
    [CONTENT_TYPE] = {CONTENT, "mimeType", 't'},
    [CONTENT_TEXT] = {CONTENT, "text", 't'},
    [CONTENT_ENCODING] = {CONTENT, "encoding", 't'},
    [CONTENT_SIZE] = {CONTENT, "size", 'n'},
};

struct har {
    struct json_stream *json;
    har_take take;
    void *data;
    enum place stack[JSON_DEPTH_MAX + 1]; /* what is open */
    unsigned depth;
    enum place next; /* of the value that a key announced */
    bool has_entries, skip_bodies;
    struct har_entry entry;
    struct pool pool; /* of the entry */
    uint64_t count;
    char error[JSON_ERROR_SIZE];
};

static enum place child(enum place parent, struct span key)
{
    for (int i = ROOT; parent != NOWHERE && i < PLACES; i++)
        if (places[i].parent == parent && (places[i].key == NULL || span_is(key, places[i].key)))
            return (enum place)i;
    return NOWHERE;
}

static enum place here(const struct har *h)
{
    enum place top = h->depth > 0 ? h->stack[h->depth - 1] : ABOVE;
    if (h->next == NOWHERE && (top == ABOVE || places[top].kind == '['))
        return child(top, (struct span){"", 0});
    return h->next;
}

static bool stop(struct har *h, const char *why)
{
    snprintf(h->error, sizeof h->error, "%s", why);
    return false;
}

/* --- an entry --------------------------------------------------------------------------------- */

static struct har_pair *list_add(struct har *h, struct har_list *l)
{
    static struct har_pair spare;
    if (l->count == HAR_PAIRS_MAX) {
        spare = (struct har_pair){0};
        return &spare;
    }
    if (l->count == l->size) {
        size_t size = l->size * 2 + 16;
        struct har_pair *items = pool_take(&h->pool, size * sizeof *items);
        if (items == NULL)
            return NULL;
        if (l->count > 0)
            memcpy(items, l->items, l->count * sizeof *items);
        l->items = items;
        l->size = size;
    }
    return &l->items[l->count++];
}

static struct har_list *list_of(struct har_entry *e, enum place at)
{
    switch (at) {
    case REQUEST_HEADER:
    case REQUEST_HEADER_NAME:
    case REQUEST_HEADER_VALUE: return &e->request.headers;
    case PARAM:
    case PARAM_NAME:
    case PARAM_VALUE:
    case PARAM_FILE:
    case PARAM_TYPE: return &e->params;
    default: return &e->response.headers;
    }
}

static struct har_pair *pair_of(struct har_entry *e, enum place at)
{
    static struct har_pair none;
    struct har_list *l = list_of(e, at);
    return l->count > 0 ? &l->items[l->count - 1] : &none;
}

static struct span *text_of(struct har_entry *e, enum place at)
{
    switch (at) {
    case STARTED: return &e->started;
    case FROM_CACHE: return &e->from_cache;
    case METHOD: return &e->method;
    case URL: return &e->url;
    case REDIRECT: return &e->redirect;
    case POST_TYPE: return &e->request.type;
    case POST_TEXT: return &e->request.text;
    case POST_ENCODING: return &e->request.encoding;
    case CONTENT_TYPE: return &e->response.type;
    case CONTENT_TEXT: return &e->response.text;
    case CONTENT_ENCODING: return &e->response.encoding;
    case REQUEST_HEADER_NAME:
    case RESPONSE_HEADER_NAME:
    case PARAM_NAME: return &pair_of(e, at)->name;
    case REQUEST_HEADER_VALUE:
    case RESPONSE_HEADER_VALUE:
    case PARAM_VALUE: return &pair_of(e, at)->value;
    case PARAM_FILE: return &pair_of(e, at)->file;
    case PARAM_TYPE: return &pair_of(e, at)->type;
    default: return NULL;
    }
}

static void begin_entry(struct har *h)
{
    pool_reset(&h->pool);
    h->entry = (struct har_entry){.number = h->count,
                                  .duration_ms = -1,
                                  .status = -1,
                                  .request.size = -1,
                                  .response.size = -1};
}

static bool decode(struct har *h, struct har_message *m)
{
    if (m->text.ptr == NULL || m->encoding.ptr == NULL ||
        !span_equal_nocase(m->encoding, span_of("base64")))
        return true;
    struct span bytes = base64_read(&h->pool, m->text);
    m->text = bytes.ptr != NULL ? bytes : (struct span){"", 0};
    m->cut |= bytes.ptr == NULL;
    return true;
}

static bool end_entry(struct har *h)
{
    if (++h->count > HAR_ENTRIES_MAX)
        return stop(h, "there are too many entries in it");
    decode(h, &h->entry.request);
    decode(h, &h->entry.response);
    return h->take(h->data, &h->entry);
}

/* --- what the JSON holds ---------------------------------------------------------------------- */

static bool take_text(struct har *h, enum place at, struct span text, bool cut)
{
    struct span *to = text_of(&h->entry, at);
    if (to == NULL)
        return true;
    *to = pool_copy(&h->pool, text);
    if (at == POST_TEXT)
        h->entry.request.cut = cut;
    if (at == CONTENT_TEXT)
        h->entry.response.cut = cut;
    return to->ptr != NULL || stop(h, "out of memory, or too much in one entry");
}

static bool on_scalar(void *data, enum json_kind kind, struct span text, bool cut)
{
    struct har *h = data;
    enum place at = here(h);
    h->next = NOWHERE;
    json_stream_limit(h->json, JSON_STRING_MAX);
    if (at == ROOT)
        return stop(h, "it is JSON, but no recording: an object with \"log\" was expected");
    if (places[at].kind == 't' && kind == JSON_STRING)
        return take_text(h, at, text, cut);
    if (places[at].kind != 'n' || kind != JSON_NUMBER)
        return true;
    char number[JSON_TOKEN_MAX + 1];
    snprintf(number, sizeof number, "%.*s", (int)text.length, text.ptr);
    double value = strtod(number, NULL);
    if (at == TIME)
        h->entry.duration_ms = value;
    if (at == STATUS)
        h->entry.status = value;
    if (at == CONTENT_SIZE)
        h->entry.response.size = value;
    return true;
}

static bool on_key(void *data, struct span key)
{
    struct har *h = data;
    enum place top = h->depth > 0 ? h->stack[h->depth - 1] : NOWHERE;
    h->next = places[top].kind == '{' ? child(top, key) : NOWHERE;
    if (h->next == CONTENT_TEXT && h->skip_bodies)
        json_stream_limit(h->json, 0);
    return true;
}

static bool on_open(void *data, bool is_map)
{
    struct har *h = data;
    enum place at = here(h);
    h->next = NOWHERE;
    json_stream_limit(h->json, JSON_STRING_MAX);
    if (at == ROOT && !is_map)
        return stop(h, "it is JSON, but no recording: an object with \"log\" was expected");
    if (places[at].kind != (is_map ? '{' : '['))
        at = NOWHERE;
    h->stack[h->depth++] = at;
    if (at == ENTRIES)
        h->has_entries = true;
    if (at == ENTRY)
        begin_entry(h);
    if ((at == REQUEST_HEADER || at == RESPONSE_HEADER || at == PARAM) &&
        list_add(h, list_of(&h->entry, at)) == NULL)
        return stop(h, "out of memory, or too much in one entry");
    return true;
}

static bool on_close(void *data)
{
    struct har *h = data;
    h->next = NOWHERE;
    return h->stack[--h->depth] != ENTRY || end_entry(h);
}

static const struct json_events events = {on_scalar, on_key, on_open, on_close};

/* --- its life --------------------------------------------------------------------------------- */

struct har *har_new(har_take take, void *data)
{
    struct har *h = calloc(1, sizeof *h);
    if (h == NULL)
        return NULL;
    h->take = take;
    h->data = data;
    pool_init(&h->pool, HAR_ENTRY_BYTES_MAX);
    h->json = json_stream_new(&events, h, JSON_STRING_MAX);
    if (h->json == NULL) {
        har_free(h);
        return NULL;
    }
    return h;
}

void har_skip_bodies(struct har *h)
{
    h->skip_bodies = true;
}

void har_free(struct har *h)
{
    if (h == NULL)
        return;
    json_stream_free(h->json);
    pool_finish(&h->pool);
    free(h);
}

bool har_feed(struct har *h, const char *bytes, size_t length)
{
    return json_stream_feed(h->json, bytes, length);
}

bool har_end(struct har *h)
{
    if (!json_stream_end(h->json))
        return false;
    if (!h->has_entries)
        return stop(h, "it is JSON, but no recording: it holds no list \"entries\" in \"log\"");
    return true;
}

const char *har_error(const struct har *h)
{
    return *h->error != '\0' ? h->error : json_stream_error(h->json);
}

uint64_t har_entries(const struct har *h)
{
    return h->count;
}

struct span har_header(const struct har_list *headers, const char *name)
{
    for (size_t i = 0; i < headers->count; i++)
        if (span_equal_nocase(headers->items[i].name, span_of(name)))
            return headers->items[i].value;
    return (struct span){NULL, 0};
}

double har_time_ms(struct span text)
{
    int year, month, day, hour, minute, used = 0, zone_hour = 0, zone_minute = 0;
    double second;
    char copy[64], sign = 'Z';
    if (text.ptr == NULL || text.length >= sizeof copy)
        return NAN;
    snprintf(copy, sizeof copy, "%.*s", (int)text.length, text.ptr);
    if (sscanf(copy, "%4d-%2d-%2d%*[Tt ]%2d:%2d:%lf%n", &year, &month, &day, &hour, &minute,
               &second, &used) < 6 ||
        year < 1900 || year > 9999 || month < 1 || month > 12 || !(second >= 0 && second < 61))
        return NAN;
    if (sscanf(copy + used, " %c%2d:%2d", &sign, &zone_hour, &zone_minute) < 3)
        sscanf(copy + used, " %c%2d%2d", &sign, &zone_hour, &zone_minute);
    /* Days since 1970, of a year that begins in March. */
    int y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    double days = era * 146097.0 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
    double minutes = (days * 24 + hour) * 60 + minute;
    double away = zone_hour * 60 + zone_minute;
    minutes -= sign == '+' ? away : sign == '-' ? -away : 0;
    return (minutes * 60 + second) * 1000;
}
