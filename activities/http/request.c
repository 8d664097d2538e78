#include "request.h"

#include <string.h>
#include <strings.h>

#include <stressor/log.h>

#include "activity.h"
#include "form.h"
#include "options.h"

int32_t request_no_memory(struct http_call *c, stressor_failure *failure)
{
    return stressor_fail(c->exec, failure, STRESSOR_GENERATOR, "memory", "out of memory");
}

/* --- the method ---------------------------------------------------------------------------- */

static bool is_token_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(struct span s)
{
    for (size_t i = 0; i < s.length; i++)
        if (!is_token_char(s.ptr[i]))
            return false;
    return s.length > 0;
}

bool request_method(struct span name, char *out)
{
    if (name.length > METHOD_LENGTH_MAX || !is_token(name))
        return false;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.ptr[i];
        out[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    out[name.length] = '\0';
    return true;
}

static int32_t build_method(struct http_call *c, stressor_failure *failure)
{
    if (c->place->method != NULL) {
        c->request.method = c->place->method;
        return 0;
    }
    struct span name = value_span(call_arg(c, ARG_METHOD));
    c->request.method = c->method;
    if (request_method(name, c->method))
        return 0;
    return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "method",
                         "expected a method such as GET, got '%.*s'", (int)name.length, name.ptr);
}

/* --- the URL ------------------------------------------------------------------------------- */

const char *request_shown_url(struct http_call *c)
{
    if (c->url_secret)
        return "***";
    struct span url = c->request.url;
    size_t length = url.length < 500 ? url.length : 500;
    char *text = c->exec->host->scratch(c->exec, length + 4);
    if (text == NULL)
        return "(out of memory)";
    memcpy(text, url.ptr, length);
    memcpy(text + length, length < url.length ? "..." : "", length < url.length ? 4 : 1);
    return text;
}

static int32_t fail_url(struct http_call *c, const char *what, struct span url, bool secret,
                        enum url_error error, stressor_failure *failure)
{
    if (error == URL_MEMORY)
        return request_no_memory(c, failure);
    struct buf shown;
    buf_init(&shown, url.length + 16);
    url_show(url, &shown);
    struct span text = secret ? span_of("***") : buf_span(&shown);
    int32_t rc = stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "url", "the %s '%.*s' %s", what,
                               (int)(text.length < 500 ? text.length : 500), text.ptr,
                               url_error_text(error));
    buf_finish(&shown);
    return rc;
}

/* The pattern is looked at when the scenario is compiled; here the resolving tells. */
static const stressor_arg base_arg = {
    .size = sizeof base_arg, .name = "base_url", .types = STRESSOR_ARG_STRING};

static int32_t base_url(struct http_call *c, stressor_value *base, stressor_failure *failure)
{
    int32_t rc =
        c->exec->host->variable_get_as(c->exec, c->place->base_url_slot, &base_arg, base, failure);
    if (rc == STRESSOR_EINVAL)
        return STRESSOR_FAILED;
    if (rc == STRESSOR_ENOENT)
        *base = stressor_string("");
    return rc == 0 || rc == STRESSOR_ENOENT ? 0 : request_no_memory(c, failure);
}

static int32_t append_params(struct http_call *c, struct url *url, bool *secret,
                             stressor_failure *failure)
{
    const stressor_value *params = call_arg(c, ARG_PARAMS);
    if (params->type == STRESSOR_NULL)
        return 0;
    const char *query = strchr(url->text.data + url->origin_length, '?');
    char separator = query == NULL ? '?' : query[1] == '\0' ? '\0' : '&';
    int32_t rc = form_append(c->exec, params, separator, &url->text, secret);
    if (rc == STRESSOR_EINVAL)
        return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "argument",
                             "argument 'params': expected pairs [name, value] in the list");
    if (url->text.full)
        return fail_url(c, "URL", buf_span(&url->text), *secret, URL_LENGTH, failure);
    return rc == 0 && !url->text.failed ? 0 : request_no_memory(c, failure);
}

/* Is what is wrong with the host the fault of the base? */
static bool url_of_base(struct span base, struct span ref, enum url_error error)
{
    bool of_host = error == URL_HOST || error == URL_PORT || error == URL_USER;
    return of_host && base.length > 0 && !(ref.length >= 2 && memcmp(ref.ptr, "//", 2) == 0);
}

static int32_t build_url(struct http_call *c, stressor_failure *failure)
{
    const stressor_value *arg = c->url_arg;
    struct span ref = value_span(arg);
    stressor_value base = stressor_string("");
    int32_t rc = url_is_absolute(ref) ? 0 : base_url(c, &base, failure);
    if (rc != 0)
        return rc;
    struct place_cache *cache = NULL;
    if (arg == call_arg(c, ARG_URL) && place_is_fixed(c->place, ARG_URL) &&
        place_is_fixed(c->place, ARG_PARAMS)) {
        cache = request_cache(c);
        if (cache == NULL)
            return request_no_memory(c, failure);
    }
    struct url *url = cache != NULL ? &cache->url : &c->url;
    c->target = url;
    if (cache != NULL && cache->has_url && span_equal(buf_span(&cache->base), value_span(&base))) {
        c->url_secret = cache->url_secret;
        c->request.url = buf_span(&url->text);
        return 0;
    }
    bool secret = ((arg->flags | base.flags) & STRESSOR_SECRET) != 0;
    if (cache != NULL)
        cache->has_url = false;
    enum url_error error = url_resolve(value_span(&base), ref, url);
    if (error != URL_OK && url_of_base(value_span(&base), ref, error))
        return fail_url(c, "base_url", value_span(&base), secret, error, failure);
    if (error != URL_OK)
        return fail_url(c, "URL", ref, secret, error, failure);
    rc = append_params(c, url, &secret, failure);
    if (rc != 0)
        return rc;
    if (cache != NULL) {
        buf_clear(&cache->base);
        cache->has_url = buf_append_span(&cache->base, value_span(&base));
        cache->url_secret = secret;
    }
    c->url_secret = secret;
    c->request.url = buf_span(&url->text);
    return 0;
}

