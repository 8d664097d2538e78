#include "state.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include "sandbox.h"
#include "turn.h"

/* --- memory ---------------------------------------------------------------------------------- */

/* Lua answers a refusal with a full collection and then asks for the same again: only when that
 * is refused too, or there never was that much, the memory is used up. */
static void *refuse(struct script_worker *w, size_t more)
{
    if (w->refused || more > w->limit)
        turn_out_of_memory(w);
    w->refused = !w->refused;
    w->collect_due = true;
    return NULL;
}

/* Lua lets garbage grow to the size of what is in use, and buffers are not asked for twice. So that
 * garbage takes no more than a quarter of what is free, it is collected before. */
void state_collect(struct script_worker *w)
{
    if (!w->collect_due)
        return;
    lua_gc(w->L, LUA_GCCOLLECT);
    size_t free_bytes = w->limit > w->used ? w->limit - w->used : 0;
    w->collect_at = free_bytes > w->limit / 64 ? w->used + free_bytes / 4 : w->limit;
    w->collect_due = false;
}

static void *allocate(void *data, void *old, size_t old_size, size_t size)
{
    struct script_worker *w = data;
    size_t had = old != NULL ? old_size : 0;
    if (size == 0) {
        free(old);
        w->used -= had;
        return NULL;
    }
    if (size > had && (size - had > w->limit || w->used > w->limit - (size - had)))
        return refuse(w, size - had);
    void *p = realloc(old, size);
    if (p == NULL)
        return refuse(w, 0);
    if (size > had)
        w->refused = false;
    w->used = w->used - had + size;
    if (w->used > w->collect_at && !w->collect_due) {
        w->collect_due = true;
        turn_look_soon(w);
    }
    return p;
}

/* --- open and close -------------------------------------------------------------------------- */

static int open_library(lua_State *L)
{
    sandbox_open(L);
    return 0;
}

bool state_open(struct script_worker *w)
{
    const stressor_host *host = w->run->plugin->host;
    w->limit = w->collect_at = SIZE_MAX;
    w->L = lua_newstate(allocate, w);
    if (w->L == NULL)
        return false;
    *(struct script_worker **)lua_getextraspace(w->L) = w;
    lua_pushcfunction(w->L, open_library);
    if (lua_pcall(w->L, 0, 0, 0) == LUA_OK)
        return true;
    const char *why = lua_tostring(w->L, -1);
    stressor_log(host, STRESSOR_LOG_ERROR, "script: cannot start Lua: %s", why != NULL ? why : "?");
    state_close(w);
    return false;
}

void state_close(struct script_worker *w)
{
    if (w->L != NULL)
        lua_close(w->L);
    w->L = NULL;
    while (w->idle != NULL) {
        struct script *s = w->idle;
        w->idle = s->next_idle;
        free(s);
    }
    for (size_t i = 0; i < SCRIPT_REGEXES; i++) {
        w->run->plugin->regex->free(w->regexes[i].regex);
        free(w->regexes[i].pattern);
    }
    memset(w->regexes, 0, sizeof w->regexes);
}

/* --- executions ------------------------------------------------------------------------------ */

static int make_coroutine(lua_State *L)
{
    struct script *s = lua_touserdata(L, 1);
    lua_State *co = lua_newthread(L);
    s->co_ref = luaL_ref(L, LUA_REGISTRYINDEX);
    s->co = co;
    return 0;
}

static bool have_coroutine(struct script *s)
{
    lua_State *L = s->worker->L;
    if (s->co == NULL) {
        lua_pushcfunction(L, make_coroutine);
        lua_pushlightuserdata(L, s);
        if (lua_pcall(L, 1, 0, 0) != LUA_OK)
            lua_pop(L, 1);
    }
    return s->co != NULL;
}

struct script *state_take(struct script_worker *w, stressor_exec *exec)
{
    struct script *s = w->idle;
    if (s != NULL) {
        w->idle = s->next_idle;
        w->idle_count--;
    } else {
        s = calloc(1, sizeof *s);
        if (s == NULL)
            return NULL;
        s->worker = w;
    }
    s->exec = exec;
    s->session = exec->session_data;
    s->place = exec->place;
    s->env_ref = s->user_ref = s->copies_ref = LUA_NOREF;
    s->secrets = (struct secrets){0};
    s->answer = NULL;
    s->cancelled = false;
    s->result = (stressor_result){.size = sizeof s->result};
    if (!have_coroutine(s)) {
        state_put(s);
        return NULL;
    }
    turn_watch(s->co);
    s->session->nesting++;
    return s;
}

void state_put(struct script *s)
{
    struct script_worker *w = s->worker;
    lua_State *L = w->L;
    luaL_unref(L, LUA_REGISTRYINDEX, s->env_ref);
    luaL_unref(L, LUA_REGISTRYINDEX, s->user_ref);
    luaL_unref(L, LUA_REGISTRYINDEX, s->copies_ref);
    bool whole = s->co != NULL && lua_status(s->co) == LUA_OK;
    bool keep = w->idle_count < SCRIPT_IDLE_MAX;
    if (whole)
        lua_settop(s->co, 0);
    if (s->co != NULL && (!whole || !keep)) {
        luaL_unref(L, LUA_REGISTRYINDEX, s->co_ref);
        s->co = NULL;
    }
    if (!keep) {
        free(s);
        return;
    }
    s->next_idle = w->idle;
    w->idle = s;
    w->idle_count++;
}
