#include "request.h"

#include <stdio.h>
#include <string.h>

#include <stressor/log.h>

/* Which of libcurl's own headers the scenario replaces or removes. */
struct given {
    bool content_type, content_encoding, expect;
};

bool request_header_name_is_fine(struct span name)
{
    for (size_t i = 0; i < name.length; i++)
        if ((unsigned char)name.ptr[i] <= ' ' || strchr(":;()<>@,\"/[]?={}\x7f", name.ptr[i]))
            return false;
    return name.length > 0;
}

const char *request_header_value_problem(struct span value)
{
    for (size_t i = 0; i < value.length; i++)
        if (value.ptr[i] == '\r' || value.ptr[i] == '\n')
            return "a line break";
        else if (value.ptr[i] == '\0')
            return "NUL";
    return NULL;
}

static bool is_named(struct span name, const char *other)
{
    return span_equal_nocase(name, span_of(other));
}

static struct span without_spaces(struct span s)
{
    while (s.length > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t')) {
        s.ptr++;
        s.length--;
    }
    while (s.length > 0 && (s.ptr[s.length - 1] == ' ' || s.ptr[s.length - 1] == '\t'))
        s.length--;
    return s;
}

static int32_t fail_header(struct http_call *c, struct span name, const char *what,
                           stressor_failure *failure)
{
    return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "header",
                         "argument 'headers': %s of '%.*s'", what,
                         (int)(name.length < 100 ? name.length : 100), name.ptr);
}

static int32_t fail_value(struct http_call *c, struct span name, const char *problem,
                          stressor_failure *failure)
{
    char what[60];
    snprintf(what, sizeof what, "%s stands in the value", problem);
    return fail_header(c, name, what, failure);
}

static bool is_dropped(const struct http_call *c, struct span name, const stressor_value *value)
{
    return (c->drop_host && is_named(name, "Host")) ||
           (c->drop_credentials && is_named(name, "Authorization")) ||
           (c->drop_cookie && value->type != STRESSOR_NULL && is_named(name, "Cookie")) ||
           (c->drop_entity &&
            (is_named(name, "Content-Type") || is_named(name, "Content-Length") ||
             is_named(name, "Content-Encoding") || is_named(name, "Transfer-Encoding")));
}

static int32_t add_header(struct http_call *c, struct transport_headers *list, struct span name,
                          const stressor_value *value, stressor_failure *failure)
{
    if (!request_header_name_is_fine(name))
        return fail_header(c, name, "characters that no header has stand in the name", failure);
    bool is_cookie = is_named(name, "Cookie");
    c->own_cookies |= is_cookie;
    if (value->type == STRESSOR_NULL)
        return is_cookie || transport_headers_omit(list, name) ? 0 : request_no_memory(c, failure);
    if (value->type == STRESSOR_LIST || value->type == STRESSOR_MAP)
        return fail_header(c, name, "expected a text as the value", failure);
    stressor_value text = *value;
    if (value->type != STRESSOR_STRING && c->exec->host->value_text(c->exec, value, &text) != 0)
        return request_no_memory(c, failure);
    struct span bytes = without_spaces(value_span(&text));
    const char *problem = request_header_value_problem(bytes);
    if (problem != NULL)
        return fail_value(c, name, problem, failure);
    bool good;
    if (is_cookie) {
        buf_clear(&c->cookie);
        good = buf_append_span(&c->cookie, bytes);
        c->has_cookie = true;
    } else {
        good = transport_headers_add(list, name, bytes);
    }
    return good ? 0 : request_no_memory(c, failure);
}

