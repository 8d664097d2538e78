/*
 * plugin_metric -- the metrics that plugins registered, as families: "http.requests" is
 * stressor_plugin_http_requests.
 */
#ifndef CONTRIB_OPENMETRICS_PLUGIN_METRIC_H
#define CONTRIB_OPENMETRICS_PLUGIN_METRIC_H

#include <stdint.h>

#include <common/out.h>

#include <stressor/snapshot.h>

/* The i-th of the snapshot's. Names that are the same once made fit get a number. */
void plugin_metric_put(struct out *o, const stressor_snapshot_api *api, const stressor_snapshot *s,
                       uint32_t i);

#endif
