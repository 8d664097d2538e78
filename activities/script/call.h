/*
 * call -- activities as functions of a script.
 *
 * A call yields out of the script; when the activity has ended the script goes on with what it
 * gave: a table, or nil and an error table.
 */
#ifndef SCRIPT_CALL_H
#define SCRIPT_CALL_H

#include "script.h"

/* Adds a function for each activity type to the table at the top. */
void call_open(lua_State *L);

/* To be returned by a function of ours: calls a type with a map of arguments. */
int call_begin(lua_State *L, const char *type, const stressor_value *args);
/* An error where calls are not possible: before work is done for one. */
void call_check(lua_State *L, const char *type);

/* What an error table says; NULL or 0 where it does not. The texts belong to the table. */
struct call_error {
    uint32_t category;
    const char *kind, *text, *activity, *where;
};
void call_error_read(lua_State *L, int index, struct call_error *out);
/* Pushes it in a line: place, activity, text. */
void call_error_push_text(lua_State *L, const struct call_error *e);

#endif
