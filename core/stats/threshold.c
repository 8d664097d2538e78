#include "stats/threshold.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "stats/histogram.h"
#include "stats/snapshot.h"
#include "stats/threshold_text.h"

/* What a line is about, in all the run or in one second. */
struct figures {
    uint64_t count; /* executions, or passes */
    uint64_t errors;
    uint64_t activities; /* what errors are a part of: `count`, but of a sequence its activities */
    int64_t sum_ns;
    int64_t min_ns;
    int64_t max_ns;
    int64_t span_ns;                     /* in which they came about */
    const struct stressor_histogram *of; /* NULL: none */
};

/* How a line stands. */
struct standing {
    struct figures before; /* all of the run, at the last look */
    double value;     /* of the last second with a sample where there is a `for`; when it failed */
    uint64_t samples; /* that the value is of */
    bool has_value;
    int64_t broken_ns; /* for so long on end */
    int64_t longest_ns;
    bool failed;
    bool aborted;
    int64_t failed_ns;
};

struct thresholds {
    const struct threshold *lines;
    size_t count;
    struct standing *standings;
};

/* One line on one snapshot. Histograms of several rows are merged into those here. */
struct judging {
    const struct threshold *line;
    stressor_snapshot *snapshot;
    struct stressor_histogram *merged[2];
    struct figures total;
    struct figures second;
    bool failed; /* out of memory */
};

struct thresholds *thresholds_new(const struct threshold *lines, size_t count)
{
    struct thresholds *t = calloc(1, sizeof *t);
    struct standing *standings = calloc(count + 1, sizeof *standings);
    if (t == NULL || standings == NULL) {
        free(t);
        free(standings);
        return NULL;
    }
    *t = (struct thresholds){lines, count, standings};
    return t;
}

void thresholds_free(struct thresholds *t)
{
    if (t == NULL)
        return;
    free(t->standings);
    free(t);
}

bool thresholds_on_errors(const struct thresholds *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->lines[i].metric == THRESHOLD_ERRORS ||
            t->lines[i].metric == THRESHOLD_ERRORS_PERCENT)
            return true;
    return false;
}

bool threshold_can_abort(const struct threshold *t)
{
    bool at_least = t->op == THRESHOLD_MORE || t->op == THRESHOLD_AT_LEAST;
    if (t->for_ns > 0)
        return true;
    switch (t->metric) {
    case THRESHOLD_MIN: return at_least;
    case THRESHOLD_MAX: return !at_least;
    case THRESHOLD_MEAN:
    case THRESHOLD_PERCENTILE: return true;
    default: return !at_least && t->op != THRESHOLD_NOT_EQUAL;
    }
}

/* --- figures ------------------------------------------------------------------------------- */

/* A histogram more for a set of them: the only one as it is, several merged. */
static void gather(struct judging *j, size_t which, const struct stressor_histogram **all,
                   const struct stressor_histogram *more)
{
    if (more == NULL || histogram_count(more) == 0)
        return;
    if (*all == NULL) {
        *all = more;
        return;
    }
    struct stressor_histogram **merged = &j->merged[which];
    if (*merged == NULL) {
        *merged = histogram_new();
        if (*merged == NULL || !histogram_merge(*merged, *all)) {
            j->failed = true;
            return;
        }
        *all = *merged;
    }
    j->failed = !histogram_merge(*merged, more) || j->failed;
}

static void add_figures(struct figures *to, const struct figures *part)
{
    if (part->count > 0 && (to->count == 0 || part->min_ns < to->min_ns))
        to->min_ns = part->min_ns;
    if (part->count > 0 && part->max_ns > to->max_ns)
        to->max_ns = part->max_ns;
    to->count += part->count;
    to->errors += part->errors;
    to->activities += part->activities;
    if (__builtin_add_overflow(to->sum_ns, part->sum_ns, &to->sum_ns))
        to->sum_ns = INT64_MAX;
}

static bool is_meant(const struct threshold *line, const stressor_row *row)
{
    switch (line->subject) {
    case THRESHOLD_NET:
        return (row->flags & (STRESSOR_ROW_IGNORE_TIMING | STRESSOR_ROW_CALLED)) == 0;
    case THRESHOLD_ROWS: /* a row of what scripts call has the name of the type */
        return (row->flags & STRESSOR_ROW_CALLED) == 0 && strcmp(row->name, line->name) == 0;
    case THRESHOLD_TYPE: return strcmp(row->type, line->name) == 0;
    default: return false;
    }
}

