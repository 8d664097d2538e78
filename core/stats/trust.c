#include "stats/trust.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <stressor/plugin.h>

#include "base/clock.h"
#include "base/duration.h"
#include "stats/histogram.h"
#include "stats/snapshot.h"

static const int64_t LATENESS_MIN_NS = 5 * NS_PER_MS; /* never untrusted below */
enum {
    LATENESS_PART = 10, /* nor below this part of the median latency */
    SENTENCES_MAX = 10, /* reasons; notes too */
    SENTENCE_MAX = 400, /* bytes; a longer one is cut */
};
static const double WORKER_BUSY = 0.90, MACHINE_BUSY = 0.95, NEARLY_ALL = 0.80;

/* Sentences in the memory of a snapshot. */
struct list {
    stressor_snapshot *s;
    const char **texts;
    uint32_t count;
    bool failed; /* out of memory */
};

static void list_init(struct list *l, stressor_snapshot *s)
{
    *l = (struct list){.s = s};
    l->texts = snapshot_alloc(s, SENTENCES_MAX * sizeof *l->texts);
    l->failed = l->texts == NULL;
}

__attribute__((format(printf, 2, 3))) static void say(struct list *l, const char *fmt, ...)
{
    char text[SENTENCE_MAX];
    if (l->failed || l->count == SENTENCES_MAX)
        return;
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    const char *kept = snapshot_keep(l->s, text);
    if (kept == NULL)
        l->failed = true;
    else
        l->texts[l->count++] = kept;
}

/* --- what makes it untrusted ------------------------------------------------------------------
 */

/* Where there are fewer than CPUs, and each could have sessions. */
static bool more_workers_help(const stressor_snapshot *s)
{
    uint32_t workers = s->resources->workers;
    return s->machine != NULL && workers < s->machine->cpus && workers < s->sessions_planned;
}

static void judge_lateness(stressor_trust *t, const stressor_snapshot *s, struct list *reasons)
{
    t->lateness_p99_ns = s->resources->loop_lag_p99_ns;
    t->lateness_max_ns = s->resources->loop_lag_max_ns;
    t->median_ns = s->net != NULL ? histogram_percentile(s->net, 50.0) : 0;
    t->lateness_limit_ns = LATENESS_MIN_NS;
    if (t->median_ns / LATENESS_PART > t->lateness_limit_ns)
        t->lateness_limit_ns = t->median_ns / LATENESS_PART;
    if (t->lateness_p99_ns <= t->lateness_limit_ns)
        return;
    char p99[32], max[32], limit[32];
    duration_text(t->lateness_p99_ns, p99);
    duration_text(t->lateness_max_ns, max);
    duration_text(t->lateness_limit_ns, limit);
    say(reasons,
        "the workers were late by %s (p99; at most %s; limit %s): use %sfewer sessions, or spread "
        "the load over more machines",
        p99, max, limit, more_workers_help(s) ? "more workers or " : "");
}

/* Kinds of failures that plugins report as the generator's own, and what helps. */
static const struct {
    const char *kind;
    const char *advice;
} advices[] = {
    {"descriptors", "raise the limit of open files (ulimit -n), or use fewer sessions"},
    {"local ports", "let connections live longer, widen net.ipv4.ip_local_port_range, or spread "
                    "the load over more machines"},
    {"memory", "use fewer sessions, or a machine with more memory"},
    {"threads", "raise the limit of threads (ulimit -u), or use fewer sessions"},
};

static const char *advice_on(const char *kind)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (strcmp(advices[i].kind, kind) == 0)
            return advices[i].advice;
    return "the list of errors says more";
}

/* Groups differ in their rows too: a kind is told once, with the sum. */
struct kind {
    const char *name;
    uint64_t count;
};

