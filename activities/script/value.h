/*
 * value -- from the host's values to Lua's and back.
 *
 *     null        json.null inside lists and maps, else nil
 *     list        a table 1..n that remembers that it is a list
 *     map         a table with text keys
 *
 * Integers stay integers. A table with the keys 1..n is a list; an empty one a map, unless it came
 * from a list or from json.list{}. The keys of a map leave Lua in order, so that runs repeat.
 */
#ifndef SCRIPT_VALUE_H
#define SCRIPT_VALUE_H

#include "script.h"

/* Makes what these functions need in a new state. */
void value_open(lua_State *L);

/* Pushes the value; secrets in it are remembered for the execution that computes. */
void value_push(lua_State *L, const stressor_value *v);
/* The same, with json.null for null. */
void value_push_inner(lua_State *L, const stressor_value *v);
/* Pushes json.null. */
void value_push_null(lua_State *L);
/* Makes the table at `index` a list, also when it is empty. */
void value_mark_list(lua_State *L, int index);

/* The value at `index` in memory that lives as long as the execution; what holds a secret is
 * marked so. What cannot leave a script is an error that names `what`, such as "variable 'x'". */
void value_read(lua_State *L, int index, const char *what, stressor_value *out);

/* The same in pieces: for maps that are put together. */
stressor_builder *value_build(lua_State *L);
void value_put(lua_State *L, stressor_builder *b, int index, const char *what);
void value_put_entries(lua_State *L, stressor_builder *b, int index, const char *what);
void value_built(lua_State *L, stressor_builder *b, stressor_value *out);

#endif
