/*
 * json_watch -- the parts of the JSON report that tell how the run went: thresholds, what
 * was used, and the time series. Each is a member of the map that is open.
 */
#ifndef CONTRIB_REPORTS_JSON_WATCH_H
#define CONTRIB_REPORTS_JSON_WATCH_H

#include <common/json.h>

#include <stressor/snapshot.h>

void json_thresholds(struct json *j, const stressor_snapshot *s);
/* resources, machine, workers, processes */
void json_usage(struct json *j, const stressor_snapshot *s);
void json_points(struct json *j, const stressor_snapshot *s);

#endif
