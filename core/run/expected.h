/*
 * expected -- how long a run will take in all, as far as that can be told.
 *
 * Where loops are bounded by durations their lengths are added up; single passes beside them are
 * taken as short. Where there are only repeats, the finished passes of the main sequences are
 * compared with the planned ones, once there are more than 2 % of them. What bounds a run bounds
 * this too: sessions.duration and max_time.
 */
#ifndef CORE_RUN_EXPECTED_H
#define CORE_RUN_EXPECTED_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"

struct stressor_run;

struct expected_progress {
    int64_t elapsed_ns;
    int64_t max_time_ns; /* 0: none */
    int64_t ramp_ns;     /* from the first start of a session to the last */
    uint64_t sessions;   /* in all */
    uint64_t passes;     /* of main sequences, finished, by all sessions */
    bool single;         /* loops run once */
};

/* From the start to the end of the run, never less than what has elapsed; 0: nobody knows. */
int64_t expected_ns(const struct stressor_plan *plan, const struct expected_progress *p);
/* The same of a run that has been going on for so long. [any] */
int64_t expected_of_run(const struct stressor_run *run, int64_t elapsed_ns);

#endif
