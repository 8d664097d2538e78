/*
 * ticker -- the thread of a run that looks at it once a second: takes the snapshot, judges
 * thresholds and trust, and calls the reporters; at the end it has the reports written. Where all
 * that takes longer than 0.1 s of CPU time it rests for as many seconds as keep it to a tenth.
 */
#ifndef CORE_RUN_TICKER_H
#define CORE_RUN_TICKER_H

#include <stdbool.h>
#include <stddef.h>

#include <stressor/stressor.h>

struct ticker;

/* [main] Before the workers begin. `reports` as in stressor_run_options. NULL: out of memory or
 * threads, or a report that cannot be as it is wanted (`wrong` of the run is set then); `error`
 * says which. */
struct ticker *ticker_new(struct stressor_run *run, const stressor_report *const *reports,
                          char *error, size_t error_size);
/* [main] The workers have begun: the seconds count. */
void ticker_start(struct ticker *t);
/* [main] Waits for its end (which comes after that of the workers), closes the reporters, frees.
 * NULL is fine. */
void ticker_free(struct ticker *t);
/* The final figures are there, and the reports are written. [any] */
bool ticker_done(struct ticker *t);
/* As in stressor.h. [any] */
const stressor_snapshot *ticker_latest(struct ticker *t);
const stressor_snapshot *ticker_snapshot(struct ticker *t);
bool ticker_report(struct ticker *t, size_t i, stressor_report_info *out);

#endif
