#include <math.h>
#include <stdio.h>
#include <string.h>

#include "importer.h"
#include "yaml_text.h"

enum { HOPS_LOOK_AHEAD = 30 * REDIRECT_LOOK_AHEAD };

/* --- comments --------------------------------------------------------------------------------- */

static void put_size(struct text *out, double bytes)
{
    if (bytes >= 1e6)
        text_printf(out, ", %.1f MB", bytes / 1e6);
    else if (bytes >= 1e3)
        text_printf(out, ", %.1f kB", bytes / 1e3);
    else if (bytes >= 0)
        text_printf(out, ", %.0f bytes", bytes);
}

static void put_facts(const struct request *r, struct text *out)
{
    size_t end = 0;
    while (end < r->type.length && r->type.ptr[end] != ';')
        end++;
    if (end > 0)
        yaml_comment(out, span_trim((struct span){r->type.ptr, end}));
    else
        text_puts(out, "type unknown");
    put_size(out, r->size);
    if (r->duration_ms >= 0)
        text_printf(out, ", %.3f s", r->duration_ms / 1000);
}

static void put_comment(const struct importer *im, const struct request *r, struct text *out)
{
    text_puts(out, "    # ");
    put_facts(r, out);
    if (r->status > 0)
        text_printf(out, ", status %d", r->status);
    text_char(out, '\n');
    if (r->redirect.ptr == NULL)
        return;
    unsigned hops = 1;
    for (uint32_t i = im->current + 1; i < im->count && i < im->current + HOPS_LOOK_AHEAD; i++)
        hops += im->requests[i].root == im->current && im->requests[i].redirect.ptr != NULL;
    text_printf(out, "    # %u redirect%s followed, and not requested again\n", hops,
                hops == 1 ? " is" : "s are");
}

/* --- the URL ---------------------------------------------------------------------------------- */

/* Of a path what is between two '/'. */
static void put_segment(struct importer *im, struct span segment, struct text *out)
{
    struct span plain = percent_decode(&im->scratch, segment, false);
    struct text t;
    uint32_t macros = im->macros;
    bool simple = plain.length > 0;
    for (size_t i = 0; simple && i < plain.length; i++)
        simple = strchr("/?#%&", plain.ptr[i]) == NULL || plain.ptr[i] == '\0';
    if (!simple || !span_is_utf8(plain)) {
        express_literal(im, segment, out);
        return;
    }
    text_init(&t, 1 << 20);
    express(im, IN_PATH, (struct span){"", 0}, plain, &t);
    /* Only what is a variable is written decoded. */
    if (im->macros != macros && !span_find(text_all(&t), "$(dollar)", &(size_t){0}))
        text_span(out, text_all(&t));
    else
        express_literal(im, segment, out);
    out->failed |= t.failed;
    text_finish(&t);
}

static void put_path(struct importer *im, const struct request *r, struct text *out)
{
    struct span path = r->url.path;
    if (!span_equal(r->url.origin, im->base))
        text_span(out, r->url.origin);
    else if (span_begins(path, "//"))
        text_puts(out, "$(base_url)"); /* else it would name a host */
    while (path.length > 0) {
        size_t n = 0;
        while (n < path.length && path.ptr[n] != '/')
            n++;
        if (n > 0)
            put_segment(im, (struct span){path.ptr, n}, out);
        if (n < path.length)
            text_char(out, '/');
        n += n < path.length;
        path.ptr += n;
        path.length -= n;
    }
}

/* The query as parameters; false: it stays in the URL. */
static bool params_of(struct importer *im, const struct request *r, struct pairs *out)
{
    *out = (struct pairs){0};
    if (r->url.query.length == 0)
        return false;
    pairs_of_query(&im->scratch, r->url.query, out);
    bool secret = false;
    for (size_t i = 0; i < out->count; i++) {
        if (!span_is_utf8(out->items[i].name) || !span_is_utf8(out->items[i].value))
            return false;
        secret |= secret_is_name(out->items[i].name) || secret_is_value(out->items[i].value);
    }
    return out->count > 0 && (out->exact || (secret && !im->settings->keep_secrets));
}

