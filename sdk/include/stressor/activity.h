/*
 * activity.h -- an activity type and one execution of it.
 *
 * The life of an activity, in the order in which the host calls:
 *
 *     prepare   [main]   once for each place in the scenario: look at the constant
 *                        arguments, compile what can be compiled, intern names
 *     start     [worker] or, of a BLOCKING type, [pool]: once for each execution
 *     cancel    [worker] asks a PENDING execution to end soon; the completion still
 *                        comes, once. Of a BLOCKING type it comes while `start` runs on
 *                        the pool, is about to, or has just returned there
 *     release   [main]   undoes prepare when the plan is freed
 *
 * `start` returns STRESSOR_DONE or STRESSOR_FAILED with its result filled in, or
 * STRESSOR_PENDING and later calls host->complete exactly once, on the session's
 * worker, and never from inside `start`. A BLOCKING type must not return PENDING.
 *
 * With host->complete the execution is over, and checked, when that call returns; none of
 * the plugin's functions is called from inside it. All texts of the result, the failure's
 * kind included, need live no longer than that. A failure.category other than 0 is what
 * makes a completion a failed one. `cancel` may itself call host->complete.
 *
 * The threads of the host that call a plugin have SIGPIPE blocked; processes that a plugin
 * starts inherit that unless it says otherwise.
 *
 * The host takes the times: from just before `start` to `complete` (or to the return
 * of `start`), without the checks that follow.
 */
#ifndef STRESSOR_ACTIVITY_H
#define STRESSOR_ACTIVITY_H

#include <stressor/schema.h>
#include <stressor/value.h>

