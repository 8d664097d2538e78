/*
 * plugin.h -- everything that a plugin is made of.
 *
 * A plugin is a shared object that exports one function:
 *
 *     STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);
 *
 * It returns a descriptor: static data that says what the plugin offers and which
 * functions to call at which stage. The plugin links nothing of stressor: whatever
 * it needs from the host it calls through the table `stressor_host`, which `init`
 * receives, or through an extension that it asks the host for by name.
 *
 * The smallest plugin:
 *
 *     #include <stressor/plugin.h>
 *
 *     static int32_t hello_start(stressor_exec *x, stressor_result *r)
 *     {
 *         (void)x;
 *         r->value = stressor_string("hello");
 *         return STRESSOR_DONE;
 *     }
 *
 *     static const stressor_activity_type hello = {
 *         .size = sizeof hello, .name = "Hello", .help = "Say hello", .start = hello_start};
 *     static const stressor_activity_type *const types[] = {&hello};
 *
 *     static const stressor_plugin plugin = {
 *         .size = sizeof plugin, .abi_minor = STRESSOR_ABI_MINOR, .abi_draft = STRESSOR_ABI_DRAFT,
 *         .name = "hello", .version = "1.0", .help = "Says hello",
 *         .activities = types, .activities_count = 1};
 *
 *     const stressor_plugin *stressor_plugin_v1(void) { return &plugin; }
 *
 * Build it with `cc -shared -fPIC -o hello.so hello.c $(pkg-config --cflags stressor)`.
 */
#ifndef STRESSOR_PLUGIN_H
#define STRESSOR_PLUGIN_H

#include <stressor/abi.h>
#include <stressor/activity.h>
#include <stressor/macro.h>
#include <stressor/reporter.h>
#include <stressor/schema.h>
#include <stressor/script.h>
#include <stressor/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are those of config.verbose. */
enum stressor_log_level {
    STRESSOR_LOG_CRITICAL = 0,
    STRESSOR_LOG_ERROR = 1,
    STRESSOR_LOG_WARNING = 2,
    STRESSOR_LOG_INFO = 3,
    STRESSOR_LOG_DEBUG = 4,
    STRESSOR_LOG_TRACE = 5
};

enum stressor_error {
    STRESSOR_OK = 0,
    STRESSOR_ENOMEM = -1,
    STRESSOR_EINVAL = -2,  /* an argument of the call makes no sense */
    STRESSOR_ENOENT = -3,  /* no such variable, metric, setting, … */
    STRESSOR_ELIMIT = -4,  /* a ceiling of the host was reached */
    STRESSOR_ESYSTEM = -5, /* a system call failed; errno says how */
    STRESSOR_ESYNTAX = -6  /* a text that was to be parsed is malformed */
};

enum stressor_metric_kind {
    STRESSOR_METRIC_COUNTER = 1,  /* a sum of what is recorded */
    STRESSOR_METRIC_GAUGE = 2,    /* the last value recorded by each worker, summed */
    STRESSOR_METRIC_HISTOGRAM = 3 /* non-negative values at 0.1 % */
};

typedef struct stressor_builder stressor_builder;

/* Facts of a session that do not change. Borrowed until the session ends. */
typedef struct stressor_session_info {
    uint32_t size;
    uint32_t dry_run; /* 0 or 1 */
    uint64_t number;  /* 1, 2, … in the order of the starts */
    const char *id;   /* "t01", …; ends in NUL */
    uint64_t id_length;
} stressor_session_info;

/*
 * What every plugin may call. A member past the host's `size` is not there: ask STRESSOR_HAS().
 */
struct stressor_host {
    uint32_t size;
    uint32_t abi_minor;
    const char *version; /* of stressor, "0.1.0" */

    /* An extension's table by name and version, such as "stressor.loop/1". NULL: not offered.
     * [any]; the table lives as long as the process. */
    const void *(*extension)(const stressor_host *host, const char *name);

    /* One line of log, `length` bytes without the newline; see log.h for printf. [any] */
    void (*log)(const stressor_host *host, int32_t level, const char *text, uint64_t length);
    /* Would a line of that level be written? [any] */
    int32_t (*log_enabled)(const stressor_host *host, int32_t level);

