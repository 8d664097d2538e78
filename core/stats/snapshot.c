#include "stats/snapshot.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/plugin.h>

#include "base/arena.h"
#include "stats/cell.h"

enum { FIRST_CHUNK = 4096 };

/* All is in the arena but the histograms. */
struct snapshot {
    stressor_snapshot shown; /* the first, so that it is the snapshot's own address */
    stressor_resources resources;
    _Atomic uint32_t references;
    struct arena memory;
    struct stressor_histogram **histograms;
    size_t histograms_count;
};

/* One merge. `failed`: out of memory somewhere. */
struct merge {
    struct snapshot *to;
    struct shard *const *shards;
    size_t shards_count;
    const struct shard_layout *layout;
    bool failed;
};

static void *take(struct merge *m, size_t count, size_t size)
{
    size_t bytes;
    void *memory = NULL;
    if (!__builtin_mul_overflow(count, size, &bytes))
        memory = arena_zero(&m->to->memory, bytes);
    m->failed = m->failed || memory == NULL;
    return memory;
}

/* NULL stays NULL. */
static const char *keep(struct merge *m, const char *text)
{
    const char *kept = text == NULL ? NULL : arena_copy(&m->to->memory, text, strlen(text));
    m->failed = m->failed || (kept == NULL && text != NULL);
    return kept;
}

/* An empty histogram that is freed with the snapshot. */
static struct stressor_histogram *keep_histogram(struct merge *m)
{
    struct stressor_histogram *h = histogram_new();
    if (h == NULL)
        m->failed = true;
    else
        m->to->histograms[m->to->histograms_count++] = h;
    return h;
}

static void merge_into(struct merge *m, struct stressor_histogram *to,
                       const struct stressor_histogram *from)
{
    if (to != NULL && from != NULL && !histogram_merge(to, from))
        m->failed = true;
}

static void merge_row(struct merge *m, stressor_row *row, uint32_t index)
{
    const struct row_info *info = &m->layout->rows[index];
    struct stressor_histogram *total = keep_histogram(m);
    *row = (stressor_row){.size = sizeof *row,
                          .flags = info->flags,
                          .phase = info->phase,
                          .index = index,
                          .name = keep(m, info->name),
                          .type = keep(m, info->type),
                          .total = total};
    for (size_t i = 0; i < m->shards_count; i++) {
        struct shard_row part = shard_row(m->shards[i], index);
        /* An execution is in the distribution before it is counted. */
        if (part.count == 0)
            continue;
        row->count += part.count;
        row->errors += part.errors;
        row->sum_ns = cell_sum(row->sum_ns, part.sum_ns);
        merge_into(m, total, part.latency);
    }
    if (total != NULL && row->count > 0) {
        row->min_ns = histogram_min(total);
        row->max_ns = histogram_max(total);
    }
}

static void count_row(stressor_snapshot *s, const stressor_row *row)
{
    s->activities_all += row->count;
    if ((row->flags & (STRESSOR_ROW_IGNORE_TIMING | STRESSOR_ROW_CALLED)) != 0)
        return;
    s->activities += row->count;
    s->net_ns = cell_sum(s->net_ns, row->sum_ns);
}

static void merge_rows(struct merge *m)
{
    stressor_snapshot *s = &m->to->shown;
    size_t count = m->layout->rows_count;
    stressor_row *rows = take(m, count, sizeof *rows);
    const stressor_row **table = take(m, count, sizeof *table);
    for (size_t i = 0; i < count && !m->failed; i++) {
        merge_row(m, &rows[i], (uint32_t)i);
        table[i] = &rows[i];
        count_row(s, &rows[i]);
    }
    s->rows = table;
    s->rows_count = (uint32_t)count;
}

static void merge_sequence(struct merge *m, stressor_sequence_row *row, size_t index)
{
    const struct sequence_info *info = &m->layout->sequences[index];
    *row = (stressor_sequence_row){
        .size = sizeof *row, .phase = info->phase, .name = keep(m, info->name)};
    for (size_t i = 0; i < m->shards_count; i++) {
        struct shard_sequence part = shard_sequence(m->shards[i], index);
        row->errors += part.errors;
        row->activities += part.activities;
        if (part.passes == 0)
            continue;
        if (row->passes == 0 || part.min_ns < row->min_ns)
            row->min_ns = part.min_ns;
        if (row->passes == 0 || part.max_ns > row->max_ns)
            row->max_ns = part.max_ns;
        row->passes += part.passes;
        row->sum_ns = cell_sum(row->sum_ns, part.sum_ns);
        row->net_ns = cell_sum(row->net_ns, part.net_ns);
    }
}

static void merge_sequences(struct merge *m)
{
    stressor_snapshot *s = &m->to->shown;
    size_t count = m->layout->sequences_count;
    stressor_sequence_row *rows = take(m, count, sizeof *rows);
    const stressor_sequence_row **table = take(m, count, sizeof *table);
    for (size_t i = 0; i < count && !m->failed; i++) {
        merge_sequence(m, &rows[i], i);
        table[i] = &rows[i];
        s->passes += rows[i].passes;
    }
    s->sequences = table;
    s->sequences_count = (uint32_t)count;
}

