#include "call.h"

#include <string.h>
#include <strings.h>

#include "context.h"
#include "run_script.h"
#include "secret.h"
#include "turn.h"
#include "value.h"

static const char error_key, headers_key; /* in the registry: their metatables */

static const char *const categories[] = {
    [STRESSOR_TARGET] = "target",     [STRESSOR_ASSERTION] = "assertion",
    [STRESSOR_TIMEOUT] = "timeout",   [STRESSOR_GENERATOR] = "generator",
    [STRESSOR_SCRIPT] = "script",     [STRESSOR_CANCELLED] = "cancelled",
    [STRESSOR_INTERNAL] = "internal",
};
enum { CATEGORIES = sizeof categories / sizeof *categories };

/* --- what comes back ---------------------------------------------------------------------------
 */

static void set_text(lua_State *L, const char *key, const char *text, size_t length)
{
    if (text == NULL)
        return;
    lua_pushlstring(L, text, length);
    lua_setfield(L, -2, key);
}

/* Of `info`, when it is there, under its own name in the table at the top. */
static void set_info(lua_State *L, const stressor_value *info, const char *key)
{
    const stressor_host *host = turn_script(L)->exec->host;
    const stressor_value *v = host->map_get(info, key, strlen(key));
    if (v == NULL)
        return;
    value_push_inner(L, v);
    if (v->type == STRESSOR_MAP && strcmp(key, "headers") == 0) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &headers_key);
        lua_setmetatable(L, -2);
    }
    lua_setfield(L, -2, key);
}

static void push_result(lua_State *L, const stressor_result *r)
{
    static const char *const named[] = {"status", "headers", "url"};
    struct script *s = turn_script(L);
    lua_createtable(L, 0, 6);
    value_push(L, &r->value);
    lua_setfield(L, -2, "value");
    if (r->text != NULL) {
        stressor_value text = stressor_string_n(r->text, r->text_length);
        bool secret = (r->flags & STRESSOR_RESULT_TEXT_IS_SECRET) != 0;
        text.flags = secret ? STRESSOR_SECRET : r->value.flags & STRESSOR_SECRET;
        if (text.flags != 0 && !secret_learn(s, &text))
            luaL_error(L, "too many secrets for one script");
        set_text(L, "text", r->text, r->text_length);
    }
    if (r->info.type != STRESSOR_MAP)
        return;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        set_info(L, &r->info, named[i]);
    value_push_inner(L, &r->info);
    lua_setfield(L, -2, "info");
}

static void push_error(lua_State *L, const char *type, const char *where, const stressor_result *r)
{
    const stressor_failure *f = &r->failure;
    lua_createtable(L, 0, 6);
    set_text(L, "activity", type, strlen(type));
    set_text(L, "where", where, strlen(where));
    const char *category = f->category < CATEGORIES ? categories[f->category] : NULL;
    set_text(L, "category", category, category != NULL ? strlen(category) : 0);
    set_text(L, "kind", f->kind, f->kind != NULL ? strlen(f->kind) : 0);
    set_text(L, "text", f->text != NULL ? f->text : "", f->text != NULL ? f->length : 0);
    push_result(L, r);
    lua_setfield(L, -2, "result");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &error_key);
    lua_setmetatable(L, -2);
}

/* In the script's coroutine again. The type and the place of the call are still on the stack. */
static int call_end(lua_State *L, int status, lua_KContext k)
{
    (void)status;
    const stressor_result *r = turn_script(L)->answer;
    const char *type = lua_touserdata(L, (int)k);
    const char *where = lua_tostring(L, (int)k + 1);
    context_forget(L);
    if (r->failure.category == STRESSOR_NO_FAILURE) {
        push_result(L, r);
        return 1;
    }
    lua_pushnil(L);
    push_error(L, type, where, r);
    return 2;
}

/* --- the way out -------------------------------------------------------------------------------
 */

static void on_done(stressor_exec *caller, void *data, const stressor_result *result)
{
    (void)caller;
    run_script_answer(data, result);
}

void call_check(lua_State *L, const char *type)
{
    if (L != turn_script(L)->co)
        luaL_error(L, "%s cannot be called inside a coroutine of the script", type);
    if (!lua_isyieldable(L))
        luaL_error(
            L, "%s cannot be called here: inside a function that sort, gsub or a metamethod calls",
            type);
}

