#include "plan/compile.h"

/* What the shards of a run count. With a warm-up each row and each sequence of the main phase is
 * there once more, under the same name, for what starts in it. */

static bool warm_place(struct compile *c, struct plan_place *p, uint32_t phase)
{
    const struct row_info *row = p->type == NULL ? NULL : &c->plan->rows[p->row];
    p->warmup_row = p->row;
    if (row == NULL || c->plan->warmup_ns == 0 || phase != STRESSOR_PHASE_MAIN)
        return true;
    bool monitored = (row->flags & STRESSOR_ROW_MONITORED) != 0;
    return compile_row(c, p, monitored, STRESSOR_PHASE_WARMUP,
                       row->flags & (uint32_t)STRESSOR_ROW_CALLED, &p->warmup_row);
}

static bool warm_places(struct compile *c)
{
    struct stressor_plan *plan = c->plan;
    for (size_t s = 0; s < plan->sequences_count; s++)
        for (uint32_t i = 0; i < plan->sequences[s].count; i++)
            if (!warm_place(c, &plan->sequences[s].places[i], plan->sequences[s].phase))
                return false;
    for (size_t i = 0; i < plan->dynamic_count; i++)
        if (!warm_place(c, &plan->dynamic[i], STRESSOR_PHASE_MAIN))
            return false;
    return true;
}

static size_t list_sequences(struct stressor_plan *plan, struct sequence_info *out)
{
    size_t count = plan->sequences_count;
    for (size_t i = 0; i < plan->sequences_count; i++) {
        struct plan_sequence *seq = &plan->sequences[i];
        out[i] = (struct sequence_info){seq->name, seq->phase};
        seq->row = seq->warmup_row = (uint32_t)i;
        if (plan->warmup_ns > 0 && seq->phase == STRESSOR_PHASE_MAIN) {
            seq->warmup_row = (uint32_t)count;
            out[count++] = (struct sequence_info){seq->name, STRESSOR_PHASE_WARMUP};
        }
    }
    return count;
}

void compile_layout(struct compile *c)
{
    struct stressor_plan *plan = c->plan;
    struct sequence_info *sequences =
        compile_alloc(c, 2 * plan->sequences_count * sizeof *sequences);
    if (sequences == NULL)
        return;
    if (!warm_places(c)) {
        diag_error(c->diag, NULL, "out of memory");
        return;
    }
    size_t count = list_sequences(plan, sequences);
    plan->layout = (struct shard_layout){
        .rows = plan->rows,
        .rows_count = plan->rows_count,
        .sequences = sequences,
        .sequences_count = count,
    };
}
