/*
 * recorder -- a plugin for tests, without a file: its activities note what happens to them.
 *
 *   Note {text, fail}        notes "ID:TEXT"; fails when asked to
 *   Give {value}             its result is the value
 *   GiveText {text}          its result is a text that may be JSON
 *   Ask {text}               the same, once the common checks have said so 2,000 times
 *   Wait {seconds}           pending until the time is over or it is cancelled
 *   Stuck                    pending for ever; does not answer a cancel; may need 5 descriptors
 *   Block {seconds}          blocks a thread of the pool for so long
 *   Burn {seconds}           keeps its worker busy for so long
 *   Call {type, arguments}   calls another activity and has its result; notes "secret" where its
 *                            text is one
 *   CallWait {type, arguments}   the same from the pool
 *   $wait(seconds)           stands for Wait
 */
#ifndef TESTS_RECORDER_H
#define TESTS_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/stressor.h>

const stressor_plugin *recorder_entry(void);

/* What was noted, in order, separated by spaces; lives until the next reset. */
const char *recorder_notes(void);
void recorder_reset(void);
/* Adds a note. [any] */
void recorder_note(const char *id, const char *text, size_t length);
/* How often a text was noted, by any session. */
unsigned recorder_count(const char *text);
/* Waits until it was noted so often. False: not within 10 s. */
bool recorder_wait(const char *text, unsigned times);

/* One scenario from memory, run to its end. */
struct trial {
    stressor_engine *engine;
    stressor_plan *plan;
    stressor_run *run;
    const stressor_snapshot *snapshot; /* after the end */
    char log[65536];                   /* every line, each with a newline */
    size_t log_length;
};

/* Loads; the plan is NULL where there are mistakes. */
void trial_load(struct trial *t, const char *yaml, const char *const *overrides);
/* The same with other plugins. */
void trial_load_with(struct trial *t, const stressor_plugin_entry *builtins, const char *yaml,
                     const char *const *overrides);
void trial_start(struct trial *t, const stressor_run_options *options);
void trial_end(struct trial *t); /* waits, and takes the snapshot */
void trial_run(struct trial *t, const char *yaml);
void trial_free(struct trial *t);
/* The errors of one kind, as the snapshot groups them; 0: none. */
uint64_t trial_errors(const struct trial *t, const char *kind);
const stressor_row *trial_row(const struct trial *t, const char *name);

#endif