static void put_url(struct importer *im, const struct request *r, bool with_query, struct text *out)
{
    struct text url;
    text_init(&url, 1 << 20);
    put_path(im, r, &url);
    if (with_query && r->url.query.length > 0) {
        text_char(&url, '?');
        express_literal(im, r->url.query, &url);
    }
    im->scalars++;
    yaml_text(out, text_all(&url));
    out->failed |= url.failed;
    text_finish(&url);
}

/* --- headers ---------------------------------------------------------------------------------- */

static bool is_first(const struct har_list *l, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (span_equal_nocase(l->items[i].name, l->items[j].name))
            return false;
    return true;
}

static void put_header(struct importer *im, struct span name, struct span value, bool *any,
                       struct text *out)
{
    struct text t;
    text_init(&t, 1 << 20);
    size_t n = 0;
    /* "Bearer TOKEN": the scheme is no secret. */
    while (n < value.length && value.ptr[n] != ' ')
        n++;
    bool scheme =
        span_equal_nocase(name, span_of("authorization")) && n > 0 && n + 1 < value.length;
    if (scheme) {
        text_put(&t, value.ptr, n + 1);
        value.ptr += n + 1;
        value.length -= n + 1;
    }
    express(im, IN_HEADER, name, value, &t);
    if (!*any)
        text_puts(out, "    headers:\n");
    *any = true;
    text_puts(out, "      ");
    yaml_text(out, name);
    text_puts(out, ": ");
    yaml_text(out, text_all(&t));
    text_char(out, '\n');
    im->scalars += 2;
    out->failed |= t.failed;
    text_finish(&t);
}

/* All values of a name, joined. */
static struct span join(struct importer *im, const struct har_list *l, size_t i)
{
    struct text t;
    text_init(&t, 1 << 20);
    for (size_t j = i; j < l->count; j++)
        if (span_equal_nocase(l->items[i].name, l->items[j].name)) {
            if (j > i)
                text_puts(&t, ", ");
            text_span(&t, l->items[j].value);
        }
    struct span out = t.failed ? (struct span){NULL, 0} : pool_copy(&im->scratch, text_all(&t));
    text_finish(&t);
    if (out.ptr == NULL)
        im->failed = !say_error(im->say, "out of memory, or too long a header");
    return out.ptr != NULL ? out : l->items[i].value;
}

static bool was_set(const struct importer *im, struct span name)
{
    for (size_t i = 0; i < im->cookies_count; i++)
        if (span_equal(im->cookies[i], name))
            return true;
    return false;
}

/* With --keep-secrets: the cookies that were there before the recording. */
static void put_cookies(struct importer *im, const struct request *r, bool *any, struct text *out)
{
    struct span rest = r->cookie;
    struct text t;
    text_init(&t, 1 << 16);
    while (rest.length > 0) {
        const char *end = memchr(rest.ptr, ';', rest.length);
        struct span one = {rest.ptr, end != NULL ? (size_t)(end - rest.ptr) : rest.length};
        rest.ptr += one.length + (end != NULL);
        rest.length -= one.length + (end != NULL);
        one = span_trim(one);
        const char *is = memchr(one.ptr, '=', one.length);
        if (is == NULL || was_set(im, (struct span){one.ptr, (size_t)(is - one.ptr)}))
            continue;
        text_puts(&t, t.length > 0 ? "; " : "");
        text_span(&t, one);
    }
    if (t.length > 0 && !im->settings->keep_secrets)
        im->cookies_left_out = true;
    else if (t.length > 0)
        put_header(im, span_of("Cookie"), text_all(&t), any, out);
    out->failed |= t.failed;
    text_finish(&t);
}

