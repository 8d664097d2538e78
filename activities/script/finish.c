#include "finish.h"

#include <stdio.h>
#include <string.h>

#include <stressor/log.h>

#include "call.h"
#include "secret.h"
#include "value.h"

enum {
    NOTED_MAX = 5,           /* variables named in the note on what is not exported */
    ERROR_BYTES_MAX = 4096,  /* of the text of an error */
    MASKED_BYTES_MAX = 65536 /* that are looked through for secrets before it is cut */
};

/* --- exports -----------------------------------------------------------------------------------
 */

/* Pushes the variable that a script has set, or the list or map of the context that it has read
 * and may have changed. */
static void push_own(lua_State *L, int env, const stressor_value *name)
{
    struct script *s = turn_script(L);
    lua_pushlstring(L, name->as.string.ptr, name->as.string.length);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, env) == LUA_TNIL && s->copies_ref != LUA_NOREF) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, s->copies_ref);
        lua_pushvalue(L, -3);
        lua_rawget(L, -2);
        lua_replace(L, -3);
        lua_pop(L, 1);
    }
    lua_remove(L, -2);
}

static void export_one(lua_State *L, int env, const stressor_value *name)
{
    stressor_exec *exec = turn_script(L)->exec;
    stressor_value v;
    lua_pushlstring(L, name->as.string.ptr, name->as.string.length);
    const char *what = lua_pushfstring(L, "export '%s'", lua_tostring(L, -1));
    push_own(L, env, name);
    if (lua_isnil(L, -1))
        luaL_error(L, "%s: the script did not set it", what);
    value_read(L, -1, what, &v);
    if (exec->host->variable_store(exec, name->as.string.ptr, name->as.string.length, &v) != 0)
        luaL_error(L, "%s: out of memory", what);
    lua_pop(L, 3);
}

static void export_all(lua_State *L, int env, const stressor_value *names)
{
    const stressor_host *host = turn_script(L)->exec->host;
    if (names->type == STRESSOR_STRING)
        export_one(L, env, names);
    for (uint64_t i = 0; names->type == STRESSOR_LIST && i < names->as.list.count; i++)
        export_one(L, env, host->list_at(names, i));
}

static bool may_be_meant(lua_State *L)
{
    return lua_type(L, -2) == LUA_TSTRING && !lua_isfunction(L, -1) && !lua_isuserdata(L, -1) &&
           strcmp(lua_tostring(L, -2), "result") != 0;
}

/* Says once for a place that the script has set variables which nobody will see. */
static void note_unexported(lua_State *L, int env)
{
    struct script *s = turn_script(L);
    struct script_place *place = (struct script_place *)(uintptr_t)s->place;
    char names[200] = "";
    size_t at = 0, count = 0;
    for (lua_pushnil(L); lua_next(L, env); lua_pop(L, 1)) {
        if (!may_be_meant(L) || count++ >= NOTED_MAX)
            continue;
        int n = snprintf(names + at, sizeof names - at, "%s%.30s", at > 0 ? ", " : "",
                         lua_tostring(L, -2));
        at += n > 0 ? (size_t)n : 0;
    }
    if (count == 0 || atomic_flag_test_and_set(&place->noted))
        return;
    stressor_log(s->exec->host, STRESSOR_LOG_INFO,
                 "%s: these variables of the script are not exported: %s%s (`export: [NAME, ...]` "
                 "keeps them, `export: null` says that none are meant)",
                 s->place->source.name + 1, names, count > NOTED_MAX ? ", ..." : "");
}

/* --- the result --------------------------------------------------------------------------------
 */

static void take_result(lua_State *L, int env)
{
    struct script *s = turn_script(L);
    stressor_result *r = &s->result;
    lua_pushliteral(L, "result");
    if (lua_rawget(L, env) == LUA_TNIL)
        return;
    value_read(L, -1, "variable 'result'", &r->value);
    if (r->value.type != STRESSOR_STRING)
        return;
    r->text = r->value.as.string.ptr;
    r->text_length = r->value.as.string.length;
    if ((r->value.flags & STRESSOR_SECRET) != 0)
        r->flags |= STRESSOR_RESULT_TEXT_IS_SECRET;
}

