/*
 * script -- what the files of RunScript share: the state of each stage of the plugin's life, and
 * of one execution.
 *
 * A worker has one Lua state. Each execution is a coroutine in it, with an environment of its own;
 * all else that a script can reach is either its own too, or cannot be changed by it. The worker
 * stands in the extra space of the Lua state and all its coroutines; what a function of ours is
 * called for stands in `worker->turn`.
 *
 * Lua raises errors by longjmp: functions that take a lua_State may not return, unless they say
 * otherwise, and what they hold has to belong to Lua or to the execution.
 */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lauxlib.h>
#include <lua.h>

#include <stressor/call.h>
#include <stressor/plugin.h>
#include <stressor/text.h>

enum {
    SCRIPT_BYTES_MAX = 1 << 20,   /* of the text of a script */
    SCRIPT_NESTING_MAX = 16,      /* scripts that run scripts */
    SCRIPT_VALUES_MAX = 1 << 20,  /* values in one variable or list of arguments */
    SCRIPT_DEPTH_MAX = 1000,      /* of tables in tables that leave a script */
    SCRIPT_SECRETS_MAX = 1 << 14, /* texts that an execution remembers as secret */
    SCRIPT_IDLE_MAX = 256,        /* coroutines of a worker that wait to be used again */
    SCRIPT_REGEXES = 64,          /* compiled ones that a worker remembers */
    SCRIPT_CLOSES_MAX = 100,      /* coroutines that are closed while closing a coroutine */
    SCRIPT_HOOK_STEP = 1000,      /* instructions between two looks at the clock */
};

/* In the order of the table in run_script.c. */
enum script_arg { ARG_SCRIPT, ARG_PATH, ARG_EXPORT, ARG_LANGUAGE, ARGS_COUNT };

struct script_plugin {
    const stressor_host *host;
    const stressor_activity_api *activity;
    const stressor_json_api *json;
    const stressor_regex_api *regex;
};

struct script_run {
    struct script_plugin *plugin;
    stressor_plan *plan;
};

struct script_regex {
    char *pattern; /* NULL: the slot is free */
    size_t length;
    uint32_t flags;
    stressor_regex *regex;
};

struct script_worker {
    struct script_run *run;
    lua_State *L;
    bool has_settings;  /* those below were read, with the first session */
    int64_t timeout_ns; /* how long a script may compute at a time */
    size_t used, limit; /* bytes of all its scripts */
    size_t collect_at;  /* when garbage is to be collected, lest it look like memory in use */
    bool collect_due;   /* it is, at the next instruction of a script */
    bool refused;       /* the last request for memory was; Lua collects garbage and asks again */
    struct turn *turn;  /* of the script that computes right now; NULL: none */
    struct script *idle;
    size_t idle_count;
    unsigned closes; /* coroutines being closed, one inside the other */
    struct script_regex regexes[SCRIPT_REGEXES];
};

struct script_session {
    struct script_worker *worker;
    unsigned nesting; /* scripts of the session that have begun and not ended */
};

/* The text of a script. */
struct source {
    const char *text;
    size_t length;
    const char *name; /* as Lua wants it: "=script", "@login.lua" */
};

struct script_place {
    struct script_plugin *plugin;
    int64_t timeout_slot, memory_slot; /* of variables */
    bool dynamic;                      /* the text comes with each execution */
    bool export_absent;                /* the scenario does not say what to export */
    atomic_flag noted;                 /* that something might be exported, in the log */
    struct source source;
    char *file; /* owned: text and name of a script that was read from `path` */
};

/* Texts that must not be shown, as long as the execution lives. */
struct secrets {
    struct secret {
        const char *ptr;
        size_t length;
    } * list;
    size_t count, room;
};

/* One execution. */
struct script {
    struct script *next_idle;
    struct script_worker *worker;
    lua_State *co; /* what it runs in; NULL: not made yet, or died */
    int co_ref;
    int env_ref;    /* its environment */
    int user_ref;   /* session.user, once it was read */
    int copies_ref; /* the lists and maps of the context that it has read, by name */
    stressor_exec *exec;
    struct script_session *session;
    const struct script_place *place;
    struct secrets secrets;
    const stressor_result *answer; /* of the call that has ended, while the script takes it over */
    bool cancelled;
    stressor_result result;
};

static inline struct script_worker *script_worker_of(lua_State *L)
{
    return *(struct script_worker **)lua_getextraspace(L);
}

#endif