    /* Reading containers. [any]. NULL where there is no such item; the results live as long as
     * the container. `key` and `key_length` may be NULL. */
    const stressor_value *(*list_at)(const stressor_value *list, uint64_t index);
    const stressor_value *(*map_at)(const stressor_value *map, uint64_t index, const char **key,
                                    uint64_t *key_length);
    const stressor_value *(*map_get)(const stressor_value *map, const char *key,
                                     uint64_t key_length);

    /* Making containers, as if writing JSON: open a list or a map, put values (before each value
     * of a map its key), close. The bytes of strings and keys are copied. After an error all
     * further calls do nothing and `build_finish` reports it. What is built lives as long as the
     * execution. On the thread of the execution. */
    stressor_builder *(*build)(stressor_exec *exec); /* NULL: out of memory; may be abandoned */
    void (*build_list)(stressor_builder *builder);
    void (*build_map)(stressor_builder *builder);
    void (*build_key)(stressor_builder *builder, const char *key, uint64_t length);
    void (*build_value)(stressor_builder *builder, const stressor_value *value);
    void (*build_end)(stressor_builder *builder);
    int32_t (*build_finish)(stressor_builder *builder, stressor_value *out);

    /* The text of a value as the scenario language defines it (see "Text of a value"), in memory
     * that lives as long as the execution. STRESSOR_ENOMEM. On the thread of the execution. */
    int32_t (*value_text)(stressor_exec *exec, const stressor_value *value, stressor_value *out);

    /* Memory that lives until the execution has completed, aligned for anything. NULL: out of
     * memory or over the session's ceiling. On the thread of the execution. */
    void *(*scratch)(stressor_exec *exec, uint64_t size);

    /* The end of a PENDING execution. Exactly once, on the session's worker, not inside start;
     * `cancel` may call it itself. A result whose failure.category is not 0 has failed. `exec` is
     * gone when it returns. [worker] */
    void (*complete)(stressor_exec *exec, const stressor_result *result);

    /* Runs the common checks (assert_match, …) on a result before it is final, for an activity
     * that polls. STRESSOR_DONE, or STRESSOR_FAILED with `failure` filled in (lives as long as
     * the execution). Nothing is counted, nothing stored. On the thread of the execution. */
    int32_t (*check)(stressor_exec *exec, const stressor_result *result, stressor_failure *failure);

    /* Says that an argument of a place is wrong: an error at that argument in the scenario file.
     * `arg` is its index in the type's table, negative for the activity as a whole. [main],
     * during prepare. Always STRESSOR_EINVAL, so that prepare can return it. */
    int32_t (*problem)(stressor_prepare *place, int32_t arg, const char *text, uint64_t length);

    /* Context variables. A slot is a name made quick: the same in every session of a plan. A
     * name without a variable has a slot too. The host keeps `last_result` only where a macro of
     * the scenario, `debug: true` or a slot names it. Negative: out of memory, or asked for after
     * prepare for a name that nobody asked for there. [main], in prepare. */
    int64_t (*variable_slot)(stressor_plan *plan, const char *name, uint64_t length);
    /* The value of a variable, macros in it expanded. Lives until it is overwritten or the
     * execution ends. STRESSOR_ENOENT when unset; STRESSOR_EINVAL: a macro in it cannot be
     * expanded. On the thread of the execution. */
    int32_t (*variable_get)(stressor_exec *exec, int64_t slot, stressor_value *out);
    /* The same, brought to the type that `arg` declares, with its default where the variable is
     * unset or null: for settings of the section `config`, which activities may change at run
     * time. STRESSOR_ENOENT: neither; STRESSOR_EINVAL: not of that type, and `failure` says so.
     * On the thread of the execution. */
    int32_t (*variable_get_as)(stressor_exec *exec, int64_t slot, const stressor_arg *arg,
                               stressor_value *out, stressor_failure *failure);
    /* Sets a variable to a copy of the value. On the thread of the execution. */
    int32_t (*variable_set)(stressor_exec *exec, int64_t slot, const stressor_value *value);
    /* The same by name, for names that are known at run time only. Slower. */
    int32_t (*variable_find)(stressor_exec *exec, const char *name, uint64_t length,
                             stressor_value *out);
    int32_t (*variable_store)(stressor_exec *exec, const char *name, uint64_t length,
                              const stressor_value *value);
    /* Calls `each` for every variable that is set, in the order in which names were first seen.
     * On the thread of the execution. */
    void (*variables)(stressor_exec *exec,
                      void (*each)(void *data, const char *name, uint64_t length,
                                   const stressor_value *value),
                      void *data);

