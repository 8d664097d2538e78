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

/* The query as parameters; false: there are none, or they are no text. */
static bool params_of(struct importer *im, const struct request *r, struct pairs *out)
{
    *out = (struct pairs){0};
    if (r->url.query.length == 0)
        return false;
    pairs_of_query(&im->scratch, r->url.query, out);
    for (size_t i = 0; i < out->count; i++)
        if (!span_is_utf8(out->items[i].name) || !span_is_utf8(out->items[i].value)) {
            body_pairs_note(im, IN_QUERY, out);
            return false;
        }
    return out->count > 0;
}

static void put_url(struct importer *im, const struct request *r, bool with_query, struct text *out)
{
    struct text url;
    text_init(&url, 1 << 20);
    put_path(im, r, &url);
    if (with_query && r->url.query.ptr != NULL) {
        text_char(&url, '?');
        express_literal(im, r->url.query, &url);
    }
    im->scalars++;
    yaml_text(out, text_all(&url));
    out->failed |= url.failed;
    text_finish(&url);
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
    bool needs_type = false,
         has_params = params_of(im, r, &params) && body_pairs_wanted(im, IN_QUERY, &params);
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
    headers_write(im, r, needs_type, out);
    if (r->status >= 400)
        text_printf(out, "    assert_status: %d\n", r->status);
    stores_write(im, r, out);
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
    plain = im->macros == macros &&
            !(params_of(im, r, &params) && body_pairs_vary(im, IN_QUERY, &params));
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
        if (r->leaves)
            break;
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

static void put_left_out(const struct request *r, struct text *out)
{
    text_printf(out, "  # entry %llu is left out: it is redirected to ",
                (unsigned long long)r->number + 1);
    yaml_comment(out, r->away);
    text_puts(out, ", and redirects are followed\n");
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
        if (r->leaves)
            put_left_out(r, out);
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
