#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"
#include "json_stream.h"

enum {
    VALUE_BYTES_MIN = 6, /* of what is called a token or the like; others: 8 */
    VALUE_BYTES_MAX = 8192,
    PATH_BYTES_MAX = 400,
    INDEX_MAX = 20, /* of an item of a list that is stored */
    STORES_MAX = 50 /* of one answer */
};

/* --- what was sent ---------------------------------------------------------------------------- */

static struct sent **slot_of(const struct importer *im, struct span value)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < value.length; i++)
        hash = (hash ^ (unsigned char)value.ptr[i]) * 1099511628211u;
    struct sent **at = &im->sent[(hash ^ hash >> 32) % SENT_SLOTS];
    while (*at != NULL && !span_equal((*at)->value, value))
        at = &(*at)->next;
    return at;
}

struct sent *correlate_find(const struct importer *im, struct span value)
{
    return *slot_of(im, value);
}

void correlate_sent(struct importer *im, struct span value)
{
    if (value.length < VALUE_BYTES_MIN || value.length > VALUE_BYTES_MAX || im->failed)
        return;
    struct sent **at = slot_of(im, value);
    if (*at == NULL) {
        struct sent *s = pool_take(&im->kept, sizeof *s);
        if (s != NULL)
            s->value = pool_copy(&im->kept, value);
        if (s == NULL || s->value.ptr == NULL) {
            im->failed = !say_no_memory(im->say);
            return;
        }
        s->first = im->current;
        *at = s;
    }
    (*at)->last = im->current;
}

/* --- is it chance? ---------------------------------------------------------------------------- */

static bool is_likely(struct span name, struct span value, bool is_number)
{
    size_t digits = 0, letters = 0, others = 0;
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c <= ' ' || c >= 0x7f)
            return false;
        digits += isdigit(c) != 0;
        letters += isalpha(c) != 0;
        others += strchr("-:.", (char)c) != NULL;
    }
    if (is_number)
        return digits == value.length && digits >= VALUE_BYTES_MIN &&
               memcmp(value.ptr + value.length - 3, "000", 3) != 0;
    if (value.length < VALUE_BYTES_MIN || value.length > VALUE_BYTES_MAX)
        return false;
    if (secret_is_name(name))
        return true;
    size_t at;
    bool is_place =
        value.ptr[0] == '/' || span_find(value, "://", &at) || span_find(value, "@", &at);
    bool is_date = value.length >= 10 && digits >= 8 && value.ptr[4] == '-' &&
                   value.ptr[7] == '-' && letters <= 2 && digits + letters + others == value.length;
    bool mixed = digits >= 2 && letters >= 2;
    return value.length >= 8 && !is_place && !is_date && (mixed || digits == value.length);
}

/* --- what an answer holds --------------------------------------------------------------------- */

struct search {
    struct importer *im;
    uint32_t index, root; /* of the request that was answered, and what is written for it */
    struct {
        size_t path; /* length of the path to it */
        uint32_t item;
        bool is_map;
    } frames[JSON_DEPTH_MAX + 1];
    unsigned depth;
    char path[PATH_BYTES_MAX + 1];
    size_t length;
    struct span key; /* the last one in the path */
    size_t key_at, key_length;
    unsigned unnamed; /* containers open that no path leads to */
    unsigned stores;
};

