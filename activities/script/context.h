/*
 * context -- the variables of the session, as a script sees them.
 */
#ifndef SCRIPT_CONTEXT_H
#define SCRIPT_CONTEXT_H

#include "script.h"

/* __index of the globals: a context variable by its name. Lists and maps are copies that live
 * until the script's next call: a call may change the context. */
int context_index(lua_State *L);
/* Forgets these copies. */
void context_forget(lua_State *L);

/* Pushes the object `session.context`, which always reads anew and stores what is assigned. */
void context_push_proxy(lua_State *L);

#endif
