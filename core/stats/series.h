/*
 * series -- the run over time: at most 300 points, and the last seconds.
 *
 * Each second adds a point; when there are 300, neighbours are merged pairwise, and from then on a
 * point is made of twice as many seconds. Latencies are kept as histograms until they are shown, so
 * that the percentiles of a merged point are exact, too. Used by one thread.
 */
#ifndef CORE_STATS_SERIES_H
#define CORE_STATS_SERIES_H

#include <stdbool.h>

#include <stressor/snapshot.h>

enum { SERIES_POINTS_MAX = 300, SERIES_RECENT = 5 /* seconds */ };

struct series;

struct series *series_new(void); /* NULL: out of memory */
void series_free(struct series *s);
/* Takes in the interval of a snapshot: its rows, processes, machine. One shorter than half a
 * second, as the last of a run, becomes part of the second before. False: out of memory; the
 * interval is lost, and all else is as it was. */
bool series_add(struct series *s, const stressor_snapshot *snapshot);
/* Fills in `points` and `recent` of a snapshot. False: out of memory. */
bool series_show(const struct series *s, stressor_snapshot *snapshot);

#endif
