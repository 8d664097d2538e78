#include "cli/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

#include "cli/figure.h"
#include "cli/table.h"
#include "cli/text.h"

static const struct table_column columns[] = {
    {"", TABLE_LEFT},       {"Activity", TABLE_NAME}, {"Phase", TABLE_LEFT},
    {"Count", TABLE_RIGHT}, {"Errors", TABLE_RIGHT},  {"Per s", TABLE_RIGHT},
    {"Min", TABLE_UNIT},    {"Mean", TABLE_UNIT},     {"p50", TABLE_UNIT},
    {"p90", TABLE_UNIT},    {"p95", TABLE_UNIT},      {"p99", TABLE_UNIT},
    {"p99.9", TABLE_UNIT},  {"Max", TABLE_UNIT},
};

static const double percents[] = {50, 90, 95, 99, 99.9};

static const char *const phases[] = {
    [STRESSOR_PHASE_MAIN] = "",
    [STRESSOR_PHASE_INIT] = "init",
    [STRESSOR_PHASE_END] = "end",
    [STRESSOR_PHASE_WARMUP] = "warm-up",
};

static double per_second(const stressor_row *row, int64_t elapsed_ns)
{
    return elapsed_ns > 0 ? (double)row->count * 1e9 / (double)elapsed_ns : 0;
}

/* So many decimals that the slowest row shows three digits: the whole column has one format. */
static int rate_decimals(const stressor_snapshot *s)
{
    int most = 0;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        int decimals = figure_decimals(per_second(s->rows[i], s->elapsed_ns));
        if (s->rows[i]->count > 0 && decimals > most)
            most = decimals;
    }
    return most;
}

static void time_cell(struct table *t, int64_t ns)
{
    char text[FIGURE_SIZE];
    figure_time(ns, text);
    table_cell(t, text);
}

static bool add_row(struct table *t, const stressor_snapshot *s, const stressor_row *row,
                    int decimals)
{
    char text[FIGURE_SIZE];
    const char *name = row->name != NULL ? row->name : row->type != NULL ? row->type : "?";
    char *clean = text_clean(name, strlen(name), " ");
    if (clean == NULL)
        return false;
    table_row(t);
    table_cell(t, (row->flags & STRESSOR_ROW_MONITORED) != 0 ? "*" : "");
    table_cell(t, clean);
    free(clean);
    table_cell(t, row->phase < sizeof phases / sizeof *phases ? phases[row->phase] : "?");
    figure_count(row->count, text);
    table_cell(t, text);
    figure_count(row->errors, text);
    table_cell(t, text);
    figure_real(per_second(row, s->elapsed_ns), decimals, text);
    table_cell(t, s->elapsed_ns > 0 ? text : "-");
    time_cell(t, row->min_ns);
    time_cell(t, row->sum_ns / (int64_t)row->count);
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        if (row->total != NULL)
            time_cell(t, stressor_percentile(row->total, percents[i]));
        else
            table_cell(t, "-");
    }
    time_cell(t, row->max_ns);
    return true;
}

/* Those that are monitored, or those that are not. */
static bool add_rows(struct table *t, const stressor_snapshot *s, uint32_t monitored, int decimals)
{
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        if (row->count > 0 && (row->flags & STRESSOR_ROW_MONITORED) == monitored &&
            !add_row(t, s, row, decimals))
            return false;
    }
    return true;
}

bool summary_write_rows(FILE *out, const stressor_snapshot *s, size_t width)
{
    uint32_t idle = 0, executed = 0;
    bool monitored = false;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        executed += row->count > 0;
        /* what scripts may call is any type: that they did not says nothing */
        idle += row->count == 0 && (row->flags & STRESSOR_ROW_CALLED) == 0;
        monitored = monitored || (row->count > 0 && (row->flags & STRESSOR_ROW_MONITORED) != 0);
    }
    bool ok = true;
    if (executed > 0) {
        struct table *t = table_new(columns, sizeof columns / sizeof *columns);
        int decimals = rate_decimals(s);
        fputc('\n', out);
        ok = t != NULL && add_rows(t, s, STRESSOR_ROW_MONITORED, decimals) &&
             add_rows(t, s, 0, decimals) && table_write(t, out, 2, width);
        table_free(t);
    }
    if (monitored || idle > 0)
        fputc('\n', out);
    if (monitored)
        fputs("  * monitored\n", out);
    if (idle > 0) {
        char text[FIGURE_SIZE];
        figure_counted(idle, "activity was", "activities were", text);
        fprintf(out, "  %s never executed\n", text);
    }
    return ok;
}
