#include "turn.h"

#include <stdio.h>
#include <time.h>

#include "state.h"

static int64_t clock_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

void turn_begin(struct turn *t, struct script *s)
{
    struct script_worker *w = s->worker;
    *t = (struct turn){.outer = w->turn, .script = s, .running = s->co};
    w->turn = t;
}

void turn_finish(struct turn *t)
{
    t->script->worker->turn = t->outer;
}

/* Counts what the thread computes: a machine that is busy otherwise is not the script's fault. The
 * faster clock says when to look. A script too short to be looked at costs nothing. */
static bool is_over(struct turn *t)
{
    int64_t timeout_ns = t->script->worker->timeout_ns;
    int64_t now = clock_of(CLOCK_MONOTONIC);
    if (t->look_ns == 0) {
        t->cpu_start_ns = clock_of(CLOCK_THREAD_CPUTIME_ID);
        t->look_ns = now + timeout_ns;
        return false;
    }
    if (now < t->look_ns)
        return false;
    int64_t used_ns = clock_of(CLOCK_THREAD_CPUTIME_ID) - t->cpu_start_ns;
    if (used_ns >= timeout_ns)
        return true;
    t->look_ns = now + timeout_ns - used_ns;
    return false;
}

void turn_where(lua_State *L, char *out, size_t size)
{
    lua_Debug ar;
    out[0] = '\0';
    for (int level = 0; lua_getstack(L, level, &ar); level++)
        if (lua_getinfo(L, "Sl", &ar) && ar.currentline > 0) {
            snprintf(out, size, "%s:%d: ", ar.short_src, ar.currentline);
            return;
        }
}

static void on_count(lua_State *L, lua_Debug *ar);

/* In a hook this returns, and the yield takes place when the hook does. */
static void stop(lua_State *L, struct turn *t)
{
    if (t->where[0] == '\0')
        turn_where(L, t->where, sizeof t->where);
    lua_sethook(L, on_count, LUA_MASKCOUNT, 1);
    if (lua_isyieldable(L) && t->script->worker->closes == 0) {
        lua_yield(L, 0);
    } else {
        lua_pushliteral(L, "the script was stopped");
        lua_error(L);
    }
}

void turn_look(lua_State *L)
{
    struct turn *t = script_worker_of(L)->turn;
    if (t->end == TURN_RUNS && is_over(t))
        t->end = TURN_TIMEOUT;
    if (t->end != TURN_RUNS)
        stop(L, t);
}

void turn_heed(lua_State *L)
{
    struct turn *t = script_worker_of(L)->turn;
    if (t->end != TURN_RUNS)
        stop(L, t);
}

static void on_count(lua_State *L, lua_Debug *ar)
{
    struct script_worker *w = script_worker_of(L);
    (void)ar;
    state_collect(w);
    if (lua_gethookcount(L) != SCRIPT_HOOK_STEP && w->turn->end == TURN_RUNS)
        turn_watch(L);
    turn_look(L);
}

void turn_watch(lua_State *L)
{
    lua_sethook(L, on_count, LUA_MASKCOUNT, SCRIPT_HOOK_STEP);
}

void turn_out_of_memory(struct script_worker *w)
{
    struct turn *t = w->turn;
    if (t == NULL || t->end != TURN_RUNS)
        return;
    t->end = TURN_MEMORY;
    turn_where(t->running, t->where, sizeof t->where);
    turn_look_soon(w);
}

void turn_look_soon(struct script_worker *w)
{
    if (w->turn != NULL)
        lua_sethook(w->turn->running, on_count, LUA_MASKCOUNT, 1);
}
