#include <string.h>

#include <stressor/log.h>

#include "assert.h"
#include "request.h"

static int32_t fail_status(struct http_call *c, const char *expected, int status,
                           stressor_failure *failure)
{
    return stressor_fail(c->exec, failure, STRESSOR_ASSERTION, "status",
                         "expected status %s, got %d from %s %s", expected, status,
                         c->request.method, request_shown_url(c));
}

int32_t assert_status(struct http_call *c, const struct transport_response *response,
                      stressor_failure *failure)
{
    const stressor_value *expected = call_arg(c, ARG_ASSERT_STATUS);
    int status = response->status;
    if (expected->type == STRESSOR_NULL)
        return status < 400 ? 0 : fail_status(c, "below 400", status, failure);
    if (expected->type == STRESSOR_INT && expected->as.integer == status)
        return 0;
    for (uint64_t i = 0; expected->type == STRESSOR_LIST && i < expected->as.list.count; i++)
        if (c->exec->host->list_at(expected, i)->as.integer == status)
            return 0;
    const char *text = assert_shown(c, expected);
    char one_of[400];
    snprintf(one_of, sizeof one_of, "%s%s", expected->type == STRESSOR_LIST ? "one of " : "", text);
    return fail_status(c, one_of, status, failure);
}