void finish_success(lua_State *L, int env)
{
    struct script *s = turn_script(L);
    luaL_checkstack(L, 12, NULL);
    export_all(L, env, &s->exec->args[ARG_EXPORT]);
    if (s->place->export_absent)
        note_unexported(L, env);
    take_result(L, env);
}

/* --- failures ----------------------------------------------------------------------------------
 */

static void fail(struct script *s, uint32_t category, const char *kind, const char *text,
                 size_t length)
{
    stressor_value shown =
        secret_mask(s, text, length < MASKED_BYTES_MAX ? length : MASKED_BYTES_MAX);
    length = shown.as.string.length < ERROR_BYTES_MAX ? shown.as.string.length : ERROR_BYTES_MAX;
    stressor_fail(s->exec, &s->result.failure, category, kind, "%.*s", (int)length,
                  shown.as.string.ptr);
}

/* A copy for as long as the execution lives. */
static const char *kept(struct script *s, const char *text)
{
    size_t length = strnlen(text, 64);
    char *copy = s->exec->host->scratch(s->exec, length + 1);
    if (copy == NULL || secret_is_in(s, text, length))
        return "script error";
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

/* Of a table with texts in it: what a call gave, or one that the script has made like it. */
static void fail_by_table(lua_State *L, struct script *s)
{
    struct call_error e;
    call_error_read(L, 2, &e);
    if (e.text == NULL) {
        static const char text[] = "the script raised a table without a text";
        fail(s, STRESSOR_SCRIPT, "script error", text, sizeof text - 1);
        return;
    }
    call_error_push_text(L, &e);
    fail(s, e.category != 0 ? e.category : (uint32_t)STRESSOR_SCRIPT,
         e.kind != NULL ? kept(s, e.kind) : "script error", lua_tostring(L, -1), lua_rawlen(L, -1));
}

/* The execution, then the error: values of any type. */
static int describe(lua_State *L)
{
    struct script *s = lua_touserdata(L, 1);
    if (lua_istable(L, 2)) {
        fail_by_table(L, s);
        return 0;
    }
    if (lua_type(L, 2) != LUA_TSTRING && lua_type(L, 2) != LUA_TNUMBER)
        lua_pushfstring(L, "the script raised a value of type %s", luaL_typename(L, 2));
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    fail(s, STRESSOR_SCRIPT, "script error", text, length);
    return 0;
}

static void fail_by_error(struct script *s)
{
    lua_State *L = s->worker->L;
    lua_pushcfunction(L, describe);
    lua_pushlightuserdata(L, s);
    lua_xmove(s->co, L, 1);
    if (lua_pcall(L, 2, 0, 0) == LUA_OK)
        return;
    lua_pop(L, 1);
    fail(s, STRESSOR_SCRIPT, "script error", "out of memory", 13);
}

static void fail_by_limit(struct script *s, const struct turn *turn)
{
    char where[sizeof turn->where];
    memcpy(where, turn->where, sizeof where);
    if (where[0] == '\0')
        turn_where(s->co, where, sizeof where);
    if (turn->end == TURN_TIMEOUT)
        stressor_fail(s->exec, &s->result.failure, STRESSOR_SCRIPT, "script timeout",
                      "%sexpected the script to compute for at most %g s at a time "
                      "(config.script_timeout)",
                      where, (double)s->worker->timeout_ns / 1e9);
    else
        stressor_fail(s->exec, &s->result.failure, STRESSOR_SCRIPT, "script memory",
                      "%sthe scripts of this worker use up their memory of %zu bytes "
                      "(config.script_memory)",
                      where, s->worker->limit);
}

void finish_failure(struct script *s, int status, const struct turn *turn)
{
    s->result = (stressor_result){.size = sizeof s->result};
    if (turn->end != TURN_RUNS || status == LUA_ERRMEM)
        fail_by_limit(s, turn);
    else
        fail_by_error(s);
}
