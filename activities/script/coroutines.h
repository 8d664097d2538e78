/*
 * coroutines -- coroutines of a script's own.
 *
 * As Lua's, but the turn knows which one runs, and a script that has to end is not held up by
 * handlers (__close) of a coroutine that died: nothing watches those.
 */
#ifndef SCRIPT_COROUTINES_H
#define SCRIPT_COROUTINES_H

#include "script.h"

const luaL_Reg *coroutines_functions(void);

#endif
