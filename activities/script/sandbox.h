/*
 * sandbox -- what a script may use.
 *
 * Scripts of all sessions of a worker share one Lua state. What they share cannot be changed:
 * library tables are empty tables that read through to the real one, and no metatable of ours can
 * be reached. Left out is what reaches outside (io, os but for time, package, debug, load), what
 * runs without being watched (__gc), and what undoes all this (rawset).
 */
#ifndef SCRIPT_SANDBOX_H
#define SCRIPT_SANDBOX_H

#include "script.h"

/* Fills in a new state. */
void sandbox_open(lua_State *L);

/* Pushes a new environment: what is assigned is the script's own; what it has not assigned is
 * looked up in the library and then among the context variables. */
void sandbox_push_env(lua_State *L);

/* Replaces the table at the top by a view that can only be read. */
void sandbox_protect(lua_State *L);

#endif
