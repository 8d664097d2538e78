/*
 * snapshot -- the shards of a run, merged at one moment into the public stressor_snapshot.
 */
#ifndef CORE_STATS_SNAPSHOT_H
#define CORE_STATS_SNAPSHOT_H

#include <stdbool.h>

#include <stressor/snapshot.h>

#include "stats/shard.h"

/* Facts that the shards do not know. Texts are copied; name, tag, details, base_url, version are
 * those of the run's first snapshot in all that follow it. */
struct snapshot_facts {
    uint32_t stage;
    uint32_t workers;
    uint64_t serial;
    const char *name, *tag, *details, *base_url, *stop_reason; /* all but name may be NULL */
    const char *version;
    int64_t started_wall_ns, ended_wall_ns, elapsed_ns, warmup_ns, expected_ns;
    uint64_t sessions_planned;
    uint64_t seed;
    uint32_t dry_run;
    int64_t starting_ns;
    int64_t cpu_user_ns, cpu_system_ns; /* of the run: differences of getrusage */
    uint64_t peak_bytes;
};

/*
 * NULL: out of memory. The count of references is 1. Rows without any execution are in it too, with
 * an empty histogram. Rows are in the order of the layout, of which nothing is borrowed: a snapshot
 * may outlive shards, plan and run. `before`, the snapshot of the second before of the same run
 * (NULL: none, and the interval is all of the run), tells the interval; what has not changed since
 * is shared with it, not copied. [any]
 *
 * The result may still be written to by whoever made it: `series`, `watch`, `thresholds`, `trust`
 * fill in their members, in memory from snapshot_alloc. After that it is published and constant.
 */
stressor_snapshot *snapshot_merge(struct shard *const *shards, size_t shards_count,
                                  const struct shard_layout *layout,
                                  const struct snapshot_facts *facts,
                                  const stressor_snapshot *before);
/* Cleared memory that lives as long as the snapshot; NULL: out of memory. */
void *snapshot_alloc(stressor_snapshot *s, size_t size);
/* A copy of a text in such memory; NULL stays NULL, or is out of memory. */
const char *snapshot_keep(stressor_snapshot *s, const char *text);
/* Fills in `verdict`, by the stage, stop_reason, thresholds, errors and trust that are there
 * already; `thresholds_on_errors`: one of them replaces the rule that any error fails the run;
 * `strict`: figures that are not to be trusted fail it. */
void snapshot_judge(stressor_snapshot *s, bool thresholds_on_errors, bool strict);
const stressor_snapshot *snapshot_retain(const stressor_snapshot *s);
void snapshot_release(const stressor_snapshot *s); /* NULL is fine */

/* Is a row one of the net activities, where its phase is one that counts? */
static inline bool row_is_net(const stressor_row *row)
{
    return (row->flags & (STRESSOR_ROW_IGNORE_TIMING | STRESSOR_ROW_CALLED)) == 0;
}

/* "stressor.snapshot/1" */
extern const stressor_snapshot_api snapshot_api;
const char *category_name(uint32_t category); /* "TARGET"; "UNKNOWN" of no category */

#endif
