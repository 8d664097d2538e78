#include "request.h"

#include <string.h>

#include <stressor/log.h>

bool redirect_is(const struct transport_response *response)
{
    switch (response->status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: return response->location != NULL;
    default: return false;
    }
}

const char *redirect_method(const char *method, int status)
{
    bool is_head = strcmp(method, "HEAD") == 0;
    if ((status == 303 || status == 302) && !is_head)
        return "GET";
    if (status == 301 && strcmp(method, "POST") == 0)
        return "GET";
    return method;
}

static int32_t retarget(struct http_call *c, const char *location, stressor_failure *failure)
{
    struct url next;
    url_init(&next);
    enum url_error error = url_resolve(c->request.url, span_of(location), &next);
    int32_t rc = 0;
    if (error == URL_MEMORY) {
        rc = request_no_memory(c, failure);
    } else if (error != URL_OK) {
        struct buf shown;
        buf_init(&shown, strlen(location) + 16);
        url_show(span_of(location), &shown);
        struct span to = c->url_secret ? span_of("***") : buf_span(&shown);
        rc = stressor_fail(c->exec, failure, STRESSOR_TARGET, "redirect",
                           "%s %s was redirected to '%.*s', which %s", c->request.method,
                           request_shown_url(c), (int)(to.length < 500 ? to.length : 500), to.ptr,
                           url_error_text(error));
        buf_finish(&shown);
    } else if (!url_same_origin(c->target, &next)) {
        c->drop_credentials = c->drop_host = true;
    }
    if (rc == 0) {
        next.has_name = false; /* a server gives no credentials */
        if (!url_copy(&c->url, &next))
            rc = request_no_memory(c, failure);
        c->target = &c->url;
        c->request.url = buf_span(&c->url.text);
    }
    url_finish(&next);
    return rc;
}

/* Credentials of the first URL go along as long as the host stays. */
static int32_t keep_credentials(struct http_call *c, const struct url *from,
                                stressor_failure *failure)
{
    if (c->drop_credentials || c->request.name == NULL || c->request.name == c->name.data)
        return 0;
    buf_clear(&c->name);
    buf_clear(&c->password);
    bool good = buf_append_span(&c->name, buf_span(&from->name)) &&
                buf_append_span(&c->password, buf_span(&from->password));
    c->request.name = c->name.data;
    c->request.password = c->password.data;
    return good ? 0 : request_no_memory(c, failure);
}

int32_t redirect_follow(struct http_call *c, const struct transport_response *response,
                        stressor_failure *failure)
{
    if (c->redirects == REDIRECTS_MAX)
        return stressor_fail(c->exec, failure, STRESSOR_TARGET, "redirects",
                             "expected at most %d redirects, the last of them from %s %s",
                             REDIRECTS_MAX, c->request.method, request_shown_url(c));
    c->redirects++;
    int32_t rc = keep_credentials(c, c->target, failure);
    if (rc == 0)
        rc = retarget(c, response->location, failure);
    if (rc != 0)
        return rc;
    if (c->drop_credentials)
        c->request.name = c->request.password = NULL;
    c->drop_cookie = true; /* the session's own go along */
    c->request.method = redirect_method(c->request.method, response->status);
    if (response->status != 307 && response->status != 308) {
        c->drop_entity = true;
        c->request.has_body = false;
        c->request.body = (struct span){"", 0};
        c->content_type = NULL;
        c->is_compressed = false;
    }
    if (c->deadline_ns != 0) {
        int64_t left = c->deadline_ns - call_plugin(c)->loop->now();
        c->request.timeout_ns = left > 0 ? left : 1;
    }
    return request_build_headers(c, failure);
}
