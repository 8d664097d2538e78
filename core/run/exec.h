/*
 * exec -- one execution of an activity: arguments, start, completion, common checks.
 */
#ifndef CORE_RUN_EXEC_H
#define CORE_RUN_EXEC_H

#include <stdbool.h>
#include <stdint.h>

#include <stressor/call.h>

#include "base/arena.h"
#include "config/template.h"
#include "plan/plan.h"
#include "run/pool.h"
#include "run/worker.h"

enum exec_state {
    EXEC_IDLE,
    EXEC_STARTING, /* inside `start` */
    EXEC_PENDING,
    EXEC_BLOCKED, /* on the pool */
    EXEC_ASIDE,   /* did not answer a stop: whatever comes is ignored */
};

/* What a variable held before, while an argument or a result may still point into it. */
struct buried {
    struct buried *next;
    void *block;
};

struct exec {
    stressor_exec pub; /* first: it is what plugins hold */
    struct stressor_session *session;
    const struct plan_place *place;
    struct arena *arena; /* what lives until completion */
    enum exec_state state;
    bool cancelled; /* it was asked to end */
    int64_t started_ns;
    int64_t ended_ns;
    struct pool_job job;    /* of BLOCKING types */
    struct message message; /* what its thread sends to the worker */
    stressor_result result;
    int32_t status;
    struct call *call;     /* it was called by another activity: whom to tell */
    struct call *callee;   /* what it has called, while that runs */
    struct call *waited;   /* the last one that it waited for: its result is still borrowed */
    struct buried *buried; /* freed when it is over */
    bool finishing;        /* its result is being checked and kept */
    const char *not_json;  /* the result looks like JSON and is none: where and why; else NULL */
    bool parsed;           /* `value` holds the value of the result */
    stressor_value value;
};

enum exec_outcome { EXEC_OUTCOME_DONE, EXEC_OUTCOME_PENDING };

/* Runs a place for its session. DONE: session_executed has been called. */
enum exec_outcome exec_start(struct exec *x, const struct plan_place *place);
/* The end of a pending one, from host->complete. */
void exec_complete(struct exec *x, const stressor_result *result);
/* Asks it to end, what it has called first. Where nothing has begun yet it ends at once. */
void exec_cancel(struct exec *x);
/* It did not answer: whatever comes is ignored, from what it has called too. Returns the place of
 * the innermost, whose plugin does not answer. */
const struct plan_place *exec_aside(struct exec *x);

/* --- for host and calls ---------------------------------------------------------------------- */

static inline struct exec *exec_of(stressor_exec *pub)
{
    return (struct exec *)(void *)pub;
}
/* What expanding the templates of this execution needs. */
struct template_env exec_env(struct exec *x);
/* Who may still point into what is overwritten now: the outermost execution whose arguments came
 * from variables, else this one while it finishes. NULL: nobody. */
struct exec *exec_reader(struct exec *x);
void exec_unbury(struct exec *x);
/* A variable as people see it: macros expanded; where that fails, the reason in its place. */
stressor_value exec_shown(struct exec *x, const stressor_value *v);
/* The value of a result: JSON is parsed at the first call. NULL: out of memory. */
const stressor_value *exec_value(struct exec *x, const stressor_result *r);
/* The common checks and stores of the place. False: `failure` is filled in (texts in the arena).
 * With `peek` nothing is stored. */
bool exec_check(struct exec *x, const stressor_result *r, int64_t latency_ns, bool peek,
                stressor_failure *failure);
/* Writes to the log what debug: true asks for. */
void exec_debug(struct exec *x, const stressor_result *r, int64_t latency_ns);
__attribute__((format(printf, 5, 6))) void exec_fail(struct exec *x, stressor_failure *f,
                                                     uint32_t category, const char *kind,
                                                     const char *fmt, ...);

#endif
