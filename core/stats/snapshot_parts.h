/*
 * snapshot_parts -- what the files of the snapshot share: how one is made.
 *
 * A snapshot owns an arena with its own tables, and holds pieces that others may hold as well:
 * histograms, and the names of its run. Each piece counts its holders itself, so that no snapshot
 * keeps another one alive.
 */
#ifndef CORE_STATS_SNAPSHOT_PARTS_H
#define CORE_STATS_SNAPSHOT_PARTS_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/arena.h"
#include "stats/snapshot.h"

/* What is the same in all snapshots of a run; constant once it is made. */
struct snapshot_names {
    _Atomic uint32_t holders;
    struct arena memory;
    struct shard_layout layout;
    const char *name, *tag, *details, *base_url, *version;
    struct stressor_histogram *empty; /* the distribution of whatever has not happened */
};

struct snapshot {
    stressor_snapshot shown; /* the first, so that it is the snapshot's own address */
    stressor_resources resources;
    _Atomic uint32_t holders;
    struct arena memory;
    struct snapshot_names *names;
    struct stressor_histogram **histograms; /* those that it holds */
    size_t histograms_count;
};

/* One merge. `failed`: out of memory somewhere. */
struct merge {
    struct snapshot *to;
    const stressor_snapshot *before; /* NULL: none */
    struct shard *const *shards;
    size_t shards_count;
    const struct shard_layout *layout; /* of the names */
    bool failed;
};

/* NULL: out of memory. The count of holders is 1. */
struct snapshot_names *snapshot_names_new(const struct shard_layout *layout,
                                          const struct snapshot_facts *facts);
void snapshot_names_release(struct snapshot_names *names); /* NULL is fine */

/* For the parts below: NULL sets `failed`. */
void *merge_take(struct merge *m, size_t count, size_t size); /* cleared */
const char *merge_keep(struct merge *m, const char *text);    /* a copy; NULL stays NULL */
/* The snapshot holds `h`, of which the caller is a holder, from now on. Returns it. */
struct stressor_histogram *merge_hold(struct merge *m, struct stressor_histogram *h);
/* The same, where it belongs to another snapshot, too. */
const struct stressor_histogram *merge_share(struct merge *m, const struct stressor_histogram *h);
void merge_into(struct merge *m, struct stressor_histogram *to,
                const struct stressor_histogram *from);

/* How many histograms a snapshot may hold. */
size_t merge_histograms_most(const struct shard_layout *layout);
/* Each fills in its members of the snapshot. */
void merge_rows(struct merge *m);
void merge_sequences(struct merge *m);
void merge_metrics(struct merge *m);
void merge_errors(struct merge *m); /* behind the rows */

#endif
