#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "importer.h"
#include "yaml_text.h"

/* --- one entry -------------------------------------------------------------------------------- */

/* What a browser sends of itself, what the session's connection and cookies see to, and what would
 * make an answer depend on a cache that sessions do not have. A name that ends in '-' stands for
 * all that begin with it. */
static const char *const dropped[] = {":",
                                      "sec-",
                                      "if-",
                                      "access-control-request-",
                                      "x-devtools-",
                                      "host",
                                      "connection",
                                      "keep-alive",
                                      "content-length",
                                      "transfer-encoding",
                                      "te",
                                      "trailer",
                                      "upgrade",
                                      "upgrade-insecure-requests",
                                      "user-agent",
                                      "accept-encoding",
                                      "accept-language",
                                      "cache-control",
                                      "pragma",
                                      "dnt",
                                      "priority",
                                      "purpose",
                                      "cookie",
                                      "referer",
                                      "expect",
                                      "x-client-data",
                                      "proxy-connection",
                                      "content-type", /* the body brings it */
                                      NULL};

static bool name_is_fine(struct span name)
{
    for (size_t i = 0; i < name.length; i++)
        if ((unsigned char)name.ptr[i] <= ' ' || (unsigned char)name.ptr[i] >= 0x7f ||
            strchr("()<>@,;:\\\"/[]?={}", name.ptr[i]) != NULL)
            return false;
    return name.length > 0 && name.length < 200;
}

static bool value_is_fine(struct span value)
{
    for (size_t i = 0; i < value.length; i++)
        if ((unsigned char)value.ptr[i] < ' ' && value.ptr[i] != '\t')
            return false;
    return value.length < 60000 && span_is_utf8(value);
}

bool header_is_kept(struct span name, struct span value)
{
    for (const char *const *d = dropped; *d != NULL; d++) {
        size_t n = strlen(*d);
        bool family = (*d)[n - 1] == '-' || (*d)[n - 1] == ':';
        if (family ? span_begins_nocase(name, *d) : span_equal_nocase(name, span_of(*d)))
            return false;
    }
    if (!name_is_fine(name) || !value_is_fine(value))
        return false;
    if (span_equal_nocase(name, span_of("accept")))
        return !span_begins(value, "*/*") && !span_begins(value, "text/html,") &&
               !span_begins(value, "image/") && !span_begins(value, "text/css");
    return true;
}

static bool copy(struct importer *im, struct span *to, struct span from)
{
    if (from.ptr == NULL)
        return true;
    *to = pool_copy(&im->kept, from);
    return to->ptr != NULL;
}

static bool copy_headers(struct importer *im, struct har_list *to, const struct har_list *from,
                         struct span method)
{
    bool reads = span_is(method, "GET") || span_is(method, "HEAD");
    *to = (struct har_list){0};
    if (from->count == 0)
        return true;
    to->items = pool_take(&im->kept, from->count * sizeof *to->items);
    for (size_t i = 0; to->items != NULL && i < from->count; i++) {
        const struct har_pair *p = &from->items[i];
        if (p->name.ptr == NULL || p->value.ptr == NULL || !header_is_kept(p->name, p->value) ||
            (reads && span_equal_nocase(p->name, span_of("origin"))))
            continue;
        struct har_pair *out = &to->items[to->count++];
        if (!copy(im, &out->name, p->name) || !copy(im, &out->value, p->value))
            return false;
    }
    return to->items != NULL;
}

static bool copy_params(struct importer *im, struct har_list *to, const struct har_list *from)
{
    *to = (struct har_list){0};
    if (from->count == 0)
        return true;
    to->items = pool_take(&im->kept, from->count * sizeof *to->items);
    for (size_t i = 0; to->items != NULL && i < from->count; i++) {
        const struct har_pair *p = &from->items[i];
        struct har_pair *out = &to->items[to->count++];
        if (!copy(im, &out->name, p->name) || !copy(im, &out->value, p->value) ||
            !copy(im, &out->file, p->file) || !copy(im, &out->type, p->type))
            return false;
    }
    return to->items != NULL;
}

