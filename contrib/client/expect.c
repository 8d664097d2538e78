#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/equal.h>
#include <stressor/log.h>

#include "outcome.h"

struct part {
    const char *name; /* the path as written; NULL: the value itself */
    int name_length;
    stressor_path *path;
    stressor_regex *regex; /* NULL: compared for equality */
    const stressor_value *expected;
};

struct expect {
    const struct expect_api *api;
    size_t count;
    struct part parts[];
};

enum { SHOWN_MAX = 200 }; /* bytes of a value in a message */

bool expect_api_init(struct expect_api *api, const stressor_host *host)
{
    api->host = host;
    api->path = host->extension(host, STRESSOR_PATH_1);
    api->regex = host->extension(host, STRESSOR_REGEX_1);
    return api->path != NULL && api->regex != NULL;
}

/* --- making one ---------------------------------------------------------------------------- */

static bool part_init(const struct expect_api *api, struct part *p, const stressor_value *expected,
                      char *why, size_t why_size)
{
    p->expected = expected;
    if (p->name != NULL) {
        const char *error = "out of memory";
        p->path = api->path->compile(p->name, (uint64_t)p->name_length, &error);
        if (p->path == NULL) {
            snprintf(why, why_size, "path '%.*s': %s", p->name_length, p->name, error);
            return false;
        }
    }
    if (expected->type != STRESSOR_STRING)
        return true;
    char error[200] = "";
    p->regex = api->regex->compile(expected->as.string.ptr, expected->as.string.length,
                                   STRESSOR_REGEX_AT_START, error, sizeof error);
    if (p->regex == NULL)
        snprintf(why, why_size, "regular expression: %s", error);
    return p->regex != NULL;
}

struct expect *expect_new(const struct expect_api *api, const stressor_value *expected, bool is_map,
                          char *why, size_t why_size)
{
    size_t count = is_map ? (size_t)expected->as.map.count : 1;
    struct expect *e = calloc(1, sizeof *e + count * sizeof *e->parts);
    if (e == NULL) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    e->api = api;
    e->count = count;
    for (size_t i = 0; i < count; i++) {
        struct part *p = &e->parts[i];
        const stressor_value *v = expected;
        uint64_t length = 0;
        if (is_map)
            v = api->host->map_at(expected, i, &p->name, &length);
        p->name_length = length < SHOWN_MAX ? (int)length : SHOWN_MAX;
        if (!part_init(api, p, v, why, why_size)) {
            expect_free(e);
            return NULL;
        }
    }
    return e;
}

void expect_free(struct expect *e)
{
    if (e == NULL)
        return;
    for (size_t i = 0; i < e->count; i++) {
        e->api->path->free(e->parts[i].path);
        e->api->regex->free(e->parts[i].regex);
    }
    free(e);
}

/* --- judging ------------------------------------------------------------------------------- */

static bool holds_secret(const stressor_host *host, const stressor_value *v)
{
    bool secret = (v->flags & STRESSOR_SECRET) != 0;
    if (v->type == STRESSOR_LIST)
        for (uint64_t i = 0; !secret && i < v->as.list.count; i++)
            secret = holds_secret(host, host->list_at(v, i));
    if (v->type == STRESSOR_MAP)
        for (uint64_t i = 0; !secret && i < v->as.map.count; i++)
            secret = holds_secret(host, host->map_at(v, i, NULL, NULL));
    return secret;
}

/* The beginning of a value's text. */
static stressor_value shown(stressor_exec *exec, const stressor_value *v)
{
    stressor_value text;
    if (holds_secret(exec->host, v) || exec->host->value_text(exec, v, &text) != 0 ||
        (text.flags & STRESSOR_SECRET) != 0)
        return stressor_string("***");
    if (text.as.string.length > SHOWN_MAX)
        text.as.string.length = SHOWN_MAX;
    return text;
}

