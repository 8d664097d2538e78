/*
 * coroutine_lib -- coroutines of a script's own.
 *
 * As Lua's, but the turn knows which one runs, and a script that has to end is not held up by
 * handlers (__close) of a coroutine that died: nothing watches those.
 */
#ifndef SCRIPT_COROUTINE_LIB_H
#define SCRIPT_COROUTINE_LIB_H

#include "script.h"

const luaL_Reg *coroutine_lib_functions(void);

#endif
