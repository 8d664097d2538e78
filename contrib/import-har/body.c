#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "importer.h"
#include "yaml_text.h"

enum { NAME_IN_MAP_MAX = 200 };

static bool type_is(struct span type, const char *what)
{
    size_t n = strlen(what);
    return span_begins_nocase(type, what) &&
           (type.length == n || strchr("; \t", type.ptr[n]) != NULL);
}

static bool type_is_json(struct span type)
{
    size_t end = 0, at;
    while (end < type.length && type.ptr[end] != ';')
        end++;
    struct span name = span_trim((struct span){type.ptr, end});
    return type_is(type, "application/json") || type_is(type, "text/json") ||
           (span_find(name, "+json", &at) && at + 5 == name.length);
}

/* --- pairs ------------------------------------------------------------------------------------ */

static bool pairs_fit_map(const struct pairs *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->items[i].name.length > NAME_IN_MAP_MAX)
            return false;
    return !pairs_repeat(p);
}

void body_pairs(struct importer *im, const char *key, enum site site, const struct pairs *p,
                struct text *out)
{
    bool map = pairs_fit_map(p);
    text_printf(out, "    %s:\n", key);
    for (size_t i = 0; i < p->count; i++) {
        const struct pair *pair = &p->items[i];
        text_puts(out, map ? "      " : "      - [");
        if (map) {
            yaml_text(out, pair->name);
            im->scalars++;
        } else {
            express_quoted_literal(im, pair->name, out);
        }
        text_puts(out, map ? ": " : ", ");
        express_quoted(im, site, pair->name, pair->value, out);
        text_puts(out, map ? "\n" : "]\n");
    }
}

void body_pairs_note(struct importer *im, enum site site, const struct pairs *p)
{
    for (size_t i = 0; im->collecting && i < p->count; i++)
        if (span_is_utf8(p->items[i].name) && span_is_utf8(p->items[i].value))
            express(im, site, p->items[i].name, p->items[i].value, &im->piece);
}

bool body_pairs_vary(struct importer *im, enum site site, const struct pairs *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (express_varies(im, site, p->items[i].name, p->items[i].value))
            return true;
    return false;
}

bool body_pairs_wanted(struct importer *im, enum site site, const struct pairs *p)
{
    if (im->collecting || p->exact)
        return true;
    bool varies = body_pairs_vary(im, site, p);
    im->encoded_anew += varies;
    return varies;
}

static bool pairs_are_text(const struct pairs *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (!span_is_utf8(p->items[i].name) || !span_is_utf8(p->items[i].value))
            return false;
    return true;
}

static bool has_percent(struct span s)
{
    for (size_t i = 0; i + 2 < s.length; i++)
        if (s.ptr[i] == '%' && isxdigit((unsigned char)s.ptr[i + 1]) &&
            isxdigit((unsigned char)s.ptr[i + 2]))
            return true;
    return false;
}

/* Recorders differ in whether they decode the parameters of a form. */
static void tell_params(struct importer *im, const struct request *r)
{
    bool any = false;
    for (size_t i = 0; i < r->params.count; i++)
        any |= has_percent(r->params.items[i].name) || has_percent(r->params.items[i].value);
    if (!any || im->params_told || im->collecting)
        return;
    im->params_told = true;
    say_warning(im->say,
                "entry %llu has parameters with '%%XX' and no text of the form, which does not say "
                "whether they are encoded: they are taken as they stand, and encoded",
                (unsigned long long)r->number + 1);
}

static bool form(struct importer *im, const struct request *r, struct text *out)
{
    struct pairs pairs = {.exact = true};
    if (r->body.length > 0) {
        pairs_of_query(&im->scratch, r->body, &pairs);
    } else {
        for (size_t i = 0; i < r->params.count; i++) {
            struct pair *p = pairs_add(&im->scratch, &pairs);
            if (p == NULL)
                break;
            p->name = r->params.items[i].name;
            p->value = r->params.items[i].value;
        }
        tell_params(im, r);
    }
    if (pairs.no_memory) {
        out->failed = true;
        return true;
    }
    if (!pairs_are_text(&pairs)) {
        body_pairs_note(im, IN_FIELD, &pairs);
        return false;
    }
    if (pairs.count == 0 || !body_pairs_wanted(im, IN_FIELD, &pairs))
        return false;
    body_pairs(im, "data", IN_FIELD, &pairs, out);
    return true;
}

