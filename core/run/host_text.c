#include <string.h>

#include "base/json.h"
#include "run/exec.h"
#include "run/host.h"

/* stressor.json/1, stressor.path/1, stressor.regex/1: the core's own, for plugins. */

/* A finished buffer as a text of the execution. */
static int32_t take(struct exec *x, struct buf *b, stressor_value *out)
{
    char *copy = b->failed ? NULL : arena_copy(x->arena, b->data, b->length);
    *out = stressor_string_n(copy, copy != NULL ? b->length : 0);
    buf_finish(b);
    return copy != NULL ? STRESSOR_OK : STRESSOR_ENOMEM;
}

static int32_t parse(stressor_exec *exec, const char *text, uint64_t length, stressor_value *out,
                     stressor_value *error)
{
    struct exec *x = exec_of(exec);
    struct json_error why;
    int status = json_parse(text, length, x->arena, out, &why);
    if (status != JSON_SYNTAX || error == NULL)
        return status;
    struct buf b;
    buf_init(&b, 0);
    buf_printf(&b, "line %d, column %d: %s", why.line, why.column, why.text);
    take(x, &b, error);
    return status;
}

static int32_t print(stressor_exec *exec, const stressor_value *value, stressor_value *out)
{
    struct buf b;
    if (!json_has_numbers(value)) {
        *out = stressor_string("JSON has no infinite number and no NaN");
        return STRESSOR_EINVAL;
    }
    buf_init(&b, 0);
    json_write(value, false, &b);
    int32_t status = take(exec_of(exec), &b, out);
    if (value_has_secret(value))
        out->flags |= STRESSOR_SECRET;
    return status;
}

const stressor_json_api host_json = {.size = sizeof host_json, .parse = parse, .write = print};

static stressor_path *path_compile(const char *text, uint64_t length, const char **error)
{
    return path_new(text, length, error);
}

static int32_t get(stressor_exec *exec, const stressor_path *path, const stressor_value *root,
                   stressor_value *out, stressor_value *error)
{
    struct buf why;
    buf_init(&why, 4096);
    const stressor_value *v = path_get(path, root, error != NULL ? &why : NULL);
    if (v != NULL)
        *out = *v;
    else if (error != NULL)
        take(exec_of(exec), &why, error);
    if (v != NULL || error == NULL)
        buf_finish(&why);
    return v != NULL ? STRESSOR_OK : STRESSOR_ENOENT;
}

const stressor_path_api host_path = {
    .size = sizeof host_path, .compile = path_compile, .free = path_free, .get = get};

static stressor_regex *regex_compile(const char *pattern, uint64_t length, uint32_t flags,
                                     char *error, uint64_t error_size)
{
    unsigned own = 0;
    if (flags & STRESSOR_REGEX_MULTILINE)
        own |= REGEX_MULTILINE;
    if (flags & STRESSOR_REGEX_AT_START)
        own |= REGEX_AT_START;
    return regex_new(pattern, length, own, error, error_size);
}

static int32_t match(const stressor_regex *regex, const char *text, uint64_t length)
{
    return regex_match(regex, text, length);
}

const stressor_regex_api host_regex = {
    .size = sizeof host_regex, .compile = regex_compile, .free = regex_free, .match = match};
