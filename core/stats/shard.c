#include "stats/shard.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/plugin.h>

#include "stats/cell.h"

enum {
    CACHE_LINE = 64,
    GROUP_SLOTS = 2048, /* of the hash table; a power of two, about twice the groups */
};

_Static_assert((int)GROUP_SLOTS > (int)SHARD_ERROR_GROUPS_MAX, "a free slot ends every search");

typedef _Atomic(struct stressor_histogram *) histogram_place;

struct row {
    cell_count count;
    cell_count errors;
    cell_number sum_ns;
    histogram_place latency;
};

struct sequence {
    cell_count passes;
    cell_count errors;
    cell_count activities;
    cell_number sum_ns;
    cell_number net_ns;
    histogram_place durations;
};

struct metric {
    cell_number value;
    histogram_place histogram;
};

struct group {
    uint32_t category;
    int32_t row;
    uint64_t count;
    char *kind;    /* in one block with the example */
    char *example; /* neither changes once the group is there */
};

struct errors {
    pthread_mutex_t lock;
    struct group *groups;
    size_t count;
    size_t room;
    uint64_t dropped;
    uint16_t *slots; /* GROUP_SLOTS indexes into groups, plus one; 0: free */
};

struct shard {
    const struct shard_layout *layout;
    struct row *rows;
    struct sequence *sequences;
    struct metric *metrics;
    histogram_place lag;
    cell_count counters[SHARD_COUNTERS];
    struct errors errors;
};

/* Cleared, and on cache lines of its own: workers must not share any. */
static void *alloc_lines(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - 2 * CACHE_LINE)
        return NULL;
    bytes = (bytes / CACHE_LINE + 1) * CACHE_LINE;
    void *memory = aligned_alloc(CACHE_LINE, bytes);
    if (memory != NULL)
        memset(memory, 0, bytes);
    return memory;
}

struct shard *shard_new(const struct shard_layout *layout)
{
    struct shard *s = alloc_lines(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->layout = layout;
    pthread_mutex_init(&s->errors.lock, NULL);
    s->rows = alloc_lines(layout->rows_count, sizeof *s->rows);
    s->sequences = alloc_lines(layout->sequences_count, sizeof *s->sequences);
    s->metrics = alloc_lines(layout->metrics_count, sizeof *s->metrics);
    if (s->rows == NULL || s->sequences == NULL || s->metrics == NULL) {
        shard_free(s);
        return NULL;
    }
    return s;
}

static struct stressor_histogram *histogram_at(const histogram_place *place)
{
    return atomic_load_explicit(place, memory_order_acquire);
}

void shard_free(struct shard *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; s->rows != NULL && i < s->layout->rows_count; i++)
        histogram_free(histogram_at(&s->rows[i].latency));
    for (size_t i = 0; s->sequences != NULL && i < s->layout->sequences_count; i++)
        histogram_free(histogram_at(&s->sequences[i].durations));
    for (size_t i = 0; s->metrics != NULL && i < s->layout->metrics_count; i++)
        histogram_free(histogram_at(&s->metrics[i].histogram));
    histogram_free(histogram_at(&s->lag));
    for (size_t i = 0; i < s->errors.count; i++)
        free(s->errors.groups[i].kind);
    free(s->errors.groups);
    free(s->errors.slots);
    pthread_mutex_destroy(&s->errors.lock);
    free(s->rows);
    free(s->sequences);
    free(s->metrics);
    free(s);
}

/* Out of memory loses the distribution of the value, not its count. */
static void record(histogram_place *place, int64_t value)
{
    struct stressor_histogram *h = atomic_load_explicit(place, memory_order_relaxed);
    if (h == NULL) {
        h = histogram_new();
        if (h == NULL)
            return;
        atomic_store_explicit(place, h, memory_order_release);
    }
    histogram_record(h, value);
}

void shard_activity(struct shard *s, uint32_t row, int64_t latency_ns, bool failed)
{
    if (row >= s->layout->rows_count)
        return;
    struct row *r = &s->rows[row];
    record(&r->latency, latency_ns);
    cell_add_number(&r->sum_ns, latency_ns);
    cell_add(&r->count, 1);
    if (failed)
        cell_add(&r->errors, 1);
}

void shard_pass(struct shard *s, uint32_t sequence, int64_t duration_ns, int64_t net_ns)
{
    if (sequence >= s->layout->sequences_count)
        return;
    struct sequence *q = &s->sequences[sequence];
    record(&q->durations, duration_ns);
    cell_add_number(&q->sum_ns, duration_ns);
    cell_add_number(&q->net_ns, net_ns);
    cell_add(&q->passes, 1);
}

void shard_sequence_activity(struct shard *s, uint32_t sequence, bool failed)
{
    if (sequence >= s->layout->sequences_count)
        return;
    struct sequence *q = &s->sequences[sequence];
    cell_add(&q->activities, 1);
    if (failed)
        cell_add(&q->errors, 1);
}

void shard_metric(struct shard *s, uint32_t metric, int64_t value)
{
    if (metric >= s->layout->metrics_count)
        return;
    struct metric *m = &s->metrics[metric];
    switch (s->layout->metrics[metric].kind) {
    case STRESSOR_METRIC_COUNTER: cell_add_number(&m->value, value); break;
    case STRESSOR_METRIC_GAUGE: cell_set(&m->value, value); break;
    default: record(&m->histogram, value);
    }
}

void shard_lag(struct shard *s, int64_t lag_ns)
{
    record(&s->lag, lag_ns);
}

void shard_add(struct shard *s, enum shard_counter which, uint64_t n)
{
    cell_add(&s->counters[which], n);
}

