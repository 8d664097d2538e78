/*
 * reports -- the plugin of the reports that are files: one reporter a file, made from snapshots
 * alone. docs/results.md says what is in them.
 */
#ifndef CONTRIB_REPORTS_REPORTS_H
#define CONTRIB_REPORTS_REPORTS_H

#include <stressor/plugin.h>

/* What init stores: `plugin` of the reporters' functions. */
struct reports {
    const stressor_host *host;
    const stressor_snapshot_api *api;
};

extern const stressor_reporter_type report_csv;
extern const stressor_reporter_type report_html;
extern const stressor_reporter_type report_json;
extern const stressor_reporter_type report_junit;

#endif
