/*
 * members -- the figures of a snapshot as members of a JSON document: the same names, units and
 * nulls in the JSON report and in what the page of the monitor reads.
 */
#ifndef CONTRIB_COMMON_MEMBERS_H
#define CONTRIB_COMMON_MEMBERS_H

#include <stressor/snapshot.h>

#include <common/json.h>

/* Into the map that is open: counts of activities, errors, passes and sessions. */
void member_totals(struct json *j, const stressor_snapshot *s);
/* A map of the member "trust", or "machine"; null where there is none. */
void member_trust(struct json *j, const stressor_trust *t);
void member_machine(struct json *j, const stressor_machine *m);
/* Into the map that is open. */
void member_threshold_parts(struct json *j, const stressor_threshold_row *t);
/* A map in the list that is open. */
void member_threshold(struct json *j, const stressor_threshold_row *t);
void member_worker(struct json *j, const stressor_worker_row *w);
void member_process(struct json *j, const stressor_process_row *p);

#endif
