#include "session.h"

#include <string.h>

#include <stressor/log.h>

#include "call.h"
#include "context.h"
#include "secret.h"
#include "turn.h"
#include "value.h"

/* One object serves all sessions: it speaks of the one whose script computes. */
static const char session_key;

static void check_self(lua_State *L, const char *function)
{
    if (!lua_isuserdata(L, 1) || lua_rawgetp(L, LUA_REGISTRYINDEX, &session_key) == LUA_TNIL ||
        !lua_rawequal(L, 1, -1))
        luaL_error(L, "expected session:%s(...), with a colon", function);
    lua_pop(L, 1);
}

/* --- facts -------------------------------------------------------------------------------------
 */

static void push_info(lua_State *L, bool id)
{
    stressor_exec *exec = turn_script(L)->exec;
    stressor_session_info info = {.size = sizeof info};
    exec->host->session_info(exec->session, &info);
    if (id)
        lua_pushlstring(L, info.id, info.id_length);
    else
        lua_pushinteger(L, (lua_Integer)info.number);
}

static int push_id(lua_State *L)
{
    push_info(L, true);
    return 1;
}

static int push_number(lua_State *L)
{
    push_info(L, false);
    return 1;
}

static int push_dry_run(lua_State *L)
{
    lua_pushboolean(L, (turn_script(L)->exec->flags & STRESSOR_EXEC_DRY_RUN) != 0);
    return 1;
}

/* The same table as long as the script lives. */
static int push_user(lua_State *L)
{
    struct script *s = turn_script(L);
    stressor_value v;
    if (s->user_ref == LUA_NOREF) {
        if (s->exec->host->variable_find(s->exec, "user", 4, &v) != STRESSOR_OK)
            return 0;
        value_push(L, &v);
        if (lua_isnil(L, -1))
            return 1;
        s->user_ref = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, s->user_ref);
    return 1;
}

/* --- log ---------------------------------------------------------------------------------------
 */

static const char *const levels[] = {"critical", "error", "warning", "info",
                                     "debug",    "trace", NULL};

/* The text at the top, with secrets masked. */
static void write_log(lua_State *L, int32_t level)
{
    struct script *s = turn_script(L);
    const stressor_host *host = s->exec->host;
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    stressor_value shown = secret_mask(s, text, length);
    stressor_session_info info = {.size = sizeof info};
    host->session_info(s->exec->session, &info);
    lua_pushlstring(L, info.id, info.id_length);
    lua_pushliteral(L, " ");
    lua_pushlstring(L, shown.as.string.ptr, shown.as.string.length);
    lua_concat(L, 3);
    text = lua_tolstring(L, -1, &length);
    host->log(host, level, text, length);
}

static int session_log(lua_State *L)
{
    int32_t level = STRESSOR_LOG_INFO;
    check_self(L, "log");
    if (lua_gettop(L) >= 3) {
        if (lua_isinteger(L, 2)) {
            lua_Integer number = lua_tointeger(L, 2);
            luaL_argcheck(L, number >= STRESSOR_LOG_CRITICAL && number <= STRESSOR_LOG_TRACE, 2,
                          "expected a level from 0 to 5");
            level = (int32_t)number;
        } else {
            level = luaL_checkoption(L, 2, NULL, levels);
        }
    }
    const stressor_host *host = turn_script(L)->exec->host;
    if (host->log_enabled(host, level)) {
        luaL_tolstring(L, lua_gettop(L) >= 3 ? 3 : 2, NULL);
        write_log(L, level);
    }
    return 0;
}

static int print(lua_State *L)
{
    const stressor_host *host = turn_script(L)->exec->host;
    int n = lua_gettop(L);
    luaL_Buffer text;
    if (!host->log_enabled(host, STRESSOR_LOG_INFO))
        return 0;
    luaL_buffinit(L, &text);
    for (int i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&text, '\t');
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&text);
    }
    luaL_pushresult(&text);
    write_log(L, STRESSOR_LOG_INFO);
    return 0;
}

/* --- requests ----------------------------------------------------------------------------------
 */

static void put_text(lua_State *L, stressor_builder *b, const char *key, int index)
{
    const stressor_host *host = turn_script(L)->exec->host;
    host->build_key(b, key, strlen(key));
    value_put(L, b, index, key);
}

/* A call of `type` with the URL at `url`, the method before it if `with_method`, and the table of
 * further arguments behind it. */
static int request(lua_State *L, const char *type, int url, bool with_method)
{
    const stressor_host *host = turn_script(L)->exec->host;
    stressor_value args;
    call_check(L, type);
    luaL_checktype(L, url, LUA_TSTRING);
    if (with_method)
        luaL_checktype(L, url - 1, LUA_TSTRING);
    if (!lua_isnoneornil(L, url + 1))
        luaL_checktype(L, url + 1, LUA_TTABLE);
    stressor_builder *b = value_build(L);
    host->build_map(b);
    if (lua_istable(L, url + 1))
        value_put_entries(L, b, url + 1, type);
    put_text(L, b, "url", url);
    if (with_method)
        put_text(L, b, "method", url - 1);
    host->build_end(b);
    value_built(L, b, &args);
    return call_begin(L, type, &args);
}

static int session_request(lua_State *L)
{
    check_self(L, "request");
    return request(L, "HTTPRequest", 3, true);
}

/* Its upvalues: the type, and the name of the function. */
static int session_verb(lua_State *L)
{
    check_self(L, lua_tostring(L, lua_upvalueindex(2)));
    return request(L, lua_touserdata(L, lua_upvalueindex(1)), 2, false);
}

static const struct {
    const char *name, *type;
} verbs[] = {
    {"get", "GetRequest"},         {"post", "PostRequest"},     {"put", "PutRequest"},
    {"patch", "PatchRequest"},     {"delete", "DeleteRequest"}, {"head", "HeadRequest"},
    {"options", "OptionsRequest"},
};

/* --- the object --------------------------------------------------------------------------------
 */

static const luaL_Reg facts[] = {
    {"id", push_id}, {"number", push_number}, {"dry_run", push_dry_run}, {"user", push_user}};

/* What is not computed anew is looked up in the upvalue. */
static int session_index(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    const char *name = lua_tostring(L, 2);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (strcmp(facts[i].name, name) == 0)
            return facts[i].func(L);
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    return 1;
}

static int session_write(lua_State *L)
{
    return luaL_error(L, "session cannot be changed; session.context.NAME = VALUE sets a variable "
                         "of the context");
}

static void push_methods(lua_State *L)
{
    lua_newtable(L);
    context_push_proxy(L);
    lua_setfield(L, -2, "context");
    lua_pushcfunction(L, session_log);
    lua_setfield(L, -2, "log");
    lua_pushcfunction(L, session_request);
    lua_setfield(L, -2, "request");
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        lua_pushlightuserdata(L, (void *)(uintptr_t)verbs[i].type);
        lua_pushstring(L, verbs[i].name);
        lua_pushcclosure(L, session_verb, 2);
        lua_setfield(L, -2, verbs[i].name);
    }
}

void session_open(lua_State *L)
{
    lua_newuserdatauv(L, 0, 0);
    lua_createtable(L, 0, 4);
    push_methods(L);
    lua_pushcclosure(L, session_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, session_write);
    lua_setfield(L, -2, "__newindex");
    lua_pushliteral(L, "session");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &session_key);
    lua_setfield(L, -2, "session");
    lua_pushcfunction(L, print);
    lua_setfield(L, -2, "print");
}
