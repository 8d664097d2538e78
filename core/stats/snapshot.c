#include "stats/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/plugin.h>

#include "stats/snapshot_parts.h"

enum { FIRST_CHUNK = 4096 };

/* Snapshots are const to all but their count of holders and whoever makes them. */
static struct snapshot *inside(const stressor_snapshot *s)
{
    return (struct snapshot *)(uintptr_t)s;
}

void *merge_take(struct merge *m, size_t count, size_t size)
{
    size_t bytes;
    void *memory = NULL;
    if (!__builtin_mul_overflow(count, size, &bytes))
        memory = arena_zero(&m->to->memory, bytes);
    m->failed = m->failed || memory == NULL;
    return memory;
}

const char *merge_keep(struct merge *m, const char *text)
{
    const char *kept = snapshot_keep(&m->to->shown, text);
    m->failed = m->failed || (kept == NULL && text != NULL);
    return kept;
}

struct stressor_histogram *merge_hold(struct merge *m, struct stressor_histogram *h)
{
    if (h == NULL)
        m->failed = true;
    else
        m->to->histograms[m->to->histograms_count++] = h;
    return h;
}

const struct stressor_histogram *merge_share(struct merge *m, const struct stressor_histogram *h)
{
    return merge_hold(m, histogram_retain((struct stressor_histogram *)(uintptr_t)h));
}

void merge_into(struct merge *m, struct stressor_histogram *to,
                const struct stressor_histogram *from)
{
    if (to != NULL && from != NULL && !histogram_merge(to, from))
        m->failed = true;
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

/* How long the measured part of the run has lasted. */
static int64_t measured(const struct snapshot_facts *facts)
{
    return facts->elapsed_ns > facts->warmup_ns ? facts->elapsed_ns - facts->warmup_ns : 0;
}

static void state_facts(struct merge *m, const struct snapshot_facts *facts)
{
    const struct snapshot_names *names = m->to->names;
    int64_t before_ns = m->before == NULL ? 0 : m->before->elapsed_ns;
    m->to->shown = (stressor_snapshot){.size = sizeof m->to->shown,
                                       .stage = facts->stage,
                                       .serial = facts->serial,
                                       .name = names->name,
                                       .tag = names->tag,
                                       .details = names->details,
                                       .base_url = names->base_url,
                                       .version = names->version,
                                       .started_wall_ns = facts->started_wall_ns,
                                       .ended_wall_ns = facts->ended_wall_ns,
                                       .elapsed_ns = facts->elapsed_ns,
                                       .warmup_ns = facts->warmup_ns,
                                       .measured_ns = measured(facts),
                                       .interval_ns = facts->elapsed_ns - before_ns,
                                       .expected_ns = facts->expected_ns,
                                       .sessions_planned = facts->sessions_planned,
                                       .stop_reason = merge_keep(m, facts->stop_reason),
                                       .seed = facts->seed,
                                       .starting_ns = facts->starting_ns,
                                       .dry_run = facts->dry_run};
}

/* --- the whole ------------------------------------------------------------------------------- */

static void merge_all(struct merge *m, const struct snapshot_facts *facts)
{
    struct snapshot *s = m->to;
    m->layout = &s->names->layout;
    s->histograms = merge_take(m, merge_histograms_most(m->layout), sizeof *s->histograms);
    if (!m->failed)
        state_facts(m, facts);
    if (!m->failed)
        merge_rows(m);
    if (!m->failed)
        merge_sequences(m);
    if (!m->failed)
        merge_metrics(m);
    if (!m->failed)
        merge_errors(m);
    if (!m->failed)
        merge_resources(m, facts);
    if (!m->failed)
        merge_counters(m);
}

static struct snapshot_names *names_of(const stressor_snapshot *before)
{
    struct snapshot_names *names = inside(before)->names;
    atomic_fetch_add_explicit(&names->holders, 1, memory_order_relaxed);
    return names;
}

stressor_snapshot *snapshot_merge(struct shard *const *shards, size_t shards_count,
                                  const struct shard_layout *layout,
                                  const struct snapshot_facts *facts,
                                  const stressor_snapshot *before)
{
    struct snapshot *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    atomic_init(&s->holders, 1);
    arena_init(&s->memory, FIRST_CHUNK, 0);
    s->names = before != NULL ? names_of(before) : snapshot_names_new(layout, facts);
    struct merge m = {.to = s, .before = before, .shards = shards, .shards_count = shards_count};
    if (s->names == NULL)
        m.failed = true;
    else
        merge_all(&m, facts);
    if (!m.failed)
        return &s->shown;
    snapshot_release(&s->shown);
    return NULL;
}

void *snapshot_alloc(stressor_snapshot *s, size_t size)
{
    return arena_zero(&inside(s)->memory, size);
}

const char *snapshot_keep(stressor_snapshot *s, const char *text)
{
    return text == NULL ? NULL : arena_copy(&inside(s)->memory, text, strlen(text));
}

const stressor_snapshot *snapshot_retain(const stressor_snapshot *s)
{
    atomic_fetch_add_explicit(&inside(s)->holders, 1, memory_order_relaxed);
    return s;
}

void snapshot_release(const stressor_snapshot *s)
{
    if (s == NULL || atomic_fetch_sub_explicit(&inside(s)->holders, 1, memory_order_acq_rel) != 1)
        return;
    struct snapshot *last = inside(s);
    for (size_t i = 0; i < last->histograms_count; i++)
        histogram_free(last->histograms[i]);
    snapshot_names_release(last->names);
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
