#include "options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <stressor/log.h>

#include "activity.h"
#include "request.h"

enum { RESOLVE_ENTRIES_MAX = 1000, RESOLVE_BYTES_MAX = 300 };

/* --- is it right? ----------------------------------------------------------------------------- */

static bool is_address(struct span s)
{
    char text[INET6_ADDRSTRLEN + 2];
    unsigned char address[sizeof(struct in6_addr)];
    bool brackets = s.length > 2 && s.ptr[0] == '[' && s.ptr[s.length - 1] == ']';
    if (brackets)
        s = (struct span){s.ptr + 1, s.length - 2};
    if (s.length == 0 || s.length >= sizeof text || memchr(s.ptr, '\0', s.length) != NULL)
        return false;
    memcpy(text, s.ptr, s.length);
    text[s.length] = '\0';
    return inet_pton(AF_INET6, text, address) == 1 ||
           (!brackets && inet_pton(AF_INET, text, address) == 1);
}

static bool is_port(struct span s)
{
    unsigned number = 0;
    for (size_t i = 0; i < s.length; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9' || i >= 5)
            return false;
        else
            number = 10 * number + (unsigned)(s.ptr[i] - '0');
    return number >= 1 && number <= 65535;
}

static bool is_host(struct span s)
{
    for (size_t i = 0; i < s.length; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || strchr("/?#@[]\x7f", s.ptr[i]) != NULL)
            return false;
    return s.length > 0;
}

static bool is_resolve_entry(struct span s)
{
    const char *first = memchr(s.ptr, ':', s.length);
    size_t host = first != NULL ? (size_t)(first - s.ptr) : s.length;
    const char *second = host < s.length ? memchr(first + 1, ':', s.length - host - 1) : NULL;
    if (second == NULL || s.length > RESOLVE_BYTES_MAX)
        return false;
    size_t port = (size_t)(second - first) - 1;
    return is_host((struct span){s.ptr, host}) && is_port((struct span){first + 1, port}) &&
           is_address((struct span){second + 1, s.length - host - port - 2});
}

static const char *resolve_problem(const stressor_host *host, const stressor_value *list,
                                   char *text, size_t text_size)
{
    if (list->as.list.count > RESOLVE_ENTRIES_MAX)
        return "expected at most 1000 entries";
    for (uint64_t i = 0; i < list->as.list.count; i++) {
        struct span entry = value_span(host->list_at(list, i));
        if (is_resolve_entry(entry))
            continue;
        snprintf(text, text_size,
                 "expected HOST:PORT:ADDRESS such as example.com:443:127.0.0.1, got '%.*s'",
                 (int)(entry.length < 100 ? entry.length : 100), entry.ptr);
        return text;
    }
    return NULL;
}

const char *options_problem(const stressor_host *host, enum http_option option,
                            const stressor_value *value, char *text, size_t text_size)
{
    if (option == OPTION_RESOLVE && value->type == STRESSOR_LIST)
        return resolve_problem(host, value, text, text_size);
    if (value->type == STRESSOR_STRING && value->as.string.length > 0 &&
        memchr(value->as.string.ptr, '\0', value->as.string.length) != NULL)
        return "expected a text without NUL";
    return NULL;
}

const char *options_file_problem(enum http_option option, const stressor_value *value)
{
    char path[4096];
    bool is_file = option == OPTION_CLIENT_CERT || option == OPTION_CLIENT_KEY;
    if (!is_file || value->type != STRESSOR_STRING)
        return NULL;
    if (value->as.string.length == 0 || value->as.string.length >= sizeof path)
        return "expected the path of a PEM file";
    memcpy(path, value->as.string.ptr, value->as.string.length);
    path[value->as.string.length] = '\0';
    return access(path, R_OK) == 0 ? NULL : strerror(errno); /* [main] only, as told */
}

/* --- taking one --------------------------------------------------------------------------------*/

static const char *copied(stressor_exec *exec, struct span text)
{
    char *copy = exec->host->scratch(exec, text.length + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, text.ptr, text.length);
    copy[text.length] = '\0';
    return copy;
}

static const char *joined(stressor_exec *exec, const stressor_value *list)
{
    char *text = exec->host->scratch(exec, list->as.list.count * (RESOLVE_BYTES_MAX + 1) + 1);
    char *end = text;
    for (uint64_t i = 0; text != NULL && i < list->as.list.count; i++) {
        struct span entry = value_span(exec->host->list_at(list, i));
        memcpy(end, entry.ptr, entry.length);
        end += entry.length;
        *end++ = '\n';
    }
    if (text != NULL)
        *end = '\0';
    return text;
}

/* Takes a value that has no problem; null is "not there", but of a proxy. False: out of memory. */
static bool take(stressor_exec *exec, enum http_option option, const stressor_value *v,
                 struct transport_settings *s)
{
    const char **text = option == OPTION_PROXY         ? &s->proxy
                        : option == OPTION_CLIENT_CERT ? &s->client_cert
                        : option == OPTION_CLIENT_KEY  ? &s->client_key
                                                       : &s->resolve;
    if (option == OPTION_PROXY) {
        s->has_proxy = true;
        s->proxy = NULL;
    }
    switch (v->type) {
    case STRESSOR_DOUBLE:
        if (option == OPTION_HTTP_VERSION)
            s->http2 = v->as.real > 1.5;
        else
            s->tls_min = (int)(v->as.real * 10 + 0.5);
        return true;
    case STRESSOR_INT:
        s->dns_ttl_s = (v->as.integer + 999999999) / 1000000000;
        s->has_dns_ttl = s->dns_ttl_s != TRANSPORT_DNS_TTL_S;
        return true;
    case STRESSOR_LIST: *text = joined(exec, v); return *text != NULL;
    case STRESSOR_STRING:
        if (option == OPTION_CONNECTION_REUSE) {
            s->fresh = span_equal(value_span(v), span_of("request"));
            return true;
        }
        *text = copied(exec, value_span(v));
        return *text != NULL;
    default: return true;
    }
}

/* --- of a session ----------------------------------------------------------------------------- */

static bool is_default(const struct transport_settings *s)
{
    return !s->http2 && !s->fresh && !s->has_proxy && !s->has_dns_ttl && s->tls_min == 0 &&
           s->client_cert == NULL && s->client_key == NULL && s->resolve == NULL;
}

static int32_t read_option(stressor_exec *exec, enum http_option option,
                           struct transport_settings *settings)
{
    const struct http_place *place = exec->place;
    const stressor_host *host = exec->host;
    const stressor_arg *arg = http_options[option];
    stressor_value v;
    stressor_failure failure;
    int64_t slot = place->option_slots[option];
    char text[300];
    int32_t rc = host->variable_get_as(exec, slot, arg, &v, &failure);
    if (rc == STRESSOR_EINVAL)
        stressor_log(host, STRESSOR_LOG_ERROR, "%s: %.*s", arg->name, (int)failure.length,
                     failure.text);
    if (rc == STRESSOR_ENOENT && option == OPTION_PROXY &&
        host->variable_get(exec, slot, &v) == 0 && v.type == STRESSOR_NULL)
        rc = 0;
    if (rc == STRESSOR_ENOENT)
        return 0;
    const char *problem = rc == 0 ? options_problem(host, option, &v, text, sizeof text) : NULL;
    if (problem != NULL) {
        stressor_log(host, STRESSOR_LOG_ERROR, "%s: %s", arg->name, problem);
        return STRESSOR_EINVAL;
    }
    if (rc != 0)
        return rc;
    return take(exec, option, &v, settings) ? 0 : STRESSOR_ENOMEM;
}

int32_t options_open(struct http_session *s, stressor_exec *exec)
{
    struct transport_settings settings = {.http2 = false};
    for (int i = 0; i < OPTIONS_COUNT; i++) {
        int32_t rc = read_option(exec, (enum http_option)i, &settings);
        if (rc != 0)
            return rc;
    }
    if (is_default(&settings))
        return 0;
    s->options = transport_options_take(s->worker->transport, &settings);
    return s->options != NULL ? 0 : STRESSOR_ENOMEM;
}

/* --- of a request ----------------------------------------------------------------------------- */

static int32_t override(struct http_call *c, enum http_arg arg, struct transport_settings *settings,
                        stressor_failure *failure)
{
    enum http_option option = (enum http_option)(arg - ARG_HTTP_VERSION);
    const stressor_value *v = call_arg(c, arg);
    char text[300];
    if (!call_has_arg(c, arg) || (v->type == STRESSOR_NULL && arg != ARG_PROXY))
        return 0;
    const char *problem = options_problem(c->exec->host, option, v, text, sizeof text);
    if (problem != NULL)
        return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "argument", "argument '%s': %s",
                             http_args[arg]->name, problem);
    if (arg == ARG_CLIENT_CERT) /* that of the session has its own key */
        settings->client_key = NULL;
    return take(c->exec, option, v, settings) ? 0 : request_no_memory(c, failure);
}

int32_t options_build(struct http_call *c, stressor_failure *failure)
{
    struct transport_settings settings = {.http2 = false};
    c->request.options = c->session->options;
    if (!c->place->has_options)
        return 0;
    if (c->session->options != NULL)
        settings = *transport_options_settings(c->session->options);
    for (int arg = ARG_HTTP_VERSION; arg <= ARG_RESOLVE; arg++) {
        int32_t rc = override(c, (enum http_arg)arg, &settings, failure);
        if (rc != 0)
            return rc;
    }
    c->request.options = NULL;
    if (is_default(&settings))
        return 0;
    c->options = transport_options_take(c->session->worker->transport, &settings);
    c->request.options = c->options;
    return c->options != NULL ? 0 : request_no_memory(c, failure);
}
