/*
 * finish -- what comes out of a script: exported variables, its result, or why it failed.
 */
#ifndef SCRIPT_FINISH_H
#define SCRIPT_FINISH_H

#include "script.h"
#include "turn.h"

/* Stores the exports, then fills in the result. `env` is the index of the environment. */
void finish_success(lua_State *L, int env);

/* Fills in the failure of a script whose coroutine was left with `status`, the error at its top,
 * or that the turn had to end. Does not raise. */
void finish_failure(struct script *s, int status, const struct turn *turn);

#endif