/* user:password, decoded; `.ptr` is NULL where there is none. */
static bool credentials(struct importer *im, const struct request *r, struct span *user,
                        struct span *password)
{
    struct span value = har_header(&r->headers, "authorization"), both = {NULL, 0};
    if (value.ptr != NULL && span_begins_nocase(value, "basic "))
        both = base64_read(&im->scratch, span_trim((struct span){value.ptr + 6, value.length - 6}));
    else if (value.ptr == NULL && r->url.userinfo.ptr != NULL)
        both = percent_decode(&im->scratch, r->url.userinfo, false);
    const char *colon = both.length > 0 ? memchr(both.ptr, ':', both.length) : NULL;
    if (colon == NULL || !span_is_utf8(both))
        return false;
    *user = (struct span){both.ptr, (size_t)(colon - both.ptr)};
    *password = (struct span){colon + 1, both.length - user->length - 1};
    return true;
}

/* True: the header is not needed. */
static bool put_auth(struct importer *im, const struct request *r, struct text *out)
{
    struct span user, password;
    if (!credentials(im, r, &user, &password))
        return false;
    if (im->collecting) {
        im->login = user;
        im->password = password;
        return true;
    }
    if (im->user_password.ptr != NULL && span_equal(im->user_name, user) &&
        span_equal(im->user_password, password)) {
        text_puts(out, "    auth: $(user.auth)\n");
        im->user_used = true;
        return true;
    }
    text_puts(out, "    auth: [");
    express_quoted_literal(im, user, out);
    text_puts(out, ", ");
    express_quoted(im, IN_FIELD, span_of("password"), password, out);
    text_puts(out, "]\n");
    return true;
}

static void put_headers(struct importer *im, const struct request *r, bool needs_type,
                        struct text *out)
{
    bool any = false, auth = put_auth(im, r, out);
    if (needs_type && r->body_type.length > 0)
        put_header(im, span_of("Content-Type"), r->body_type, &any, out);
    for (size_t i = 0; i < r->headers.count; i++) {
        struct span name = r->headers.items[i].name;
        if (!is_first(&r->headers, i) ||
            (auth && span_equal_nocase(name, span_of("authorization"))))
            continue;
        struct span value = join(im, &r->headers, i);
        if (!span_equal_nocase(name, span_of("origin"))) {
            put_header(im, name, value, &any, out);
        } else if (span_equal(value, im->base)) {
            text_puts(out, any ? "" : "    headers:\n");
            any = true;
            text_puts(out, "      Origin: $(base_url)\n");
        }
    }
    put_cookies(im, r, &any, out);
}

/* --- what is stored --------------------------------------------------------------------------- */

/* The parts of JSON that are stored, as one value for dry runs: `rests` are what is left of the
 * paths, below a container. */
static void put_mock(struct span *rests, size_t count, const bool *numbers, struct text *out)
{
    if (count > 0 && rests[0].length == 0) {
        text_puts(out, numbers[0] ? "0" : "dry run");
        return;
    }
    bool is_list = rests[0].ptr[0] == '[', done[64] = {false};
    unsigned next = 0;
    text_char(out, is_list ? '[' : '{');
    for (;;) {
        struct span below[64], first = {NULL, 0};
        bool below_numbers[64];
        size_t n = 0;
        unsigned least = 0, item = 0;
        /* Of a list the smallest index that is left. */
        for (size_t i = 0; i < count; i++) {
            size_t end = 0;
            while (end < rests[i].length && rests[i].ptr[end] != '.')
                end++;
            struct span part = {rests[i].ptr, end};
            if (done[i])
                continue;
            if (is_list && sscanf(part.ptr, "[%u]", &item) != 1)
                continue;
            if (first.ptr == NULL || (is_list && item < least)) {
                first = part;
                least = item;
            }
        }
        if (first.ptr == NULL)
            break;
        for (size_t i = 0; i < count; i++)
            if (!done[i] && rests[i].length >= first.length &&
                memcmp(rests[i].ptr, first.ptr, first.length) == 0 &&
                (rests[i].length == first.length || rests[i].ptr[first.length] == '.')) {
                size_t skip = first.length + (rests[i].length > first.length);
                below_numbers[n] = numbers[i];
                below[n++] = (struct span){rests[i].ptr + skip, rests[i].length - skip};
                done[i] = true;
            }
        for (; is_list && next < least; next++)
            text_puts(out, next > 0 ? ", null" : "null");
        text_puts(out, text_all(out).ptr[out->length - 1] == '[' ||
                               text_all(out).ptr[out->length - 1] == '{'
                           ? ""
                           : ", ");
        if (!is_list) {
            yaml_text(out, first);
            text_puts(out, ": ");
        }
        put_mock(below, n, below_numbers, out);
        next++;
    }
    text_char(out, is_list ? ']' : '}');
}

