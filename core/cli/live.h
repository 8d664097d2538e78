/*
 * live -- shows a run while it goes on: on a terminal as a block below the log, elsewhere as a
 * line of log every ten seconds, and not at all with -q.
 *
 *     live_start(&live, console, common, run);
 *     while (stressor_run_wait(run, 50 ms) == 0)
 *         live_step(&live, run);
 *     live_end(&live);
 *
 * One object per process. [main]
 */
#ifndef CORE_CLI_LIVE_H
#define CORE_CLI_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include <stressor/stressor.h>

#include "cli/console.h"
#include "cli/live_view.h"

struct live {
    struct console *console;
    bool block; /* on a terminal */
    bool lines; /* elsewhere */
    const stressor_snapshot *latest;
    struct live_slowest slowest; /* of `latest` */
    bool early;                  /* `latest` is of before the first second */
    int64_t began_ns;            /* monotonic: when the run began, as near as its figures tell */
    int64_t next_ns;             /* when to show again: monotonic of a block, elapsed of a line */
};

void live_start(struct live *l, struct console *console, stressor_run *run);
/* To be called every 50 ms or so. */
void live_step(struct live *l, stressor_run *run);
/* The block is gone then. */
void live_end(struct live *l);

#endif