static bool note_cookies(struct importer *im, const struct har_list *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        const struct har_pair *p = &headers->items[i];
        if (p->name.ptr == NULL || p->value.ptr == NULL ||
            !span_equal_nocase(p->name, span_of("set-cookie")))
            continue;
        /* Recorders put several of them into one, line by line. */
        struct span rest = p->value;
        while (rest.length > 0) {
            const char *end = memchr(rest.ptr, '\n', rest.length);
            struct span line = {rest.ptr, end != NULL ? (size_t)(end - rest.ptr) : rest.length};
            rest.ptr += line.length + (end != NULL);
            rest.length -= line.length + (end != NULL);
            const char *is = memchr(line.ptr, '=', line.length);
            struct span name = span_trim(
                (struct span){line.ptr, is != NULL ? (size_t)(is - line.ptr) : line.length});
            bool known = name.length == 0 || im->cookies_count == COOKIES_MAX;
            for (size_t k = 0; k < im->cookies_count; k++)
                known |= span_equal(im->cookies[k], name);
            if (!known && !copy(im, &im->cookies[im->cookies_count++], name))
                return false;
        }
    }
    return true;
}

static bool copy_body(struct importer *im, struct request *r, const struct har_entry *e)
{
    struct span type = har_header(&e->request.headers, "content-type");
    if (type.length == 0 && e->request.type.length > 0)
        type = e->request.type;
    r->cut = e->request.cut || e->request.text.length > BODY_BYTES_MAX;
    if (!copy(im, &r->body_type, type) || !copy_params(im, &r->params, &e->params))
        return false;
    return r->cut || copy(im, &r->body, e->request.text);
}

static bool copy_entry(struct importer *im, struct request *r, const struct har_entry *e)
{
    struct span url = {"", 0};
    struct span location = e->redirect.length > 0 ? e->redirect : (struct span){NULL, 0};
    if (!copy(im, &url, e->url))
        return false;
    if (!url_read(&im->kept, url, &r->url)) {
        if (r->url.no_memory)
            return false;
        r->fate = FATE_FOREIGN;
    }
    if (r->fate == FATE_FOREIGN)
        return true;
    if (location.ptr == NULL)
        location = har_header(&e->response.headers, "location");
    if (r->status >= 300 && r->status < 400 && r->status != 304 && location.ptr != NULL) {
        r->redirect = url_follow(&im->kept, &r->url, location);
        if (r->redirect.ptr == NULL)
            return false;
    }
    struct span type = e->response.type;
    if (type.length == 0)
        type = har_header(&e->response.headers, "content-type");
    if (type.length > 200)
        type.length = 200;
    return copy(im, &r->type, type) && copy(im, &r->method, e->method) &&
           copy(im, &r->cookie, har_header(&e->request.headers, "cookie")) &&
           copy_headers(im, &r->headers, &e->request.headers, e->method) && copy_body(im, r, e) &&
           note_cookies(im, &e->response.headers);
}

static bool grow(struct importer *im)
{
    if (im->count < im->size)
        return true;
    uint32_t size = im->size * 2 + 256;
    struct request *requests = realloc(im->requests, size * sizeof *requests);
    if (requests == NULL)
        return false;
    im->requests = requests;
    im->size = size;
    return true;
}

static bool method_is_fine(struct span method)
{
    for (size_t i = 0; i < method.length; i++)
        if (!((method.ptr[i] | 0x20) >= 'a' && (method.ptr[i] | 0x20) <= 'z'))
            return false;
    return method.length > 0 && method.length <= 24 &&
           !span_equal_nocase(method, span_of("CONNECT"));
}

static enum fate fate_of(const struct har_entry *e, const struct request *r)
{
    if (!method_is_fine(e->method) || e->url.length == 0 || e->url.length > 60000 ||
        !span_is_utf8(e->url))
        return FATE_FOREIGN;
    if (r->status == 101)
        return FATE_FOREIGN;
    if (e->from_cache.length > 0)
        return FATE_CACHED;
    if (r->status == 0)
        return FATE_UNANSWERED;
    if (span_equal_nocase(e->method, span_of("OPTIONS")) &&
        har_header(&e->request.headers, "access-control-request-method").ptr != NULL)
        return FATE_PREFLIGHT;
    return FATE_SENT;
}

