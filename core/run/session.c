#include "run/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

enum {
    STEPS_MAX = 256,         /* before others have their turn */
    SESSION_ERROR_MAX = 200, /* bytes of a last error */
    SCRATCH_FIRST = 1024,
    SCRATCH_MAX = 256 << 20, /* bytes for one execution */
};
static const int64_t BUDGET_NS = NS_PER_MS;

/* splitmix64, so that neighbouring sessions start far apart (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct stressor_session *session_new(struct stressor_worker *w, uint64_t number)
{
    const struct stressor_run *run = w->run;
    size_t slots = run->plan->slots_count, plugins = run->plugin_slots;
    size_t variables = slots * sizeof(struct variable);
    size_t pointers = plugins * sizeof(void *);
    char *memory = calloc(1, sizeof(struct stressor_session) + variables + pointers +
                                 plugins * sizeof(bool) + slots * sizeof(bool));
    if (memory == NULL)
        return NULL;
    struct stressor_session *s = (struct stressor_session *)(void *)memory;
    memory += sizeof *s + variables;
    s->plugin_data = (void **)(void *)memory;
    s->plugin_open = (bool *)(memory + pointers);
    s->own = s->plugin_open + plugins;
    s->worker = w;
    s->number = number;
    snprintf(s->id, sizeof s->id, "t%02u", (unsigned)number); /* at most PLAN_SESSIONS_MAX */
    s->random = mix(run->seed + number * UINT64_C(0x9e3779b97f4a7c15));
    s->started_ns = clock_now();
    arena_init(&s->scratch, SCRATCH_FIRST, SCRATCH_MAX);
    variables_init(s);
    s->exec.session = s;
    s->exec.arena = &s->scratch;
    s->exec.pub = (stressor_exec){
        .size = sizeof s->exec.pub,
        .flags = run->dry_run ? (uint32_t)STRESSOR_EXEC_DRY_RUN : 0,
        .host = run->plan->host,
        .run = w->run,
        .plan = w->run->plan,
        .worker = w,
        .session = s,
    };
    shard_add(w->shard, SHARD_SESSIONS_STARTED, 1);
    return s;
}

void session_free(struct stressor_session *s)
{
    free(s->last_error);
    variables_finish(s);
    arena_finish(&s->scratch);
    free(s);
}

static void session_end(struct stressor_session *s)
{
    const struct stressor_run *run = s->worker->run;
    for (size_t i = registry_count(run->plan->registry); i-- > 0;) {
        const struct plugin *plugin = registry_plugin(run->plan->registry, i);
        uint32_t slot = plugin->slot;
        if (run->plugin_open[i] && s->plugin_open[slot] && plugin->desc->session_close != NULL)
            plugin->desc->session_close(s->plugin_data[slot]);
    }
    shard_add(s->worker->shard, SHARD_SESSIONS_DONE, 1);
    worker_session_ended(s->worker, s);
}

static const struct plan_entry *entry_of(const struct stressor_session *s)
{
    return &s->worker->run->plan->entries[s->entry];
}

static void leave_entry(struct stressor_session *s)
{
    s->entry++;
    s->passes = 0;
    s->in_pass = false;
}

/* The rest of the pass is skipped: what may still run depends on where that was. */
static void cut_short(struct stressor_session *s, enum session_mode mode)
{
    s->in_pass = false;
    s->mode = s->init_failed ? SESSION_OVER : mode;
    if (s->mode == SESSION_END_ONLY)
        leave_entry(s);
}

/* Tests the limits before a pass or an activity. True: one was reached, and this is done with. */
static bool limit_hit(struct stressor_session *s, int64_t now_ns)
{
    unsigned reached = run_limits(s->worker->run, now_ns);
    if (reached == 0)
        return false;
    uint32_t phase = entry_of(s)->phase;
    if (phase == STRESSOR_PHASE_END) {
        reached &= ~s->limits_known;
        if (reached == 0)
            return false;
    }
    run_limit_reached(s->worker->run, s->worker->shard, reached);
    cut_short(s, phase == STRESSOR_PHASE_MAIN ? SESSION_END_ONLY : SESSION_OVER);
    return true;
}

/* A graceful stop lets `end` run, and what of it has begun. */
static bool stop_hit(struct stressor_session *s)
{
    uint32_t stop = atomic_load_explicit(&s->worker->run->stop, memory_order_relaxed);
    if (stop == STRESSOR_STOP_NONE)
        return false;
    if (stop == STRESSOR_STOP_NOW) {
        s->mode = SESSION_OVER;
        s->in_pass = false;
        return true;
    }
    if (entry_of(s)->phase == STRESSOR_PHASE_END || s->mode != SESSION_NORMAL)
        return false;
    cut_short(s, SESSION_END_ONLY);
    return true;
}

static bool more_passes(const struct stressor_session *s, const struct plan_entry *e,
                        int64_t now_ns)
{
    const struct stressor_run *run = s->worker->run;
    if (s->passes == 0)
        return true;
    if (run->single || (e->repeat == 0 && e->duration_ns == 0))
        return false;
    if (e->repeat > 0 && s->passes >= e->repeat)
        return false;
    return e->duration_ns == 0 || now_ns - s->entry_started_ns < e->duration_ns;
}