/* Adds those of phase MAIN, or else of init and end. False: there is no such row. */
static bool add_rows(struct judging *j, bool main)
{
    bool found = false;
    for (uint32_t i = 0; i < j->snapshot->rows_count; i++) {
        const stressor_row *row = j->snapshot->rows[i];
        bool phase = main ? row->phase == STRESSOR_PHASE_MAIN
                          : row->phase == STRESSOR_PHASE_INIT || row->phase == STRESSOR_PHASE_END;
        if (!phase || !is_meant(j->line, row))
            continue;
        found = true;
        add_figures(&j->total, &(struct figures){.count = row->count,
                                                 .errors = row->errors,
                                                 .activities = row->count,
                                                 .sum_ns = row->sum_ns,
                                                 .min_ns = row->min_ns,
                                                 .max_ns = row->max_ns});
        if (j->line->metric == THRESHOLD_PERCENTILE && j->line->subject != THRESHOLD_NET)
            gather(j, 0, &j->total.of, row->total);
        if (j->line->for_ns > 0)
            gather(j, 1, &j->second.of, row->interval);
    }
    return found;
}

/* A sequence has a row for the warm-up too. */
static bool add_sequence(struct judging *j)
{
    bool measured = true;
    for (uint32_t i = 0; i < j->snapshot->sequences_count; i++) {
        const stressor_sequence_row *row = j->snapshot->sequences[i];
        if (row->phase == STRESSOR_PHASE_WARMUP || strcmp(row->name, j->line->name) != 0)
            continue;
        measured = row->phase == STRESSOR_PHASE_MAIN;
        add_figures(&j->total, &(struct figures){.count = row->passes,
                                                 .errors = row->errors,
                                                 .activities = row->activities,
                                                 .sum_ns = row->sum_ns,
                                                 .min_ns = row->min_ns,
                                                 .max_ns = row->max_ns});
        gather(j, 0, &j->total.of, row->total);
        gather(j, 1, &j->second.of, row->interval);
    }
    return measured;
}

static void take_figures(struct judging *j, const struct figures *before)
{
    const stressor_snapshot *s = j->snapshot;
    bool measured = true; /* it is only there after the warm-up */
    if (j->line->subject == THRESHOLD_SEQUENCE)
        measured = add_sequence(j);
    else if (!add_rows(j, true) && j->line->subject != THRESHOLD_NET)
        measured = !add_rows(j, false);
    if (j->line->subject == THRESHOLD_NET)
        j->total.of = s->net;
    j->total.span_ns = measured ? s->measured_ns : s->elapsed_ns;
    struct figures *second = &j->second;
    second->count = j->total.count - before->count;
    second->errors = j->total.errors - before->errors;
    second->activities = j->total.activities - before->activities;
    second->sum_ns = j->total.sum_ns - before->sum_ns;
    second->min_ns = second->of != NULL ? histogram_min(second->of) : 0;
    second->max_ns = second->of != NULL ? histogram_max(second->of) : 0;
    second->span_ns = s->interval_ns;
}

/* --- one line ------------------------------------------------------------------------------ */

static uint64_t samples_of(const struct threshold *line, const struct figures *f)
{
    bool of_errors = line->metric == THRESHOLD_ERRORS || line->metric == THRESHOLD_ERRORS_PERCENT;
    return of_errors ? f->activities : f->count;
}

static double value_of(const struct threshold *line, const struct figures *f)
{
    switch (line->metric) {
    case THRESHOLD_MIN: return (double)f->min_ns;
    case THRESHOLD_MAX: return (double)f->max_ns;
    case THRESHOLD_MEAN: return f->count > 0 ? (double)f->sum_ns / (double)f->count : 0;
    case THRESHOLD_PERCENTILE:
        return f->of != NULL ? (double)histogram_percentile(f->of, line->percent) : 0;
    case THRESHOLD_COUNT: return (double)f->count;
    case THRESHOLD_RATE: return f->span_ns > 0 ? (double)f->count / ((double)f->span_ns / 1e9) : 0;
    case THRESHOLD_ERRORS: return (double)f->errors;
    default: return f->activities > 0 ? 100.0 * (double)f->errors / (double)f->activities : 0;
    }
}

static bool holds(const struct threshold *line, double value)
{
    switch (line->op) {
    case THRESHOLD_LESS: return value < line->limit;
    case THRESHOLD_AT_MOST: return value <= line->limit;
    case THRESHOLD_MORE: return value > line->limit;
    case THRESHOLD_AT_LEAST: return value >= line->limit;
    case THRESHOLD_EQUAL: return !(value < line->limit) && !(value > line->limit);
    default: return value < line->limit || value > line->limit;
    }
}

