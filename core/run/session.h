/*
 * session -- one virtual user: a state machine that walks through the scenario.
 *
 * Its whole life is on one worker. Where it is in the plan, its variables and the execution
 * under way are all that it owns. All functions are [worker].
 */
#ifndef CORE_RUN_SESSION_H
#define CORE_RUN_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "plan/plan.h"
#include "run/exec.h"
#include "run/worker.h"

/* A variable that the session has set itself: one block owns all that the value points to. */
struct variable {
    stressor_value value;
    void *block;
};

/* One whose name the plan does not know. */
struct named_variable {
    struct named_variable *next;
    struct variable variable;
    size_t length;
    char name[];
};

enum session_mode {
    SESSION_NORMAL,
    SESSION_END_ONLY, /* of what is left only `end` runs */
    SESSION_OVER,     /* nothing more runs */
};

struct stressor_session {
    struct stressor_worker *worker;
    struct stressor_session *next_ready; /* or next of those put aside */
    int64_t ready_ns; /* since when it waits in the ready queue; 0: nobody can say */
    uint64_t number;  /* from 1 */
    char id[16];
    uint64_t random;
    int64_t started_ns;

    enum session_mode mode;
    bool queued;      /* in the ready queue */
    bool in_pass;     /* else between passes */
    bool pass_broken; /* an activity of the pass was cancelled: it does not count as completed */
    bool init_failed;
    unsigned limits_known; /* reached before `end` began */
    uint32_t entry;        /* in the plan */
    uint32_t place;        /* of the sequence, the next to run */
    uint64_t passes;       /* of the entry, finished */
    int64_t entry_started_ns, pass_started_ns, pass_net_ns;
    uint32_t pass_row; /* that of the sequence which counts the pass */

    uint64_t activities, errors; /* completed, failed */
    char *last_error;            /* NULL: none */

    struct exec exec;
    struct arena scratch;
    int64_t cancelled_ns; /* when the execution was asked to end; 0: was not */

    struct named_variable *named;
    void **plugin_data; /* what session_open left, by the plugin's slot */
    bool *plugin_open;
    bool *own; /* by slot: set by the session, else the plan's */
    struct variable variables[];
};

/* NULL: out of memory. `number` counts from 1. */
struct stressor_session *session_new(struct stressor_worker *w, uint64_t number);
void session_free(struct stressor_session *s);
/* Goes on until something is pending, the budget is used up (it is put into the ready queue
 * then), or it has ended. */
void session_step(struct stressor_session *s, int64_t now_ns);
/* Keeps the text of its last error, for people who watch; cut. */
void session_error(struct stressor_session *s, const char *text, size_t length);
/* The execution is over: counts it, and has the session go on. */
void session_executed(struct stressor_session *s, int64_t latency_ns, bool failed, bool cancelled);
/* The run wants to stop: cancels what is pending, unless `end` may finish. */
void session_stop(struct stressor_session *s);

/* --- variables (variables.c) ---------------------------------------------------------------- */

/* NULL: unset. May be a template. */
const stressor_value *variables_get(const struct stressor_session *s, uint32_t slot);
const stressor_value *variables_find(const struct stressor_session *s, const char *name,
                                     size_t length);
/* Stores a copy. `x` is the execution that does it, or NULL: arguments and results may point into
 * what was there before. False: out of memory. */
bool variables_set(struct stressor_session *s, uint32_t slot, const stressor_value *v,
                   struct exec *x);
bool variables_store(struct stressor_session *s, const char *name, size_t length,
                     const stressor_value *v, struct exec *x);
void variables_init(struct stressor_session *s);
void variables_finish(struct stressor_session *s);
void variables_each(const struct stressor_session *s,
                    void (*each)(void *data, const char *name, uint64_t length,
                                 const stressor_value *value),
                    void *data);

#endif