static void merge_metric(struct merge *m, stressor_metric_row *row, size_t index)
{
    const struct metric_info *info = &m->layout->metrics[index];
    struct stressor_histogram *total = NULL;
    if (info->kind == STRESSOR_METRIC_HISTOGRAM)
        total = keep_histogram(m);
    *row = (stressor_metric_row){.size = sizeof *row,
                                 .kind = info->kind,
                                 .name = keep(m, info->name),
                                 .unit = keep(m, info->unit),
                                 .help = keep(m, info->help),
                                 .histogram = total};
    for (size_t i = 0; i < m->shards_count; i++) {
        row->value = cell_sum(row->value, shard_metric_value(m->shards[i], index));
        merge_into(m, total, shard_metric_histogram(m->shards[i], index));
    }
}

static void merge_metrics(struct merge *m)
{
    size_t count = m->layout->metrics_count;
    stressor_metric_row *rows = take(m, count, sizeof *rows);
    const stressor_metric_row **table = take(m, count, sizeof *table);
    for (size_t i = 0; i < count && !m->failed; i++) {
        merge_metric(m, &rows[i], i);
        table[i] = &rows[i];
    }
    m->to->shown.metrics = table;
    m->to->shown.metrics_count = (uint32_t)count;
}

/* --- error groups ------------------------------------------------------------------------ */

static int compare_groups(const void *left, const void *right)
{
    const struct shard_group *a = left, *b = right;
    if (a->category != b->category)
        return a->category < b->category ? -1 : 1;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return strcmp(a->kind, b->kind);
}

static int compare_frequency(const void *left, const void *right)
{
    const struct shard_group *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return compare_groups(a, b);
}

/* The groups of all shards, malloc'ed. What comes in between counting and copying waits for the
 * next snapshot. NULL: out of memory. */
static struct shard_group *collect_groups(struct merge *m, size_t *count)
{
    uint64_t dropped;
    size_t room = 1;
    for (size_t i = 0; i < m->shards_count; i++)
        room += shard_errors(m->shards[i], NULL, 0, &dropped);
    struct shard_group *all = calloc(room, sizeof *all);
    *count = 0;
    for (size_t i = 0; all != NULL && i < m->shards_count; i++) {
        size_t there = shard_errors(m->shards[i], all + *count, room - *count, &dropped);
        *count += there < room - *count ? there : room - *count;
        m->to->shown.error_groups_dropped += dropped;
    }
    return all;
}

/* Returns how many are left when equal ones are one. */
static size_t fold_groups(struct shard_group *all, size_t count)
{
    size_t kept = 0;
    qsort(all, count, sizeof *all, compare_groups);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && compare_groups(&all[kept - 1], &all[i]) == 0)
            all[kept - 1].count += all[i].count;
        else
            all[kept++] = all[i];
    }
    qsort(all, kept, sizeof *all, compare_frequency);
    return kept;
}

static void keep_groups(struct merge *m, const struct shard_group *all, size_t count)
{
    const stressor_snapshot *s = &m->to->shown;
    stressor_error_group *groups = take(m, count, sizeof *groups);
    const stressor_error_group **table = take(m, count, sizeof *table);
    for (size_t i = 0; i < count && !m->failed; i++) {
        bool of_row = all[i].row >= 0 && (uint32_t)all[i].row < s->rows_count;
        groups[i] = (stressor_error_group){.size = sizeof groups[i],
                                           .category = all[i].category,
                                           .kind = keep(m, all[i].kind),
                                           .row = of_row ? s->rows[all[i].row]->name : NULL,
                                           .example = keep(m, all[i].example),
                                           .count = all[i].count};
        table[i] = &groups[i];
    }
    m->to->shown.error_groups = table;
    m->to->shown.error_groups_count = (uint32_t)count;
}

static void merge_errors(struct merge *m)
{
    size_t count;
    struct shard_group *all = collect_groups(m, &count);
    if (all == NULL)
        m->failed = true;
    else
        keep_groups(m, all, fold_groups(all, count));
    free(all);
}

/* --- counters and facts ------------------------------------------------------------------ */

static uint64_t sum_counter(const struct merge *m, enum shard_counter which)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < m->shards_count; i++)
        sum += shard_counter(m->shards[i], which);
    return sum;
}

static uint64_t max_counter(const struct merge *m, enum shard_counter which)
{
    uint64_t max = 0;
    for (size_t i = 0; i < m->shards_count; i++) {
        uint64_t n = shard_counter(m->shards[i], which);
        max = n > max ? n : max;
    }
    return max;
}

static void merge_counters(struct merge *m)
{
    stressor_snapshot *s = &m->to->shown;
    s->errors = sum_counter(m, SHARD_ERRORS);
    s->cancelled = sum_counter(m, SHARD_CANCELLED);
    s->abandoned = sum_counter(m, SHARD_ABANDONED);
    /* Done before started: no session is done that was not seen to start. */
    s->sessions_done = sum_counter(m, SHARD_SESSIONS_DONE);
    s->sessions_started = sum_counter(m, SHARD_SESSIONS_STARTED);
    if (s->sessions_started > s->sessions_done)
        s->sessions_running = s->sessions_started - s->sessions_done;
}

