/*
 * reports -- the reporters of a run: found, opened, told of each second and of the end, closed.
 *
 * A report that fails says so in the log and goes on as one that has failed; the run and the other
 * reports do not mind. [reporter] is the thread of the ticker.
 */
#ifndef CORE_RUN_REPORTS_H
#define CORE_RUN_REPORTS_H

#include <stdbool.h>
#include <stddef.h>

#include <stressor/stressor.h>

#include "plugin/registry.h"

struct reports;

/* `wanted` as in stressor_run_options. Has init called of every plugin that renders documents, as
 * reporters may ask for them. NULL: out of memory, or a report that cannot be (of a kind that
 * nobody offers, to the path of another); `error` says which. [main] */
struct reports *reports_new(struct stressor_run *run, const stressor_report *const *wanted,
                            char *error, size_t error_size);
/* After reports_close. NULL is fine. [main] */
void reports_free(struct reports *r);

/* False: one refuses its path, for good; `error` says which, and the run is not to begin.
 * [reporter], as the next three */
bool reports_open(struct reports *r, char *error, size_t error_size);
void reports_tick(struct reports *r, const stressor_snapshot *s);
/* Closes all but those that stay. `s` NULL: there was no memory for the final figures. */
void reports_end(struct reports *r, const stressor_snapshot *s);
void reports_close(struct reports *r);

bool reports_info(struct reports *r, size_t i, stressor_report_info *out); /* [any] */

/* As stressor_render, for a plugin in use. [any] */
int32_t reports_render(struct registry *registry, const char *kind, const stressor_snapshot *s,
                       stressor_sink sink, void *data);

#endif
