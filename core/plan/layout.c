#include "plan/compile.h"

/* What the shards of a run count. With a warm-up each row and each sequence of the main phase is
 * there once more, under the same name, for what starts in it. What scripts may call has a row for
 * each phase that there is. */

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

static bool has_phase(const struct stressor_plan *plan, uint32_t phase)
{
    for (size_t s = 0; s < plan->sequences_count; s++)
        if (plan->sequences[s].phase == phase)
            return true;
    return false;
}

/* What is called in init and end is counted apart, as what stands there is. */
static bool called_rows(struct compile *c, struct plan_place *p)
{
    uint32_t called = STRESSOR_ROW_CALLED;
    p->init_row = p->end_row = p->row;
    return (!has_phase(c->plan, STRESSOR_PHASE_INIT) ||
            compile_row(c, p, false, STRESSOR_PHASE_INIT, called, &p->init_row)) &&
           (!has_phase(c->plan, STRESSOR_PHASE_END) ||
            compile_row(c, p, false, STRESSOR_PHASE_END, called, &p->end_row));
}

static bool more_rows(struct compile *c)
{
    struct stressor_plan *plan = c->plan;
    for (size_t s = 0; s < plan->sequences_count; s++)
        for (uint32_t i = 0; i < plan->sequences[s].count; i++)
            if (!warm_place(c, &plan->sequences[s].places[i], plan->sequences[s].phase))
                return false;
    for (size_t i = 0; i < plan->dynamic_count; i++)
        if (!warm_place(c, &plan->dynamic[i], STRESSOR_PHASE_MAIN) ||
            !called_rows(c, &plan->dynamic[i]))
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
    if (!more_rows(c)) {
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