/* --- multipart -------------------------------------------------------------------------------- */

static bool is_text(struct span s)
{
    return span_is_utf8(s) && (s.length == 0 || memchr(s.ptr, '\0', s.length) == NULL);
}

/* Bytes that are no text become a file of the folder. */
static void put_upload(struct importer *im, struct span content, struct text *out)
{
    char name[40];
    if (im->collecting)
        return;
    snprintf(name, sizeof name, "upload_%zu.bin", im->files.count + 1);
    struct span kept = pool_copy(&im->kept, span_of(name));
    if (kept.ptr == NULL || !files_add(&im->files, kept.ptr, content))
        im->failed = !say_error(im->say, "it holds more than %d files to upload", FILES_MAX);
    text_printf(out, "file: %s", name);
}

static void put_part(struct importer *im, const struct pair *p, struct text *out)
{
    bool text = is_text(p->value);
    text_puts(out, "      - [");
    express_quoted_literal(im, p->name, out);
    text_puts(out, ", ");
    if (text && p->file.ptr == NULL && p->type.ptr == NULL) {
        express_quoted(im, IN_FIELD, p->name, p->value, out);
        text_puts(out, "]\n");
        return;
    }
    text_char(out, '{');
    if (text) {
        text_puts(out, "text: ");
        express_quoted(im, IN_FIELD, p->name, p->value, out);
    } else {
        put_upload(im, p->value, out);
    }
    if (p->file.ptr != NULL) {
        text_puts(out, ", name: ");
        express_quoted_literal(im, p->file, out);
    }
    if (p->type.length > 0) {
        text_puts(out, ", type: ");
        express_quoted_literal(im, p->type, out);
    }
    text_puts(out, "}]");
    if (p->file.length > 0 && p->value.length == 0) {
        text_puts(out, " # the recording does not hold the file");
        im->files_missing += !im->collecting;
    }
    text_char(out, '\n');
}

static bool multipart(struct importer *im, const struct request *r, struct text *out)
{
    struct pairs pairs = {.exact = true};
    if (r->body.length == 0 || !pairs_of_multipart(&im->scratch, r->body_type, r->body, &pairs)) {
        pairs = (struct pairs){.no_memory = pairs.no_memory};
        for (size_t i = 0; i < r->params.count; i++) {
            const struct har_pair *from = &r->params.items[i];
            struct pair *p = pairs_add(&im->scratch, &pairs);
            if (p == NULL)
                break;
            *p = (struct pair){
                .name = from->name, .value = from->value, .file = from->file, .type = from->type};
        }
    }
    out->failed |= pairs.no_memory;
    if (pairs.count == 0)
        return false;
    text_puts(out, "    multipart:\n");
    for (size_t i = 0; i < pairs.count; i++)
        put_part(im, &pairs.items[i], out);
    return true;
}

/* --- any body --------------------------------------------------------------------------------- */

void body_write(struct importer *im, const struct request *r, struct text *out, bool *needs_type)
{
    struct span type = r->body_type;
    *needs_type = false;
    if (r->cut) {
        im->bodies_cut += !im->collecting;
        text_puts(out, "    # its body is too large to be imported, or not as it was encoded\n");
        *needs_type = true;
        return;
    }
    if (r->body.length == 0 && r->params.count == 0) {
        *needs_type = type.length > 0;
        return;
    }
    if (type_is(type, "multipart/form-data") && multipart(im, r, out))
        return;
    if ((type_is(type, "application/x-www-form-urlencoded") || r->body.length == 0) &&
        form(im, r, out)) {
        *needs_type = type.length > 0 && !span_is(type, "application/x-www-form-urlencoded");
        return;
    }
    if (type_is_json(type) && body_json(im, r->body, out)) {
        *needs_type = !span_is(type, "application/json");
        return;
    }
    *needs_type = true;
    if (!is_text(r->body)) {
        im->bodies_cut += !im->collecting;
        text_puts(out, "    # its body is not text, and is left out\n");
        return;
    }
    text_puts(out, "    data: ");
    express_quoted(im, IN_TEXT, (struct span){"", 0}, r->body, out);
    text_char(out, '\n');
}
