/*
 * strings -- functions of the library `string` that could run for ever in C, bounded: find, match,
 * gmatch, gsub, rep.
 */
#ifndef SCRIPT_STRINGS_H
#define SCRIPT_STRINGS_H

#include "script.h"

/* Each expects Lua's own function of its name as its upvalue. */
const luaL_Reg *strings_functions(void);

#endif
