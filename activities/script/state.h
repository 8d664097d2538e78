/*
 * state -- the Lua state of a worker, and the coroutines in it that executions run in.
 */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include "script.h"

/* Opens it, with the library that scripts see. False: out of memory, or a bug of ours, which the
 * log tells. None of these raises. */
bool state_open(struct script_worker *w);
void state_close(struct script_worker *w);

/* Collects garbage if that is due. */
void state_collect(struct script_worker *w);

/* An execution with its coroutine. NULL: out of memory. */
struct script *state_take(struct script_worker *w, stressor_exec *exec);
/* Gives it back; a coroutine that did not come to its end is left to the garbage collector. */
void state_put(struct script *s);

#endif
