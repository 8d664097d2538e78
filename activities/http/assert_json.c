
#include <stressor/equal.h>
#include <stressor/log.h>

#include "answer.h"
#include "assert.h"
#include "compiled.h"
#include "request.h"

/* --- one path ------------------------------------------------------------------------------ */

static int32_t fail_argument(struct http_call *c, struct span name, const char *error,
                             stressor_failure *failure)
{
    return stressor_fail(c->exec, failure, STRESSOR_SCRIPT, "argument",
                         "argument 'assert_json', path '%.*s': %s",
                         (int)(name.length < 200 ? name.length : 200), name.ptr, error);
}

static int32_t fail_value(struct http_call *c, const struct json_check *check, const char *what,
                          const stressor_value *value, stressor_failure *failure)
{
    bool secret = (check->expected->flags & STRESSOR_SECRET) != 0;
    return stressor_fail(
        c->exec, failure, STRESSOR_ASSERTION, "json", "expected '%.*s' to %s %s, got %s from %s %s",
        (int)(check->name.length < 200 ? check->name.length : 200), check->name.ptr, what,
        assert_shown(c, check->expected), secret ? "***" : assert_shown(c, value),
        c->request.method, request_shown_url(c));
}

static int32_t fail_missing(struct http_call *c, const struct json_check *check,
                            const stressor_value *error, stressor_failure *failure)
{
    return stressor_fail(c->exec, failure, STRESSOR_ASSERTION, "json",
                         "expected '%.*s' in the answer: %.*s, from %s %s",
                         (int)(check->name.length < 200 ? check->name.length : 200),
                         check->name.ptr, (int)error->as.string.length, error->as.string.ptr,
                         c->request.method, request_shown_url(c));
}

static int32_t judge(struct http_call *c, const struct json_check *check,
                     const stressor_value *root, stressor_failure *failure)
{
    const stressor_host *host = c->exec->host;
    stressor_value value, text, error = stressor_string("");
    int32_t rc = call_plugin(c)->path->get(c->exec, check->path, root, &value, &error);
    if (rc == STRESSOR_ENOMEM)
        return request_no_memory(c, failure);
    if (rc != 0)
        return fail_missing(c, check, &error, failure);
    if (check->regex == NULL)
        return stressor_equal(host, &value, check->expected)
                   ? 0
                   : fail_value(c, check, "equal", &value, failure);
    text = value;
    if (value.type != STRESSOR_STRING && host->value_text(c->exec, &value, &text) != 0)
        return request_no_memory(c, failure);
    rc = call_plugin(c)->regex->match(check->regex, text.as.string.ptr, text.as.string.length);
    if (rc == 1)
        return 0;
    if (rc != 0)
        return assert_regex_gave_up(c, rc, failure);
    return fail_value(c, check, "match", &value, failure);
}

/* --- all of them --------------------------------------------------------------------------- */

static int32_t judge_entry(struct http_call *c, const stressor_value *map, uint64_t i,
                           const stressor_value *root, stressor_failure *failure)
{
    struct json_check check = {.regex = NULL};
    struct http_worker *w = c->session->worker;
    const char *error = "", *key;
    char why[200] = "";
    uint64_t length;
    check.expected = c->exec->host->map_at(map, i, &key, &length);
    check.name = (struct span){key, length};
    check.path = compiled_path(w, check.name, &error);
    if (check.path == NULL)
        return fail_argument(c, check.name, error, failure);
    if (check.expected->type == STRESSOR_STRING) {
        check.regex = compiled_regex(w, value_span(check.expected), why, sizeof why);
        if (check.regex == NULL)
            return fail_argument(c, check.name, why, failure);
    }
    return judge(c, &check, root, failure);
}

static int32_t fail_not_json(struct http_call *c, const struct transport_response *response,
                             const stressor_value *error, stressor_failure *failure)
{
    struct span body = {"", 0};
    answer_text(c, response, &body);
    stressor_value text = stressor_string_n(body.ptr, body.length);
    return stressor_fail(c->exec, failure, STRESSOR_ASSERTION, "json",
                         "expected JSON, got %s (%.*s) from %s %s", assert_shown(c, &text),
                         (int)error->as.string.length, error->as.string.ptr, c->request.method,
                         request_shown_url(c));
}

int32_t assert_json(struct http_call *c, const struct transport_response *response,
                    stressor_failure *failure)
{
    const stressor_value *map = call_arg(c, ARG_ASSERT_JSON);
    if (map->type != STRESSOR_MAP)
        return 0;
    stressor_value root, error = stressor_string("");
    int32_t rc = answer_json(c, response, &root, &error);
    if (rc == STRESSOR_ENOMEM)
        return request_no_memory(c, failure);
    if (rc != 0)
        return fail_not_json(c, response, &error, failure);
    if (c->place->checks != NULL) {
        for (size_t i = 0; i < c->place->checks_count && rc == 0; i++)
            rc = judge(c, &c->place->checks[i], &root, failure);
        return rc;
    }
    for (uint64_t i = 0; i < map->as.map.count && rc == 0; i++)
        rc = judge_entry(c, map, i, &root, failure);
    return rc;
}
