/*
 * turn -- a script computing, from one wait to the next, and what limits it.
 *
 * A script is looked at every SCRIPT_HOOK_STEP instructions, and by functions in C that may take
 * long. One that is over its time or memory is ended by a yield that nobody resumes: unlike an
 * error, `pcall` cannot catch it and no handler of the script runs. Where a yield is impossible
 * (inside a function that `table.sort` calls, say) it is an error at every instruction until it
 * is possible.
 */
#ifndef SCRIPT_TURN_H
#define SCRIPT_TURN_H

#include "script.h"

enum turn_end { TURN_RUNS, TURN_TIMEOUT, TURN_MEMORY };

struct turn {
    struct turn *outer; /* of the script that has called this one */
    struct script *script;
    lua_State *running; /* its coroutine that is executing */
    enum turn_end end;
    int64_t look_ns;      /* when to look at the time used, monotonic; 0: not looked yet */
    int64_t cpu_start_ns; /* of the thread */
    unsigned compared;    /* by table.sort */
    char where[LUA_IDSIZE + 24];
};

/* These two do not raise. */
void turn_begin(struct turn *t, struct script *s);
void turn_finish(struct turn *t);
/* Watches a coroutine, and those that it makes. Does not raise. */
void turn_watch(lua_State *L);
/* The memory of the worker is used up: ends the script at its next instruction. Does not raise. */
void turn_out_of_memory(struct script_worker *w);
/* Looks at the script at its next instruction. Does not raise. */
void turn_look_soon(struct script_worker *w);

/* Does not return when the script has to end. For loops in C: now and then. */
void turn_look(lua_State *L);
/* The same without a look at the clock: after something that may have ended the script. */
void turn_heed(lua_State *L);

/* The place in the script of what runs, such as "script:3: "; empty: unknown. Does not raise. */
void turn_where(lua_State *L, char *out, size_t size);

static inline struct script *turn_script(lua_State *L)
{
    return script_worker_of(L)->turn->script;
}

#endif
