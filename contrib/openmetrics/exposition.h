/*
 * exposition -- a snapshot as OpenMetrics text, version 1.0.0.
 */
#ifndef CONTRIB_OPENMETRICS_EXPOSITION_H
#define CONTRIB_OPENMETRICS_EXPOSITION_H

#include <stdint.h>

#include <stressor/reporter.h>
#include <stressor/snapshot.h>

#define EXPOSITION_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* 0, what `sink` returned if negative, or STRESSOR_ENOMEM. [any] */
int32_t exposition_write(const stressor_snapshot_api *api, const stressor_snapshot *s,
                         stressor_sink sink, void *data);

#endif
