#include "answer.h"

#include <string.h>

#include "charset.h"
#include "request.h"

bool answer_text(struct http_call *c, const struct transport_response *response, struct span *out)
{
    if (!c->has_text &&
        !charset_text(response->content_type, buf_span(&c->answer), &c->text, &c->text_span))
        return false;
    c->has_text = true;
    *out = c->text_span;
    return true;
}

int32_t answer_json(struct http_call *c, const struct transport_response *response,
                    stressor_value *out, stressor_value *error)
{
    if (!c->json_parsed) {
        struct span text;
        if (!answer_text(c, response, &text))
            return STRESSOR_ENOMEM;
        int32_t rc = call_plugin(c)->json->parse(c->exec, text.ptr, text.length, &c->json, error);
        if (rc != 0)
            return rc;
        c->json_parsed = true;
    }
    *out = c->json;
    return 0;
}

/* --- headers ------------------------------------------------------------------------------- */

bool answer_is_secret_header(struct span name)
{
    static const char *const secret[] = {"Set-Cookie", "Set-Cookie2", "Cookie", "Authorization",
                                         "Proxy-Authorization"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        if (span_equal_nocase(name, span_of(secret[i])))
            return true;
    return false;
}

struct header {
    struct span name, value;
};

/* All headers, in scratch memory: names and values of the transport's own. */
static struct header *collect(struct http_call *c, size_t *count)
{
    void *cursor = NULL;
    const char *name, *value;
    size_t n = 0, i = 0;
    while (transport_header(c->exchange, &cursor, &name, &value))
        n++;
    struct header *all = c->exec->host->scratch(c->exec, (n + 1) * sizeof *all);
    cursor = NULL;
    while (all != NULL && i < n && transport_header(c->exchange, &cursor, &name, &value))
        all[i++] = (struct header){span_of(name), span_of(value)};
    *count = i;
    return all;
}

/* The value at `i` and those of the same name behind it. A name of no length: done with. */
static struct span joined(struct http_call *c, struct header *all, size_t count, size_t i)
{
    size_t length = all[i].value.length, same = 0;
    for (size_t j = i + 1; j < count; j++)
        if (span_equal_nocase(all[i].name, all[j].name)) {
            length += 2 + all[j].value.length;
            same++;
        }
    if (same == 0)
        return all[i].value;
    char *text = c->exec->host->scratch(c->exec, length);
    if (text == NULL)
        return all[i].value;
    char *end = text;
    for (size_t j = i; j < count; j++) {
        if (!span_equal_nocase(all[i].name, all[j].name))
            continue;
        if (j > i) {
            memcpy(end, ", ", 2);
            end += 2;
        }
        memcpy(end, all[j].value.ptr, all[j].value.length);
        end += all[j].value.length;
        if (j > i)
            all[j].name.length = 0;
    }
    return (struct span){text, length};
}

int32_t answer_headers(struct http_call *c, bool mask, stressor_value *out)
{
    const stressor_host *host = c->exec->host;
    size_t count;
    struct header *all = collect(c, &count);
    stressor_builder *b = all != NULL ? host->build(c->exec) : NULL;
    if (b == NULL)
        return STRESSOR_ENOMEM;
    host->build_map(b);
    for (size_t i = 0; i < count; i++) {
        if (all[i].name.length == 0)
            continue;
        struct span text = joined(c, all, count, i);
        stressor_value value = stressor_string_n(text.ptr, text.length);
        bool secret = answer_is_secret_header(all[i].name);
        if (secret && mask)
            value = stressor_string("***");
        else if (secret)
            value.flags |= STRESSOR_SECRET;
        host->build_key(b, all[i].name.ptr, all[i].name.length);
        host->build_value(b, &value);
    }
    host->build_end(b);
    return host->build_finish(b, out);
}

/* --- the result ---------------------------------------------------------------------------- */

static void put(const stressor_host *host, stressor_builder *b, const char *key,
                stressor_value value)
{
    host->build_key(b, key, strlen(key));
    host->build_value(b, &value);
}

static void put_phases(struct http_call *c, stressor_builder *b)
{
    const stressor_host *host = c->exec->host;
    struct transport_phases p;
    transport_phases(c->exchange, &p);
    host->build_key(b, "phases", 6);
    host->build_map(b);
    put(host, b, "resolve", stressor_int(p.resolve_ns));
    put(host, b, "connect", stressor_int(p.connect_ns));
    put(host, b, "tls", stressor_int(p.tls_ns));
    put(host, b, "wait", stressor_int(p.wait_ns));
    put(host, b, "receive", stressor_int(p.receive_ns));
    put(host, b, "total", stressor_int(p.total_ns));
    host->build_end(b);
}

static const char *version_text(int version)
{
    return version == 20 ? "2" : version == 10 ? "1.0" : "1.1";
}

static bool info(struct http_call *c, const struct transport_response *response,
                 stressor_value *out)
{
    const stressor_host *host = c->exec->host;
    stressor_value headers;
    if (answer_headers(c, false, &headers) != 0)
        return false;
    stressor_builder *b = host->build(c->exec);
    if (b == NULL)
        return false;
    stressor_value url = stressor_string_n(c->request.url.ptr, c->request.url.length);
    if (c->url_secret)
        url.flags |= STRESSOR_SECRET;
    host->build_map(b);
    put(host, b, "status", stressor_int(response->status));
    put(host, b, "http_version", stressor_string(version_text(response->http_version)));
    put(host, b, "method", stressor_string(c->request.method));
    put(host, b, "url", url);
    put(host, b, "redirects", stressor_int(c->redirects));
    put(host, b, "headers", headers);
    put_phases(c, b);
    host->build_end(b);
    return host->build_finish(b, out) == 0;
}

bool answer_result(struct http_call *c, const struct transport_response *response,
                   stressor_result *result)
{
    uint32_t wants = c->wants;
    struct span text;
    if (wants & (STRESSOR_WANT_TEXT | STRESSOR_WANT_VALUE)) {
        if (!answer_text(c, response, &text))
            return false;
        result->text = text.ptr;
        result->text_length = text.length;
        if (c->json_parsed)
            result->value = c->json;
        else
            result->flags |= STRESSOR_RESULT_TEXT_IS_VALUE;
    }
    return (wants & STRESSOR_WANT_INFO) == 0 || info(c, response, &result->info);
}