static void take_value(struct standing *at, const struct judging *j, const struct figures *f)
{
    at->value = value_of(j->line, f);
    at->samples = samples_of(j->line, f);
}

static void fail(struct standing *at, const struct judging *j, bool *abort)
{
    bool goes_on = j->snapshot->stage < STRESSOR_STAGE_STOPPING;
    at->failed = true;
    at->failed_ns = j->snapshot->elapsed_ns;
    at->aborted = j->line->abort && goes_on;
    *abort = *abort || at->aborted;
}

/* Is there a figure of this second to look at? */
static bool has_second(const struct judging *j)
{
    const stressor_snapshot *s = j->snapshot;
    if (samples_of(j->line, &j->second) > 0)
        return true;
    bool counted = j->line->metric == THRESHOLD_COUNT || j->line->metric == THRESHOLD_RATE;
    return counted && samples_of(j->line, &j->total) > 0 && s->stage != STRESSOR_STAGE_STOPPING;
}

/* A line with `for`, in the second that has passed. What is left of one at the end does not count:
 * its count and rate would say nothing. */
static void judge_second(struct standing *at, const struct judging *j, bool *abort)
{
    const stressor_snapshot *s = j->snapshot;
    bool warm = s->elapsed_ns - s->interval_ns < s->warmup_ns;
    bool rest = s->stage == STRESSOR_STAGE_DONE && s->interval_ns < NS_PER_S * 9 / 10;
    if (at->failed || (s->warmup_ns > 0 && warm) || rest || !has_second(j))
        return;
    take_value(at, j, &j->second);
    at->has_value = true;
    if (holds(j->line, at->value)) {
        at->broken_ns = 0;
        return;
    }
    at->broken_ns += s->interval_ns;
    if (at->broken_ns > at->longest_ns)
        at->longest_ns = at->broken_ns;
    /* Seconds are some milliseconds shorter or longer than that. */
    if (at->broken_ns + s->interval_ns / 10 >= j->line->for_ns)
        fail(at, j, abort);
}

/* A line that says `abort` without `for`: is it lost? Equality is, once the value is above. */
static void judge_so_far(struct standing *at, const struct judging *j, bool *abort)
{
    const stressor_snapshot *s = j->snapshot;
    if (at->failed || !j->line->abort || s->stage == STRESSOR_STAGE_DONE ||
        !threshold_can_abort(j->line) || s->elapsed_ns < s->warmup_ns ||
        samples_of(j->line, &j->total) == 0)
        return;
    double value = value_of(j->line, &j->total);
    if (holds(j->line, value) || (j->line->op == THRESHOLD_EQUAL && value < j->line->limit))
        return;
    take_value(at, j, &j->total);
    fail(at, j, abort);
}

/* --- what is shown ------------------------------------------------------------------------- */

static uint32_t unit_of(const struct threshold *line)
{
    switch (line->metric) {
    case THRESHOLD_COUNT:
    case THRESHOLD_ERRORS: return STRESSOR_THRESHOLD_COUNT;
    case THRESHOLD_RATE: return STRESSOR_THRESHOLD_PER_SECOND;
    case THRESHOLD_ERRORS_PERCENT: return STRESSOR_THRESHOLD_PERCENT;
    default: return STRESSOR_THRESHOLD_NS;
    }
}

/* Those of the warm-up, which do not count. */
static uint64_t warmup_samples(const struct judging *j)
{
    const stressor_snapshot *s = j->snapshot;
    struct figures warm = {0};
    bool of_sequence = j->line->subject == THRESHOLD_SEQUENCE;
    for (uint32_t i = 0; i < s->rows_count; i++)
        if (s->rows[i]->phase == STRESSOR_PHASE_WARMUP && is_meant(j->line, s->rows[i]))
            warm.count += s->rows[i]->count;
    warm.activities = warm.count;
    for (uint32_t i = 0; i < s->sequences_count && of_sequence; i++) {
        const stressor_sequence_row *row = s->sequences[i];
        if (row->phase != STRESSOR_PHASE_WARMUP || strcmp(row->name, j->line->name) != 0)
            continue;
        warm.count += row->passes;
        warm.activities += row->activities;
    }
    return samples_of(j->line, &warm);
}

static void put_none(const struct judging *j, bool done, char out[THRESHOLD_TEXT_SIZE])
{
    const stressor_snapshot *s = j->snapshot;
    int64_t longer_ns = done && s->elapsed_ns <= s->warmup_ns ? s->warmup_ns : 0;
    threshold_text_none(longer_ns, done ? warmup_samples(j) : 0, out);
}

