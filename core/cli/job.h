/*
 * job -- what `stressor run` was asked for, and carrying it out: load the scenario, run it, follow
 * it, print the summary.
 */
#ifndef CORE_CLI_JOB_H
#define CORE_CLI_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include <stressor/stressor.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/report_list.h"
#include "cli/scenario.h"
#include "cli/signals.h"

struct job {
    const struct command *self;
    struct common_options *common;
    const char *scenario;
    struct scenario_overrides overrides;
    stressor_run_options options;
    struct report_list reports;
    struct console console;
    struct signals signals;
};

/* Returns the exit code. The console is open. [main] */
int job_run(struct job *job);

#endif
