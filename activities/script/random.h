/*
 * random -- chance for scripts, from the session's own generator: the same in every run that has
 * the same seed.
 */
#ifndef SCRIPT_RANDOM_H
#define SCRIPT_RANDOM_H

#include "script.h"

/* Those of the table `random`. */
const luaL_Reg *random_functions(void);

/* math.random with all its forms; and math.randomseed, which does nothing. */
int random_as_math(lua_State *L);
int random_seed(lua_State *L);

#endif
