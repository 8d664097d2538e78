/*
 * script.h -- script engines: implementations of one activity type for one language.
 *
 * The type (RunScript) and its arguments belong to the plugin that declares it; an engine
 * runs it when the scenario says `language: NAME`. Its functions mean what the ones of the
 * same names in activity.h mean; BLOCKING engines run on the pool.
 */
#ifndef STRESSOR_SCRIPT_H
#define STRESSOR_SCRIPT_H

#include <stressor/activity.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct stressor_script_engine {
    uint32_t size;
    uint32_t flags;        /* enum stressor_activity_flag */
    const char *activity;  /* "RunScript" */
    const char *language;  /* "lua" */
    const char *extension; /* of script files that mean this language: ".lua" */
    const char *help;      /* one sentence, no full stop */
    int32_t (*prepare)(stressor_prepare *place);
    void (*release)(void *plugin, void *place);
    int32_t (*start)(stressor_exec *exec, stressor_result *result);
    void (*cancel)(stressor_exec *exec);
} stressor_script_engine;

#ifdef __cplusplus
}
#endif

#endif
