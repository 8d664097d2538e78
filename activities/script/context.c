#include "context.h"

#include <string.h>

#include "turn.h"
#include "value.h"

/* Pushes the value of a variable; nil where there is none. */
static void push_variable(lua_State *L, int name)
{
    stressor_exec *exec = turn_script(L)->exec;
    size_t length;
    const char *text = lua_tolstring(L, name, &length);
    stressor_value v;
    int32_t rc = exec->host->variable_find(exec, text, length, &v);
    if (rc == STRESSOR_OK)
        value_push(L, &v);
    else if (rc == STRESSOR_ENOENT)
        lua_pushnil(L);
    else
        luaL_error(L, "the macros in the context variable '%s' cannot be expanded", text);
}

/* True: the copy has been pushed. Else nothing has. */
static bool push_copy(lua_State *L, int name)
{
    struct script *s = turn_script(L);
    if (s->copies_ref == LUA_NOREF)
        return false;
    lua_rawgeti(L, LUA_REGISTRYINDEX, s->copies_ref);
    lua_pushvalue(L, name);
    lua_rawget(L, -2);
    lua_remove(L, -2);
    if (!lua_isnil(L, -1))
        return true;
    lua_pop(L, 1);
    return false;
}

/* Remembers the table at the top. */
static void keep_copy(lua_State *L, int name)
{
    struct script *s = turn_script(L);
    if (s->copies_ref == LUA_NOREF) {
        lua_newtable(L);
        s->copies_ref = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, s->copies_ref);
    lua_pushvalue(L, name);
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

void context_forget(lua_State *L)
{
    struct script *s = turn_script(L);
    luaL_unref(L, LUA_REGISTRYINDEX, s->copies_ref);
    s->copies_ref = LUA_NOREF;
}

int context_index(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    const char *name = lua_tostring(L, 2);
    if (strcmp(name, "_G") == 0)
        return lua_rawgeti(L, LUA_REGISTRYINDEX, turn_script(L)->env_ref), 1;
    if (strcmp(name, "result") == 0) /* the script's own, not set yet */
        return 0;
    if (push_copy(L, 2))
        return 1;
    push_variable(L, 2);
    if (lua_istable(L, -1))
        keep_copy(L, 2);
    return 1;
}

/* --- session.context ----------------------------------------------------------------------------
 */

static int proxy_index(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    push_variable(L, 2);
    return 1;
}

static int proxy_store(lua_State *L)
{
    stressor_exec *exec = turn_script(L)->exec;
    if (lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "the name of a context variable has to be a text");
    size_t length;
    const char *name = lua_tolstring(L, 2, &length);
    stressor_value v = stressor_null();
    if (!lua_isnil(L, 3)) {
        lua_pushfstring(L, "context variable '%s'", name);
        value_read(L, 3, lua_tostring(L, -1), &v);
    }
    if (exec->host->variable_store(exec, name, length, &v) != STRESSOR_OK)
        return luaL_error(L, "out of memory for the context variable '%s'", name);
    context_forget(L);
    return 0;
}

void context_push_proxy(lua_State *L)
{
    lua_newuserdatauv(L, 0, 0);
    lua_createtable(L, 0, 4);
    lua_pushcfunction(L, proxy_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, proxy_store);
    lua_setfield(L, -2, "__newindex");
    lua_pushliteral(L, "session.context");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}
