#include "request.h"

#include <string.h>

#include <stressor/log.h>

#include "form.h"
#include "gzip.h"
#include "multipart.h"

static bool is_empty(const stressor_value *v)
{
    switch (v->type) {
    case STRESSOR_STRING: return v->as.string.length == 0;
    case STRESSOR_LIST: return v->as.list.count == 0;
    case STRESSOR_MAP: return v->as.map.count == 0;
    default: return true;
    }
}

bool request_makes_body(const stressor_value *v, enum http_arg arg)
{
    return arg == ARG_JSON ? v->type != STRESSOR_NULL : !is_empty(v);
}

/* The three ways to a body: `*plain` is what it is, in `out` or elsewhere for as long as the
 * execution lives. */

static int32_t render_form(struct http_call *c, struct buf *out, struct span *plain,
                           stressor_failure *failure)
{
    const stressor_value *data = call_arg(c, ARG_DATA);
    bool secret = false;
    if (data->type == STRESSOR_STRING) {
        *plain = value_span(data);
        return 0;
    }
    int32_t rc = form_append(c->exec, data, '\0', out, &secret);
    if (rc == STRESSOR_EINVAL)
        return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "argument",
                             "argument 'data': expected pairs [name, value] in the list");
    *plain = buf_span(out);
    return rc == 0 && !out->failed ? 0 : request_no_memory(c, failure);
}

static int32_t render_json(struct http_call *c, struct span *plain, stressor_failure *failure)
{
    stressor_value text;
    int32_t rc = call_plugin(c)->json->write(c->exec, call_arg(c, ARG_JSON), &text);
    if (rc == STRESSOR_ENOMEM)
        return request_no_memory(c, failure);
    if (rc != 0)
        return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "argument",
                             "argument 'json' cannot be written as JSON");
    *plain = value_span(&text);
    return 0;
}

static int32_t render(struct http_call *c, struct buf *out, struct span *plain,
                      stressor_failure *failure)
{
    buf_clear(out);
    if (!is_empty(call_arg(c, ARG_MULTIPART))) {
        int32_t rc = multipart_append(c, out, failure);
        *plain = buf_span(out);
        return rc;
    }
    return is_empty(call_arg(c, ARG_DATA)) ? render_json(c, plain, failure)
                                           : render_form(c, out, plain, failure);
}

/* NULL: a text that is sent as it is. */
static const char *type_of(const struct http_call *c)
{
    const stressor_value *data = call_arg(c, ARG_DATA);
    if (!is_empty(call_arg(c, ARG_MULTIPART)))
        return call_plugin(c)->multipart_type;
    if (is_empty(data))
        return "application/json";
    return data->type == STRESSOR_STRING ? NULL : "application/x-www-form-urlencoded";
}

/* Makes it in `keep`, or only finds it where that is not wanted and not needed. */
static int32_t make(struct http_call *c, struct buf *keep, bool wanted, stressor_failure *failure)
{
    struct span plain;
    int32_t rc = render(c, c->is_compressed ? &c->plain : keep, &plain, failure);
    c->request.body = plain;
    if (rc != 0 || (!c->is_compressed && (!wanted || plain.ptr == keep->data)))
        return rc;
    buf_clear(keep);
    bool good = c->is_compressed ? gzip_append(keep, plain) : buf_append_span(keep, plain);
    c->request.body = buf_span(keep);
    return good ? 0 : request_no_memory(c, failure);
}

static bool is_fixed(const struct http_call *c)
{
    return place_is_fixed(c->place, ARG_DATA) && place_is_fixed(c->place, ARG_JSON) &&
           place_is_fixed(c->place, ARG_MULTIPART) && place_is_fixed(c->place, ARG_COMPRESS);
}

int32_t request_build_body(struct http_call *c, stressor_failure *failure)
{
    c->content_type = NULL;
    c->is_compressed = false;
    c->request.has_body = request_makes_body(call_arg(c, ARG_DATA), ARG_DATA) ||
                          request_makes_body(call_arg(c, ARG_JSON), ARG_JSON) ||
                          request_makes_body(call_arg(c, ARG_MULTIPART), ARG_MULTIPART);
    if (!c->request.has_body)
        return 0;
    if (strcmp(c->request.method, "HEAD") == 0)
        return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "argument",
                             REQUEST_HEAD_HAS_NO_BODY);
    c->content_type = type_of(c);
    c->is_compressed = call_arg(c, ARG_COMPRESS)->type == STRESSOR_STRING;
    if (!is_fixed(c))
        return make(c, &c->body, false, failure);
    if (c->content_type == NULL && !c->is_compressed) {
        c->request.body = value_span(call_arg(c, ARG_DATA));
        return 0;
    }
    struct place_cache *cache = request_cache(c);
    if (cache == NULL)
        return request_no_memory(c, failure);
    int32_t rc = cache->has_body ? 0 : make(c, &cache->body, true, failure);
    if (rc == 0) {
        cache->has_body = true;
        c->request.body = buf_span(&cache->body);
    }
    return rc;
}
