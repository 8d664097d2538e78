#include "lib.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "random.h"
#include "sandbox.h"
#include "secret.h"
#include "turn.h"
#include "value.h"

/* --- json --------------------------------------------------------------------------------------
 */

static int json_decode(lua_State *L)
{
    struct script *s = turn_script(L);
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    stressor_value v, why = stressor_null();
    int32_t rc = s->worker->run->plugin->json->parse(s->exec, text, length, &v, &why);
    if (rc == STRESSOR_OK) {
        value_push_inner(L, &v);
        return 1;
    }
    if (rc != STRESSOR_ESYNTAX)
        return luaL_error(L, "out of memory for the values of this script");
    lua_pushnil(L);
    if (why.type == STRESSOR_STRING)
        lua_pushlstring(L, why.as.string.ptr, why.as.string.length);
    else
        lua_pushliteral(L, "malformed JSON");
    return 2;
}

static int json_encode(lua_State *L)
{
    struct script *s = turn_script(L);
    stressor_value v = stressor_null(), text;
    luaL_checkany(L, 1);
    if (!lua_isnil(L, 1))
        value_read(L, 1, "json.encode", &v);
    if (s->worker->run->plugin->json->write(s->exec, &v, &text) != STRESSOR_OK)
        return luaL_error(L, "out of memory for the values of this script");
    lua_pushlstring(L, text.as.string.ptr, text.as.string.length);
    return 1;
}

static int json_list(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        lua_pop(L, 1); /* it is ours: a list already, or headers */
    else
        value_mark_list(L, 1);
    return 1;
}

/* --- regex -------------------------------------------------------------------------------------
 */

static struct script_regex *regex_slot(struct script_worker *w, const char *text, size_t length,
                                       uint32_t flags)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ flags; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return &w->regexes[(size_t)(hash ^ hash >> 32) % SCRIPT_REGEXES];
}

static const stressor_regex *compiled(lua_State *L, const char *text, size_t length, uint32_t flags)
{
    struct script_worker *w = script_worker_of(L);
    const stressor_regex_api *api = w->run->plugin->regex;
    struct script_regex *slot = regex_slot(w, text, length, flags);
    if (slot->pattern != NULL && slot->length == length && slot->flags == flags &&
        memcmp(slot->pattern, text, length) == 0)
        return slot->regex;
    api->free(slot->regex);
    free(slot->pattern);
    *slot = (struct script_regex){.length = length, .flags = flags};
    char why[200] = "out of memory";
    slot->regex = api->compile(text, length, flags, why, sizeof why);
    if (slot->regex == NULL)
        luaL_error(L, "the regex is malformed: %s", why);
    slot->pattern = malloc(length + 1); /* without it the slot is not found again */
    if (slot->pattern != NULL)
        memcpy(slot->pattern, text, length);
    return slot->regex;
}

static int regex_test(lua_State *L, uint32_t flags)
{
    const stressor_regex_api *api = script_worker_of(L)->run->plugin->regex;
    size_t length, pattern_length;
    const char *text = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    int32_t found = api->match(compiled(L, pattern, pattern_length, flags), text, length);
    if (found == STRESSOR_ELIMIT)
        return luaL_error(L, "regex limit: it takes too long to tell whether it matches");
    if (found < 0)
        return luaL_error(L, "out of memory for a regex");
    lua_pushboolean(L, found == 1);
    return 1;
}

static int regex_search(lua_State *L)
{
    return regex_test(L, STRESSOR_REGEX_MULTILINE);
}

static int regex_match(lua_State *L)
{
    return regex_test(L, STRESSOR_REGEX_AT_START);
}

/* --- time --------------------------------------------------------------------------------------
 */

static int push_clock(lua_State *L, clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    lua_pushnumber(L, (lua_Number)t.tv_sec + (lua_Number)t.tv_nsec / 1e9);
    return 1;
}

static int time_now(lua_State *L)
{
    return push_clock(L, CLOCK_REALTIME);
}

static int time_monotonic(lua_State *L)
{
    return push_clock(L, CLOCK_MONOTONIC);
}

static int time_iso(lua_State *L)
{
    lua_Number seconds = lua_isnoneornil(L, 1) ? (lua_Number)time(NULL) : luaL_checknumber(L, 1);
    char text[40];
    struct tm tm;
    luaL_argcheck(L, seconds > -6e10 && seconds < 2.5e11, 1, "expected seconds since 1970");
    time_t t = (time_t)seconds;
    if (gmtime_r(&t, &tm) == NULL || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        return luaL_error(L, "this time cannot be written");
    lua_pushstring(L, text);
    return 1;
}

/* --- all of them -------------------------------------------------------------------------------
 */

static const luaL_Reg json_functions[] = {
    {"decode", json_decode}, {"encode", json_encode}, {"list", json_list}, {NULL, NULL}};
static const luaL_Reg regex_functions[] = {
    {"search", regex_search}, {"match", regex_match}, {NULL, NULL}};
static const luaL_Reg time_functions[] = {
    {"now", time_now}, {"monotonic", time_monotonic}, {"iso", time_iso}, {NULL, NULL}};

static void open_one(lua_State *L, const char *name, const luaL_Reg *functions)
{
    lua_newtable(L);
    luaL_setfuncs(L, functions, 0);
    if (functions == json_functions) {
        value_push_null(L);
        lua_setfield(L, -2, "null");
    }
    sandbox_protect(L);
    lua_setfield(L, -2, name);
}

void lib_open(lua_State *L)
{
    open_one(L, "json", json_functions);
    open_one(L, "regex", regex_functions);
    open_one(L, "time", time_functions);
    open_one(L, "random", random_functions());
}

const luaL_Reg *lib_math_functions(void)
{
    static const luaL_Reg functions[] = {
        {"random", random_as_math}, {"randomseed", random_seed}, {NULL, NULL}};
    return functions;
}