    /* A key that the plugin declared with stressor_setting for the section "sessions", coerced;
     * lives as long as the plan. STRESSOR_ENOENT when it is absent and has no default. [any] */
    int32_t (*setting)(stressor_run *run, const char *section, const char *name,
                       stressor_value *out);

    /* Facts of a session. `out->size` says how long yours is. On the thread of an execution of that
     * session, as the next one. */
    void (*session_info)(stressor_session *session, stressor_session_info *out);
    /* 64 random bits from the session's own generator: the same in every run that has
     * the same seed. */
    uint64_t (*random)(stressor_session *session);

    /* A metric of the plugin's own; the same name and unit again give the same number. `unit` in
     * UCUM style: "ns", "By", "1". The texts are borrowed until the process ends. [main], in init
     * or prepare. Negative: an error. */
    int64_t (*metric)(const stressor_host *host, uint32_t kind, const char *name, const char *unit,
                      const char *help);
    /* Records to it, without locks. [worker] */
    void (*metric_record)(stressor_worker *worker, int64_t metric, int64_t value);

    /* Where the file of a scenario lies: a path that a scenario gave, resolved beneath the
     * scenario's folder; an open descriptor that the caller closes, or STRESSOR_EINVAL (leaves
     * the folder), STRESSOR_ESYSTEM. [any], from prepare to release. */
    int32_t (*open_beneath)(stressor_plan *plan, const char *path, uint64_t length);
    /* The same for a folder, such as one to work in; without a path: the scenario's own.
     * STRESSOR_EINVAL also where the scenario has none, as it came from memory. */
    int32_t (*open_folder)(stressor_plan *plan, const char *path, uint64_t length);
};

/*
 * The descriptor. All of it is static data; `data` of the functions below is what `init`
 * stored. Each function may be NULL. Those that return an int32_t return 0, or a negative
 * enum stressor_error after having logged why: the run then does not start.
 */
typedef struct stressor_plugin {
    uint32_t size;
    uint32_t abi_minor; /* the least minor of the host that the plugin can live with */
    uint32_t abi_draft; /* STRESSOR_ABI_DRAFT */
    uint32_t reserved;
    const char *name;    /* letters, digits, '-', '_'; unique */
    const char *version; /* "1.2.0" */
    const char *help;    /* one sentence, no full stop */
    const char *author;  /* may be NULL */
    const char *license; /* may be NULL; an SPDX identifier */

    const stressor_activity_type *const *activities;
    const stressor_macro *const *macros;
    const stressor_setting *const *settings;
    const stressor_reporter_type *const *reporters;
    const stressor_script_engine *const *engines;
    uint32_t activities_count;
    uint32_t macros_count;
    uint32_t settings_count;
    uint32_t reporters_count;
    uint32_t engines_count;
    uint32_t reserved2;

    /* [main] once per process, before and after everything else. */
    int32_t (*init)(const stressor_host *host, void **data);
    void (*fini)(void *data);
    /* [main] once per run, before its first and after its last worker. Only for plugins that the
     * plan uses. Without run_open the run data is what init gave; without worker_open the worker
     * data is the run data. */
    int32_t (*run_open)(void *data, stressor_run *run, stressor_plan *plan, void **run_data);
    void (*run_close)(void *run_data);
    /* [worker] once per worker of a run. */
    int32_t (*worker_open)(void *run_data, stressor_worker *worker, void **worker_data);
    void (*worker_close)(void *worker_data);
    /* [worker] before the plugin's first activity in a session, and when that session ends.
     * `exec` is that activity's execution, for variables and scratch. */
    int32_t (*session_open)(void *worker_data, stressor_exec *exec, void **session_data);
    void (*session_close)(void *session_data);
} stressor_plugin;

#define STRESSOR_PLUGIN_ENTRY "stressor_plugin_v1"

/* The one function that a plugin defines and exports: its descriptor, the same at every call. */
STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

typedef const stressor_plugin *(*stressor_plugin_entry)(void);

#ifdef __cplusplus
}
#endif

#endif
