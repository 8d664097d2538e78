#include "tables.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <stressor/plugin.h>

#include <common/json.h>
#include <common/words.h>

/* What both kinds of rows have. */
struct row {
    const char *name, *type;
    uint32_t flags, phase, index;
    uint64_t count, errors, activities;
    int64_t sum_ns, net_ns, min_ns, max_ns;
    const stressor_histogram *total;
};

/* A row and what it is sorted by. */
struct entry {
    struct row row;
    double key;
};

struct entries {
    const stressor_snapshot_api *api;
    const stressor_snapshot *s;
    struct entry *items;
    size_t count;
};

/* --- figures ------------------------------------------------------------------------------------
 */

static int64_t mean_ns(const struct row *r)
{
    return r->count > 0 ? r->sum_ns / (int64_t)r->count : 0;
}

static int64_t percentile(const struct entries *e, const struct row *r, double percent)
{
    return r->total != NULL && r->count > 0 ? e->api->percentile(r->total, percent) : 0;
}

static double rate(const struct entries *e, const struct row *r)
{
    return per_second(r->count, phase_span_ns(e->s, r->phase));
}

enum figure {
    COUNT,
    ERRORS,
    ACTIVITIES,
    RATE,
    NET_RATE,
    SUM,
    NET,
    MEAN,
    MIN,
    MAX,
    P50,
    P90,
    P95,
    P99,
    NAME,
    NONE
};

static const char *const figures[] = {
    [COUNT] = "count",
    [ERRORS] = "errors",
    [ACTIVITIES] = "activities",
    [RATE] = "per_second",
    [SUM] = "sum_ns",
    [NET] = "net_ns",
    [NET_RATE] = "net_rate",
    [MEAN] = "mean_ns",
    [MIN] = "min_ns",
    [MAX] = "max_ns",
    [P50] = "p50_ns",
    [P90] = "p90_ns",
    [P95] = "p95_ns",
    [P99] = "p99_ns",
    [NAME] = "name",
    [NONE] = "",
};

static double figure_of(const struct entries *e, const struct row *r, enum figure f)
{
    switch (f) {
    case COUNT: return (double)r->count;
    case ERRORS: return (double)r->errors;
    case ACTIVITIES: return (double)r->activities;
    case RATE: return rate(e, r);
    case NET_RATE: return per_second(r->count, r->net_ns);
    case SUM: return (double)r->sum_ns;
    case NET: return (double)r->net_ns;
    case MEAN: return (double)mean_ns(r);
    case MIN: return (double)r->min_ns;
    case MAX: return (double)r->max_ns;
    case P50: return (double)percentile(e, r, 50);
    case P90: return (double)percentile(e, r, 90);
    case P95: return (double)percentile(e, r, 95);
    case P99: return (double)percentile(e, r, 99);
    default: return 0;
    }
}

static bool figure_find(const char *name, enum figure *out)
{
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (strcmp(figures[i], name) == 0) {
            *out = (enum figure)i;
            return true;
        }
    }
    return false;
}

/* --- choosing and sorting -----------------------------------------------------------------------
 */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool holds(const char *text, const char *part)
{
    for (; text != NULL && *text != '\0'; text++) {
        size_t k = 0;
        while (part[k] != '\0' && lower(text[k]) == lower(part[k]))
            k++;
        if (part[k] == '\0')
            return true;
    }
    return *part == '\0';
}

static void add(struct entries *e, const struct table_query *q, enum figure f,
                const struct row *row)
{
    /* Most types are never called by scripts, and a warm-up that is none has no row either. */
    bool aside = (row->flags & STRESSOR_ROW_CALLED) != 0 || row->phase == STRESSOR_PHASE_WARMUP;
    if ((aside && row->count == 0) ||
        (!holds(row->name, q->filter) && !holds(row->type, q->filter)))
        return;
    e->items[e->count++] = (struct entry){.row = *row, .key = figure_of(e, row, f)};
}

