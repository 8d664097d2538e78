/*
 * run_script -- the activity RunScript, from its start to its completion.
 */
#ifndef SCRIPT_RUN_SCRIPT_H
#define SCRIPT_RUN_SCRIPT_H

#include "script.h"

extern const stressor_activity_type run_script_type;
extern const stressor_script_engine run_script_engine;

/* Settings of `config`. */
extern const stressor_arg run_script_timeout, run_script_memory, run_script_language;

/* A call of the script has ended; the result is borrowed. Does not raise. */
void run_script_answer(struct script *s, const stressor_result *result);

#endif
