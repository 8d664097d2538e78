/*
 * table_lib -- functions of the library `table` that could run for ever in C, bounded.
 */
#ifndef SCRIPT_TABLE_LIB_H
#define SCRIPT_TABLE_LIB_H

#include "script.h"

/* Each expects Lua's own function of its name as its upvalue. */
const luaL_Reg *table_lib_functions(void);

#endif
