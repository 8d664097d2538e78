/*
 * json_watch -- the parts of the JSON report that tell how the run went: thresholds, trust, what
 * was used, and the time series. Each is a member of the map that is open.
 */
#ifndef CONTRIB_REPORTS_JSON_WATCH_H
#define CONTRIB_REPORTS_JSON_WATCH_H

#include <common/json.h>

#include <stressor/snapshot.h>

void json_thresholds(struct json *j, const stressor_snapshot *s);
void json_trust(struct json *j, const stressor_trust *t); /* NULL: null */
/* resources, machine, workers, processes */
void json_usage(struct json *j, const stressor_snapshot *s);
void json_points(struct json *j, const stressor_snapshot *s);

#endif