int call_begin(lua_State *L, const char *type, const stressor_value *args)
{
    struct script *s = turn_script(L);
    int at = lua_gettop(L) + 1;
    luaL_checkstack(L, 8, NULL);
    lua_pushlightuserdata(L, (void *)(uintptr_t)type);
    luaL_where(L, 1);
    /* Once it has begun nothing may raise before the yield. */
    switch (s->worker->run->plugin->activity->call(s->exec, type, args, on_done, s)) {
    case STRESSOR_OK: return lua_yieldk(L, 0, at, call_end);
    case STRESSOR_ENOENT: return luaL_error(L, "there is no activity '%s'", type);
    default: return luaL_error(L, "%s cannot be called: out of memory", type);
    }
}

static int call_activity(lua_State *L)
{
    const char *type = lua_touserdata(L, lua_upvalueindex(1));
    stressor_value args;
    call_check(L, type);
    if (lua_gettop(L) > 1 || (!lua_isnone(L, 1) && !lua_istable(L, 1)))
        return luaL_error(L, "expected arguments by name: %s{name = value, ...}", type);
    stressor_builder *b = value_build(L);
    turn_script(L)->exec->host->build_map(b);
    if (lua_istable(L, 1))
        value_put_entries(L, b, 1, type);
    turn_script(L)->exec->host->build_end(b);
    value_built(L, b, &args);
    return call_begin(L, type, &args);
}

/* --- error tables ------------------------------------------------------------------------------
 */

static const char *raw_text(lua_State *L, int index, const char *key)
{
    lua_pushstring(L, key);
    lua_rawget(L, index);
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    lua_pop(L, 1); /* the table holds it */
    return text;
}

void call_error_read(lua_State *L, int index, struct call_error *out)
{
    index = lua_absindex(L, index);
    *out = (struct call_error){0};
    const char *category = raw_text(L, index, "category");
    for (uint32_t i = 1; category != NULL && i < CATEGORIES; i++)
        if (strcmp(categories[i], category) == 0 && i != STRESSOR_CANCELLED)
            out->category = i;
    out->kind = raw_text(L, index, "kind");
    out->text = raw_text(L, index, "text");
    out->activity = raw_text(L, index, "activity");
    out->where = raw_text(L, index, "where");
}

void call_error_push_text(lua_State *L, const struct call_error *e)
{
    const char *text = e->text != NULL ? e->text : "";
    size_t length = e->activity != NULL ? strlen(e->activity) : 0;
    bool said = strncmp(text, e->activity != NULL ? e->activity : "", length) == 0;
    lua_pushfstring(L, "%s%s%s%s", e->where != NULL ? e->where : "", said ? "" : e->activity,
                    said ? "" : ": ", text);
}

static int error_text(lua_State *L)
{
    struct call_error e;
    luaL_checktype(L, 1, LUA_TTABLE);
    call_error_read(L, 1, &e);
    call_error_push_text(L, &e);
    return 1;
}

/* Names of headers have no case. */
static int header_index(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    const char *name = lua_tostring(L, 2);
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING && strcasecmp(lua_tostring(L, -2), name) == 0)
            return 1;
    return 0;
}

static void make_metatable(lua_State *L, const char *event, lua_CFunction function,
                           const char *name, const void *key)
{
    lua_createtable(L, 0, 3);
    lua_pushcfunction(L, function);
    lua_setfield(L, -2, event);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

void call_open(lua_State *L)
{
    const struct script_run *run = script_worker_of(L)->run;
    const stressor_activity_api *api = run->plugin->activity;
    make_metatable(L, "__tostring", error_text, "error", &error_key);
    make_metatable(L, "__index", header_index, "headers", &headers_key);
    uint32_t count = api->types_count(run->plan);
    for (uint32_t i = 0; i < count; i++) {
        const char *name = api->type_name(run->plan, i);
        lua_pushlightuserdata(L, (void *)(uintptr_t)name);
        lua_pushcclosure(L, call_activity, 1);
        lua_setfield(L, -2, name);
    }
}