/* The warm-up behind all else, monitored ones first, then as the scenario has them. */
static int by_place(const void *left, const void *right)
{
    const struct row *a = &((const struct entry *)left)->row;
    const struct row *b = &((const struct entry *)right)->row;
    bool a_warmup = a->phase == STRESSOR_PHASE_WARMUP;
    bool b_warmup = b->phase == STRESSOR_PHASE_WARMUP;
    if (a_warmup != b_warmup)
        return a_warmup ? 1 : -1;
    uint32_t a_monitored = a->flags & STRESSOR_ROW_MONITORED;
    uint32_t b_monitored = b->flags & STRESSOR_ROW_MONITORED;
    if (a_monitored != b_monitored)
        return a_monitored != 0 ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static int by_key(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int order = (a->key > b->key) - (a->key < b->key);
    return order != 0 ? order : by_place(left, right);
}

static int by_key_down(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int order = (a->key < b->key) - (a->key > b->key);
    return order != 0 ? order : by_place(left, right);
}

static int by_name(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int order = strcasecmp(a->row.name, b->row.name);
    return order != 0 ? order : by_place(left, right);
}

static int by_name_down(const void *left, const void *right)
{
    return by_name(right, left);
}

static void sort(struct entries *e, enum figure f, bool down)
{
    int (*order)(const void *, const void *) = by_place;
    if (f == NAME)
        order = down ? by_name_down : by_name;
    else if (f != NONE)
        order = down ? by_key_down : by_key;
    qsort(e->items, e->count, sizeof *e->items, order);
}

/* --- writing ------------------------------------------------------------------------------------
 */

static void put_row(const struct entries *e, struct json *j, const struct row *r)
{
    json_put_map(j, NULL);
    json_put_text(j, "name", r->name);
    json_put_text(j, "type", r->type);
    json_put_text(j, "phase", word_phase(r->phase));
    json_put_bool(j, "monitored", (r->flags & STRESSOR_ROW_MONITORED) != 0);
    json_put_bool(j, "ignore_timing", (r->flags & STRESSOR_ROW_IGNORE_TIMING) != 0);
    json_put_bool(j, "called", (r->flags & STRESSOR_ROW_CALLED) != 0);
    json_put_count(j, "count", r->count);
    json_put_count(j, "errors", r->errors);
    json_put_count(j, "activities", r->activities);
    json_put_real(j, "per_second", rate(e, r));
    json_put_real(j, "net_rate", per_second(r->count, r->net_ns));
    json_put_int(j, "sum_ns", r->sum_ns);
    json_put_int(j, "net_ns", r->net_ns);
    json_put_int(j, "mean_ns", mean_ns(r));
    json_put_int(j, "min_ns", r->min_ns);
    json_put_int(j, "max_ns", r->max_ns);
    json_put_int(j, "p50_ns", percentile(e, r, 50));
    json_put_int(j, "p90_ns", percentile(e, r, 90));
    json_put_int(j, "p95_ns", percentile(e, r, 95));
    json_put_int(j, "p99_ns", percentile(e, r, 99));
    json_put_end(j);
}

static int32_t write(const struct entries *e, const struct table_query *q, stressor_sink sink,
                     void *data)
{
    struct out out;
    struct json j;
    uint64_t limit = q->limit < TABLE_LIMIT ? q->limit : TABLE_LIMIT;
    out_begin(&out, sink, data);
    json_begin(&j, &out);
    json_put_map(&j, NULL);
    json_put_count(&j, "total", e->count);
    json_put_list(&j, "rows");
    for (uint64_t i = q->offset; i < e->count && i - q->offset < limit; i++)
        put_row(e, &j, &e->items[i].row);
    json_put_end(&j);
    json_put_end(&j);
    return out_finish(&out);
}

/* Room for so many rows, and the figure to sort by. 0, or the error. */
static int32_t begin(struct entries *e, const struct table_query *q, uint32_t rows, enum figure *f)
{
    if (!figure_find(q->sort, f))
        return STRESSOR_EINVAL;
    e->items = calloc((size_t)rows + 1, sizeof *e->items);
    return e->items != NULL ? 0 : STRESSOR_ENOMEM;
}

static int32_t finish(struct entries *e, const struct table_query *q, enum figure f,
                      stressor_sink sink, void *data)
{
    sort(e, f, q->down);
    int32_t status = write(e, q, sink, data);
    free(e->items);
    return status;
}

int32_t table_activities(const stressor_snapshot_api *api, const stressor_snapshot *s,
                         const struct table_query *q, stressor_sink sink, void *data)
{
    struct entries e = {.api = api, .s = s};
    enum figure f;
    int32_t status = begin(&e, q, s->rows_count, &f);
    if (status < 0)
        return status;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *r = s->rows[i];
        add(&e, q, f,
            &(struct row){.name = r->name,
                          .type = r->type,
                          .flags = r->flags,
                          .phase = r->phase,
                          .index = i,
                          .count = r->count,
                          .errors = r->errors,
                          .activities = r->count,
                          .sum_ns = r->sum_ns,
                          .net_ns = r->sum_ns,
                          .min_ns = r->min_ns,
                          .max_ns = r->max_ns,
                          .total = r->total});
    }
    return finish(&e, q, f, sink, data);
}

int32_t table_sequences(const stressor_snapshot_api *api, const stressor_snapshot *s,
                        const struct table_query *q, stressor_sink sink, void *data)
{
    struct entries e = {.api = api, .s = s};
    enum figure f;
    int32_t status = begin(&e, q, s->sequences_count, &f);
    if (status < 0)
        return status;
    for (uint32_t i = 0; i < s->sequences_count; i++) {
        const stressor_sequence_row *r = s->sequences[i];
        add(&e, q, f,
            &(struct row){.name = r->name,
                          .phase = r->phase,
                          .index = i,
                          .count = r->passes,
                          .errors = r->errors,
                          .activities = r->activities,
                          .sum_ns = r->sum_ns,
                          .net_ns = r->net_ns,
                          .min_ns = r->min_ns,
                          .max_ns = r->max_ns,
                          .total = r->total});
    }
    return finish(&e, q, f, sink, data);
}

static void put_session(void *data, const stressor_session_row *r)
{
    struct json *j = data;
    json_put_map(j, NULL);
    json_put_count(j, "number", r->number);
    json_put_text(j, "id", r->id);
    json_put_text(j, "user", r->user);
    json_put_text(j, "path", r->path);
    json_put_text(j, "last_error", r->last_error);
    json_put_count(j, "activities", r->activities);
    json_put_count(j, "errors", r->errors);
    json_put_end(j);
}

int32_t table_sessions(const stressor_control *control, const struct table_query *q,
                       stressor_sink sink, void *data)
{
    struct out out;
    struct json j;
    uint64_t total = 0;
    uint64_t limit = q->limit < TABLE_LIMIT ? q->limit : TABLE_LIMIT;
    out_begin(&out, sink, data);
    json_begin(&j, &out);
    json_put_map(&j, NULL);
    json_put_list(&j, "rows");
    int32_t status =
        control->sessions_page(control, q->offset, limit, q->filter, &total, put_session, &j);
    if (status < 0)
        return status;
    json_put_end(&j);
    json_put_count(&j, "total", total);
    json_put_end(&j);
    return out_finish(&out);
}
