/*
 * plugin_metric -- the metrics that plugins registered, as families: "http.requests" is
 * stressor_plugin_http_requests.
 */
#ifndef CONTRIB_OPENMETRICS_PLUGIN_METRIC_H
#define CONTRIB_OPENMETRICS_PLUGIN_METRIC_H

#include <common/out.h>

#include <stressor/snapshot.h>

/* All of the snapshot's, in their order. Names that are the same once made fit get a number; out of
 * memory makes `o` fail. */
void plugin_metrics_put(struct out *o, const stressor_snapshot_api *api,
                        const stressor_snapshot *s);

#endif
