#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <stressor/log.h>

#include "pgsql.h"

static int32_t no_memory(struct query *q)
{
    return stressor_fail(q->exec, &q->result.failure, STRESSOR_GENERATOR, "memory",
                         "out of memory for the parameters");
}

static const char *number_text(struct query *q, const char *format, ...)
{
    char *text = q->exec->host->scratch(q->exec, 40);
    if (text == NULL)
        return NULL;
    va_list args;
    va_start(args, format);
    vsnprintf(text, 40, format, args);
    va_end(args);
    return text;
}

static const char *real_text(struct query *q, double real)
{
    if (isnan(real))
        return "NaN";
    if (isinf(real))
        return real > 0 ? "Infinity" : "-Infinity";
    return number_text(q, "%.17g", real);
}

/* A text with a zero byte goes as it is, in what PostgreSQL calls binary, which suits bytea; others
 * as text, which suits every type. NULL: out of memory. */
static const char *string_text(struct query *q, const stressor_value *v, size_t i)
{
    uint64_t length = v->as.string.length;
    bool binary = length > 0 && memchr(v->as.string.ptr, '\0', length) != NULL;
    char *text = q->exec->host->scratch(q->exec, length + 1);
    if (text == NULL)
        return NULL;
    if (length > 0)
        memcpy(text, v->as.string.ptr, length);
    text[length] = '\0';
    q->parameters.formats[i] = binary;
    q->parameters.lengths[i] = (int)length;
    return text;
}

static int32_t put(struct query *q, size_t i, const stressor_value *v)
{
    const stressor_json_api *json = session_plugin(q->session)->json;
    stressor_value text;
    const char *out = NULL;
    int32_t rc;
    switch (v->type) {
    case STRESSOR_NULL: return 0;
    case STRESSOR_BOOL: out = v->as.integer ? "true" : "false"; break;
    case STRESSOR_INT: out = number_text(q, "%" PRId64, v->as.integer); break;
    case STRESSOR_DOUBLE: out = real_text(q, v->as.real); break;
    case STRESSOR_STRING:
        if (v->as.string.length > INT32_MAX - 1)
            return stressor_fail(q->exec, &q->result.failure, STRESSOR_SCRIPT, "parameter",
                                 "parameter %zu is longer than PostgreSQL takes", i + 1);
        out = string_text(q, v, i);
        break;
    default:
        rc = json->write(q->exec, v, &text);
        if (rc == STRESSOR_EINVAL)
            return stressor_fail(q->exec, &q->result.failure, STRESSOR_SCRIPT, "parameter",
                                 "parameter %zu: JSON has no infinite number and no NaN", i + 1);
        if (rc == 0)
            out = string_text(q, &text, i);
    }
    q->parameters.values[i] = out;
    return out != NULL ? 0 : no_memory(q);
}

static const char too_many[] = "expected at most %d parameters, got %zu";

int32_t parameters_prepare(stressor_prepare *prepare)
{
    const stressor_value *list = &prepare->args[ARG_PARAMETERS];
    bool given = prepare->states[ARG_PARAMETERS] == STRESSOR_ARG_CONSTANT;
    size_t count = given ? (size_t)list->as.list.count : 0;
    return count > PARAMETERS_MAX
               ? stressor_problem(prepare, ARG_PARAMETERS, too_many, PARAMETERS_MAX, count)
               : 0;
}

int32_t parameters_make(struct query *q)
{
    const stressor_host *host = q->exec->host;
    const stressor_value *list = query_arg(q, ARG_PARAMETERS);
    struct parameters *p = &q->parameters;
    size_t count = list->type == STRESSOR_LIST ? (size_t)list->as.list.count : 0;
    mask_add(&q->mask, host, list);
    q->own_secrets = q->mask.count;
    if (count == 0)
        return 0;
    if (count > PARAMETERS_MAX)
        return stressor_fail(q->exec, &q->result.failure, STRESSOR_SCRIPT, "parameter", too_many,
                             PARAMETERS_MAX, count);
    p->values = host->scratch(q->exec, count * sizeof *p->values);
    p->lengths = host->scratch(q->exec, count * sizeof *p->lengths);
    p->formats = host->scratch(q->exec, count * sizeof *p->formats);
    if (p->values == NULL || p->lengths == NULL || p->formats == NULL)
        return no_memory(q);
    p->count = (int)count;
    for (size_t i = 0; i < count; i++) {
        p->values[i] = NULL;
        p->lengths[i] = p->formats[i] = 0;
        if (put(q, i, host->list_at(list, i)) != 0)
            return STRESSOR_FAILED;
    }
    return 0;
}
