#include <string.h>

#include <stressor/log.h>

#include "answer.h"
#include "assert.h"
#include "compiled.h"
#include "request.h"

int32_t assert_headers(struct http_call *c, const struct transport_response *response,
                       stressor_failure *failure)
{
    (void)response;
    const stressor_value *pattern = call_arg(c, ARG_ASSERT_MATCH_HEADERS);
    if (pattern->type != STRESSOR_STRING)
        return 0;
    const stressor_regex *regex = c->place->headers_regex;
    char error[200] = "";
    if (regex == NULL)
        regex = compiled_regex(c->session->worker, value_span(pattern), error, sizeof error);
    if (regex == NULL)
        return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "argument",
                             "argument 'assert_match_headers': %s", error);
    stressor_value headers, text;
    if (answer_headers(c, false, &headers) != 0 ||
        c->exec->host->value_text(c->exec, &headers, &text) != 0)
        return request_no_memory(c, failure);
    int32_t rc = call_plugin(c)->regex->match(regex, text.as.string.ptr, text.as.string.length);
    if (rc == 1)
        return 0;
    if (rc != 0)
        return assert_regex_gave_up(c, rc, failure);
    if (answer_headers(c, true, &headers) != 0)
        return request_no_memory(c, failure);
    return stressor_fail(c->exec, failure, STRESSOR_ASSERTION, "headers",
                         "expected headers that match %s from the start, got %s from %s %s",
                         assert_shown(c, pattern), assert_shown(c, &headers), c->request.method,
                         request_shown_url(c));
}
