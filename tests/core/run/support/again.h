/*
 * again -- engines, plans and runs in turn, for the tests of the engine.
 */
#ifndef TESTS_AGAIN_H
#define TESTS_AGAIN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "odd.h"
#include "recorder.h"

/* The beginning of a scenario; ONE: of one whose one sequence follows. */
#define HEAD "file_version: stressor#0\n"
#define ONE  "scenario: [{sequence: one}]\nsequences:\n  one:\n"

static const stressor_plugin_entry again_plugins[] = {recorder_entry, odd_entry, NULL};

/* Runs the plan once more, to its end. */
static inline void again_run(struct trial *t, const stressor_run_options *options)
{
    stressor_snapshot_release(t->snapshot);
    t->snapshot = NULL;
    stressor_run_free(t->run);
    t->run = NULL;
    trial_start(t, options);
    trial_end(t);
}

static inline void again_one_worker(stressor_run_options *o)
{
    stressor_run_options_init(o);
    o->workers = 1;
}

/* Loads with both plugins, and runs on one worker. */
static inline void again_run_odd(struct trial *t, const char *yaml)
{
    stressor_run_options o;
    again_one_worker(&o);
    trial_load_with(t, again_plugins, yaml, NULL);
    trial_start(t, &o);
    trial_end(t);
}

#endif
