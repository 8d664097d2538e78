/*
 * threshold_rig -- a run of one shard whose clock the test turns, and thresholds that judge it.
 *
 *     static void a_test(void **state)         run as WITH_RIG(a_test)
 *     {
 *         struct rig *r = *state;
 *         rig_watch(r, lines, lines_count);
 *         rig_did(r, LOGIN, 3, 30 * MS, 1);
 *         row = rig_tick(r, SECOND, RUNNING);
 *     }
 */
#ifndef TESTS_THRESHOLD_RIG_H
#define TESTS_THRESHOLD_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/snapshot.h"
#include "stats/threshold.h"

#define MS      INT64_C(1000000)
#define SECOND  (1000 * MS)
#define RUNNING STRESSOR_STAGE_RUNNING
#define DONE    STRESSOR_STAGE_DONE

/* The fields of a struct threshold, in few words. */
#define NET(METRIC, OP, LIMIT) .metric = METRIC, .op = OP, .limit = (double)(LIMIT)
#define OF(SUBJECT, NAME)      .subject = SUBJECT, .name = NAME

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

/* The rows and sequences of the run: what each is stands in threshold_rig.c. */
enum { LOGIN, PAGE, PAUSE, CALLED, SETUP, LOGIN_WARM };
enum { SEQUENCE, INIT, SEQUENCE_WARM };

struct rig {
    struct shard *shard;
    struct thresholds *thresholds;
    stressor_snapshot *now; /* of the last tick */
    int64_t elapsed, warmup;
    bool abort;
    bool dry_run;
};

struct rig *rig_new(void);
void rig_free(struct rig *r); /* NULL is fine */

/* For cmocka: the rig is *state. */
int rig_setup(void **state);
int rig_teardown(void **state);

/* The lines to judge, borrowed. A test that calls it again frees r->thresholds before. */
void rig_watch(struct rig *r, const struct threshold *lines, size_t count);

/* So many activities of a row, the first `failed` of them errors. */
void rig_did(struct rig *r, uint32_t row, int count, int64_t latency_ns, int failed);

/* After so much time the lines are judged; returns the row of the first. */
const stressor_threshold_row *rig_tick(struct rig *r, int64_t ns, uint32_t stage);

#endif
