/*
 * histogram -- a distribution of non-negative 64-bit values: log-linear, 3 significant digits.
 *
 * Values below 2048 have a bucket each; above, each power of two is split into 1024 buckets, so
 * that no bucket is wider than 0.1 % of its values. Values above HISTOGRAM_MAX (1 h in ns) fall
 * into its bucket; negative ones count as 0. Counts are kept in pages that are made at their first
 * hit. (The layout of HdrHistogram with 3 significant digits.)
 *
 * One thread records, merges into it, or subtracts into it; any thread may read at the same time
 * through the functions below (counts are relaxed atomics with a single writer, pages are published
 * with release order).
 */
#ifndef CORE_STATS_HISTOGRAM_H
#define CORE_STATS_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include <stressor/snapshot.h>

#define HISTOGRAM_MAX INT64_C(3600000000000)

struct stressor_histogram *histogram_new(void); /* NULL: out of memory */
/* One more holder of a histogram that changes no more. [any] */
struct stressor_histogram *histogram_retain(struct stressor_histogram *h);
/* The last holder frees it. NULL is fine. [any] */
void histogram_free(struct stressor_histogram *h);

/* False: out of memory for a page; the value is counted in `lost` then. */
bool histogram_record(struct stressor_histogram *h, int64_t value);
uint64_t histogram_count(const struct stressor_histogram *h);
uint64_t histogram_lost(const struct stressor_histogram *h);
int64_t histogram_min(const struct stressor_histogram *h); /* exact; 0 when empty */
int64_t histogram_max(const struct stressor_histogram *h); /* exact; 0 when empty */

/* Adds `from` to `to`, bucket for bucket. False: out of memory. */
bool histogram_merge(struct stressor_histogram *to, const struct stressor_histogram *from);
/* to = now - before, whatever `to` held; min and max are then those of buckets, within the ones of
 * `now`. `to` is neither of the others. False: out of memory. */
bool histogram_subtract(struct stressor_histogram *to, const struct stressor_histogram *now,
                        const struct stressor_histogram *before);
/* The value at or below which `percent` of the values lie: the middle of its bucket, never below
 * the minimum nor above the maximum; of the last value, the maximum itself. 0 when empty. */
int64_t histogram_percentile(const struct stressor_histogram *h, double percent);
void histogram_each(const struct stressor_histogram *h,
                    void (*each)(void *data, int64_t lowest, int64_t highest, uint64_t count),
                    void *data);
/* Bytes of memory that it takes. */
uint64_t histogram_bytes(const struct stressor_histogram *h);

#endif
