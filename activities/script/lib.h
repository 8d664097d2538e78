/*
 * lib -- helpers for scripts: json, regex, time, random, and chance in `math`.
 */
#ifndef SCRIPT_LIB_H
#define SCRIPT_LIB_H

#include "script.h"

/* Adds them to the table at the top. */
void lib_open(lua_State *L);

/* math.random draws from the session's generator; math.randomseed does nothing. */
const luaL_Reg *lib_math_functions(void);

#endif
