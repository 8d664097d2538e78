/*
 * live_view -- how a run stands, in a few lines for people who watch: pure functions of a
 * snapshot. They want a UTF-8 LC_CTYPE.
 */
#ifndef CORE_CLI_LIVE_VIEW_H
#define CORE_CLI_LIVE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/snapshot.h>

#define LIVE_SLOWEST 3

/* Activities by their p95: of the interval, or where nothing completed in it of all the run; those
 * of `init`, `end` and the warm-up only as long as they complete. */
struct live_slowest {
    const stressor_row *rows[LIVE_SLOWEST]; /* of the snapshot; the slowest first */
    int64_t p95_ns[LIVE_SLOWEST];
    size_t count;
};

struct live_style {
    size_t width;  /* columns of the terminal: each line is narrower */
    size_t height; /* lines at most */
    bool colour;
    bool early; /* there are no figures yet: stage and time only */
};

/* Net activities only. Goes through all histograms: once for each snapshot. */
void live_find_slowest(const stressor_snapshot *s, struct live_slowest *out);

/* The block, each line ended by a newline, to be freed. `elapsed_ns` is how old the run is by now,
 * later than the snapshot. NULL: out of memory. */
char *live_view(const stressor_snapshot *s, const struct live_slowest *slowest, int64_t elapsed_ns,
                const struct live_style *style);
/* The same as one line of log, to be freed. NULL: out of memory. */
char *live_line(const stressor_snapshot *s, int64_t elapsed_ns);

#endif
