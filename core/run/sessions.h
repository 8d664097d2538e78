/*
 * sessions -- the list of the sessions that run, a page at a time, for people who watch.
 *
 * Workers are asked by message. Each looks at its sessions in slices between its other work: first
 * which of them match, as one bit each, then at those of the page.
 */
#ifndef CORE_RUN_SESSIONS_H
#define CORE_RUN_SESSIONS_H

#include "run/run.h"

/* As stressor_run_sessions. [any] but workers */
int32_t sessions_page(struct stressor_run *run, uint64_t offset, uint64_t limit, const char *filter,
                      uint64_t *total, void (*each)(void *data, const stressor_session_row *row),
                      void *data);

#endif
