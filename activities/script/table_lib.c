#include "table_lib.h"

#include "turn.h"

enum {
    MOVES_MAX = 1 << 24, /* elements that one call moves */
    SORT_UNWATCHED = 10000
};

/* In the same frame, so that errors name the line and the function of the script. */
static int call_original(lua_State *L)
{
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* __len may answer anything, and the answer is how long they run. */
static int without_length(lua_State *L)
{
    if (luaL_getmetafield(L, 1, "__len") != LUA_TNIL)
        return luaL_error(L, "a table with __len cannot be used here");
    return call_original(L);
}

static int move(lua_State *L)
{
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3);
    if (last >= first && (lua_Unsigned)last - (lua_Unsigned)first >= MOVES_MAX)
        return luaL_error(L, "too many elements to move");
    return call_original(L);
}

static int less(lua_State *L)
{
    struct turn *t = script_worker_of(L)->turn;
    if (++t->compared % 4096 == 0)
        turn_look(L);
    lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPLT));
    return 1;
}

/* Lua's own order is not looked at while it sorts: of many elements ours is. */
static int sort(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (lua_isnoneornil(L, 2) && lua_rawlen(L, 1) > SORT_UNWATCHED) {
        lua_settop(L, 1);
        lua_pushcfunction(L, less);
    }
    return call_original(L);
}

const luaL_Reg *table_lib_functions(void)
{
    static const luaL_Reg functions[] = {{"insert", without_length},
                                         {"remove", without_length},
                                         {"move", move},
                                         {"sort", sort},
                                         {NULL, NULL}};
    return functions;
}