static void merge_resources(struct merge *m, const struct snapshot_facts *facts)
{
    stressor_resources *r = &m->to->resources;
    *r = (stressor_resources){.size = sizeof *r,
                              .workers = facts->workers,
                              .cpu_user_ns = facts->cpu_user_ns,
                              .cpu_system_ns = facts->cpu_system_ns,
                              .peak_bytes = facts->peak_bytes,
                              .pool_threads = max_counter(m, SHARD_POOL_THREADS),
                              .pool_wait_max_ns = (int64_t)max_counter(m, SHARD_POOL_WAIT_MAX)};
    struct stressor_histogram *lags = histogram_new();
    m->failed = m->failed || lags == NULL;
    for (size_t i = 0; i < m->shards_count; i++)
        merge_into(m, lags, shard_lags(m->shards[i]));
    if (lags != NULL) {
        r->loop_lag_p99_ns = histogram_percentile(lags, 99.0);
        r->loop_lag_max_ns = histogram_max(lags);
    }
    histogram_free(lags);
    m->to->shown.resources = r;
}

static void state_facts(struct merge *m, const struct snapshot_facts *facts)
{
    m->to->shown = (stressor_snapshot){.size = sizeof m->to->shown,
                                       .stage = facts->stage,
                                       .serial = facts->serial,
                                       .name = keep(m, facts->name),
                                       .tag = keep(m, facts->tag),
                                       .base_url = keep(m, facts->base_url),
                                       .started_wall_ns = facts->started_wall_ns,
                                       .ended_wall_ns = facts->ended_wall_ns,
                                       .elapsed_ns = facts->elapsed_ns,
                                       .sessions_planned = facts->sessions_planned,
                                       .stop_reason = keep(m, facts->stop_reason),
                                       .seed = facts->seed,
                                       .starting_ns = facts->starting_ns,
                                       .dry_run = facts->dry_run};
}

void *snapshot_alloc(stressor_snapshot *s, size_t size)
{
    return arena_zero(&((struct snapshot *)(void *)s)->memory, size);
}

const char *snapshot_keep(stressor_snapshot *s, const char *text)
{
    return text == NULL ? NULL
                        : arena_copy(&((struct snapshot *)(void *)s)->memory, text, strlen(text));
}

stressor_snapshot *snapshot_merge(struct shard *const *shards, size_t shards_count,
                                  const struct shard_layout *layout,
                                  const struct snapshot_facts *facts,
                                  const stressor_snapshot *before)
{
    (void)before;
    struct snapshot *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    atomic_init(&s->references, 1);
    arena_init(&s->memory, FIRST_CHUNK, 0);
    struct merge m = {.to = s, .shards = shards, .shards_count = shards_count, .layout = layout};
    s->histograms = take(&m, layout->rows_count + layout->metrics_count, sizeof *s->histograms);
    if (!m.failed)
        state_facts(&m, facts);
    if (!m.failed)
        merge_rows(&m);
    if (!m.failed)
        merge_sequences(&m);
    if (!m.failed)
        merge_metrics(&m);
    if (!m.failed)
        merge_errors(&m);
    if (!m.failed)
        merge_resources(&m, facts);
    if (m.failed) {
        snapshot_release(&s->shown);
        return NULL;
    }
    merge_counters(&m);
    return &s->shown;
}

/* Snapshots are const to all but their count of references. */
static struct snapshot *inside(const stressor_snapshot *s)
{
    return (struct snapshot *)(uintptr_t)s;
}

const stressor_snapshot *snapshot_retain(const stressor_snapshot *s)
{
    atomic_fetch_add_explicit(&inside(s)->references, 1, memory_order_relaxed);
    return s;
}

void snapshot_release(const stressor_snapshot *s)
{
    if (s == NULL ||
        atomic_fetch_sub_explicit(&inside(s)->references, 1, memory_order_acq_rel) != 1)
        return;
    struct snapshot *last = inside(s);
    for (size_t i = 0; i < last->histograms_count; i++)
        histogram_free(last->histograms[i]);
    arena_finish(&last->memory);
    free(last);
}

/* --- the public table -------------------------------------------------------------------- */

const stressor_snapshot_api snapshot_api = {
    .size = sizeof snapshot_api,
    .retain = snapshot_retain,
    .release = snapshot_release,
    .percentile = histogram_percentile,
    .count = histogram_count,
    .buckets = histogram_each,
};

const char *category_name(uint32_t category)
{
    static const char *const names[] = {
        [STRESSOR_NO_FAILURE] = "NONE",     [STRESSOR_TARGET] = "TARGET",
        [STRESSOR_ASSERTION] = "ASSERTION", [STRESSOR_TIMEOUT] = "TIMEOUT",
        [STRESSOR_GENERATOR] = "GENERATOR", [STRESSOR_SCRIPT] = "SCRIPT",
        [STRESSOR_CANCELLED] = "CANCELLED", [STRESSOR_INTERNAL] = "INTERNAL",
    };
    return category < sizeof names / sizeof *names ? names[category] : "UNKNOWN";
}
