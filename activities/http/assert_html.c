#include <stdio.h>
#include <string.h>

#include <stressor/log.h>

#include "answer.h"
#include "assert.h"
#include "compiled.h"
#include "html.h"
#include "request.h"

struct check {
    struct http_call *call;
    struct span name; /* the XPath */
    const stressor_value *expected;
    stressor_failure *failure;
    const stressor_regex *regex; /* NULL: true or false is expected */
    int32_t match;               /* of the last text that was tried */
    const char *shown;           /* the first text that was tried */
};

static int name_length(const struct check *k)
{
    return (int)(k->name.length < 200 ? k->name.length : 200);
}

static int32_t fail_argument(const struct check *k, const char *error)
{
    return stressor_fail(k->call->exec, k->failure, STRESSOR_SCRIPT, "argument",
                         "argument 'assert_html', XPath '%.*s': %s", name_length(k), k->name.ptr,
                         error);
}

static int32_t fail_found(const struct check *k, const char *what, const char *got)
{
    return stressor_fail(k->call->exec, k->failure, STRESSOR_ASSERTION, "html",
                         "expected '%.*s' %s, got %s from %s %s", name_length(k), k->name.ptr, what,
                         got, k->call->request.method, request_shown_url(k->call));
}

static int32_t fail_page(struct http_call *c, enum html_status status, stressor_failure *failure)
{
    if (status == HTML_MEMORY)
        return request_no_memory(c, failure);
    return stressor_fail(c->exec, failure, STRESSOR_ASSERTION, "html",
                         "expected HTML of at most %d bytes, nested at most 256 deep, from %s %s",
                         HTML_BYTES_MAX, c->request.method, request_shown_url(c));
}

/* One of the texts has to match: goes on until one does. */
static bool try_text(void *data, struct span text)
{
    struct check *k = data;
    if (k->shown == NULL) {
        stressor_value v = stressor_string_n(text.ptr, text.length);
        bool secret = (k->expected->flags & STRESSOR_SECRET) != 0;
        k->shown = secret ? "***" : assert_shown(k->call, &v);
    }
    k->match = call_plugin(k->call)->regex->match(k->regex, text.ptr, text.length);
    return k->match == 0;
}

static int32_t judge_text(struct check *k, size_t count)
{
    char what[400], got[400];
    if (k->match == 1)
        return 0;
    if (k->match < 0)
        return assert_regex_gave_up(k->call, k->match, k->failure);
    snprintf(what, sizeof what, "to hold %s", assert_shown(k->call, k->expected));
    if (k->shown == NULL)
        return fail_found(k, what, "nothing there");
    snprintf(got, sizeof got, "%s%s", k->shown, count > 1 ? " and others" : "");
    return fail_found(k, what, got);
}

static int32_t judge_presence(const struct check *k, size_t count)
{
    bool wanted = k->expected->as.integer != 0;
    char got[40];
    if (wanted == (count > 0))
        return 0;
    snprintf(got, sizeof got, "%zu of it", count);
    return wanted ? fail_found(k, "to be there", "nothing") : fail_found(k, "not to be there", got);
}

static int32_t judge(struct check *k, struct html_page *page)
{
    struct http_worker *w = k->call->session->worker;
    char error[300] = "";
    size_t count;
    struct html_xpath *xpath = compiled_xpath(w, k->name, error, sizeof error);
    if (xpath == NULL)
        return fail_argument(k, error);
    if (k->expected->type == STRESSOR_STRING) {
        k->regex = compiled_search(w, value_span(k->expected), error, sizeof error);
        if (k->regex == NULL)
            return fail_argument(k, error);
    } else if (k->expected->type != STRESSOR_BOOL) {
        return fail_argument(k, "expected true, false or a regex");
    }
    enum html_status status =
        html_find(page, xpath, &count, k->regex != NULL ? try_text : NULL, k, error, sizeof error);
    if (status == HTML_MEMORY)
        return request_no_memory(k->call, k->failure);
    if (status == HTML_TOO_LONG)
        return fail_argument(k, "it takes too long to evaluate on that page");
    if (status != HTML_OK)
        return fail_argument(k, error);
    return k->regex != NULL ? judge_text(k, count) : judge_presence(k, count);
}

int32_t assert_html(struct http_call *c, const struct transport_response *response,
                    stressor_failure *failure)
{
    const stressor_value *map = call_arg(c, ARG_ASSERT_HTML);
    if (map->type != STRESSOR_MAP)
        return 0;
    struct span text;
    enum html_status status;
    if (!answer_text(c, response, &text))
        return request_no_memory(c, failure);
    struct html_page *page = html_page_new(text, &status);
    if (page == NULL)
        return fail_page(c, status, failure);
    int32_t rc = 0;
    for (uint64_t i = 0; i < map->as.map.count && rc == 0; i++) {
        struct check check = {.call = c, .failure = failure};
        const char *key;
        uint64_t length;
        check.expected = c->exec->host->map_at(map, i, &key, &length);
        check.name = (struct span){key, length};
        rc = judge(&check, page);
    }
    html_page_free(page);
    return rc;
}
