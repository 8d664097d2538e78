#include <stdio.h>
#include <string.h>

#include <stressor/log.h>

#include "answer.h"
#include "assert.h"
#include "request.h"

/* NULL: it is not there. */
static const stressor_value *find(const stressor_host *host, const stressor_value *headers,
                                  struct span name)
{
    for (uint64_t i = 0; i < headers->as.map.count; i++) {
        const char *key;
        uint64_t length;
        const stressor_value *v = host->map_at(headers, i, &key, &length);
        if (span_equal_nocase((struct span){key, length}, name))
            return v;
    }
    return NULL;
}

static int32_t missing(struct http_call *c, struct span variable, const stressor_value *header,
                       stressor_failure *failure)
{
    stressor_value headers;
    if (answer_headers(c, true, &headers) != 0)
        return request_no_memory(c, failure);
    return stressor_fail(c->exec, failure, STRESSOR_ASSERTION, "store_header",
                         "store_header '%.*s': no header %s in %s from %s %s",
                         (int)(variable.length < 100 ? variable.length : 100), variable.ptr,
                         assert_shown(c, header), assert_shown(c, &headers), c->request.method,
                         request_shown_url(c));
}

int32_t store_headers(struct http_call *c, stressor_failure *failure)
{
    const stressor_host *host = c->exec->host;
    const stressor_value *wanted = call_arg(c, ARG_STORE_HEADER);
    stressor_value headers;
    int32_t rc = 0;
    if (wanted->type != STRESSOR_MAP)
        return 0;
    if (answer_headers(c, false, &headers) != 0)
        return request_no_memory(c, failure);
    for (uint64_t i = 0; i < wanted->as.map.count; i++) {
        const char *key;
        uint64_t length;
        const stressor_value *name = host->map_at(wanted, i, &key, &length);
        const stressor_value *v =
            name->type == STRESSOR_STRING ? find(host, &headers, value_span(name)) : NULL;
        if (v != NULL && host->variable_store(c->exec, key, length, v) != 0)
            return request_no_memory(c, failure);
        if (v == NULL && rc == 0)
            rc = missing(c, (struct span){key, length}, name, failure);
    }
    return rc;
}