static int32_t add_given(struct http_call *c, struct transport_headers *list, struct given *given,
                         stressor_failure *failure)
{
    const stressor_value *headers = call_arg(c, ARG_HEADERS);
    int32_t rc = 0;
    for (uint64_t i = 0; headers->type == STRESSOR_MAP && i < headers->as.map.count && rc == 0;
         i++) {
        const char *key;
        uint64_t length;
        const stressor_value *value = c->exec->host->map_at(headers, i, &key, &length);
        struct span name = {key, length};
        if (is_dropped(c, name, value))
            continue;
        given->content_type |= is_named(name, "Content-Type");
        given->content_encoding |= is_named(name, "Content-Encoding");
        given->expect |= is_named(name, "Expect");
        rc = add_header(c, list, name, value, failure);
    }
    return rc;
}

/* What libcurl would send beside what is wanted: a type for every body, and a question whether a
 * large one is welcome. */
static bool add_own(struct http_call *c, struct transport_headers *list, const struct given *given)
{
    bool good = true;
    if (!given->content_type && c->content_type != NULL)
        good = transport_headers_add(list, span_of("Content-Type"), span_of(c->content_type));
    else if (!given->content_type)
        good = transport_headers_omit(list, span_of("Content-Type"));
    if (!given->content_encoding && c->is_compressed)
        good = good && transport_headers_add(list, span_of("Content-Encoding"), span_of("gzip"));
    if (!given->expect && c->request.body.length >= 1 << 20)
        good = good && transport_headers_omit(list, span_of("Expect"));
    return good;
}

static bool is_needed(const struct http_call *c)
{
    return call_arg(c, ARG_HEADERS)->type == STRESSOR_MAP || c->request.has_body ||
           (strcmp(c->request.method, "GET") != 0 && strcmp(c->request.method, "HEAD") != 0);
}

static int32_t make_headers(struct http_call *c, struct transport_headers **out,
                            stressor_failure *failure)
{
    struct transport_headers *list = transport_headers_new(c->session->worker->transport);
    if (list == NULL)
        return request_no_memory(c, failure);
    struct given given = {.expect = false};
    int32_t rc = add_given(c, list, &given, failure);
    if (rc == 0 && !add_own(c, list, &given))
        rc = request_no_memory(c, failure);
    if (rc != 0)
        transport_headers_free(list);
    else
        *out = list;
    return rc;
}

static int32_t use_cache(struct http_call *c, stressor_failure *failure)
{
    struct place_cache *cache = request_cache(c);
    if (cache == NULL)
        return request_no_memory(c, failure);
    if (!cache->has_headers) {
        int32_t rc = make_headers(c, &cache->headers, failure);
        if (rc != 0)
            return rc;
        cache->own_cookies = c->own_cookies;
        cache->has_cookie = c->has_cookie;
        buf_clear(&cache->cookie);
        if (c->has_cookie && !buf_append_span(&cache->cookie, buf_span(&c->cookie))) {
            transport_headers_free(cache->headers);
            cache->headers = NULL;
            return request_no_memory(c, failure);
        }
        cache->has_headers = true;
    }
    c->request.headers = cache->headers;
    c->request.own_cookies = cache->own_cookies;
    c->request.cookie = cache->has_cookie ? cache->cookie.data : NULL;
    return 0;
}

int32_t request_build_headers(struct http_call *c, stressor_failure *failure)
{
    c->has_cookie = c->own_cookies = c->request.own_cookies = false;
    c->request.headers = NULL;
    c->request.cookie = NULL;
    if (!is_needed(c))
        return 0;
    bool fixed = place_is_fixed(c->place, ARG_HEADERS) && place_is_fixed(c->place, ARG_DATA) &&
                 place_is_fixed(c->place, ARG_JSON) && place_is_fixed(c->place, ARG_MULTIPART) &&
                 place_is_fixed(c->place, ARG_COMPRESS) && c->place->method != NULL;
    if (fixed && c->redirects == 0)
        return use_cache(c, failure);
    transport_headers_free(c->headers);
    c->headers = NULL;
    int32_t rc = make_headers(c, &c->headers, failure);
    if (rc != 0)
        return rc;
    c->request.headers = c->headers;
    c->request.own_cookies = c->own_cookies;
    c->request.cookie = c->has_cookie ? c->cookie.data : NULL;
    return 0;
}
