#include "base/clock.h"
#include "base/duration.h"
#include "plan/compile.h"

/* A warm-up that leaves nothing to measure, as far as the file tells. */

/* How long the sequences of the main phase may go on in one session; 0: nobody knows. */
static int64_t main_ns(const struct stressor_plan *plan)
{
    int64_t sum_ns = 0;
    for (size_t i = 0; i < plan->entries_count; i++) {
        const struct plan_entry *e = &plan->entries[i];
        if (e->phase == STRESSOR_PHASE_MAIN && e->duration_ns == 0)
            return 0;
        if (e->phase == STRESSOR_PHASE_MAIN)
            sum_ns = clock_sum(sum_ns, e->duration_ns);
    }
    return sum_ns;
}

static int64_t least_known(int64_t a_ns, int64_t b_ns)
{
    return a_ns == 0 || (b_ns > 0 && b_ns < a_ns) ? b_ns : a_ns;
}

/* From the first start to the last, at most. */
static int64_t ramp_ns(const struct stressor_plan *plan)
{
    int64_t ns;
    uint64_t gaps = plan->sessions_count > 0 ? plan->sessions_count - 1 : 0;
    return __builtin_mul_overflow(plan->ramp_max_ns, gaps, &ns) ? INT64_MAX : ns;
}

static int64_t most_ns(const struct stressor_plan *plan)
{
    int64_t session_ns = least_known(plan->session_duration_ns, main_ns(plan));
    if (session_ns > 0)
        session_ns = clock_sum(session_ns, ramp_ns(plan));
    return least_known(plan->limits.max_time_ns, session_ns);
}

void compile_warmup(struct compile *c)
{
    const struct stressor_plan *plan = c->plan;
    const struct node *n = node_get(c->overrides, "warmup");
    char warmup[32], run[32];
    if (n == NULL)
        n = node_get(node_get(c->root, "config"), "warmup");
    int64_t run_ns = most_ns(plan);
    if (n == NULL || plan->warmup_ns == 0 || run_ns == 0 || plan->warmup_ns < run_ns ||
        plan->force_single || plan->dry_run)
        return;
    duration_text(plan->warmup_ns, warmup);
    duration_text(run_ns, run);
    diag_warn(c->diag, &n->at,
              "key 'warmup' of section 'config': nothing will be measured: the run lasts %s, and "
              "all of the first %s is warm-up",
              run, warmup);
}