#ifdef __cplusplus
extern "C" {
#endif

enum stressor_status {
    STRESSOR_DONE = 0,
    STRESSOR_FAILED = 1, /* result->failure says why */
    STRESSOR_PENDING = 2
};

/* Whose fault it was. The numbers are stable: reports carry them. */
enum stressor_category {
    STRESSOR_NO_FAILURE = 0,
    STRESSOR_TARGET = 1,    /* the system under test refused, broke off, answered badly */
    STRESSOR_ASSERTION = 2, /* it answered, but not what the scenario expects */
    STRESSOR_TIMEOUT = 3,
    STRESSOR_GENERATOR = 4, /* this machine: descriptors, ports, memory */
    STRESSOR_SCRIPT = 5,    /* the scenario itself: a bad macro, number, script */
    STRESSOR_CANCELLED = 6, /* a stop ended it (`cancel` was called); not an error */
    STRESSOR_INTERNAL = 7   /* a bug of the plugin or the host */
};

enum stressor_failure_flag {
    STRESSOR_FAILURE_IS_SECRET = 0x1 /* the text must not be shown: "***" stands for it */
};

/* A part of other structs, and so without a size: the layout is frozen. */
typedef struct stressor_failure {
    uint32_t category; /* enum stressor_category */
    uint32_t flags;    /* enum stressor_failure_flag */
    const char *kind;  /* short and without values, so that errors group: "status", "connect" */
    const char *text;  /* what was expected and what came; `length` bytes */
    uint64_t length;
} stressor_failure;

/* Facets of a result that somebody will read. What is not wanted need not be made. */
enum stressor_want {
    STRESSOR_WANT_TEXT = 0x1,
    STRESSOR_WANT_VALUE = 0x2,
    STRESSOR_WANT_INFO = 0x4,
    STRESSOR_WANT_DEBUG = 0x8 /* the scenario asks for this execution to be logged in full */
};

enum stressor_result_flag {
    /* The value is the JSON in `text` if it is JSON, else the text: parsed when first needed. */
    STRESSOR_RESULT_TEXT_IS_VALUE = 0x1,
    /* The text must not be shown, nor what is read from it. */
    STRESSOR_RESULT_TEXT_IS_SECRET = 0x2
};

/*
 * What an execution gives back: up to three facets, each borrowed by the host.
 *
 * With host->complete the bytes must live until that call returns. Returned from
 * `start`, they must live until the plugin is next called for the same session:
 * constants, the plugin's own memory, or host->scratch.
 */
typedef struct stressor_result {
    uint32_t size;
    uint32_t flags; /* enum stressor_result_flag */
    const char *text;
    uint64_t text_length;
    stressor_value value;
    stressor_value info; /* a map, or null */
    stressor_failure failure;
} stressor_result;

struct stressor_activity_type;

enum stressor_prepare_flag {
    /* No place in the scenario: scripts will call it, with arguments that come at each call. */
    STRESSOR_PREPARE_DYNAMIC = 0x1
};

enum stressor_arg_state {
    STRESSOR_ARG_ABSENT = 0,   /* and without a default: the value is null */
    STRESSOR_ARG_CONSTANT = 1, /* checked and coerced; lives as long as the plan */
    STRESSOR_ARG_TEMPLATE = 2  /* holds macros: null here, the value comes with each execution */
};

/* One place in the scenario, while it is compiled. Valid during `prepare`. */
typedef struct stressor_prepare {
    uint32_t size;
    uint32_t flags; /* enum stressor_prepare_flag */
    uint32_t wants; /* enum stressor_want; executions may want more: see stressor_exec */
    uint32_t args_count;
    const stressor_host *host;
    stressor_plan *plan;
    void *plugin;               /* what `init` gave */
    const stressor_value *args; /* in the order of the type's table */
    const uint8_t *states;      /* enum stressor_arg_state, one for each argument */
    void *place;                /* out: the plugin's own, given to start and release */
    /* Whose arguments they are: a script engine finds them by their names here, as the type is
     * another plugin's, and remembers where. Lives as long as the plan. */
    const struct stressor_activity_type *type;
} stressor_prepare;

enum stressor_exec_flag {
    STRESSOR_EXEC_DRY_RUN = 0x1,
    STRESSOR_EXEC_DEBUG = 0x2,
    STRESSOR_EXEC_CALLED = 0x4 /* called by another activity (stressor.activity/1) */
};

/*
 * One execution. Lives from `start` to its completion, at the same address.
 * All but `data` is the host's.
 */
typedef struct stressor_exec {
    uint32_t size;
    uint32_t flags; /* enum stressor_exec_flag */
    uint32_t wants; /* enum stressor_want */
    uint32_t args_count;
    const stressor_host *host;
    stressor_run *run;
    stressor_worker *worker;
    stressor_session *session;
    const stressor_value *args; /* expanded and coerced, in the order of the type's table */
    void *plugin;               /* what each stage of the life cycle left */
    void *run_data;
    void *worker_data;
    void *session_data;
    void *place;
    void *data; /* the plugin's own for this execution; NULL at start */
    stressor_plan *plan;
} stressor_exec;

enum stressor_activity_flag {
    STRESSOR_ACTIVITY_BLOCKING = 0x1,      /* start runs on the pool and may block */
    STRESSOR_ACTIVITY_IGNORE_TIMING = 0x2, /* default of the argument ignore_timing */
    STRESSOR_ACTIVITY_DRY_RUN = 0x4        /* runs in a dry run too; else mock_result stands in */
};

typedef struct stressor_activity_type {
    uint32_t size;
    uint32_t flags;   /* enum stressor_activity_flag */
    const char *name; /* "GetRequest" */
    const char *help; /* one sentence, no full stop */
    const stressor_arg *const *args;
    const stressor_arg_group *const *groups;
    uint32_t args_count;
    uint32_t groups_count;
    uint32_t descriptors_per_session; /* file descriptors that a session may need for it at most */
    uint32_t reserved;
    /* 0, or negative after host->problem has said what is wrong: then release is not called. May
     * be NULL. */
    int32_t (*prepare)(stressor_prepare *place);
    void (*release)(void *plugin, void *place); /* may be NULL */
    int32_t (*start)(stressor_exec *exec, stressor_result *result);
    void (*cancel)(stressor_exec *exec); /* may be NULL for types that never return PENDING */
} stressor_activity_type;

#ifdef __cplusplus
}
#endif

#endif
