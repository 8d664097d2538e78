#include "sandbox.h"

#include <string.h>

#include <lualib.h>

#include "call.h"
#include "context.h"
#include "coroutine_lib.h"
#include "lib.h"
#include "session.h"
#include "string_lib.h"
#include "table_lib.h"
#include "value.h"

static const char env_key; /* in the registry: the metatable of environments */

/* --- tables that can only be read --------------------------------------------------------------
 */

static int refuse_write(lua_State *L)
{
    return luaL_error(L, "this table belongs to all scripts and cannot be changed");
}

/* The real table is an upvalue: `next` with it in reach would hand it out. */
static int next_entry(lua_State *L)
{
    lua_settop(L, 2);
    return lua_next(L, lua_upvalueindex(1)) ? 2 : 0;
}

static int each_entry(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, next_entry, 1);
    return 1;
}

void sandbox_protect(lua_State *L)
{
    lua_newtable(L);
    lua_createtable(L, 0, 4);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, each_entry, 1);
    lua_setfield(L, -2, "__pairs");
    lua_pushcfunction(L, refuse_write);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_remove(L, -2);
}

/* --- functions of our own in place of Lua's ----------------------------------------------------
 */

/* A finaliser would run where nothing watches it. */
static int set_metatable(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, lua_isnoneornil(L, 2) || lua_istable(L, 2), 2, "nil or table");
    lua_settop(L, 2);
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "a metatable with __gc cannot be set");
        lua_pop(L, 1);
    }
    lua_setmetatable(L, 1);
    return 1;
}

static int handled(lua_State *L, int status, lua_KContext k)
{
    (void)L;
    (void)status;
    (void)k;
    return 2;
}

static int xpcall_done(lua_State *L, int status, lua_KContext k)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)k;
    lua_pushboolean(L, 0);
    lua_pushvalue(L, 1);
    lua_rotate(L, -3, -1); /* the error behind false and its handler */
    lua_callk(L, 1, 1, 0, handled);
    return 2;
}

/* Lua calls the handler where the error is raised, which may be inside the hook that is to stop
 * the script: nothing would watch it. Here it is called afterwards. */
static int guarded_xpcall(lua_State *L)
{
    luaL_checktype(L, 2, LUA_TFUNCTION);
    int args = lua_gettop(L) - 2;
    lua_pushvalue(L, 1);
    lua_copy(L, 2, 1);
    lua_replace(L, 2); /* handler, function, arguments */
    lua_pushboolean(L, 1);
    lua_insert(L, 2); /* handler, true, function, arguments */
    int status = lua_pcallk(L, args, LUA_MULTRET, 0, 1, xpcall_done);
    return xpcall_done(L, status, 1);
}

/* --- the library -------------------------------------------------------------------------------
 */

static const char *const base_names[] = {
    "assert", "error",  "getmetatable", "ipairs",   "next",     "pairs", "pcall",    "rawequal",
    "rawget", "rawlen", "select",       "tonumber", "tostring", "type",  "_VERSION", NULL};
static const char *const string_names[] = {"byte",  "char",   "format",   "len",
                                           "lower", "pack",   "packsize", "reverse",
                                           "sub",   "unpack", "upper",    NULL};
static const char *const table_names[] = {"concat", "pack", "unpack", NULL};
static const char *const math_names[] = {
    "abs",  "acos", "asin", "atan", "ceil",       "cos",  "deg",        "exp",  "floor",
    "fmod", "huge", "log",  "max",  "maxinteger", "min",  "mininteger", "modf", "pi",
    "rad",  "sin",  "sqrt", "tan",  "tointeger",  "type", "ult",        NULL};
static const char *const utf8_names[] = {"char", "charpattern", "codepoint", "codes",
                                         "len",  "offset",      NULL};
static const char *const os_names[] = {"clock", "date", "time", NULL};
static const char *const coroutine_names[] = {"create", "status", NULL};

/* What is taken of a standard library, and what is ours in it. */
static const struct library {
    const char *name;
    lua_CFunction open;
    const char *const *names;
    const luaL_Reg *(*own)(void); /* NULL: none; each has Lua's function of the same name as its
                                     upvalue */
} libraries[] = {
    {LUA_STRLIBNAME, luaopen_string, string_names, string_lib_functions},
    {LUA_TABLIBNAME, luaopen_table, table_names, table_lib_functions},
    {LUA_MATHLIBNAME, luaopen_math, math_names, lib_math_functions},
    {LUA_UTF8LIBNAME, luaopen_utf8, utf8_names, NULL},
    {LUA_OSLIBNAME, luaopen_os, os_names, NULL},
    {LUA_COLIBNAME, luaopen_coroutine, coroutine_names, coroutine_lib_functions},
};

/* From the table at the top to the one below it. */
static void copy_names(lua_State *L, const char *const *names)
{
    for (; *names != NULL; names++) {
        lua_getfield(L, -1, *names);
        lua_setfield(L, -3, *names);
    }
}

static void copy_own(lua_State *L, const luaL_Reg *own)
{
    for (; own->name != NULL; own++) {
        lua_getfield(L, -1, own->name);
        lua_pushcclosure(L, own->func, 1);
        lua_setfield(L, -3, own->name);
    }
}

/* `_G` is the environment itself, which is not the same for two scripts. */
static void open_base(lua_State *L)
{
    lua_pushcfunction(L, luaopen_base);
    lua_call(L, 0, 1);
    copy_names(L, base_names);
    lua_newtable(L); /* nothing of Lua's own globals stays in reach */
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pop(L, 1);
    lua_pushcfunction(L, set_metatable);
    lua_setfield(L, -2, "setmetatable");
    lua_pushcfunction(L, guarded_xpcall);
    lua_setfield(L, -2, "xpcall");
}

static void open_standard(lua_State *L, const struct library *lib)
{
    lua_newtable(L);
    lua_pushcfunction(L, lib->open);
    lua_call(L, 0, 1);
    copy_names(L, lib->names);
    if (lib->own != NULL)
        copy_own(L, lib->own());
    lua_pop(L, 1);
    if (strcmp(lib->name, LUA_STRLIBNAME) == 0) {
        lua_pushliteral(L, "");
        lua_getmetatable(L, -1);
        lua_pushvalue(L, -3);
        lua_setfield(L, -2, "__index"); /* of ("x"):upper() */
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "__metatable");
        lua_pop(L, 2);
    }
    sandbox_protect(L);
    lua_setfield(L, -2, lib->name);
}

void sandbox_open(lua_State *L)
{
    value_open(L);
    lua_newtable(L); /* the globals that all scripts see */
    open_base(L);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        open_standard(L, &libraries[i]);
    lib_open(L);
    session_open(L);
    call_open(L);

    lua_createtable(L, 0, 2); /* what the globals lack is looked for in the context */
    lua_pushcfunction(L, context_index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);

    lua_createtable(L, 0, 2);
    lua_insert(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &env_key);
}

void sandbox_push_env(lua_State *L)
{
    lua_newtable(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &env_key);
    lua_setmetatable(L, -2);
}
