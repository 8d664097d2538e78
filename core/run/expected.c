#include "run/expected.h"

#include "base/clock.h"
#include "run/run.h"

static const double KNOWN_AFTER = 0.02; /* of the planned passes */

/* What the entries of the scenario come to, for one session. */
struct outline {
    int64_t durations_ns;
    bool has_durations;
    bool has_repeats; /* loops whose length only the repeats tell */
    double passes;    /* of main sequences, where there are no durations */
};

static struct outline outline(const struct stressor_plan *plan, bool single)
{
    struct outline o = {0};
    for (size_t i = 0; i < plan->entries_count; i++) {
        const struct plan_entry *e = &plan->entries[i];
        uint64_t passes = single || e->repeat == 0 ? 1 : e->repeat;
        if (e->phase == STRESSOR_PHASE_MAIN)
            o.passes += (double)passes;
        if (!single && e->duration_ns > 0) {
            o.has_durations = true;
            o.durations_ns = clock_sum(o.durations_ns, e->duration_ns);
        } else if (passes > 1) {
            o.has_repeats = true;
        }
    }
    return o;
}

/* What the run cannot last longer than, but for the passes under way then and `end`; 0: nothing. */
static int64_t bound(const struct stressor_plan *plan, const struct expected_progress *p)
{
    int64_t most_ns = p->max_time_ns;
    if (plan->session_duration_ns > 0) {
        int64_t sessions_ns = clock_sum(p->ramp_ns, plan->session_duration_ns);
        most_ns = most_ns == 0 || sessions_ns < most_ns ? sessions_ns : most_ns;
    }
    return most_ns;
}

static int64_t estimate(const struct outline *o, const struct expected_progress *p)
{
    if (o->has_durations)
        return o->has_repeats ? 0 : clock_sum(p->ramp_ns, o->durations_ns);
    double planned = o->passes * (double)p->sessions;
    if ((double)p->passes <= KNOWN_AFTER * planned)
        return 0;
    double all_ns = (double)p->elapsed_ns * planned / (double)p->passes;
    int64_t whole_ns = all_ns < (double)(INT64_MAX / 2) ? (int64_t)all_ns : INT64_MAX / 2;
    return whole_ns > p->ramp_ns ? whole_ns : p->ramp_ns;
}

int64_t expected_ns(const struct stressor_plan *plan, const struct expected_progress *p)
{
    struct outline o = outline(plan, p->single);
    int64_t most_ns = bound(plan, p), expected = estimate(&o, p);
    if (most_ns > 0 && (expected == 0 || expected > most_ns))
        expected = most_ns;
    return expected == 0 || expected > p->elapsed_ns ? expected : p->elapsed_ns;
}

int64_t expected_of_run(const struct stressor_run *run, int64_t elapsed_ns)
{
    struct expected_progress p = {
        .elapsed_ns = elapsed_ns,
        .max_time_ns = run->limits.max_time_ns,
        .sessions = run->sessions_count,
        .single = run->single,
    };
    if (run->start_offsets != NULL)
        p.ramp_ns = run->start_offsets[run->sessions_count - 1];
    for (size_t i = 0; i < run->layout.sequences_count; i++) {
        uint32_t phase = run->layout.sequences[i].phase;
        if (phase != STRESSOR_PHASE_MAIN && phase != STRESSOR_PHASE_WARMUP)
            continue;
        for (uint32_t w = 0; w < run->workers_count; w++)
            p.passes += shard_sequence(run->shards[w], i).passes;
    }
    return expected_ns(run->plan, &p);
}
