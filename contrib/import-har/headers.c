#include <string.h>

#include "importer.h"
#include "yaml_text.h"

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
        express_login(im, user, password);
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

void headers_write(struct importer *im, const struct request *r, bool needs_type, struct text *out)
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
