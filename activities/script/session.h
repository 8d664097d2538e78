/*
 * session -- the object `session`, and the log.
 */
#ifndef SCRIPT_SESSION_H
#define SCRIPT_SESSION_H

#include "script.h"

/* Adds `session` and `print` to the table at the top. */
void session_open(lua_State *L);

#endif
