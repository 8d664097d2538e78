/*
 * host -- the tables of functions that plugins call.
 */
#ifndef CORE_RUN_HOST_H
#define CORE_RUN_HOST_H

#include <pthread.h>
#include <uv.h>

#include <stressor/call.h>
#include <stressor/loop.h>
#include <stressor/plugin.h>
#include <stressor/text.h>

#include "stats/shard.h"

enum { HOST_METRICS_MAX = 1000 };

/* What plugins receive, and what belongs to it: one per engine. */
struct host {
    stressor_host pub; /* first */
    struct metric_info metrics[HOST_METRICS_MAX];
    size_t metrics_count;
};

struct host *host_new(void); /* NULL: out of memory */
void host_free(struct host *h);

extern const stressor_loop_api host_loop;
extern const stressor_json_api host_json;
extern const stressor_path_api host_path;
extern const stressor_regex_api host_regex;
extern const stressor_activity_api host_activity;

/* Frees a watch, when its handle has closed. */
void host_watch_closed(uv_handle_t *handle);

#endif
