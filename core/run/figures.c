#include "run/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/duration.h"
#include "run/expected.h"
#include "stats/snapshot.h"

void figures_use(int64_t *user_ns, int64_t *system_ns, uint64_t *peak_bytes)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    *user_ns = use.ru_utime.tv_sec * NS_PER_S + use.ru_utime.tv_usec * 1000;
    *system_ns = use.ru_stime.tv_sec * NS_PER_S + use.ru_stime.tv_usec * 1000;
    *peak_bytes = (uint64_t)use.ru_maxrss * 1024;
}

static const char *stop_reason(const struct stressor_run *run)
{
    if (atomic_load(&run->stop_by_threshold))
        return "threshold";
    if (atomic_load(&run->stop) != STRESSOR_STOP_NONE)
        return "stopped";
    unsigned limits = atomic_load(&run->limits_reached);
    if (limits & LIMIT_MAX_ERRORS)
        return "max_errors";
    return limits & LIMIT_MAX_TIME ? "max_time" : NULL;
}

static uint64_t sessions_started(const struct stressor_run *run)
{
    uint64_t started = 0;
    for (uint32_t i = 0; i < run->workers_count; i++)
        started += shard_counter(run->shards[i], SHARD_SESSIONS_STARTED);
    return started;
}

static uint32_t stage(const struct stressor_run *run)
{
    if (run->ended_ns != 0)
        return STRESSOR_STAGE_DONE;
    if (stop_reason(run) != NULL)
        return STRESSOR_STAGE_STOPPING;
    return sessions_started(run) < run->sessions_count ? STRESSOR_STAGE_STARTING
                                                       : STRESSOR_STAGE_RUNNING;
}

stressor_snapshot *figures_take(struct stressor_run *run, const stressor_snapshot *before)
{
    const struct stressor_plan *plan = run->plan;
    struct snapshot_facts facts = {
        .workers = run->workers_count,
        .serial = atomic_fetch_add(&run->serial, 1) + 1,
        .name = plan->name,
        .tag = plan->tag,
        .details = plan->details,
        .base_url = plan->base_url,
        .version = stressor_version(),
        .stop_reason = stop_reason(run),
        .started_wall_ns = run->started_wall_ns,
        .warmup_ns = plan->warmup_ns,
        .sessions_planned = run->sessions_count,
        .seed = run->seed,
        .dry_run = run->dry_run,
    };
    figures_use(&facts.cpu_user_ns, &facts.cpu_system_ns, &facts.peak_bytes);
    facts.cpu_user_ns -= run->cpu_user_ns;
    facts.cpu_system_ns -= run->cpu_system_ns;
    pthread_mutex_lock(&run->lock);
    facts.stage = stage(run);
    int64_t last_ns = atomic_load(&run->last_start_ns);
    if (sessions_started(run) == run->sessions_count && last_ns > run->started_ns)
        facts.starting_ns = last_ns - run->started_ns;
    facts.ended_wall_ns = run->ended_wall_ns;
    facts.elapsed_ns = (run->ended_ns != 0 ? run->ended_ns : clock_now()) - run->started_ns;
    pthread_mutex_unlock(&run->lock);
    facts.expected_ns = facts.stage == STRESSOR_STAGE_DONE ? facts.elapsed_ns
                                                           : expected_of_run(run, facts.elapsed_ns);
    return snapshot_merge(run->shards, run->workers_count, &run->layout, &facts, before);
}

/* --- facts --------------------------------------------------------------------------------------
 */

enum { RUN_FACTS_MAX = 8 };

/* What is being filled in; `good` is false when memory was out. */
struct listing {
    stressor_snapshot *to;
    stressor_fact *facts;
    const stressor_fact **table;
    uint32_t count;
    bool good;
};

static void list(struct listing *l, const char *section, const char *name, const char *text)
{
    stressor_fact *fact = &l->facts[l->count];
    *fact = (stressor_fact){.size = sizeof *fact,
                            .section = snapshot_keep(l->to, section),
                            .name = snapshot_keep(l->to, name),
                            .text = snapshot_keep(l->to, text)};
    l->good = l->good && fact->section != NULL && fact->name != NULL && fact->text != NULL;
    l->table[l->count++] = fact;
}

static void list_count(struct listing *l, const char *name, uint64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, n);
    list(l, "run", name, text);
}

static void list_run(struct listing *l, const struct stressor_run *run)
{
    list_count(l, "workers", run->workers_count);
    list_count(l, "seed", run->seed);
    if (run->single)
        list(l, "run", "single", "true");
    if (run->dry_run)
        list(l, "run", "dry_run", "true");
    if (run->limits.max_errors > 0)
        list_count(l, "max_errors", run->limits.max_errors);
    if (run->limits.max_time_ns > 0) {
        char text[32];
        duration_text(run->limits.max_time_ns, text);
        list(l, "run", "max_time", text);
    }
}

bool figures_facts(const struct stressor_run *run, stressor_snapshot *s)
{
    const struct stressor_plan *plan = run->plan;
    size_t room = plan->facts_count + RUN_FACTS_MAX;
    struct listing l = {.to = s, .good = true};
    l.facts = snapshot_alloc(s, room * sizeof *l.facts);
    l.table = snapshot_alloc(s, room * sizeof *l.table);
    if (l.facts == NULL || l.table == NULL)
        return false;
    for (size_t i = 0; i < plan->facts_count; i++)
        list(&l, plan->facts[i].section, plan->facts[i].name, plan->facts[i].text);
    list_run(&l, run);
    s->facts = l.table;
    s->facts_count = l.count;
    return l.good;
}
