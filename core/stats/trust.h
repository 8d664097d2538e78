/*
 * trust -- whether the figures tell of the target, or of a generator that could not keep up.
 */
#ifndef CORE_STATS_TRUST_H
#define CORE_STATS_TRUST_H

#include <stdbool.h>

#include <stressor/snapshot.h>

/* Fills in `trust` by what the snapshot says already (net, resources, error groups, workers,
 * processes, machine). False: out of memory. */
bool trust_judge(stressor_snapshot *snapshot);

#endif