static bool found(struct search *s, enum origin_kind kind, struct span name, struct span path,
                  struct span value, bool is_number)
{
    struct importer *im = s->im;
    if (value.length < VALUE_BYTES_MIN || s->stores == STORES_MAX)
        return true;
    struct sent *sent = correlate_find(im, value);
    /* The user's own text, which the answer repeats, is no value of the server's. */
    if (sent == NULL || sent->last <= s->root || sent->first <= s->index ||
        (sent->variable != NULL && sent->variable->source <= s->root) ||
        !is_likely(name, value, is_number))
        return true;
    if (sent->variable == NULL) {
        sent->variable = variable_add(im, kind, name, value);
        if (sent->variable == NULL)
            return !im->failed;
    }
    struct variable *v = sent->variable;
    v->kind = kind;
    v->source = s->root;
    v->is_number = is_number;
    v->name = pool_copy(&im->kept, name);
    v->path = pool_copy(&im->kept, path);
    s->stores++;
    if (v->name.ptr == NULL || v->path.ptr == NULL)
        im->failed = !say_no_memory(im->say);
    return !im->failed;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static bool key_is_fine(struct span key)
{
    for (size_t i = 0; i < key.length; i++)
        if (!isalnum((unsigned char)key.ptr[i]) && key.ptr[i] != '_' && key.ptr[i] != '-')
            return false;
    return key.length > 0 && !isdigit((unsigned char)key.ptr[0]) && key.ptr[0] != '-';
}

/* The path to the next value of the innermost container. False: none leads there. */
static bool step(struct search *s, struct span key)
{
    if (s->depth == 0) {
        s->length = 0;
        return true;
    }
    bool is_map = s->frames[s->depth - 1].is_map;
    uint32_t item = s->frames[s->depth - 1].item++;
    s->length = s->frames[s->depth - 1].path;
    if (s->length == SIZE_MAX || (is_map ? !key_is_fine(key) : item > INDEX_MAX) ||
        s->length + key.length + 16 > PATH_BYTES_MAX)
        return false;
    const char *dot = s->length > 0 ? "." : "";
    if (is_map) {
        s->key_at = s->length + strlen(dot);
        s->key_length = key.length;
    }
    char *end = s->path + s->length;
    size_t room = sizeof s->path - s->length;
    int n = is_map ? snprintf(end, room, "%s%.*s", dot, (int)key.length, key.ptr)
                   : snprintf(end, room, "%s[%u]", dot, item);
    s->length += (size_t)n;
    return true;
}

static bool on_key(void *data, struct span key)
{
    struct search *s = data;
    s->key = (struct span){"", 0};
    s->unnamed = !step(s, key);
    return true;
}

/* After a key the path is made already. */
static bool arrive(struct search *s)
{
    bool in_map = s->depth > 0 && s->frames[s->depth - 1].is_map;
    return in_map ? !s->unnamed : step(s, (struct span){"", 0});
}

static bool on_scalar(void *data, enum json_kind kind, struct span text, bool cut)
{
    struct search *s = data;
    if (!arrive(s) || cut || s->depth == 0 || (kind != JSON_STRING && kind != JSON_NUMBER))
        return true;
    struct span key = {s->path + s->key_at, s->key_length};
    if (s->key_length == 0 || s->key_at + s->key_length > s->length)
        key = span_of("value");
    return found(s, FROM_JSON, key, (struct span){s->path, s->length}, text, kind == JSON_NUMBER);
}

static bool on_open(void *data, bool is_map)
{
    struct search *s = data;
    bool good = arrive(s);
    s->frames[s->depth].path = good ? s->length : SIZE_MAX;
    s->frames[s->depth].item = 0;
    s->frames[s->depth++].is_map = is_map;
    return true;
}

static bool on_close(void *data)
{
    struct search *s = data;
    s->depth--;
    return true;
}

static const struct json_events events = {on_scalar, on_key, on_open, on_close};

static bool is_json(const struct har_entry *e)
{
    size_t at;
    struct span text = span_trim(e->response.text);
    return span_find(e->response.type, "json", &at) || span_begins(text, "{") ||
           span_begins(text, "[");
}

/* --- an answer -------------------------------------------------------------------------------- */

static bool header_is_no_source(struct span name)
{
    static const char *const names[] = {"set-cookie", "date", "expires",  "last-modified", "etag",
                                        "age",        "via",  "location", "server",        NULL};
    for (const char *const *n = names; *n != NULL; n++)
        if (span_equal_nocase(name, span_of(*n)))
            return true;
    return span_begins_nocase(name, "content-") || span_begins_nocase(name, "access-control-");
}

static bool search_headers(struct search *s, const struct har_list *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        const struct har_pair *p = &headers->items[i];
        if (p->name.length > 0 && p->value.ptr != NULL && !header_is_no_source(p->name) &&
            header_is_kept(p->name, p->value) &&
            !found(s, FROM_HEADER, p->name, p->name, p->value, false))
            return false;
    }
    return true;
}

bool correlate_answer(struct importer *im, const struct har_entry *e)
{
    /* The file may have changed in between. */
    if (e->number >= im->count)
        return true;
    struct search s = {.im = im, .index = im->by_number[e->number]};
    const struct request *r = &im->requests[s.index];
    s.root = r->root;
    if (im->requests[s.root].fate != FATE_SENT || im->requests[s.root].is_static ||
        r->redirect.ptr != NULL || r->status >= 400)
        return true;
    if (!search_headers(&s, &e->response.headers))
        return false;
    if (e->response.cut || e->response.text.length == 0 ||
        e->response.text.length > BODY_BYTES_MAX || !is_json(e))
        return true;
    bool no_memory;
    json_read(e->response.text, &events, &s, &no_memory);
    if (no_memory)
        im->failed = !say_no_memory(im->say);
    return !im->failed;
}

/* --- names ------------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
    const struct variable *x = *(struct variable *const *)a, *y = *(struct variable *const *)b;
    bool x_env = x->kind == FROM_ENVIRONMENT, y_env = y->kind == FROM_ENVIRONMENT;
    if (x_env != y_env)
        return x_env - y_env;
    if (!x_env && x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return 0;
}

bool correlate_finish(struct importer *im)
{
    struct variable *all[VARIABLES_MAX];
    size_t n = 0;
    for (struct variable *v = im->variables; v != NULL; v = v->next)
        all[n++] = v;
    if (n > 1)
        qsort(all, n, sizeof *all, compare);
    for (size_t i = 0; i < n; i++) {
        if (!variable_name(im, all[i]))
            return false;
        if (all[i]->kind == FROM_ENVIRONMENT)
            continue;
        struct store **at = &im->requests[all[i]->source].stores;
        while (*at != NULL)
            at = &(*at)->next;
        *at = pool_take(&im->kept, sizeof **at);
        if (*at == NULL)
            return say_no_memory(im->say);
        (*at)->variable = all[i];
    }
    return true;
}
