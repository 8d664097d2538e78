#include "random.h"

#include <stdio.h>

#include "turn.h"

enum { TEXT_BYTES_MAX = 1 << 20 };

static uint64_t bits(lua_State *L)
{
    stressor_exec *exec = turn_script(L)->exec;
    return exec->host->random(exec->session);
}

/* 0 <= it < 1 */
static double share(lua_State *L)
{
    return (double)(bits(L) >> 11) * 0x1.0p-53;
}

/* 0 to `most`, each as likely as the other: what is left over beyond the last whole multiple is
 * drawn again. */
static uint64_t up_to(lua_State *L, uint64_t most)
{
    if (most == UINT64_MAX)
        return bits(L);
    uint64_t count = most + 1, tail = (UINT64_MAX % count + 1) % count, drawn;
    do
        drawn = bits(L);
    while (drawn > UINT64_MAX - tail);
    return drawn % count;
}

static int push_between(lua_State *L, lua_Integer low, lua_Integer high, int arg)
{
    luaL_argcheck(L, low <= high, arg, "interval is empty");
    uint64_t width = (uint64_t)high - (uint64_t)low;
    lua_pushinteger(L, (lua_Integer)((uint64_t)low + up_to(L, width)));
    return 1;
}

int random_as_math(lua_State *L)
{
    switch (lua_gettop(L)) {
    case 0: lua_pushnumber(L, share(L)); return 1;
    case 1: {
        lua_Integer high = luaL_checkinteger(L, 1);
        if (high != 0)
            return push_between(L, 1, high, 1);
        lua_pushinteger(L, (lua_Integer)bits(L));
        return 1;
    }
    case 2: return push_between(L, luaL_checkinteger(L, 1), luaL_checkinteger(L, 2), 2);
    default: return luaL_error(L, "wrong number of arguments");
    }
}

int random_seed(lua_State *L)
{
    (void)L;
    return 0;
}

static int random_int(lua_State *L)
{
    return push_between(L, luaL_checkinteger(L, 1), luaL_checkinteger(L, 2), 2);
}

static int random_number(lua_State *L)
{
    lua_Number low = luaL_optnumber(L, 1, 0), high = luaL_optnumber(L, 2, 1);
    lua_pushnumber(L, low + share(L) * (high - low));
    return 1;
}

static int random_choice(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Unsigned count = lua_rawlen(L, 1);
    luaL_argcheck(L, count > 0, 1, "the list is empty");
    lua_rawgeti(L, 1, (lua_Integer)up_to(L, count - 1) + 1);
    return 1;
}

static int random_text(lua_State *L)
{
    static const char usual[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    lua_Integer length = luaL_checkinteger(L, 1);
    size_t count;
    const char *from = luaL_optlstring(L, 2, usual, &count);
    luaL_Buffer text;
    luaL_argcheck(L, length >= 0 && length <= TEXT_BYTES_MAX, 1, "expected 0 to 1048576");
    luaL_argcheck(L, count > 0, 2, "no letter to choose from");
    luaL_buffinit(L, &text);
    for (lua_Integer i = 0; i < length; i++)
        luaL_addchar(&text, from[up_to(L, count - 1)]);
    luaL_pushresult(&text);
    return 1;
}

/* Of version 4. */
static int random_uuid(lua_State *L)
{
    char text[40];
    uint64_t a = bits(L), b = bits(L);
    snprintf(text, sizeof text, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32),
             (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
             (unsigned)(0x8000 | (b >> 48 & 0x3fff)),
             (unsigned long long)(b & UINT64_C(0xffffffffffff)));
    lua_pushstring(L, text);
    return 1;
}

const luaL_Reg *random_functions(void)
{
    static const luaL_Reg functions[] = {{"int", random_int},       {"number", random_number},
                                         {"choice", random_choice}, {"text", random_text},
                                         {"uuid", random_uuid},     {NULL, NULL}};
    return functions;
}
