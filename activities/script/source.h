/*
 * source -- the text of scripts: reading, checking, compiling.
 */
#ifndef SCRIPT_SOURCE_H
#define SCRIPT_SOURCE_H

#include "script.h"

/* Takes the text of a place in the scenario and checks its syntax. Negative: host->problem has
 * told what is wrong. Does not raise. */
int32_t source_prepare(stressor_prepare *prepare, struct script_place *place);

/* Pushes the function of a script, which takes its environment as its argument. Compiles the one
 * of a place in the scenario once in a state. An error when the text is malformed. */
void source_push(lua_State *L, const struct script_place *place, const struct source *source);

#endif
