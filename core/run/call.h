/*
 * call -- activities that activities call: what stands behind stressor.activity/1.
 *
 * A call is an execution of its own, in its caller's session, with its own memory. It has a row
 * of its own, and its failure goes to the caller instead of being an error of the run.
 */
#ifndef CORE_RUN_CALL_H
#define CORE_RUN_CALL_H

#include "run/exec.h"

struct call;

/* The called execution is over: tells the caller. [worker] */
void call_finished(struct exec *x, const stressor_result *r, const stressor_failure *f);
/* Asks it to end. Its end is told later, so that the caller is still there. [worker] */
void call_cancel(struct call *c);
struct exec *call_exec(struct call *c);
struct exec *call_caller(struct call *c); /* NULL for NULL */
void call_free(struct call *c);           /* NULL is fine */

#endif
