#include "cli/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/table.h"
#include "cli/text.h"

static void fact(struct table *t, const char *title, const char *text)
{
    table_row(t);
    table_cell(t, title);
    table_cell(t, text);
}

static bool fact_foreign(struct table *t, const char *title, const char *text)
{
    if (text == NULL || *text == '\0')
        return true;
    char *clean = text_clean(text, strlen(text), " ");
    if (clean != NULL)
        fact(t, title, clean);
    free(clean);
    return clean != NULL;
}

static void fact_count(struct table *t, const char *title, uint64_t count, const char *more)
{
    char number[FIGURE_SIZE];
    char text[2 * FIGURE_SIZE + 64];
    figure_count(count, number);
    snprintf(text, sizeof text, "%s%s", number, more);
    fact(t, title, text);
}

void summary_warmup_errors(const stressor_snapshot *s, char out[SUMMARY_WARMUP_SIZE])
{
    uint64_t errors = 0;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        if (s->rows[i]->phase == STRESSOR_PHASE_WARMUP)
            errors += s->rows[i]->errors;
    }
    char number[FIGURE_SIZE];
    out[0] = '\0';
    if (errors == 0)
        return;
    figure_count(errors, number);
    snprintf(out, SUMMARY_WARMUP_SIZE, " (%s in the warm-up)", number);
}

static bool is_called(const stressor_row *row)
{
    return (row->flags & STRESSOR_ROW_CALLED) != 0;
}

uint64_t summary_executed(const stressor_snapshot *s)
{
    uint64_t called = 0;
    bool others_failed = false;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        bool is_net =
            (row->flags & STRESSOR_ROW_IGNORE_TIMING) == 0 && row->phase != STRESSOR_PHASE_WARMUP;
        called += is_called(row) ? row->count : 0;
        others_failed = others_failed || (!is_called(row) && !is_net && row->errors > 0);
    }
    if (s->activities > 0 && !others_failed)
        return s->activities;
    return called < s->activities_all ? s->activities_all - called : 0;
}

/* Those that the rate is of, as the percentiles and thresholds are: without init and end. */
static uint64_t net_of_main(const stressor_snapshot *s)
{
    uint64_t apart = 0;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        if ((row->phase == STRESSOR_PHASE_INIT || row->phase == STRESSOR_PHASE_END) &&
            !is_called(row) && (row->flags & STRESSOR_ROW_IGNORE_TIMING) == 0)
            apart += row->count;
    }
    return apart < s->activities ? s->activities - apart : 0;
}

/* What is among all activities, and not among the net ones. */
static const char *what_else(const stressor_snapshot *s)
{
    static const char *const words[] = {"others",
                                        "untimed ones",
                                        "warm-up",
                                        "untimed ones and warm-up",
                                        "calls of scripts",
                                        "untimed ones and calls of scripts",
                                        "warm-up and calls of scripts",
                                        "untimed ones, warm-up and calls of scripts"};
    enum { UNTIMED = 1, WARMUP = 2, CALLED = 4 };
    unsigned found = 0;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        if (row->count == 0)
            continue;
        if (is_called(row))
            found |= CALLED;
        else if (row->phase == STRESSOR_PHASE_WARMUP)
            found |= WARMUP;
        else if ((row->flags & STRESSOR_ROW_IGNORE_TIMING) != 0)
            found |= UNTIMED;
    }
    return words[found];
}

/* A script may handle the failure of what it calls: then it is no error of the run. */
static void add_failed_calls(const stressor_snapshot *s, char out[SUMMARY_WARMUP_SIZE])
{
    uint64_t failed = 0;
    char number[FIGURE_SIZE];
    size_t length = strlen(out);
    for (uint32_t i = 0; i < s->rows_count; i++)
        failed += is_called(s->rows[i]) ? s->rows[i]->errors : 0;
    if (failed == 0)
        return;
    figure_counted(failed, "call", "calls", number);
    snprintf(out + length, SUMMARY_WARMUP_SIZE - length, "; %s of scripts failed", number);
}

static void activity_facts(struct table *t, const stressor_snapshot *s)
{
    char rate[FIGURE_SIZE];
    char all[FIGURE_SIZE];
    char more[2 * FIGURE_SIZE + 48] = "";
    char errors_more[SUMMARY_WARMUP_SIZE];
    figure_rate(net_of_main(s), s->measured_ns > 0 ? s->measured_ns : s->elapsed_ns, rate);
    figure_count(s->activities_all, all);
    if (s->activities_all != s->activities)
        snprintf(more, sizeof more, ", %s; %s with %s", rate, all, what_else(s));
    else
        snprintf(more, sizeof more, ", %s", rate);
    fact_count(t, "activities", s->activities, more);
    summary_warmup_errors(s, errors_more);
    add_failed_calls(s, errors_more);
    fact_count(t, "errors", s->errors, errors_more);
    if (s->cancelled > 0)
        fact_count(t, "cancelled", s->cancelled, " by the stop, not counted as errors");
    if (s->abandoned > 0)
        fact_count(t, "abandoned", s->abandoned, " did not answer the stop");
}