static struct kind *find_kind(struct kind kinds[SENTENCES_MAX], uint32_t *count, const char *name)
{
    for (uint32_t i = 0; i < *count; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    if (*count == SENTENCES_MAX)
        return NULL;
    kinds[*count] = (struct kind){name, 0};
    return &kinds[(*count)++];
}

static void judge_errors(stressor_trust *t, const stressor_snapshot *s, struct list *reasons)
{
    struct kind kinds[SENTENCES_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->error_groups_count; i++) {
        const stressor_error_group *g = s->error_groups[i];
        if (g->category != STRESSOR_GENERATOR)
            continue;
        t->generator_errors += g->count;
        struct kind *kind = find_kind(kinds, &count, g->kind);
        if (kind != NULL)
            kind->count += g->count;
    }
    for (uint32_t i = 0; i < count; i++)
        say(reasons, "%" PRIu64 " %s of this machine, not of the target, [%s]: %s", kinds[i].count,
            kinds[i].count == 1 ? "failure" : "failures", kinds[i].name, advice_on(kinds[i].name));
}

/* --- notes ------------------------------------------------------------------------------------
 */

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static void note_workers(const stressor_snapshot *s, struct list *notes)
{
    uint32_t busy = 0;
    double most = 0;
    for (uint32_t i = 0; i < s->workers_count; i++) {
        busy += s->workers[i]->cpu_max > WORKER_BUSY;
        most = s->workers[i]->cpu_max > most ? s->workers[i]->cpu_max : most;
    }
    if (busy > 0)
        say(notes,
            "%" PRIu32 " of %" PRIu32 " workers used more than %.0f %% of a CPU (most %.0f "
            "%%, in the busiest second)",
            busy, s->workers_count, WORKER_BUSY * 100, most * 100);
}

static void note_machine(const stressor_snapshot *s, struct list *notes)
{
    const stressor_machine *m = s->machine;
    if (m == NULL)
        return;
    double busy = share(m->cpu_max, m->cpus);
    if (busy > MACHINE_BUSY)
        say(notes, "%.0f %% of this machine's CPUs were busy (in the busiest second)", busy * 100);
    uint64_t taken = m->tcp_sockets + m->tcp_time_wait;
    double ports = share((double)taken, (double)m->local_ports);
    if (ports > NEARLY_ALL)
        say(notes,
            "%" PRIu64 " TCP sockets are in use or in TIME_WAIT, and there are %" PRIu64
            " local ports for each server (net.ipv4.ip_local_port_range): let connections live "
            "longer, or widen the range",
            taken, m->local_ports);
}

/* The most at any time: at the end of a run nearly all are closed. */
static void note_descriptors(const stressor_snapshot *s, struct list *notes)
{
    if (s->processes_count == 0)
        return;
    uint64_t most = s->processes[0]->descriptors, limit = s->processes[0]->descriptors_limit;
    for (uint32_t i = 0; i < s->points_count; i++) {
        const stressor_point *p = s->points[i];
        if (p->processes_count > 0 && p->processes[0]->descriptors > most)
            most = p->processes[0]->descriptors;
    }
    if (share((double)most, (double)limit) > NEARLY_ALL)
        say(notes,
            "%" PRIu64 " of %" PRIu64 " file descriptors were in use: raise the limit (ulimit -n)",
            most, limit);
}

bool trust_judge(stressor_snapshot *s)
{
    stressor_trust *t = snapshot_alloc(s, sizeof *t);
    struct list reasons, notes;
    list_init(&reasons, s);
    list_init(&notes, s);
    if (t == NULL || reasons.failed || notes.failed)
        return false;
    t->size = sizeof *t;
    judge_lateness(t, s, &reasons);
    judge_errors(t, s, &reasons);
    note_workers(s, &notes);
    note_machine(s, &notes);
    note_descriptors(s, &notes);
    t->verdict = reasons.count > 0        ? STRESSOR_UNTRUSTED
                 : t->lateness_max_ns > 0 ? STRESSOR_TRUSTED
                                          : STRESSOR_TRUST_UNKNOWN;
    t->reasons = reasons.texts;
    t->reasons_count = reasons.count;
    t->notes = notes.texts;
    t->notes_count = notes.count;
    s->trust = t;
    return !reasons.failed && !notes.failed;
}
