/*
 * tables -- functions of the library `table` that could run for ever in C, bounded.
 */
#ifndef SCRIPT_TABLES_H
#define SCRIPT_TABLES_H

#include "script.h"

/* Each expects Lua's own function of its name as its upvalue. */
const luaL_Reg *tables_functions(void);

#endif
