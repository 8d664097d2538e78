#include <stdlib.h>
#include <string.h>

#include "stats/snapshot_parts.h"

/* The error groups of a snapshot: those of all shards, equal ones as one. */

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
    stressor_error_group *groups = merge_take(m, count, sizeof *groups);
    const stressor_error_group **table = merge_take(m, count, sizeof *table);
    for (size_t i = 0; i < count && !m->failed; i++) {
        bool of_row = all[i].row >= 0 && (uint32_t)all[i].row < s->rows_count;
        const stressor_row *row = of_row ? s->rows[all[i].row] : NULL;
        groups[i] = (stressor_error_group){.size = sizeof groups[i],
                                           .category = all[i].category,
                                           .kind = merge_keep(m, all[i].kind),
                                           .row = row != NULL ? row->name : NULL,
                                           .example = merge_keep(m, all[i].example),
                                           .count = all[i].count,
                                           .phase = row != NULL ? row->phase : 0};
        table[i] = &groups[i];
    }
    m->to->shown.error_groups = table;
    m->to->shown.error_groups_count = (uint32_t)count;
}

void merge_errors(struct merge *m)
{
    size_t count;
    struct shard_group *all = collect_groups(m, &count);
    if (all == NULL)
        m->failed = true;
    else
        keep_groups(m, all, fold_groups(all, count));
    free(all);
}