/* May waiting alone bring a value that is too small to where it has to come? */
static bool may_grow(const struct threshold *line, double value)
{
    bool counted = line->metric == THRESHOLD_COUNT || line->metric == THRESHOLD_ERRORS;
    return counted && line->for_ns == 0 &&
           (line->op == THRESHOLD_MORE || line->op == THRESHOLD_AT_LEAST ||
            line->op == THRESHOLD_NOT_EQUAL ||
            (line->op == THRESHOLD_EQUAL && value < line->limit));
}

static bool show(const struct standing *at, const struct judging *j, stressor_threshold_row *row)
{
    const struct threshold *line = j->line;
    bool done = j->snapshot->stage == STRESSOR_STAGE_DONE && !j->snapshot->dry_run, passed = false;
    bool kept = at->failed || (at->has_value && !done); /* the value is that of a look before */
    bool sampled = samples_of(line, &j->total) > 0;
    char actual[THRESHOLD_TEXT_SIZE];
    put_none(j, done, actual);
    *row = (stressor_threshold_row){.size = sizeof *row,
                                    .unit = unit_of(line),
                                    .aborted = at->aborted,
                                    .text = snapshot_keep(j->snapshot, line->text),
                                    .name = snapshot_keep(j->snapshot, line->name),
                                    .limit = line->limit,
                                    .samples = kept ? at->samples : samples_of(line, &j->total),
                                    .failed_ns = at->failed_ns};
    if (sampled) {
        row->value = kept ? at->value : value_of(line, &j->total);
        passed = line->for_ns > 0 || holds(line, row->value);
        threshold_text(row, done && !at->failed ? at->longest_ns : 0, actual);
    }
    row->state = at->failed ? STRESSOR_THRESHOLD_FAILED
                 : !done    ? STRESSOR_THRESHOLD_PENDING
                 : passed   ? STRESSOR_THRESHOLD_PASSED
                            : STRESSOR_THRESHOLD_FAILED;
    bool pending = row->state == STRESSOR_THRESHOLD_PENDING && !j->snapshot->dry_run;
    bool seen = sampled && (line->for_ns == 0 || at->has_value);
    row->broken = pending && seen && !holds(line, row->value) && !may_grow(line, row->value);
    row->actual = snapshot_keep(j->snapshot, actual);
    return row->text != NULL && row->actual != NULL && (row->name != NULL || line->name == NULL);
}

static void finish(struct judging *j)
{
    histogram_free(j->merged[0]);
    histogram_free(j->merged[1]);
}

static bool judge_line(const struct threshold *line, struct standing *at,
                       stressor_snapshot *snapshot, stressor_threshold_row *row, bool *abort)
{
    struct judging j = {.line = line, .snapshot = snapshot};
    take_figures(&j, &at->before);
    bool good = !j.failed, judged = good && !snapshot->dry_run;
    if (judged && line->for_ns > 0)
        judge_second(at, &j, abort);
    else if (judged)
        judge_so_far(at, &j, abort);
    if (good) {
        at->before = j.total;
        good = show(at, &j, row);
    }
    finish(&j);
    return good;
}

/* The rows of all lines, in the snapshot, still empty. NULL: out of memory. */
static stressor_threshold_row *take_rows(stressor_snapshot *s, size_t count)
{
    stressor_threshold_row *rows = snapshot_alloc(s, count * sizeof *rows);
    const stressor_threshold_row **table = snapshot_alloc(s, count * sizeof *table);
    if (rows == NULL || table == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        table[i] = &rows[i];
    s->thresholds = table;
    s->thresholds_count = (uint32_t)count;
    return rows;
}

bool thresholds_show(const struct thresholds *t, stressor_snapshot *snapshot)
{
    stressor_threshold_row *rows = take_rows(snapshot, t->count);
    bool good = rows != NULL;
    for (size_t i = 0; i < t->count && good; i++) {
        struct judging j = {.line = &t->lines[i], .snapshot = snapshot};
        take_figures(&j, &t->standings[i].before);
        good = !j.failed && show(&t->standings[i], &j, &rows[i]);
        finish(&j);
    }
    return good;
}

bool thresholds_judge(struct thresholds *t, stressor_snapshot *snapshot, bool *abort)
{
    stressor_threshold_row *rows = take_rows(snapshot, t->count);
    bool good = rows != NULL;
    *abort = false;
    for (size_t i = 0; i < t->count && good; i++)
        good = judge_line(&t->lines[i], &t->standings[i], snapshot, &rows[i], abort);
    return good;
}