bool recording_add(struct importer *im, const struct har_entry *e)
{
    if (!grow(im))
        return say_no_memory(im->say);
    struct request *r = &im->requests[im->count];
    bool told = e->status >= 100 && e->status < 1000;
    /* Some recorders leave the status out; 0 and -1 mean that nothing came. */
    *r = (struct request){.number = e->number,
                          .started_ms = har_time_ms(e->started),
                          .duration_ms = e->duration_ms >= 0 ? e->duration_ms : -1,
                          .size = e->response.size,
                          .status = told             ? (int)e->status
                                    : e->status == 0 ? 0
                                                     : -1,
                          .type = {"", 0}};
    r->fate = fate_of(e, r);
    if (!copy_entry(im, r, e))
        return say_error(im->say, "out of memory, or more than %d MiB of requests",
                         KEPT_BYTES_MAX >> 20);
    im->count++;
    return true;
}

/* --- all of them ------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
    const struct request *x = a, *y = b;
    if (x->started_ms < y->started_ms)
        return -1;
    if (x->started_ms > y->started_ms)
        return 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Without a time an entry is where it stands in the file: it has that of the one before, the first
 * ones that of the first which has one. */
static void fill_times(struct importer *im)
{
    double last = 0;
    for (uint32_t i = im->count; i > 0; i--)
        if (!isnan(im->requests[i - 1].started_ms))
            last = im->requests[i - 1].started_ms;
    for (uint32_t i = 0; i < im->count; i++) {
        if (isnan(im->requests[i].started_ms))
            im->requests[i].started_ms = last;
        last = im->requests[i].started_ms;
    }
}

static void count_origin(struct importer *im, struct span origin)
{
    size_t i = 0;
    while (i < im->origins_count && !span_equal(im->origins[i].origin, origin))
        i++;
    if (i == ORIGINS_MAX)
        return;
    if (i == im->origins_count)
        im->origins[im->origins_count++].origin = origin;
    im->origins[i].count++;
}

static void find_base(struct importer *im)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < im->count; i++)
        if (im->requests[i].fate == FATE_SENT)
            count_origin(im, im->requests[i].url.origin);
    im->base = (struct span){NULL, 0};
    for (size_t i = 0; i < im->origins_count; i++)
        if (im->origins[i].count > most) {
            most = im->origins[i].count;
            im->base = im->origins[i].origin;
        }
    if (*im->settings->base_url != '\0')
        im->base = span_of(im->settings->base_url);
}

static struct span whole_url(struct pool *pool, const struct url *u)
{
    struct text t;
    text_init(&t, 1 << 20);
    text_span(&t, u->origin);
    text_span(&t, u->path);
    if (u->query.ptr != NULL) {
        text_char(&t, '?');
        text_span(&t, u->query);
    }
    struct span out = t.failed ? (struct span){NULL, 0} : pool_copy(pool, text_all(&t));
    text_finish(&t);
    return out;
}

/* http://h and https://h count as one site. */
static bool is_away(const struct importer *im, struct span origin)
{
    size_t at = 0, base_at = 0;
    span_find(origin, "://", &at);
    span_find(im->base, "://", &base_at);
    return im->settings->skip_externals &&
           !span_equal((struct span){origin.ptr + at, origin.length - at},
                       (struct span){im->base.ptr + base_at, im->base.length - base_at});
}