/* --- the rest ------------------------------------------------------------------------------ */

static int32_t fail_auth(struct http_call *c, stressor_failure *failure)
{
    return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "argument",
                         "argument 'auth': expected [name, password], two texts without NUL");
}

static bool copy_text(struct http_call *c, const stressor_value *v, struct buf *out)
{
    stressor_value text = *v;
    buf_clear(out);
    if (v->type == STRESSOR_NULL)
        return buf_append_text(out, "");
    if (v->type != STRESSOR_STRING && c->exec->host->value_text(c->exec, v, &text) != 0)
        return false;
    return memchr(text.as.string.ptr, 0, text.as.string.length) == NULL &&
           buf_append_span(out, value_span(&text));
}

static int32_t take_pair(struct http_call *c, const stressor_value *pair, stressor_failure *failure)
{
    if (pair->type == STRESSOR_NULL)
        return 0;
    if (pair->type != STRESSOR_LIST || pair->as.list.count != 2 ||
        !copy_text(c, c->exec->host->list_at(pair, 0), &c->name) ||
        !copy_text(c, c->exec->host->list_at(pair, 1), &c->password))
        return fail_auth(c, failure);
    c->request.name = c->name.data;
    c->request.password = c->password.data;
    return 0;
}

static int32_t take_user(struct http_call *c, stressor_failure *failure)
{
    const stressor_host *host = c->exec->host;
    stressor_value user;
    int32_t rc = host->variable_get(c->exec, c->place->user_slot, &user);
    if (rc == STRESSOR_ENOENT || (rc == 0 && user.type != STRESSOR_MAP))
        return 0;
    if (rc != 0)
        return request_no_memory(c, failure);
    const stressor_value *pair = host->map_get(&user, "auth", 4);
    return pair == NULL ? 0 : take_pair(c, pair, failure);
}

static int32_t build_auth(struct http_call *c, stressor_failure *failure)
{
    int32_t rc = 0;
    c->request.name = c->request.password = NULL;
    if (c->drop_credentials)
        return 0;
    if (call_has_arg(c, ARG_AUTH))
        rc = take_pair(c, call_arg(c, ARG_AUTH), failure);
    else if (c->session->worker->run->basic_auth)
        rc = take_user(c, failure);
    if (rc == 0 && c->request.name == NULL && c->target->has_name) {
        c->request.name = c->target->name.data;
        c->request.password = c->target->password.data;
    }
    return rc;
}

static int32_t build_verify(struct http_call *c, stressor_failure *failure)
{
    const stressor_value *verify = call_arg(c, ARG_VERIFY);
    c->request.verify = c->session->worker->run->verify;
    c->request.ca_file = NULL;
    if (verify->type == STRESSOR_BOOL) {
        c->request.verify = verify->as.integer != 0;
    } else if (verify->type == STRESSOR_STRING) {
        if (memchr(verify->as.string.ptr, '\0', verify->as.string.length) != NULL)
            return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "argument",
                                 "argument 'verify': expected a text without NUL");
        if (!copy_text(c, verify, &c->ca_file))
            return request_no_memory(c, failure);
        c->request.verify = true;
        c->request.ca_file = c->ca_file.data;
    }
    return 0;
}

int32_t request_usual_timeout(struct http_call *c, int64_t *out, stressor_failure *failure)
{
    stressor_value timeout;
    int32_t rc = c->exec->host->variable_get_as(c->exec, c->place->timeout_slot,
                                                http_timeout_setting, &timeout, failure);
    *out = rc == 0 ? timeout.as.integer : 0;
    if (rc == STRESSOR_EINVAL)
        return STRESSOR_FAILED;
    return rc == 0 || rc == STRESSOR_ENOENT ? 0 : request_no_memory(c, failure);
}

void request_bound(struct http_call *c, int64_t timeout_ns)
{
    c->timeout_ns = c->request.timeout_ns = timeout_ns;
    c->deadline_ns = timeout_ns > 0 ? call_plugin(c)->loop->now() + timeout_ns : 0;
}

static int32_t build_timeout(struct http_call *c, stressor_failure *failure)
{
    const stressor_value *timeout = call_arg(c, ARG_TIMEOUT);
    int64_t timeout_ns = timeout->as.integer;
    int32_t rc = 0;
    if (timeout->type != STRESSOR_INT)
        rc = request_usual_timeout(c, &timeout_ns, failure);
    if (rc == 0)
        request_bound(c, timeout_ns);
    return rc;
}

int32_t request_build(struct http_call *c, stressor_failure *failure)
{
    static int32_t (*const steps[])(struct http_call *, stressor_failure *) = {
        build_method,  build_url,  request_build_body, request_build_headers,
        options_build, build_auth, build_verify,       build_timeout};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int32_t rc = steps[i](c, failure);
        if (rc != 0)
            return rc;
    }
    c->request.max_body = c->session->max_body;
    return 0;
}
