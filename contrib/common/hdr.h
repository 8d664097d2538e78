/*
 * hdr -- a histogram as text that the HdrHistogram libraries of other languages read: "HISTFAAA…",
 * base64 of its compressed V2 encoding (lowest value 1, highest 1 h in ns, 3 significant digits).
 *
 * Our buckets are HdrHistogram's, so the counts are the same, bucket for bucket. HdrHistogram names
 * the highest value of a bucket as the percentile, we its middle: they differ by less than 0.1 %.
 */
#ifndef CONTRIB_COMMON_HDR_H
#define CONTRIB_COMMON_HDR_H

#include <stressor/snapshot.h>

/* A text to be freed. NULL: out of memory. */
char *hdr_encode(const stressor_snapshot_api *api, const stressor_histogram *histogram);

#endif
