#include "json_latency.h"

#include <stdlib.h>

#include <common/hdr.h>

static const struct {
    const char *name;
    double percent;
} percentiles[] = {{"50", 50}, {"75", 75},     {"90", 90},      {"95", 95},
                   {"99", 99}, {"99.9", 99.9}, {"99.99", 99.99}};

void json_distribution(struct json *j, const char *key, const struct reports *r,
                       const stressor_histogram *histogram)
{
    if (histogram == NULL || r->api->count(histogram) == 0) {
        json_put_null(j, key);
        json_put_null(j, "histogram");
        return;
    }
    json_put_map(j, key);
    for (size_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++)
        json_put_int(j, percentiles[i].name, r->api->percentile(histogram, percentiles[i].percent));
    json_put_end(j);
    char *text = hdr_encode(r->api, histogram);
    if (text == NULL)
        out_fail(j->out, STRESSOR_ENOMEM);
    else
        json_put_text(j, "histogram", text);
    free(text);
}

void json_latency(struct json *j, const char *key, const struct reports *r, const struct latency *l)
{
    json_put_map(j, key);
    json_put_int(j, "sum_ns", l->sum_ns);
    json_put_int(j, "min_ns", l->min_ns);
    json_put_int(j, "mean_ns", l->count > 0 ? l->sum_ns / (int64_t)l->count : 0);
    json_put_int(j, "max_ns", l->max_ns);
    json_distribution(j, "percentiles_ns", r, l->histogram);
    json_put_end(j);
}
