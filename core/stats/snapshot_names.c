#include <stdlib.h>
#include <string.h>

#include "stats/snapshot_parts.h"

/* The names of a run, copied once for all its snapshots. */

static const char *copy(struct snapshot_names *n, const char *text, bool *whole)
{
    const char *kept = text == NULL ? NULL : arena_copy(&n->memory, text, strlen(text));
    *whole = *whole && (kept != NULL || text == NULL);
    return kept;
}

static bool copy_layout(struct snapshot_names *n, const struct shard_layout *from)
{
    bool whole = true;
    struct row_info *rows = arena_alloc(&n->memory, from->rows_count * sizeof *rows);
    struct sequence_info *sequences =
        arena_alloc(&n->memory, from->sequences_count * sizeof *sequences);
    struct metric_info *metrics = arena_alloc(&n->memory, from->metrics_count * sizeof *metrics);
    if (rows == NULL || sequences == NULL || metrics == NULL)
        return false;
    for (size_t i = 0; i < from->rows_count; i++) {
        rows[i] = from->rows[i];
        rows[i].name = copy(n, rows[i].name, &whole);
        rows[i].type = copy(n, rows[i].type, &whole);
    }
    for (size_t i = 0; i < from->sequences_count; i++) {
        sequences[i] = from->sequences[i];
        sequences[i].name = copy(n, sequences[i].name, &whole);
    }
    for (size_t i = 0; i < from->metrics_count; i++) {
        metrics[i] = from->metrics[i];
        metrics[i].name = copy(n, metrics[i].name, &whole);
        metrics[i].unit = copy(n, metrics[i].unit, &whole);
        metrics[i].help = copy(n, metrics[i].help, &whole);
    }
    n->layout = (struct shard_layout){rows,    from->rows_count,   sequences, from->sequences_count,
                                      metrics, from->metrics_count};
    return whole;
}

static bool copy_facts(struct snapshot_names *n, const struct snapshot_facts *from)
{
    bool whole = true;
    n->name = copy(n, from->name, &whole);
    n->tag = copy(n, from->tag, &whole);
    n->details = copy(n, from->details, &whole);
    n->base_url = copy(n, from->base_url, &whole);
    n->version = copy(n, from->version, &whole);
    return whole;
}

struct snapshot_names *snapshot_names_new(const struct shard_layout *layout,
                                          const struct snapshot_facts *facts)
{
    struct snapshot_names *n = calloc(1, sizeof *n);
    if (n == NULL)
        return NULL;
    atomic_init(&n->holders, 1);
    arena_init(&n->memory, 4096, 0);
    n->empty = histogram_new();
    if (n->empty != NULL && copy_layout(n, layout) && copy_facts(n, facts))
        return n;
    snapshot_names_release(n);
    return NULL;
}

void snapshot_names_release(struct snapshot_names *n)
{
    if (n == NULL || atomic_fetch_sub_explicit(&n->holders, 1, memory_order_acq_rel) != 1)
        return;
    histogram_free(n->empty);
    arena_finish(&n->memory);
    free(n);
}
