/*
 * threshold_text -- the value of a threshold's line as people read it.
 */
#ifndef CORE_STATS_THRESHOLD_TEXT_H
#define CORE_STATS_THRESHOLD_TEXT_H

#include <stdint.h>

#include <stressor/snapshot.h>

enum { THRESHOLD_TEXT_SIZE = 96 /* bytes */ };

/* "312 ms", "12,345/s", by `unit`, `value` and `limit` of the row: with more digits where it would
 * read like the limit and is not the same. `longest_ns`: for so long on end it was broken, which is
 * told too; 0: it was not. */
void threshold_text(const stressor_threshold_row *row, int64_t longest_ns,
                    char out[THRESHOLD_TEXT_SIZE]);
/* "no sample", and why: the warm-up of `longer_ns` was longer than the run (0: it was not), or
 * there were `warmup` samples, all of them in it. */
void threshold_text_none(int64_t longer_ns, uint64_t warmup, char out[THRESHOLD_TEXT_SIZE]);

#endif
