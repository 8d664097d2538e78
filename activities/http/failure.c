#include "failure.h"

#include <inttypes.h>

#include <stressor/log.h>

#include "request.h"

static const struct {
    uint32_t category;
    const char *kind;
    const char *text; /* NULL: the transport's own words */
} table[] = {
    [TRANSPORT_CONNECT] = {STRESSOR_TARGET, "connect", NULL},
    [TRANSPORT_RESOLVE] = {STRESSOR_TARGET, "resolve", NULL},
    [TRANSPORT_RESET] = {STRESSOR_TARGET, "reset", NULL},
    [TRANSPORT_CLOSED] = {STRESSOR_TARGET, "closed",
                          "the server closed the connection without an answer"},
    [TRANSPORT_SHORT] = {STRESSOR_TARGET, "short body", NULL},
    [TRANSPORT_MALFORMED] = {STRESSOR_TARGET, "malformed", NULL},
    [TRANSPORT_BODY_LIMIT] = {STRESSOR_TARGET, "body too large", NULL},
    [TRANSPORT_HEAD_LIMIT] = {STRESSOR_TARGET, "headers too large", NULL},
    [TRANSPORT_CERTIFICATE] = {STRESSOR_TARGET, "certificate", NULL},
    [TRANSPORT_TLS] = {STRESSOR_TARGET, "tls", NULL},
    [TRANSPORT_TIMEOUT] = {STRESSOR_TIMEOUT, "timeout", NULL},
    [TRANSPORT_DESCRIPTORS] = {STRESSOR_GENERATOR, "descriptors",
                               "this machine is out of file descriptors; raise `ulimit -n`"},
    [TRANSPORT_PORTS] = {STRESSOR_GENERATOR, "local ports",
                         "this machine is out of local ports for that server; let connections "
                         "live longer, or widen net.ipv4.ip_local_port_range"},
    [TRANSPORT_MEMORY] = {STRESSOR_GENERATOR, "memory", "this machine is out of memory"},
    [TRANSPORT_URL] = {STRESSOR_SCRIPT, "url", "the URL has no valid host"},
    [TRANSPORT_CA_FILE] = {STRESSOR_SCRIPT, "argument",
                           "argument 'verify': the file of CA certificates cannot be used"},
    [TRANSPORT_CLIENT_CERT] = {STRESSOR_SCRIPT, "client certificate", NULL},
    [TRANSPORT_PROXY] = {STRESSOR_TARGET, "proxy", NULL},
    [TRANSPORT_OTHER] = {STRESSOR_TARGET, "transfer", NULL},
};

void failure_of(struct http_call *c, const struct transport_response *response,
                stressor_failure *failure)
{
    enum transport_error error = response->error;
    uint32_t category = table[error].category;
    const char *kind = table[error].kind;
    const char *method = c->request.method;
    if (error == TRANSPORT_TIMEOUT && c->request.timeout_ns > 0)
        stressor_fail(c->exec, failure, category, kind,
                      "expected the whole answer within %g s, from %s %s",
                      (double)c->timeout_ns / 1e9, method, request_shown_url(c));
    else if (error == TRANSPORT_BODY_LIMIT)
        stressor_fail(c->exec, failure, category, kind,
                      "expected a body of at most %" PRIu64
                      " bytes (config.max_body_size), got more from %s %s",
                      c->request.max_body, method, request_shown_url(c));
    else if (error == TRANSPORT_HEAD_LIMIT)
        stressor_fail(c->exec, failure, category, kind,
                      "expected headers of at most %d bytes in %d lines, got more from %s %s",
                      TRANSPORT_HEADER_BYTES_MAX, TRANSPORT_HEADER_LINES_MAX, method,
                      request_shown_url(c));
    else
        stressor_fail(c->exec, failure, category, kind, "%s, from %s %s",
                      table[error].text != NULL ? table[error].text : response->detail, method,
                      request_shown_url(c));
}