/* Requests follow redirects wherever they lead: what leads away is not sent at all. */
static bool leave_out(struct importer *im, struct request *r, struct span origin)
{
    struct text shown;
    r->fate = FATE_EXTERNAL;
    r->leaves = true;
    if (!copy(im, &r->away, origin))
        return say_no_memory(im->say);
    if (im->redirects_away++ >= SAY_WARNINGS_MAX)
        return true;
    text_init(&shown, 1000);
    yaml_shown(&shown, origin);
    bool good = !shown.failed || say_no_memory(im->say);
    if (good)
        say_warning(im->say,
                    "entry %llu is left out: it is redirected to %s, and redirects are followed "
                    "(skip_externals: false requests it)",
                    (unsigned long long)r->number + 1, text_all(&shown).ptr);
    text_finish(&shown);
    return good;
}

/* The entry that a redirect led to is requested by following it. */
static bool follow(struct importer *im, uint32_t from)
{
    struct request *r = &im->requests[from];
    struct url target;
    if (im->settings->skip_externals && !span_equal(im->requests[r->root].url.origin, im->base))
        return true;
    pool_reset(&im->scratch);
    if (!url_read(&im->scratch, r->redirect, &target))
        return !target.no_memory || say_no_memory(im->say);
    if (is_away(im, target.origin))
        return leave_out(im, &im->requests[r->root], target.origin);
    struct span wanted = whole_url(&im->scratch, &target);
    for (uint32_t i = from + 1; i < im->count && i <= from + REDIRECT_LOOK_AHEAD; i++) {
        struct request *next = &im->requests[i];
        if (next->fate != FATE_SENT || next->root != i ||
            !span_equal(next->url.origin, target.origin))
            continue;
        struct span url = whole_url(&im->scratch, &next->url);
        if (url.ptr == NULL || wanted.ptr == NULL)
            return say_no_memory(im->say);
        if (!span_equal(url, wanted))
            continue;
        next->fate = FATE_REDIRECTED;
        next->root = r->root;
        return true;
    }
    return true;
}

static bool order(struct importer *im)
{
    uint64_t most = 0;
    fill_times(im);
    if (im->count > 1)
        qsort(im->requests, im->count, sizeof *im->requests, compare);
    for (uint32_t i = 0; i < im->count; i++)
        most = im->requests[i].number > most ? im->requests[i].number : most;
    im->by_number = malloc((most + 1) * sizeof *im->by_number);
    if (im->by_number == NULL)
        return say_no_memory(im->say);
    for (uint32_t i = 0; i < im->count; i++) {
        im->requests[i].root = i;
        im->by_number[im->requests[i].number] = i;
    }
    return true;
}

bool recording_finish(struct importer *im)
{
    if (!order(im))
        return false;
    find_base(im);
    for (uint32_t i = 0; i < im->count; i++)
        if ((im->requests[i].fate == FATE_SENT || im->requests[i].fate == FATE_REDIRECTED) &&
            im->requests[i].redirect.ptr != NULL && !follow(im, i))
            return false;
    for (uint32_t i = 0; i < im->count; i++) {
        struct request *r = &im->requests[i];
        if (r->fate == FATE_SENT && im->settings->skip_externals &&
            !span_equal(r->url.origin, im->base))
            r->fate = FATE_EXTERNAL;
        /* Of redirects the last answer counts. */
        if ((r->fate == FATE_SENT || r->fate == FATE_REDIRECTED) && r->status >= 400 &&
            im->settings->skip_errors) {
            im->requests[r->root].fate = FATE_ERROR;
            if (r->root == i)
                r->fate = FATE_ERROR;
        }
        r->is_static = r->fate == FATE_SENT && r->status < 400 && r->redirect.ptr == NULL &&
                       span_is(r->method, "GET") && r->body.length == 0 && r->headers.count == 0 &&
                       r->duration_ms <= im->settings->collate_max_duration_s * 1000 &&
                       settings_is_static(im->settings, r->type);
    }
    for (uint32_t i = 0; i < im->count; i++) {
        struct request *r = &im->requests[i];
        if (im->requests[r->root].leaves)
            r->fate = FATE_EXTERNAL;
        im->counts[r->fate]++;
    }
    if (im->counts[FATE_SENT] == 0)
        return say_error(im->say,
                         im->count == 0 ? "there are no entries in it"
                                        : "none of its %u entries is to be requested",
                         im->count);
    return true;
}