/* Numbers of many digits are texts that the host has marked. */
static const char *type_name(const stressor_value *v)
{
    static const char *const names[] = {
        [STRESSOR_NULL] = "null",      [STRESSOR_BOOL] = "a boolean",
        [STRESSOR_INT] = "an integer", [STRESSOR_DOUBLE] = "a number",
        [STRESSOR_STRING] = "a text",  [STRESSOR_LIST] = "a list",
        [STRESSOR_MAP] = "a map",
    };
    if (v->type == STRESSOR_STRING && (v->flags & ~STRESSOR_SECRET) != 0)
        return "a number";
    return v->type < sizeof names / sizeof *names ? names[v->type] : "of another type";
}

/* Are they unlike though they read the same? Secrets do not read as anything. */
static bool differ_by_type(const stressor_host *host, const stressor_value *a,
                           const stressor_value *a_text, const stressor_value *b,
                           const stressor_value *b_text)
{
    uint64_t length = a_text->as.string.length;
    return length == b_text->as.string.length &&
           (length == 0 ||
            memcmp(a_text->as.string.ptr, b_text->as.string.ptr, (size_t)length) == 0) &&
           strcmp(type_name(a), type_name(b)) != 0 && !holds_secret(host, a) &&
           !holds_secret(host, b);
}

static int32_t fail(const struct part *p, stressor_exec *exec, const stressor_value *value,
                    const char *kind, stressor_failure *failure)
{
    stressor_value wanted = shown(exec, p->expected), got = shown(exec, value);
    char types[64] = "";
    if (p->regex == NULL && differ_by_type(exec->host, p->expected, &wanted, value, &got))
        snprintf(types, sizeof types, " (%s, not %s)", type_name(value), type_name(p->expected));
    if (holds_secret(exec->host, p->expected))
        got = stressor_string("***");
    return stressor_fail(exec, failure, STRESSOR_ASSERTION, kind,
                         "expected %s%.*s%s to %s '%.*s', got '%.*s'%s", p->name != NULL ? "'" : "",
                         p->name != NULL ? p->name_length : 9,
                         p->name != NULL ? p->name : "the value", p->name != NULL ? "'" : "",
                         p->regex != NULL ? "match" : "equal", (int)wanted.as.string.length,
                         wanted.as.string.ptr, (int)got.as.string.length, got.as.string.ptr, types);
}

static int32_t judge(const struct expect *e, const struct part *p, stressor_exec *exec,
                     const stressor_value *root, const char *kind, stressor_failure *failure)
{
    stressor_value value = *root, error = stressor_string("out of memory");
    if (p->path != NULL && e->api->path->get(exec, p->path, root, &value, &error) != 0)
        return stressor_fail(exec, failure, STRESSOR_ASSERTION, kind,
                             "expected '%.*s' in the result: %.*s", p->name_length, p->name,
                             (int)error.as.string.length, error.as.string.ptr);
    if (p->regex == NULL)
        return stressor_equal(exec->host, &value, p->expected)
                   ? STRESSOR_DONE
                   : fail(p, exec, &value, kind, failure);
    stressor_value text = value;
    if (value.type != STRESSOR_STRING && exec->host->value_text(exec, &value, &text) != 0)
        return outcome_no_memory(exec, failure);
    int32_t status = e->api->regex->match(p->regex, text.as.string.ptr, text.as.string.length);
    if (status == 1)
        return STRESSOR_DONE;
    if (status == STRESSOR_ELIMIT)
        return stressor_fail(exec, failure, STRESSOR_SCRIPT, "regex limit",
                             "the regular expression took too long to tell whether it matches");
    return status == 0 ? fail(p, exec, &value, kind, failure) : outcome_no_memory(exec, failure);
}

int32_t expect_judge(const struct expect *e, stressor_exec *exec, const stressor_value *value,
                     const char *kind, stressor_failure *failure)
{
    for (size_t i = 0; i < e->count; i++) {
        int32_t status = judge(e, &e->parts[i], exec, value, kind, failure);
        if (status != STRESSOR_DONE)
            return status;
    }
    return STRESSOR_DONE;
}
