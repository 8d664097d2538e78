#include "cli/compare_read.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/text.h"

#define SCHEMA     "stressor.results#1"
#define FAMILY     "stressor.results#"
#define BYTES_MOST (INT64_C(1) << 30)

/* Where in the document the reading is: "activities[3].latency". */
struct place {
    const char *file;
    char path[160];
    bool failed;
};

__attribute__((format(printf, 2, 3))) static void complain(const char *file, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = text_format_args(fmt, args);
    va_end(args);
    char *clean = text != NULL ? text_clean(text, strlen(text), " ") : NULL;
    char *name = text_clean(file, strlen(file), "\\n");
    fprintf(stderr, "stressor: %s: %s\n", name != NULL ? name : "?",
            clean != NULL ? clean : "out of memory");
    free(text);
    free(clean);
    free(name);
}

static const char *type_name(const json_t *value)
{
    if (value == NULL)
        return "nothing";
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "a list";
    case JSON_STRING: return "a text";
    case JSON_INTEGER: return "a whole number";
    case JSON_REAL: return "a number";
    case JSON_TRUE:
    case JSON_FALSE: return "a boolean";
    default: return "null";
    }
}

static void unexpected(struct place *at, const char *key, const char *wanted, const json_t *found)
{
    if (!at->failed)
        complain(at->file, "%s%s%s: expected %s, found %s", at->path, *at->path != '\0' ? "." : "",
                 key, wanted, type_name(found));
    at->failed = true;
}

static json_t *get_map(struct place *at, const json_t *map, const char *key)
{
    json_t *value = json_object_get(map, key);
    if (!json_is_object(value))
        unexpected(at, key, "an object", value);
    return value;
}

static uint64_t get_count(struct place *at, const json_t *map, const char *key)
{
    const json_t *value = json_object_get(map, key);
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        unexpected(at, key, "a whole number that is not negative", value);
    return (uint64_t)json_integer_value(value);
}

static double get_number(struct place *at, const json_t *map, const char *key)
{
    const json_t *value = json_object_get(map, key);
    if (!json_is_number(value) || json_number_value(value) < 0)
        unexpected(at, key, "a number that is not negative", value);
    return json_number_value(value);
}

static const char *get_text(struct place *at, const json_t *map, const char *key)
{
    const json_t *value = json_object_get(map, key);
    if (!json_is_string(value))
        unexpected(at, key, "a text", value);
    return json_is_string(value) ? json_string_value(value) : "";
}

static bool get_bool(struct place *at, const json_t *map, const char *key)
{
    const json_t *value = json_object_get(map, key);
    if (!json_is_boolean(value))
        unexpected(at, key, "a boolean", value);
    return json_is_true(value);
}

/* Goes to the object `key` of a map. NULL: there is none, which has been said. Else the caller goes
 * back by cutting the path to what it was. */
static const json_t *enter(struct place *at, const json_t *map, const char *key)
{
    size_t length = strlen(at->path);
    const json_t *value = get_map(at, map, key);
    if (at->failed)
        return NULL;
    snprintf(at->path + length, sizeof at->path - length, "%s%s", length > 0 ? "." : "", key);
    return value;
}

static void read_latency(struct place *at, const json_t *map, struct result_row *row)
{
    static const char *const percents[] = {
        [RESULT_P50] = "50", [RESULT_P95] = "95", [RESULT_P99] = "99"};
    size_t length = strlen(at->path);
    const json_t *latency = enter(at, map, "latency");
    if (latency == NULL || row->count == 0) {
        at->path[length] = '\0';
        return;
    }
    row->ns[RESULT_MEAN] = (int64_t)get_count(at, latency, "mean_ns");
    row->ns[RESULT_MAX] = (int64_t)get_count(at, latency, "max_ns");
    const json_t *percentiles = enter(at, latency, "percentiles_ns");
    for (int i = RESULT_P50; i <= RESULT_P99 && percentiles != NULL; i++)
        row->ns[i] = (int64_t)get_count(at, percentiles, percents[i]);
    at->path[length] = '\0';
}

