#include "coroutine_lib.h"

#include "turn.h"

static lua_State *arg_coroutine(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co != NULL, 1, "coroutine");
    return co;
}

static bool is_dead(lua_State *co)
{
    lua_Debug ar;
    int status = lua_status(co);
    if (status == LUA_YIELD)
        return false;
    return status != LUA_OK || (lua_getstack(co, 0, &ar) == 0 && lua_gettop(co) == 0);
}

/* Moves `args` values into the coroutine and what it yields or returns out of it. Negative: the
 * error stands at the top. */
static int resume_with(lua_State *L, lua_State *co, int args)
{
    struct turn *t = script_worker_of(L)->turn;
    int results;
    if (is_dead(co) || !lua_checkstack(co, args)) {
        lua_pop(L, args);
        lua_pushstring(L, is_dead(co) ? "cannot resume dead coroutine"
                                      : "too many arguments to resume");
        return -1;
    }
    lua_xmove(L, co, args);
    t->running = co;
    int status = lua_resume(co, L, args, &results);
    t->running = L;
    turn_heed(L);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

static int resume(lua_State *L)
{
    lua_State *co = arg_coroutine(L);
    int results = resume_with(L, co, lua_gettop(L) - 1);
    lua_pushboolean(L, results >= 0);
    lua_insert(L, results >= 0 ? -results - 1 : -2);
    return results >= 0 ? results + 1 : 2;
}

/* Runs what the coroutine has to close; its status, with the error, if any, at its top. Lua does
 * not count how deep this goes. */
static int close_quietly(lua_State *L, lua_State *co)
{
    struct script_worker *w = script_worker_of(L);
    if (w->closes >= SCRIPT_CLOSES_MAX)
        luaL_error(L, "too many coroutines closed while closing a coroutine");
    w->closes++;
    w->turn->running = co;
    int status = lua_resetthread(co);
    w->turn->running = L;
    w->closes--;
    turn_heed(L);
    return status;
}

static int call_wrapped(lua_State *L)
{
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int results = resume_with(L, co, lua_gettop(L));
    if (results >= 0)
        return results;
    int status = lua_status(co);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(L, co, 1); /* the error goes through what is closed, which may replace it */
        if (close_quietly(L, co) != LUA_OK)
            lua_xmove(co, L, 1);
        else
            lua_pushnil(L);
    }
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int wrap(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    lua_pushcclosure(L, call_wrapped, 1);
    return 1;
}

static int close_coroutine(lua_State *L)
{
    lua_State *co = arg_coroutine(L);
    lua_Debug ar;
    bool suspended =
        lua_status(co) == LUA_YIELD || (lua_status(co) == LUA_OK && lua_getstack(co, 0, &ar) == 0);
    if (!suspended && !is_dead(co))
        return luaL_error(L, "cannot close a running coroutine");
    if (close_quietly(L, co) == LUA_OK) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    lua_xmove(co, L, 1);
    return 2;
}

/* The script itself is a coroutine of ours: to the script it is the main one. */
static int yield(lua_State *L)
{
    if (L == turn_script(L)->co)
        return luaL_error(L, "attempt to yield from outside a coroutine");
    return lua_yield(L, lua_gettop(L));
}

static int is_yieldable(lua_State *L)
{
    lua_State *co = lua_isthread(L, 1) ? lua_tothread(L, 1) : L;
    lua_pushboolean(L, co != turn_script(L)->co && lua_isyieldable(co));
    return 1;
}

static int running(lua_State *L)
{
    lua_pushthread(L);
    lua_pushboolean(L, L == turn_script(L)->co);
    return 2;
}

const luaL_Reg *coroutine_lib_functions(void)
{
    static const luaL_Reg functions[] = {
        {"resume", resume}, {"wrap", wrap},       {"close", close_coroutine},
        {"yield", yield},   {"running", running}, {"isyieldable", is_yieldable},
        {NULL, NULL}};
    return functions;
}
