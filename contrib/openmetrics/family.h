/*
 * family -- the lines of OpenMetrics text: families, samples, labels.
 */
#ifndef CONTRIB_OPENMETRICS_FAMILY_H
#define CONTRIB_OPENMETRICS_FAMILY_H

#include <stdbool.h>
#include <stdint.h>

#include <common/out.h>

#include <stressor/snapshot.h>

enum family_type { FAMILY_COUNTER, FAMILY_GAUGE, FAMILY_SUMMARY, FAMILY_INFO };

struct family {
    const char *name; /* with its unit, without a suffix */
    enum family_type type;
    const char *unit; /* NULL: none; else what the name ends in */
    const char *help;
};

/* A label without a value is left out. Lists end with a NULL name. */
struct label {
    const char *name;
    const char *value;
};

/* "# TYPE", "# UNIT" and "# HELP". */
void family_begin(struct out *o, const struct family *f);
/* One sample. Counters get "_total" and info "_info" after the name. */
void family_count(struct out *o, const struct family *f, const struct label *labels, uint64_t n);
/* n / 10^decimals */
void family_decimal(struct out *o, const struct family *f, const struct label *labels, int64_t n,
                    unsigned decimals);
void family_real(struct out *o, const struct family *f, const struct label *labels, double x);

/* The quantiles, count and sum of a distribution whose values are n / 10^decimals; without a sum
 * unless has_sum. The histogram may be NULL. */
struct summary {
    const stressor_histogram *histogram;
    uint64_t count;
    int64_t sum;
    unsigned decimals;
    bool has_sum;
};

void family_summary(struct out *o, const struct family *f, const struct label *labels,
                    const stressor_snapshot_api *api, const struct summary *summary);

#endif
