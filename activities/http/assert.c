#include "assert.h"

#include <string.h>

#include <stressor/log.h>

#include "request.h"

enum { SHOWN_BYTES_MAX = 300 };

int32_t assert_all(struct http_call *c, const struct transport_response *response,
                   stressor_failure *failure)
{
    int32_t rc = assert_status(c, response, failure);
    if (rc == 0 && call_has_arg(c, ARG_ASSERT_MATCH_HEADERS))
        rc = assert_headers(c, response, failure);
    if (rc == 0 && call_has_arg(c, ARG_ASSERT_JSON))
        rc = assert_json(c, response, failure);
    if (rc == 0 && call_has_arg(c, ARG_ASSERT_HTML))
        rc = assert_html(c, response, failure);
    if (rc == 0 && call_has_arg(c, ARG_STORE_HEADER))
        rc = store_headers(c, failure);
    return rc;
}

int32_t assert_regex_gave_up(struct http_call *c, int32_t rc, stressor_failure *failure)
{
    if (rc != STRESSOR_ELIMIT)
        return request_no_memory(c, failure);
    return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "regex limit",
                         "a regex took too long on the answer of %s %s", c->request.method,
                         request_shown_url(c));
}

const char *assert_shown(struct http_call *c, const stressor_value *value)
{
    stressor_value text;
    if (value->flags & STRESSOR_SECRET)
        return "***";
    if (c->exec->host->value_text(c->exec, value, &text) != 0)
        return "(out of memory)";
    if (text.flags & STRESSOR_SECRET)
        return "***";
    const char *quote = value->type == STRESSOR_STRING ? "'" : "";
    bool cut = text.as.string.length > SHOWN_BYTES_MAX;
    size_t length = cut ? SHOWN_BYTES_MAX : text.as.string.length;
    while (cut && length > 0 && ((unsigned char)text.as.string.ptr[length] & 0xc0) == 0x80)
        length--; /* not within a character */
    char *out = c->exec->host->scratch(c->exec, length + 8);
    if (out == NULL)
        return "(out of memory)";
    char *end = stpcpy(out, quote);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text.as.string.ptr[i];
        *end++ = byte < ' ' || byte == 0x7f ? ' ' : (char)byte;
    }
    end = stpcpy(end, cut ? "..." : "");
    stpcpy(end, quote);
    return out;
}
