/*
 * testhost.h -- to test a plugin: its activities run in the real engine, with real templates,
 * checks and values, but by a clock that does not wait. Any test framework will do.
 *
 *     stressor_test *t = stressor_test_new(stressor_plugin_v1);
 *     stressor_test_config(t, "greeting", "Good morning");
 *     const stressor_test_result *r = stressor_test_run(t, "{activity: Hello, who: $(user.name)}");
 *     assert_int_equal(r->status, STRESSOR_DONE);
 *     assert_string_equal(r->text, "Good morning, anonymous");
 *     stressor_test_free(t);
 *
 * Link the plugin's sources into the test, and Stressor::testhost. Each call of a _run function
 * is a run of one session, from the opening of the plugin's run to its closing; the plugin's `init`
 * and `fini` are called once for each stressor_test. The clock is put forward to the next timer
 * whenever nothing else is awaited (virtual_time in stressor.h): pauses and time-outs take no time,
 * and r->latency_ns says how long they would have. A descriptor that is watched and what is on the
 * pool are waited for in real time.
 *
 * Files that a scenario names are looked for in the current folder. One stressor_test at a time in
 * a process, used by one thread.
 */
#ifndef STRESSOR_TESTHOST_H
#define STRESSOR_TESTHOST_H

#include <stressor/stressor.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stressor_test stressor_test;

/* An execution of an activity, checks and stores included. Lives until the next run. */
typedef struct stressor_test_result {
    uint32_t size;
    uint32_t status;    /* STRESSOR_DONE or STRESSOR_FAILED */
    uint32_t cancelled; /* 0 or 1: a stop ended it */
    uint32_t phase;     /* enum stressor_phase of snapshot.h */
    const char *type;   /* "Hello"; "" where nothing ran */
    const char *label;  /* its name in results */
    const char *sequence;
    const char *text;     /* as received, else the text of the value; ends in NUL */
    uint64_t text_length; /* without the NUL */
    stressor_value value; /* of JSON text: what it says */
    stressor_value info;
    /* Category, kind and text, which end in NUL and are never NULL; all empty when it succeeded. */
    stressor_failure failure;
    /* By the clock of the run. The real time that passes is added: some microseconds more. */
    int64_t latency_ns;
} stressor_test_result;

/* A host with one plugin, by its entry function, and the installed ones. NULL: out of memory, or
 * the plugin is refused; standard error says why. */
STRESSOR_EXPORT stressor_test *stressor_test_new(stressor_plugin_entry entry);
STRESSOR_EXPORT void stressor_test_free(stressor_test *t); /* NULL is fine */

/* --- what holds for all runs that follow -------------------------------------------------- */

/* A key of the section `config`: a setting of a plugin, or a context variable. `yaml` is its value
 * as a scenario would say it; NULL takes it out again. */
STRESSOR_EXPORT void stressor_test_config(stressor_test *t, const char *name, const char *yaml);
/* The same for the section `context`: a context variable. */
STRESSOR_EXPORT void stressor_test_context(stressor_test *t, const char *name, const char *yaml);
/* The same for the section `sessions`: "basic_auth". */
STRESSOR_EXPORT void stressor_test_session(stressor_test *t, const char *name, const char *yaml);
STRESSOR_EXPORT void stressor_test_dry_run(stressor_test *t, int on); /* 0 at first */
/* Stops the run when it is that old by its own clock: what is pending is cancelled. `how` is an
 * enum stressor_stop of reporter.h; delay_ns negative: never, as at first. Not in
 * stressor_test_run_scenario. */
STRESSOR_EXPORT void stressor_test_stop(stressor_test *t, int64_t delay_ns, uint32_t how);
/* Stops a run that takes longer in real time, with STRESSOR_STOP_NOW; 10 s at first. */
STRESSOR_EXPORT void stressor_test_timeout(stressor_test *t, int64_t timeout_ns);

/* --- runs ----------------------------------------------------------------------------------
 *
 * Each returns the result of the last execution, never NULL. Where nothing ran, its status is
 * STRESSOR_FAILED, with the kind "scenario" and all mistakes in its text, or the kind "run" and why
 * it could not start. */

/* One activity, as an item of a sequence says it. */
STRESSOR_EXPORT const stressor_test_result *stressor_test_run(stressor_test *t,
                                                              const char *activity);
/* A sequence: a list of activities. */
STRESSOR_EXPORT const stressor_test_result *stressor_test_run_sequence(stressor_test *t,
                                                                       const char *activities);
/* A whole scenario; what was set with _config, _context and _session is not added. */
STRESSOR_EXPORT const stressor_test_result *stressor_test_run_scenario(stressor_test *t,
                                                                       const char *scenario);

/* --- what the last run left, until the next one -------------------------------------------- */

/* All executions in their order, without those that other activities called; NULL past the last. */
STRESSOR_EXPORT const stressor_test_result *stressor_test_result_at(const stressor_test *t,
                                                                    size_t index);
/* Mistakes and warnings of the scenario, each with its place; NULL past the last. */
STRESSOR_EXPORT const char *stressor_test_mistake(const stressor_test *t, size_t index);
/* A context variable as it was at the end; NULL: unset, or `end` was not reached, or a whole
 * scenario was run. */
STRESSOR_EXPORT const stressor_value *stressor_test_variable(const stressor_test *t,
                                                             const char *name);
/* The lines of the log, each ended by a newline. */
STRESSOR_EXPORT const char *stressor_test_log(const stressor_test *t);
/* What a value holds at a dotted path, "items.[0].id"; NULL: nothing. `value` is a result's or a
 * variable's. */
STRESSOR_EXPORT const stressor_value *stressor_test_at(const stressor_test *t,
                                                       const stressor_value *value,
                                                       const char *path);
/* The text of a value as the scenario language defines it; lives until the next run. */
STRESSOR_EXPORT const char *stressor_test_text(stressor_test *t, const stressor_value *value);

#ifdef __cplusplus
}
#endif

#endif
