/*
 * tables -- the long tables of the page, a part at a time, as JSON: {"total": n, "rows": […]}.
 * What the rows hold is internal to the monitor.
 */
#ifndef CONTRIB_MONITOR_TABLES_H
#define CONTRIB_MONITOR_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include <stressor/reporter.h>

enum {
    TABLE_LIMIT = 200, /* rows at a time */
    TABLE_FILTER = 200 /* bytes of a filter */
};

struct table_query {
    uint64_t offset;
    uint64_t limit;
    const char *filter; /* searched in the names, in any case of ASCII letters; "": all */
    const char *sort;   /* a figure of the rows; "": as they stand, monitored ones first */
    bool down;          /* the greatest first */
};

/* 0, what the sink returned, STRESSOR_ENOMEM, or STRESSOR_EINVAL: there is no such figure. */
int32_t table_activities(const stressor_snapshot_api *api, const stressor_snapshot *s,
                         const struct table_query *q, stressor_sink sink, void *data);
int32_t table_sequences(const stressor_snapshot_api *api, const stressor_snapshot *s,
                        const struct table_query *q, stressor_sink sink, void *data);
/* In the order of their numbers. Also STRESSOR_ELIMIT: the workers are too busy to tell. */
int32_t table_sessions(const stressor_control *control, const struct table_query *q,
                       stressor_sink sink, void *data);

#endif
