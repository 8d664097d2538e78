/*
 * watch -- ends scripts that compute too long, or that a stop has overtaken.
 *
 * A thread of the process's own measures the CPU time of scripts, and raises in those that have to
 * end an exception that they cannot catch for good (module.h). It starts with the first script
 * and is never joined, as it may wait for the GIL.
 */
#ifndef PYTHON_WATCH_H
#define PYTHON_WATCH_H

#include "python.h"

/* [pool] A script begins, with the GIL held; false: no thread could be started. */
bool watch_begin(struct script *s);
/* [pool] It has ended, with the GIL held: from now on nothing is raised in it. Where it had
 * to end, an exception that is set is cleared. */
void watch_end(struct script *s);

/* [pool] Without the GIL: it begins to wait, unless it has to end; it computes again, and its time
 * starts anew. */
bool watch_wait(struct script *s);
void watch_go_on(struct script *s);
/* [pool] Without the GIL: waits that long, or until it has to end. */
void watch_sleep(struct script *s, int64_t duration_ns);

/* [any] Why it has to end. */
enum script_stop watch_why(struct script *s);

/* [worker] Of a BLOCKING execution: it may run, be about to, or have just ended. */
void watch_cancel(stressor_exec *exec);

#endif
