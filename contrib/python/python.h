/*
 * python -- what the files of the engine share: the state of the plugin, of a session, and of one
 * execution.
 *
 * A process has one interpreter, which is never taken down: it outlives the plugin's fini, so that
 * neither threads nor modules of a script can keep the process from ending. Scripts run on the
 * host's pool, one thread each, and hold the interpreter's lock (the GIL) but for while they wait.
 *
 * Locks: whoever wants both takes the GIL first, then that of watch.h.
 */
#ifndef PYTHON_PYTHON_H
#define PYTHON_PYTHON_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <stressor/call.h>
#include <stressor/plugin.h>

enum {
    SCRIPT_BYTES_MAX = 1 << 20,   /* of the text of a script */
    SCRIPT_VALUES_MAX = 1 << 20,  /* values in one variable or list of arguments */
    SCRIPT_SECRETS_MAX = 1 << 14, /* texts that a session remembers as secret */
    SCRIPT_ERROR_MAX = 4096       /* bytes of an error's text */
};

struct python_plugin {
    const stressor_host *host;
    const stressor_activity_api *activity;
};

/* Texts that must not be shown, as long as the session lives: scripts may keep them that long. */
struct secrets {
    struct secret {
        char *ptr;
        size_t length;
    } * list;
    size_t count, room;
};

struct python_session {
    char *id;
    uint64_t number, seed;
    struct secrets secrets;
};

struct python_place {
    struct python_plugin *plugin;
    char *name;     /* of the script in messages: "script", or its path */
    PyObject *code; /* compiled */
    uint32_t arg_export;
    bool export_absent; /* the scenario does not say what to export */
    bool noted;         /* that something might be exported; under the GIL */
    int64_t timeout_slot;
};

/* Why a script has to end. */
enum script_stop { SCRIPT_RUNS, SCRIPT_TIMEOUT, SCRIPT_CANCELLED };

/* One execution, on the stack of its thread. */
struct script {
    stressor_exec *exec;
    struct python_session *session;
    struct python_place *place;
    stressor_result *result;

    /* What watch.c looks at; guarded by its lock. */
    struct script *next, **link;
    PyThreadState *thread;
    unsigned long thread_id;
    clockid_t cpu;
    int64_t timeout_ns, cpu_start_ns;
    int64_t look_ns;    /* when the clock of its CPU time is worth a look */
    int64_t kick_ns;    /* when it is to be told again that it has to end */
    int64_t stopped_ns; /* when it was first told; 0: it was not */
    bool waits;         /* for a call, or asleep: it does not compute */
    enum script_stop stop;
    int line;    /* where it was when it had to end; 0: nobody knows */
    bool caught; /* the exception that ends it was; of its own thread alone */
    pthread_cond_t woken;
};

/* The script of this thread; NULL: it runs none. */
extern _Thread_local struct script *script_current;

#endif
