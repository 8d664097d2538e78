/*
 * state -- what the page shows of a run, as JSON: all but the long tables, which it asks for page
 * by page (tables.h). Internal to the monitor: the page and the plugin are of one version.
 */
#ifndef CONTRIB_MONITOR_STATE_H
#define CONTRIB_MONITOR_STATE_H

#include <stdint.h>

#include <stressor/snapshot.h>

#include <common/out.h>

/* Lists that a scenario or a target can make long are cut; `…_count` tells how many there are. */
enum {
    STATE_THRESHOLDS_MOST = 200,
    STATE_ERRORS_MOST = 100,
    STATE_PROCESSES_MOST = 65,
    STATE_WORKERS_MOST = 256,
    STATE_SERIES_MOST = 8 /* processes in the charts */
};

void state_write(const stressor_snapshot_api *api, const stressor_snapshot *s, struct out *out);

#endif
