#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include "pgsql.h"

/* Of pg_type; these numbers never change. */
enum {
    OID_BOOL = 16,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_OID = 26,
    OID_JSON = 114,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_NUMERIC = 1700,
    OID_JSONB = 3802
};

enum { EXACT_DIGITS = 15, CELL_OVERHEAD = 24 };

static void no_memory(struct query *q)
{
    query_fail(q, STRESSOR_GENERATOR, "memory", "out of memory for the rows");
}

/* --- a cell -------------------------------------------------------------------------------- */

static bool integer_of(const char *text, stressor_value *out)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || end == text)
        return false;
    *out = stressor_int(number);
    return true;
}

/* NaN and infinities stay text: JSON has no word for them. */
static bool real_of(const char *text, stressor_value *out)
{
    char *end;
    double number = strtod(text, &end);
    if (*end != '\0' || end == text || !isfinite(number))
        return false;
    *out = stressor_double(number);
    return true;
}

/* A number where a number holds it exactly, otherwise its text. */
static bool numeric_of(const char *text, stressor_value *out)
{
    size_t digits = 0;
    bool whole = true;
    for (const char *p = text; *p != '\0'; p++) {
        digits += *p >= '0' && *p <= '9';
        whole = whole && *p != '.';
    }
    if (whole && integer_of(text, out))
        return true;
    return digits <= EXACT_DIGITS && real_of(text, out);
}

static stressor_value cell(struct query *q, const PGresult *row, int column)
{
    const char *text = PQgetvalue(row, 0, column);
    size_t length = (size_t)PQgetlength(row, 0, column);
    stressor_value v = stressor_string_n(text, length);
    if (PQgetisnull(row, 0, column))
        return stressor_null();
    bool taken = true;
    switch (PQftype(row, column)) {
    case OID_BOOL: v = stressor_bool(*text == 't'); break;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_OID: taken = integer_of(text, &v); break;
    case OID_FLOAT4:
    case OID_FLOAT8: taken = real_of(text, &v); break;
    case OID_NUMERIC: taken = numeric_of(text, &v); break;
    case OID_JSON:
    case OID_JSONB: {
        stressor_value parsed;
        const stressor_json_api *json = session_plugin(q->session)->json;
        taken = json->parse(q->exec, text, length, &parsed, NULL) == 0;
        if (taken && !mask_finds(&q->mask, text, length))
            v = parsed;
        break;
    }
    default: taken = false;
    }
    if (v.type == STRESSOR_STRING && mask_finds(&q->mask, text, length))
        v.flags |= STRESSOR_SECRET;
    return v;
}

/* --- a row --------------------------------------------------------------------------------- */

/* The second `id` of a row is `id_2`: a map has each key once. */
static const char *column_name(struct query *q, const PGresult *row, int column)
{
    const char *name = PQfname(row, column);
    int times = 1;
    for (int i = 0; i < column; i++)
        times += strcmp(PQfname(row, i), name) == 0;
    char *copy = q->exec->host->scratch(q->exec, COLUMN_NAME_MAX);
    if (copy == NULL)
        return NULL;
    if (times == 1)
        snprintf(copy, COLUMN_NAME_MAX, "%s", name);
    else
        snprintf(copy, COLUMN_NAME_MAX, "%.64s_%d", name, times);
    return copy;
}

static bool begin(struct query *q, const PGresult *row)
{
    const stressor_host *host = q->exec->host;
    int columns = PQnfields(row);
    q->builder = host->build(q->exec);
    q->columns = host->scratch(q->exec, ((size_t)columns + 1) * sizeof *q->columns);
    if (q->builder == NULL || q->columns == NULL)
        return false;
    for (int i = 0; i < columns; i++) {
        q->columns[i] = column_name(q, row, i);
        if (q->columns[i] == NULL)
            return false;
    }
    host->build_list(q->builder);
    return true;
}

bool rows_add(struct query *q, const PGresult *row)
{
    const stressor_host *host = q->exec->host;
    int columns = PQnfields(row);
    q->received++;
    for (int i = 0; i < columns; i++)
        q->result_bytes += (uint64_t)PQgetlength(row, 0, i) + CELL_OVERHEAD;
    if (!q->wants_rows)
        return true;
    if (q->columns == NULL && !begin(q, row)) {
        no_memory(q);
        return false;
    }
    host->build_map(q->builder);
    for (int i = 0; i < columns; i++) {
        stressor_value v = cell(q, row, i);
        size_t length = strlen(q->columns[i]);
        q->result_bytes += length + CELL_OVERHEAD;
        host->build_key(q->builder, q->columns[i], length);
        host->build_value(q->builder, &v);
    }
    host->build_end(q->builder);
    return true;
}

bool rows_finish(struct query *q, stressor_value *out)
{
    const stressor_host *host = q->exec->host;
    *out = stressor_null();
    if (!q->wants_rows)
        return true;
    if (q->builder == NULL) {
        q->builder = host->build(q->exec);
        if (q->builder != NULL)
            host->build_list(q->builder);
    }
    if (q->builder != NULL) {
        host->build_end(q->builder);
        if (host->build_finish(q->builder, out) == 0)
            return true;
    }
    no_memory(q);
    return false;
}
