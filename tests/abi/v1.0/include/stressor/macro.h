/*
 * macro.h -- macros that a plugin offers: `$name(arguments)` in a scenario.
 *
 * An activity macro stands for an activity: `activity: $sleep(0.3)`. It is data: a type
 * and the names of the arguments that the positions fill.
 *
 * A value macro is a function: its arguments are texts, in which other macros have been
 * expanded; what it returns is inserted, or, standing alone, is the value itself.
 *
 * `$(name)`, `$load(path)` and `$env(name)` are the host's own.
 */
#ifndef STRESSOR_MACRO_H
#define STRESSOR_MACRO_H

#include <stressor/activity.h>
#include <stressor/value.h>

#ifdef __cplusplus
extern "C" {
#endif

enum stressor_macro_kind {
    STRESSOR_MACRO_ACTIVITY = 1,
    STRESSOR_MACRO_RUN_TIME = 2, /* expanded anew for each execution */
    STRESSOR_MACRO_LOAD_TIME = 3 /* once, when the scenario is loaded; must be the whole value */
};

typedef struct stressor_macro {
    uint32_t size;
    uint32_t kind; /* enum stressor_macro_kind */
    const char *name;
    const char *help;        /* one sentence, no full stop */
    const char *const *args; /* names of the positions, ended by NULL */
    uint32_t args_required;  /* how many of them must be given */
    uint32_t reserved;
    const char *activity; /* activity macros: the type that it stands for */
    /* Value macros: 0, or negative with `failure` filled in; `out` and `failure` may point to
     * constants or to host->scratch. `exec` is NULL at load time: then `out` may point to
     * constants or to what lives until the next call. Run time: on the thread of the execution;
     * load time: [main]. */
    int32_t (*expand)(void *plugin, stressor_exec *exec, const stressor_value *args,
                      uint32_t args_count, stressor_value *out, stressor_failure *failure);
} stressor_macro;

#ifdef __cplusplus
}
#endif

#endif
