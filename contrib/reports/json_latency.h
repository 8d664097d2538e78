/*
 * json_latency -- a distribution of times in the JSON report.
 */
#ifndef CONTRIB_REPORTS_JSON_LATENCY_H
#define CONTRIB_REPORTS_JSON_LATENCY_H

#include <common/json.h>

#include "reports.h"

/* A member `key`: sum, min, mean, max in ns, percentiles and the histogram. */
struct latency {
    uint64_t count;
    int64_t sum_ns;
    int64_t min_ns;
    int64_t max_ns;
    const stressor_histogram *histogram; /* NULL: none */
};

void json_latency(struct json *j, const char *key, const struct reports *r,
                  const struct latency *l);
/* The members `percentiles…` and `histogram` of the map that is open. */
void json_distribution(struct json *j, const char *percentiles, const struct reports *r,
                       const stressor_histogram *histogram);

#endif
