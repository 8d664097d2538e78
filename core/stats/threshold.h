/*
 * threshold -- the lines of the section `thresholds`, judged while the run goes on and at its end.
 *
 * A line without `for` is judged at the end, on all figures; with `abort` also each second, where
 * what has happened cannot get better by waiting alone (threshold_can_abort). A line with `for D`
 * is looked at each second on the figures of that second; it fails when it was broken for D on end.
 * A second without sample neither breaks nor mends it, but for `count` and `rate`: these are 0
 * then, from the first sample on until the run is being stopped. At the end a line without any
 * sample fails. During the warm-up, and in the second that it ends in, nothing is judged.
 */
#ifndef CORE_STATS_THRESHOLD_H
#define CORE_STATS_THRESHOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/snapshot.h>

enum threshold_metric {
    THRESHOLD_MIN,
    THRESHOLD_MEAN,
    THRESHOLD_MAX,
    THRESHOLD_PERCENTILE,
    THRESHOLD_COUNT,
    THRESHOLD_RATE,
    THRESHOLD_ERRORS,         /* how many */
    THRESHOLD_ERRORS_PERCENT, /* of the executions */
};

enum threshold_op {
    THRESHOLD_LESS,
    THRESHOLD_AT_MOST,
    THRESHOLD_MORE,
    THRESHOLD_AT_LEAST,
    THRESHOLD_EQUAL,
    THRESHOLD_NOT_EQUAL,
};

/* What a line is about. */
enum threshold_subject {
    THRESHOLD_NET,      /* all net activities of the main phase */
    THRESHOLD_ROWS,     /* the rows whose `name` it is, whatever their ignore_timing */
    THRESHOLD_TYPE,     /* the rows of a type */
    THRESHOLD_SEQUENCE, /* the passes of a sequence */
};

/* A compiled line: the plan's, immutable. */
struct threshold {
    const char *text; /* as the file says it */
    enum threshold_metric metric;
    double percent; /* of THRESHOLD_PERCENTILE: 50 for p50 */
    enum threshold_subject subject;
    const char *name; /* NULL: THRESHOLD_NET */
    enum threshold_op op;
    double limit;   /* ns, a count, per second, or percent */
    int64_t for_ns; /* 0: none */
    bool abort;
};

/* Can it ever stop the run? Without `for`, what waiting alone may mend does not: count, rate and
 * errors that are to be above a limit, a minimum below, a maximum above. */
bool threshold_can_abort(const struct threshold *t);

struct thresholds;

/* `lines` are borrowed. NULL: out of memory. */
struct thresholds *thresholds_new(const struct threshold *lines, size_t count);
void thresholds_free(struct thresholds *t);
/* Judges the lines on a snapshot with its interval: each second, and with stage DONE for good.
 * Fills in its `thresholds`. `*abort` becomes true when one that says `abort` has just failed.
 * False: out of memory. */
bool thresholds_judge(struct thresholds *t, stressor_snapshot *snapshot, bool *abort);
/* Fills in its `thresholds` as the lines stand, and judges nothing: for snapshots between two
 * seconds. False: out of memory. */
bool thresholds_show(const struct thresholds *t, stressor_snapshot *snapshot);
/* Does a line replace the rule that any error fails the run? */
bool thresholds_on_errors(const struct thresholds *t);

#endif
