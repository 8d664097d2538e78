/*
 * string_lib -- functions of the library `string` that could run for ever in C, bounded: find,
 * match, gmatch, gsub, rep.
 */
#ifndef SCRIPT_STRING_LIB_H
#define SCRIPT_STRING_LIB_H

#include "script.h"

/* Each expects Lua's own function of its name as its upvalue. */
const luaL_Reg *string_lib_functions(void);

#endif
