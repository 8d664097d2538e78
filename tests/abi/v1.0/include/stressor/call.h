/*
 * call.h -- the extension "stressor.activity/1": activities that call activities.
 *
 * A script runs any activity by its type's name. The call is checked by the type's schema,
 * timed in a row of its own outside the net counts, and its failure goes back to the caller
 * instead of being an error of the run.
 */
#ifndef STRESSOR_CALL_H
#define STRESSOR_CALL_H

#include <stressor/activity.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STRESSOR_ACTIVITY_1 "stressor.activity/1"

typedef struct stressor_activity_api {
    uint32_t size;
    uint32_t reserved;
    /* How many types there are, and their names, for an engine that offers them as functions.
     * [any] */
    uint32_t (*types_count)(stressor_plan *plan);
    const char *(*type_name)(stressor_plan *plan, uint32_t index);
    /* Says in prepare that the place will call activities; without it calls are refused. [main] */
    int32_t (*will_call)(stressor_prepare *place);
    /* Starts one; `done` is called once, never inside `call`, with a result that is valid until
     * it returns. `args` is a map of arguments by name, common ones such as assert_match
     * included, borrowed until `done`. One call at a time for an execution, which must not
     * complete before `done`, also when it is cancelled: the call is cancelled then too. Negative:
     * refused, `done` is not called. [worker] */
    int32_t (*call)(stressor_exec *caller, const char *type, const stressor_value *args,
                    void (*done)(stressor_exec *caller, void *data, const stressor_result *result),
                    void *data);
    /* The same for BLOCKING callers: waits, and fills in `result` (`result->size` says how long
     * yours is), which is valid until the next call or the end of the execution. STRESSOR_DONE or
     * STRESSOR_FAILED. [pool] */
    int32_t (*call_wait)(stressor_exec *caller, const char *type, const stressor_value *args,
                         stressor_result *result);
} stressor_activity_api;

#ifdef __cplusplus
}
#endif

#endif
