#include "threshold_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define MAIN STRESSOR_PHASE_MAIN

static const struct row_info rows[] = {
    [LOGIN] = {"login", "PostRequest", MAIN, 0},
    [PAGE] = {"page", "GetRequest", MAIN, 0},
    [PAUSE] = {"pause", "Sleep", MAIN, STRESSOR_ROW_IGNORE_TIMING},
    [CALLED] = {"GetRequest", "GetRequest", MAIN, STRESSOR_ROW_CALLED},
    [SETUP] = {"setup", "PutRequest", STRESSOR_PHASE_INIT, 0},
    [LOGIN_WARM] = {"login", "PostRequest", STRESSOR_PHASE_WARMUP, 0},
};

static const struct sequence_info sequences[] = {
    [SEQUENCE] = {"main", MAIN},
    [INIT] = {"init", STRESSOR_PHASE_INIT},
    [SEQUENCE_WARM] = {"main", STRESSOR_PHASE_WARMUP},
};

static const struct shard_layout layout = {
    .rows = rows, .rows_count = 6, .sequences = sequences, .sequences_count = 3};

struct rig *rig_new(void)
{
    void *state = NULL;
    assert_int_equal(rig_setup(&state), 0);
    return state;
}

void rig_free(struct rig *r)
{
    if (r == NULL)
        return;
    snapshot_release(r->now);
    thresholds_free(r->thresholds);
    shard_free(r->shard);
    free(r);
}

int rig_setup(void **state)
{
    struct rig *r = calloc(1, sizeof *r);
    if (r == NULL)
        return -1;
    r->shard = shard_new(&layout);
    *state = r;
    return r->shard == NULL;
}

int rig_teardown(void **state)
{
    rig_free(*state);
    return 0;
}

void rig_watch(struct rig *r, const struct threshold *lines, size_t count)
{
    r->thresholds = thresholds_new(lines, count);
    assert_non_null(r->thresholds);
}

void rig_did(struct rig *r, uint32_t row, int count, int64_t latency_ns, int failed)
{
    for (int i = 0; i < count; i++)
        shard_activity(r->shard, row, latency_ns, i < failed);
}

const stressor_threshold_row *rig_tick(struct rig *r, int64_t ns, uint32_t stage)
{
    r->elapsed += ns;
    struct snapshot_facts facts = {.name = "x",
                                   .stage = stage,
                                   .elapsed_ns = r->elapsed,
                                   .warmup_ns = r->warmup,
                                   .dry_run = r->dry_run};
    stressor_snapshot *s = snapshot_merge(&r->shard, 1, &layout, &facts, r->now);
    assert_non_null(s);
    snapshot_release(r->now);
    r->now = s;
    assert_true(thresholds_judge(r->thresholds, s, &r->abort));
    return s->thresholds[0];
}