static void read_run(struct place *at, const json_t *root, struct results *r)
{
    const json_t *run = enter(at, root, "run");
    const json_t *trust = json_object_get(root, "trust");
    r->name = json_string_value(json_object_get(run, "name"));
    r->tag = json_string_value(json_object_get(run, "tag"));
    r->started = json_string_value(json_object_get(run, "started"));
    r->verdict = at->failed ? "" : get_text(at, run, "verdict");
    r->dry_run = !at->failed && get_bool(at, run, "dry_run");
    r->trust = json_string_value(json_object_get(trust, "verdict"));
}

/* After the rows: the counts are theirs, of those whose latencies the totals hold. */
static void read_totals(struct place *at, const json_t *root, struct results *r)
{
    *at->path = '\0';
    const json_t *totals = enter(at, root, "totals");
    if (totals != NULL && r->total.count > 0)
        read_latency(at, totals, &r->total);
}

static void read_row(struct place *at, const json_t *map, struct result_row *row)
{
    row->name = get_text(at, map, "name");
    row->phase = get_text(at, map, "phase");
    row->called = get_bool(at, map, "called");
    row->ignores_timing = get_bool(at, map, "ignore_timing");
    row->count = get_count(at, map, "count");
    row->errors = get_count(at, map, "errors");
    row->per_second = get_number(at, map, "per_second");
    if (!at->failed)
        read_latency(at, map, row);
    if (!at->failed && row->errors > row->count) {
        complain(at->file, "%s.errors: more errors than executions", at->path);
        at->failed = true;
    }
}

static bool is_net(const struct result_row *row)
{
    return strcmp(row->phase, "main") == 0 && !row->called && !row->ignores_timing;
}

static void read_rows(struct place *at, const json_t *root, struct results *r)
{
    const json_t *list = json_object_get(root, "activities");
    *at->path = '\0';
    if (!json_is_array(list)) {
        unexpected(at, "activities", "a list", list);
        return;
    }
    r->rows = calloc(json_array_size(list) + 1, sizeof *r->rows);
    if (r->rows == NULL) {
        complain(at->file, "out of memory");
        at->failed = true;
    }
    for (size_t i = 0; i < json_array_size(list) && !at->failed; i++) {
        struct result_row *row = &r->rows[r->rows_count++];
        snprintf(at->path, sizeof at->path, "activities[%zu]", i);
        read_row(at, json_array_get(list, i), row);
        if (is_net(row)) {
            r->total.count += row->count;
            r->total.errors += row->errors;
            r->total.per_second += row->per_second;
        }
    }
}

static bool check_schema(const char *path, const json_t *root)
{
    const char *schema = json_string_value(json_object_get(root, "schema"));
    if (schema == NULL || strncmp(schema, FAMILY, strlen(FAMILY)) != 0)
        complain(path, "is not a report of \"stressor run --report json\": \"schema\" is not %s",
                 SCHEMA);
    else if (strcmp(schema, SCHEMA) != 0)
        complain(path, "is a report in the format %.40s; this program reads %s", schema, SCHEMA);
    else
        return true;
    return false;
}

static json_t *load(const char *path)
{
    json_error_t error;
    struct stat about;
    json_t *root = NULL;
    FILE *file = fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &about) != 0)
        complain(path, "cannot be read: %s", strerror(errno));
    else if (S_ISDIR(about.st_mode))
        complain(path, "is a folder");
    else if (about.st_size > BYTES_MOST)
        complain(path, "is larger than 1 GiB");
    else if ((root = json_loadf(file, JSON_REJECT_DUPLICATES, &error)) == NULL)
        complain(path, "line %d, column %d: is not JSON: %s", error.line, error.column, error.text);
    if (file != NULL)
        fclose(file);
    return root;
}

bool results_read(struct results *r, const char *path)
{
    struct place at = {.file = path};
    *r = (struct results){.path = path, .total = {.name = "all", .phase = "main"}};
    json_t *root = load(path);
    r->document = root;
    if (root == NULL || !check_schema(path, root))
        return false;
    read_run(&at, root, r);
    if (!at.failed)
        read_rows(&at, root, r);
    if (!at.failed)
        read_totals(&at, root, r);
    return !at.failed;
}

void results_finish(struct results *r)
{
    free(r->rows);
    json_decref(r->document);
    *r = (struct results){0};
}