static void put_stores(struct importer *im, const struct request *r, struct text *out)
{
    struct span paths[64];
    bool numbers[64];
    size_t count = 0;
    for (int kind = FROM_JSON; kind <= FROM_HEADER; kind++) {
        bool any = false;
        for (const struct store *s = r->stores; s != NULL && count < 64; s = s->next) {
            if ((int)s->variable->kind != kind)
                continue;
            if (!any) {
                text_puts(out, "    # sent again by later requests: correlated by the import\n");
                text_puts(out, kind == FROM_JSON ? "    store_json:\n" : "    store_header:\n");
            }
            any = true;
            text_puts(out, "      ");
            text_span(out, s->variable->name);
            text_puts(out, ": ");
            yaml_text(out, s->variable->path);
            text_char(out, '\n');
            im->scalars += 4;
            if (kind == FROM_JSON) {
                numbers[count] = s->variable->is_number;
                paths[count++] = s->variable->path;
            }
        }
        if (kind == FROM_JSON && any) {
            text_puts(out, "    mock_result: ");
            put_mock(paths, count, numbers, out);
            text_puts(out, " # for dry runs\n");
        }
    }
}

/* --- activities ------------------------------------------------------------------------------- */

static const char *type_of(struct span method)
{
    static const struct {
        const char *method, *type;
    } types[] = {{"GET", "GetRequest"},        {"POST", "PostRequest"},   {"PUT", "PutRequest"},
                 {"DELETE", "DeleteRequest"},  {"PATCH", "PatchRequest"}, {"HEAD", "HeadRequest"},
                 {"OPTIONS", "OptionsRequest"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (span_equal_nocase(method, span_of(types[i].method)))
            return types[i].type;
    return "HTTPRequest";
}

static void put_request(struct importer *im, const struct request *r, struct text *out)
{
    struct pairs params;
    const char *type = type_of(r->method);
    bool needs_type = false, has_params = params_of(im, r, &params);
    text_printf(out, "  - activity: %s\n", type);
    put_comment(im, r, out);
    if (strcmp(type, "HTTPRequest") == 0) {
        text_puts(out, "    method: ");
        yaml_text(out, r->method);
        text_char(out, '\n');
    }
    text_puts(out, "    url: ");
    put_url(im, r, !has_params, out);
    text_char(out, '\n');
    if (has_params)
        body_pairs(im, "params", IN_QUERY, &params, out);
    if (strcmp(type, "HeadRequest") != 0)
        body_write(im, r, out, &needs_type);
    put_headers(im, r, needs_type, out);
    if (r->status >= 400)
        text_printf(out, "    assert_status: %d\n", r->status);
    put_stores(im, r, out);
    im->scalars += 6;
}

static double end_ms(const struct request *r)
{
    return r->started_ms + (r->duration_ms > 0 ? r->duration_ms : 0);
}

/* Does it say the same to everybody? */
static bool is_plain_static(struct importer *im, const struct request *r)
{
    struct text t;
    struct pairs params;
    uint32_t macros = im->macros;
    bool plain = r->is_static && r->stores == NULL;
    if (!plain)
        return false;
    text_init(&t, 1 << 20);
    put_url(im, r, true, &t);
    if (params_of(im, r, &params))
        for (size_t i = 0; plain && i < params.count; i++) {
            struct pair *p = &params.items[i];
            plain = !secret_is_name(p->name) || im->settings->keep_secrets;
            if (plain)
                express(im, IN_QUERY, p->name, p->value, &t);
        }
    plain &= im->macros == macros;
    if (t.failed)
        im->failed = !say_no_memory(im->say);
    text_finish(&t);
    return plain;
}

/* How many from `first` on are a burst. */
static uint32_t burst(struct importer *im, uint32_t first, uint32_t list[], uint32_t most)
{
    uint32_t n = 0;
    double end = 0;
    for (uint32_t i = first; i < im->count && n < most; i++) {
        const struct request *r = &im->requests[i];
        if (r->fate != FATE_SENT)
            continue;
        im->current = i;
        pool_reset(&im->scratch);
        if (n > 0 && r->started_ms - end > im->settings->collate_max_pause_s * 1000)
            break;
        if (!is_plain_static(im, r))
            break;
        list[n++] = i;
        end = end_ms(r) > end ? end_ms(r) : end;
    }
    im->current = first;
    return n;
}

static void put_statics(struct importer *im, const uint32_t list[], uint32_t n, struct text *out)
{
    text_puts(out, "  - activity: StaticRequests\n");
    text_printf(out, "    thread_count: %.0f\n    url_list:\n", im->settings->collate_thread_count);
    for (uint32_t i = 0; i < n; i++) {
        const struct request *r = &im->requests[list[i]];
        im->current = list[i];
        text_puts(out, "      # ");
        put_facts(r, out);
        text_puts(out, "\n      - ");
        put_url(im, r, true, out);
        text_char(out, '\n');
    }
    im->statics_written += n;
}

static void put_pause(struct importer *im, double pause_s, struct text *out)
{
    const struct settings *s = im->settings;
    if (pause_s < s->pause_min_s || s->pause_max_s <= 0)
        return;
    bool cut = pause_s > s->pause_max_s;
    double written = round((cut ? s->pause_max_s : pause_s) * 10) / 10;
    text_printf(out, "  - activity: $sleep(%g)", written > 0 ? written : 0.1);
    if (cut)
        text_printf(out, " # the recording paused for %.0f s", pause_s);
    text_char(out, '\n');
    im->scalars += 2;
}

static bool fits(struct importer *im, const struct text *out)
{
    if (im->failed)
        return false;
    if (say_stopped())
        return false;
    if (out->failed)
        return say_error(im->say, "out of memory, or more than the %d MiB that a scenario may have",
                         SEQUENCE_BYTES_MAX >> 20);
    if (im->scalars > SCALARS_MAX)
        return say_error(im->say, "it holds more than fits into a scenario");
    return true;
}

static bool collect_all(struct importer *im)
{
    struct text out;
    bool good = true;
    text_init(&out, SEQUENCE_BYTES_MAX);
    for (uint32_t i = 0; good && i < im->count; i++) {
        const struct request *r = &im->requests[i];
        if (r->fate != FATE_SENT)
            continue;
        im->current = i;
        pool_reset(&im->scratch);
        text_clear(&out);
        put_request(im, r, &out);
        express_end_request(im);
        good = fits(im, &out);
    }
    im->scalars = 0;
    text_finish(&out);
    return good;
}

bool write_sequence(struct importer *im)
{
    struct text *out = &im->sequence;
    double end = NAN;
    if (im->collecting)
        return collect_all(im);
    uint32_t most = (uint32_t)im->settings->collate_max_len;
    uint32_t *list = pool_take(&im->kept, most * sizeof *list);
    if (list == NULL)
        return say_no_memory(im->say);
    text_puts(out, "# Made by stressor init.\n");
    for (uint32_t i = 0; i < im->count; i++) {
        const struct request *r = &im->requests[i];
        /* What follows from a redirect takes its time too. */
        if (r->fate == FATE_REDIRECTED && !(end_ms(r) <= end))
            end = end_ms(r);
        if (r->fate != FATE_SENT)
            continue;
        if (!isnan(end))
            put_pause(im, (r->started_ms - end) / 1000, out);
        uint32_t n = burst(im, i, list, most);
        pool_reset(&im->scratch);
        if (n > 1)
            put_statics(im, list, n, out);
        else
            put_request(im, r, out);
        im->requests_written++;
        uint32_t last = n > 1 ? list[n - 1] : i;
        for (; i <= last; i++)
            if (im->requests[i].fate == FATE_SENT && !(end_ms(&im->requests[i]) <= end))
                end = end_ms(&im->requests[i]);
        i = last;
        if (!fits(im, out))
            return false;
    }
    return true;
}
