/*
 * figures -- the snapshots of a run: what its shards and the run itself know at one moment.
 */
#ifndef CORE_RUN_FIGURES_H
#define CORE_RUN_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "run/run.h"

/* CPU time and largest resident set of the process so far. */
void figures_use(int64_t *user_ns, int64_t *system_ns, uint64_t *peak_bytes);
/* As snapshot_merge; `before` may be NULL. [any] */
stressor_snapshot *figures_take(struct stressor_run *run, const stressor_snapshot *before);
/* Fills in `facts`: the configuration, and how it is run. False: out of memory. [any] */
bool figures_facts(const struct stressor_run *run, stressor_snapshot *s);

#endif