static void sequence_facts(struct table *t, const stressor_snapshot *s)
{
    uint64_t passes = 0;
    int64_t sum_ns = 0;
    int64_t net_ns = 0;
    for (uint32_t i = 0; i < s->sequences_count; i++) {
        passes += s->sequences[i]->passes;
        sum_ns += s->sequences[i]->sum_ns;
        net_ns += s->sequences[i]->net_ns;
    }
    char rate[FIGURE_SIZE];
    char more[FIGURE_SIZE + 8];
    figure_rate(s->passes, s->elapsed_ns, rate);
    snprintf(more, sizeof more, ", %s", rate);
    fact_count(t, "sequences", s->passes, more);
    if (passes == 0)
        return;
    char mean[FIGURE_SIZE];
    char net[FIGURE_SIZE];
    char text[2 * FIGURE_SIZE + 16];
    figure_span(sum_ns / (int64_t)passes, mean);
    figure_span(net_ns / (int64_t)passes, net);
    snprintf(text, sizeof text, "%s mean, %s net", mean, net);
    fact(t, "sequence duration", text);
}

static void session_facts(struct table *t, const stressor_snapshot *s)
{
    char planned[FIGURE_SIZE];
    char within[FIGURE_SIZE];
    char more[FIGURE_SIZE + 32] = "";
    figure_count(s->sessions_planned, planned);
    figure_span(s->starting_ns, within);
    if (s->sessions_started != s->sessions_planned)
        snprintf(more, sizeof more, " of %s started", planned);
    else if (s->sessions_planned > 1 && s->starting_ns > 0)
        snprintf(more, sizeof more, ", all started within %s", within);
    fact_count(t, "sessions", s->sessions_started, more);
}

static void generator_facts(struct table *t, const stressor_resources *r)
{
    char cpu[FIGURE_SIZE];
    char peak[FIGURE_SIZE];
    char workers[FIGURE_SIZE];
    char text[3 * FIGURE_SIZE + 64];
    if (r == NULL)
        return;
    figure_counted(r->workers, "worker", "workers", workers);
    figure_span(r->cpu_user_ns + r->cpu_system_ns, cpu);
    figure_bytes(r->peak_bytes, peak);
    snprintf(text, sizeof text, "%s, %s of CPU time, %s of memory", workers, cpu, peak);
    fact(t, "generator", text);
}

static void time_fact(struct table *t, const stressor_snapshot *s)
{
    char elapsed[FIGURE_SIZE];
    char measured[FIGURE_SIZE];
    char text[2 * FIGURE_SIZE + 32];
    figure_span(s->elapsed_ns, elapsed);
    figure_span(s->measured_ns, measured);
    if (s->warmup_ns > 0 && s->measured_ns == 0)
        snprintf(text, sizeof text, "%s, all of it warm-up", elapsed);
    else if (s->warmup_ns > 0)
        snprintf(text, sizeof text, "%s, %s without the warm-up", elapsed, measured);
    else
        snprintf(text, sizeof text, "%s", elapsed);
    fact(t, "run time", text);
}

bool summary_write_facts(FILE *out, const stressor_snapshot *s, size_t width)
{
    static const struct table_column columns[] = {{"", TABLE_LEFT}, {"", TABLE_TEXT}};
    char text[FIGURE_SIZE];
    struct table *t = table_new(columns, 2);
    if (t == NULL)
        return false;
    bool ok = fact_foreign(t, "name", s->name) && fact_foreign(t, "tag", s->tag) &&
              fact_foreign(t, "base URL", s->base_url);
    figure_date(s->started_wall_ns, text);
    fact(t, "start", text);
    if (s->ended_wall_ns != 0) {
        figure_date(s->ended_wall_ns, text);
        fact(t, "end", text);
    }
    time_fact(t, s);
    figure_span(s->net_ns, text);
    fact(t, "net time", text);
    activity_facts(t, s);
    sequence_facts(t, s);
    session_facts(t, s);
    generator_facts(t, s->resources);
    ok = ok && table_write(t, out, 2, width);
    table_free(t);
    return ok;
}