void shard_max(struct shard *s, enum shard_counter which, uint64_t n)
{
    uint64_t now = cell_get(&s->counters[which]);
    if (n > now)
        cell_add(&s->counters[which], n - now);
}

/* --- errors ------------------------------------------------------------------------------ */

/* FNV-1a, mixed once more for the few bits that are used. */
static uint32_t group_hash(uint32_t category, const char *kind, size_t kind_length, int32_t row)
{
    uint32_t hash = 2166136261u ^ (category * 31u + (uint32_t)row);
    for (size_t i = 0; i < kind_length; i++)
        hash = (hash ^ (unsigned char)kind[i]) * 16777619u;
    return hash * 2654435769u >> 11;
}

/* `text` without its end beyond `most` bytes, cut between characters. */
static size_t cut(const char *text, size_t length, size_t most)
{
    if (length <= most)
        return length;
    while (most > 0 && ((unsigned char)text[most] & 0xC0u) == 0x80u)
        most--;
    return most;
}

/* NULL: no room, no memory. */
static struct group *group_add(struct errors *e, const char *kind, size_t kind_length,
                               const char *example, size_t example_length)
{
    if (e->count == SHARD_ERROR_GROUPS_MAX)
        return NULL;
    if (e->count == e->room) {
        size_t room = e->room == 0 ? 8 : e->room * 2;
        struct group *groups = realloc(e->groups, room * sizeof *groups);
        if (groups == NULL)
            return NULL;
        e->groups = groups;
        e->room = room;
    }
    example_length = cut(example, example_length, SHARD_EXAMPLE_MAX);
    char *text = malloc(kind_length + 1 + example_length + 1);
    if (text == NULL)
        return NULL;
    struct group *g = &e->groups[e->count];
    *g = (struct group){.kind = text, .example = text + kind_length + 1};
    memcpy(g->kind, kind, kind_length);
    g->kind[kind_length] = '\0';
    for (size_t i = 0; i < example_length; i++)
        g->example[i] = example[i] == '\0' ? ' ' : example[i];
    g->example[example_length] = '\0';
    e->count++;
    return g;
}

static uint64_t count_error(struct errors *e, uint32_t category, const char *kind, int32_t row,
                            const char *example, size_t example_length)
{
    size_t kind_length = cut(kind, strlen(kind), SHARD_KIND_MAX);
    if (e->slots == NULL)
        e->slots = calloc(GROUP_SLOTS, sizeof *e->slots);
    if (e->slots == NULL)
        return 0;
    uint32_t slot = group_hash(category, kind, kind_length, row) % GROUP_SLOTS;
    for (; e->slots[slot] != 0; slot = (slot + 1) % GROUP_SLOTS) {
        struct group *g = &e->groups[e->slots[slot] - 1];
        if (g->category == category && g->row == row && strlen(g->kind) == kind_length &&
            memcmp(g->kind, kind, kind_length) == 0)
            return ++g->count;
    }
    struct group *g = group_add(e, kind, kind_length, example, example_length);
    if (g == NULL)
        return 0;
    g->category = category;
    g->row = row;
    e->slots[slot] = (uint16_t)e->count;
    return ++g->count;
}

uint64_t shard_error(struct shard *s, uint32_t category, const char *kind, int32_t row,
                     const char *example, size_t example_length)
{
    pthread_mutex_lock(&s->errors.lock);
    uint64_t count = count_error(&s->errors, category, kind == NULL ? "" : kind, row < 0 ? -1 : row,
                                 example, example_length);
    if (count == 0)
        s->errors.dropped++;
    pthread_mutex_unlock(&s->errors.lock);
    return count;
}

size_t shard_errors(struct shard *s, struct shard_group *out, size_t room, uint64_t *dropped)
{
    pthread_mutex_lock(&s->errors.lock);
    size_t count = s->errors.count;
    for (size_t i = 0; i < count && i < room; i++) {
        const struct group *g = &s->errors.groups[i];
        out[i] = (struct shard_group){.category = g->category,
                                      .row = g->row,
                                      .count = g->count,
                                      .kind = g->kind,
                                      .example = g->example};
    }
    *dropped = s->errors.dropped;
    pthread_mutex_unlock(&s->errors.lock);
    return count;
}

/* --- reading ----------------------------------------------------------------------------- */

/* In the reverse order of writing: there are never more errors than executions, nor more of those
 * than values in the distribution. */
struct shard_row shard_row(const struct shard *s, size_t row)
{
    const struct row *r = &s->rows[row];
    struct shard_row out = {.errors = cell_get(&r->errors)};
    out.count = cell_get(&r->count);
    out.sum_ns = cell_value(&r->sum_ns);
    out.latency = histogram_at(&r->latency);
    return out;
}

struct shard_sequence shard_sequence(const struct shard *s, size_t sequence)
{
    const struct sequence *q = &s->sequences[sequence];
    struct shard_sequence out = {.errors = cell_get(&q->errors)};
    out.activities = cell_get(&q->activities);
    out.passes = cell_get(&q->passes);
    out.sum_ns = cell_value(&q->sum_ns);
    out.net_ns = cell_value(&q->net_ns);
    out.durations = histogram_at(&q->durations);
    return out;
}

int64_t shard_metric_value(const struct shard *s, size_t metric)
{
    return cell_value(&s->metrics[metric].value);
}

const struct stressor_histogram *shard_metric_histogram(const struct shard *s, size_t metric)
{
    return histogram_at(&s->metrics[metric].histogram);
}

const struct stressor_histogram *shard_lags(const struct shard *s)
{
    return histogram_at(&s->lag);
}

uint64_t shard_counter(const struct shard *s, enum shard_counter which)
{
    return cell_get(&s->counters[which]);
}