/* Between passes: finds the next one to begin. False: the session is over. */
static bool begin_pass(struct stressor_session *s, int64_t now_ns)
{
    const struct stressor_plan *plan = s->worker->run->plan;
    for (;;) {
        if (s->mode == SESSION_OVER || s->entry >= plan->entries_count)
            return false;
        const struct plan_entry *e = entry_of(s);
        bool is_end = e->phase == STRESSOR_PHASE_END;
        bool too_old =
            plan->session_duration_ns > 0 && now_ns - s->started_ns >= plan->session_duration_ns;
        if (!is_end && (s->mode == SESSION_END_ONLY || too_old)) {
            leave_entry(s);
            continue;
        }
        if (!more_passes(s, e, now_ns)) {
            leave_entry(s);
            continue;
        }
        if (s->passes == 0) {
            s->entry_started_ns = now_ns;
            if (is_end) {
                s->limits_known = run_limits(s->worker->run, now_ns);
                run_limit_reached(s->worker->run, s->worker->shard, s->limits_known);
            }
        }
        if (stop_hit(s) || limit_hit(s, now_ns))
            continue;
        s->in_pass = true;
        s->pass_broken = false;
        s->place = 0;
        s->pass_started_ns = now_ns;
        s->pass_net_ns = 0;
        const struct plan_sequence *seq = &plan->sequences[e->sequence];
        s->pass_row = now_ns < s->worker->run->warmup_until_ns ? seq->warmup_row : seq->row;
        return true;
    }
}

static void end_pass(struct stressor_session *s, int64_t now_ns)
{
    int32_t last_result = s->worker->run->plan->last_result_slot;
    stressor_value none = stressor_null();
    if (last_result >= 0)
        variables_set(s, (uint32_t)last_result, &none, NULL);
    if (!s->pass_broken)
        shard_pass(s->worker->shard, s->pass_row, now_ns - s->pass_started_ns, s->pass_net_ns);
    s->passes++;
    s->in_pass = false;
    if (s->init_failed)
        s->mode = SESSION_OVER;
}

void session_executed(struct stressor_session *s, int64_t latency_ns, bool failed, bool cancelled)
{
    struct stressor_worker *w = s->worker;
    const struct plan_place *p = s->exec.place;
    if (!cancelled) {
        shard_sequence_activity(w->shard, s->pass_row, failed);
        if (!p->ignore_timing)
            s->pass_net_ns += latency_ns;
    }
    s->pass_broken |= cancelled;
    s->activities += !cancelled;
    if (failed && !cancelled) {
        s->errors++;
        shard_add(w->shard, SHARD_ERRORS, 1);
        atomic_fetch_add_explicit(&w->run->errors, 1, memory_order_relaxed);
        if (entry_of(s)->phase == STRESSOR_PHASE_INIT)
            s->init_failed = true;
    }
    if (s->cancelled_ns != 0)
        w->asked--;
    s->cancelled_ns = 0;
    worker_ready(w, s); /* nothing, while it is being stepped */
}

void session_error(struct stressor_session *s, const char *text, size_t length)
{
    if (length > SESSION_ERROR_MAX) {
        length = SESSION_ERROR_MAX;
        while (length > 0 && ((unsigned char)text[length] & 0xC0u) == 0x80u)
            length--;
    }
    char *kept = realloc(s->last_error, length + 1);
    if (kept == NULL)
        return; /* the one before stays */
    memcpy(kept, text, length);
    kept[length] = '\0';
    s->last_error = kept;
}

void session_step(struct stressor_session *s, int64_t now_ns)
{
    const struct stressor_plan *plan = s->worker->run->plan;
    int64_t until_ns = now_ns + BUDGET_NS;
    s->queued = true; /* so that session_executed leaves it to us */
    for (unsigned steps = 0; steps < STEPS_MAX && now_ns < until_ns; steps++) {
        if (!s->in_pass && !begin_pass(s, now_ns)) {
            session_end(s);
            return;
        }
        const struct plan_sequence *seq = &plan->sequences[entry_of(s)->sequence];
        if (s->place < seq->count) {
            bool first = s->place == 0; /* begin_pass has just looked */
            if (!first && (stop_hit(s) || limit_hit(s, now_ns)))
                continue;
            if (exec_start(&s->exec, &seq->places[s->place++]) == EXEC_OUTCOME_PENDING) {
                s->queued = false;
                return;
            }
            now_ns = s->exec.ended_ns;
        } else {
            end_pass(s, now_ns);
            if (seq->count == 0)
                now_ns = clock_now();
        }
    }
    s->queued = false;
    s->worker->cause_ns = now_ns;
    worker_ready(s->worker, s);
}

void session_stop(struct stressor_session *s)
{
    struct stressor_run *run = s->worker->run;
    uint32_t stop = atomic_load_explicit(&run->stop, memory_order_relaxed);
    if (s->exec.state != EXEC_PENDING && s->exec.state != EXEC_BLOCKED)
        return; /* its next step will see it */
    if (stop == STRESSOR_STOP_GRACEFUL && entry_of(s)->phase == STRESSOR_PHASE_END)
        return;
    if (s->cancelled_ns == 0) {
        s->cancelled_ns = clock_now();
        s->worker->asked++;
        exec_cancel(&s->exec);
    }
}
