#include "cli/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

#include "cli/figure.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/twin.h"

enum { MARK, NAME, PHASE, COUNT, ERRORS, RATE, MIN, MEAN, P50, P90, P95, P99, P999, MAX };

static const struct table_column columns[] = {
    [MARK] = {"", TABLE_LEFT},          [NAME] = {"Activity", TABLE_NAME},
    [PHASE] = {"Phase", TABLE_LEFT},    [COUNT] = {"Count", TABLE_RIGHT},
    [ERRORS] = {"Errors", TABLE_RIGHT}, [RATE] = {"Per s", TABLE_RIGHT},
    [MIN] = {"Min", TABLE_UNIT},        [MEAN] = {"Mean", TABLE_UNIT},
    [P50] = {"p50", TABLE_UNIT},        [P90] = {"p90", TABLE_UNIT},
    [P95] = {"p95", TABLE_UNIT},        [P99] = {"p99", TABLE_UNIT},
    [P999] = {"p99.9", TABLE_UNIT},     [MAX] = {"Max", TABLE_UNIT},
};

/* Where the terminal is too narrow; the last three where it is very narrow. */
static const size_t may_drop[] = {P999, MIN, P90, MEAN, RATE, MAX, P50, P99, COUNT, P95, PHASE};

static const double percents[] = {50, 90, 95, 99, 99.9};

static const char *const phases[] = {
    [STRESSOR_PHASE_MAIN] = "",
    [STRESSOR_PHASE_INIT] = "init",
    [STRESSOR_PHASE_END] = "end",
    [STRESSOR_PHASE_WARMUP] = "warm-up",
};

/* The order of the rows: in each phase the monitored ones first. */
static const uint32_t phase_order[] = {STRESSOR_PHASE_MAIN, STRESSOR_PHASE_WARMUP,
                                       STRESSOR_PHASE_INIT, STRESSOR_PHASE_END};

/* What all rows of a table have in common; rows are NULL where none stands out. */
struct rows {
    const stressor_snapshot *s;
    const struct summary_style *style;
    struct table *table;
    const stressor_row *most_errors;
    const stressor_row *slowest;
    int decimals;        /* of rates */
    struct twin *sorted; /* of the rows that are shown */
    size_t sorted_count;
};

static bool is_shown(const stressor_row *row)
{
    return row->count > 0;
}

/* Was it executed in the warm-up only? */
static bool was_warm(const stressor_snapshot *s, const stressor_row *row)
{
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *r = s->rows[i];
        if (r->phase == STRESSOR_PHASE_WARMUP && r->count > 0 && strcmp(r->name, row->name) == 0)
            return true;
    }
    return false;
}

/* Rows that a script would fill, or the warm-up, are expected to stay empty. */
static bool is_idle(const stressor_snapshot *s, const stressor_row *row)
{
    return row->count == 0 && (row->flags & STRESSOR_ROW_CALLED) == 0 &&
           row->phase != STRESSOR_PHASE_WARMUP && !was_warm(s, row);
}

static bool is_net(const stressor_row *row)
{
    return row->phase == STRESSOR_PHASE_MAIN && row->total != NULL &&
           (row->flags & (STRESSOR_ROW_IGNORE_TIMING | STRESSOR_ROW_CALLED)) == 0;
}

static double per_second(const stressor_snapshot *s, const stressor_row *row)
{
    int64_t ns = s->elapsed_ns;
    if (row->phase == STRESSOR_PHASE_MAIN && s->measured_ns > 0)
        ns = s->measured_ns;
    if (row->phase == STRESSOR_PHASE_WARMUP && s->warmup_ns < ns)
        ns = s->warmup_ns;
    return ns > 0 ? (double)row->count * 1e9 / (double)ns : 0;
}

/* Of set-up and tear-down a rate tells nothing. */
static bool has_rate(const stressor_row *row)
{
    return row->phase == STRESSOR_PHASE_MAIN || row->phase == STRESSOR_PHASE_WARMUP;
}

/* So many decimals that the rarest row shows three digits: the whole column has one format. */
static int rate_decimals(const stressor_snapshot *s)
{
    int most = 0;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        int decimals = figure_decimals(per_second(s, s->rows[i]));
        if (is_shown(s->rows[i]) && has_rate(s->rows[i]) && decimals > most)
            most = decimals;
    }
    return most;
}

/* A row only stands out where there are others. */
static void find_worst(struct rows *r)
{
    uint32_t shown = 0;
    uint32_t net = 0;
    int64_t slowest_ns = 0;
    for (uint32_t i = 0; i < r->s->rows_count; i++) {
        const stressor_row *row = r->s->rows[i];
        if (!is_shown(row))
            continue;
        shown++;
        if (row->errors > (r->most_errors != NULL ? r->most_errors->errors : 0))
            r->most_errors = row;
        if (!is_net(row))
            continue;
        net++;
        int64_t p95_ns = stressor_percentile(row->total, 95);
        if (p95_ns > slowest_ns) {
            r->slowest = row;
            slowest_ns = p95_ns;
        }
    }
    if (shown < 2)
        r->most_errors = NULL;
    if (net < 2)
        r->slowest = NULL;
}

static const char *name_of(const stressor_row *row)
{
    return row->name != NULL ? row->name : row->type != NULL ? row->type : "?";
}

static struct twin twin_of(const stressor_row *row)
{
    return (struct twin){
        name_of(row), row->phase < sizeof phases / sizeof *phases ? phases[row->phase] : "?",
        (row->flags & STRESSOR_ROW_CALLED) != 0, (row->flags & STRESSOR_ROW_IGNORE_TIMING) != 0};
}

static int order_twins(const void *a, const void *b)
{
    return twin_compare(a, b);
}

/* False: out of memory. */
static bool sort_rows(struct rows *r)
{
    r->sorted = calloc((size_t)r->s->rows_count + 1, sizeof *r->sorted);
    for (uint32_t i = 0; r->sorted != NULL && i < r->s->rows_count; i++) {
        if (is_shown(r->s->rows[i]))
            r->sorted[r->sorted_count++] = twin_of(r->s->rows[i]);
    }
    if (r->sorted != NULL)
        qsort(r->sorted, r->sorted_count, sizeof *r->sorted, order_twins);
    return r->sorted != NULL;
}

/* False: out of memory. */
static bool phase_cell(const struct rows *r, const stressor_row *row)
{
    const struct twin key = twin_of(row);
    const struct twin *found =
        bsearch(&key, r->sorted, r->sorted_count, sizeof *r->sorted, order_twins);
    char *text = found != NULL && found > r->sorted && twin_follows(found - 1, found)
                     ? twin_text(found)
                     : strdup(key.phase);
    if (text != NULL)
        table_cell(r->table, text);
    free(text);
    return text != NULL;
}

static void time_cell(struct table *t, const char *colour, int64_t ns)
{
    char text[FIGURE_SIZE];
    figure_time(ns, text);
    table_cell_in(t, colour, text);
}

static bool begin_row(const struct rows *r, const stressor_row *row)
{
    char mark[8];
    const char *name = name_of(row);
    char *clean = text_clean(name, strlen(name), " ");
    if (clean == NULL)
        return false;
    snprintf(mark, sizeof mark, "%s%s%s", (row->flags & STRESSOR_ROW_MONITORED) != 0 ? "*" : "",
             row == r->most_errors ? "!" : "", row == r->slowest ? "~" : "");
    const char *colour = row == r->most_errors ? SUMMARY_RED
                         : row == r->slowest   ? SUMMARY_YELLOW
                                               : NULL;
    table_row(r->table);
    table_cell_in(r->table, summary_in(r->style, colour), mark);
    table_cell(r->table, clean);
    free(clean);
    return true;
}

static bool add_row(const struct rows *r, const stressor_row *row)
{
    char text[FIGURE_SIZE];
    struct table *t = r->table;
    if (!begin_row(r, row) || !phase_cell(r, row))
        return false;
    figure_count(row->count, text);
    table_cell(t, text);
    figure_count(row->errors, text);
    table_cell_in(t, row->errors > 0 ? summary_in(r->style, SUMMARY_RED) : NULL, text);
    figure_real(per_second(r->s, row), r->decimals, text);
    table_cell(t, !has_rate(row) ? "" : r->s->elapsed_ns > 0 ? text : "-");
    time_cell(t, NULL, row->min_ns);
    time_cell(t, NULL, row->sum_ns / (int64_t)row->count);
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        bool worst = P50 + i == P95 && row == r->slowest;
        const char *colour = worst ? summary_in(r->style, SUMMARY_YELLOW) : NULL;
        if (row->total != NULL)
            time_cell(t, colour, stressor_percentile(row->total, percents[i]));
        else
            table_cell(t, "-");
    }
    time_cell(t, NULL, row->max_ns);
    return true;
}

/* Those of a phase that are monitored, or those that are not. Returns whether there are any. */
static bool add_rows(const struct rows *r, uint32_t phase, uint32_t monitored, bool *ok)
{
    bool any = false;
    for (uint32_t i = 0; *ok && i < r->s->rows_count; i++) {
        const stressor_row *row = r->s->rows[i];
        if (!is_shown(row) || row->phase != phase ||
            (row->flags & STRESSOR_ROW_MONITORED) != monitored)
            continue;
        *ok = add_row(r, row);
        any = true;
    }
    return any;
}

static bool write_table(FILE *out, struct rows *r)
{
    bool ok = true;
    bool after_main = false;
    for (size_t i = 0; i < sizeof phase_order / sizeof *phase_order; i++) {
        bool any = false;
        for (uint32_t k = 0; k < r->s->rows_count && !any; k++)
            any = is_shown(r->s->rows[k]) && r->s->rows[k]->phase == phase_order[i];
        if (!any)
            continue;
        /* What counts stands apart from all else. */
        if (after_main)
            table_row(r->table);
        after_main = phase_order[i] == STRESSOR_PHASE_MAIN;
        add_rows(r, phase_order[i], STRESSOR_ROW_MONITORED, &ok);
        add_rows(r, phase_order[i], 0, &ok);
    }
    table_may_drop(r->table, may_drop, sizeof may_drop / sizeof *may_drop, 3);
    fputc('\n', out);
    return ok && table_write(r->table, out, 2, r->style->width);
}

static void write_legend(FILE *out, const struct rows *r, bool monitored, uint64_t idle)
{
    const char *const texts[] = {
        monitored ? "* monitored" : NULL,
        r->most_errors != NULL ? "! most errors" : NULL,
        r->slowest != NULL ? "~ slowest by p95" : NULL,
    };
    bool marked = false;
    size_t at = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i] == NULL)
            continue;
        size_t length = strlen(texts[i]);
        bool beside = marked && (r->style->width == 0 || at + 3 + length <= r->style->width);
        fprintf(out, "%s%s", beside ? "   " : "\n  ", texts[i]);
        at = (beside ? at + 3 : 2) + length;
        marked = true;
    }
    fputs(marked ? "\n" : "", out);
    if (idle == 0)
        return;
    char text[FIGURE_SIZE];
    figure_counted(idle, "activity was", "activities were", text);
    fprintf(out, "%s  %s never executed\n", marked ? "" : "\n", text);
}

bool summary_write_rows(FILE *out, const stressor_snapshot *s, const struct summary_style *style)
{
    uint64_t idle = 0;
    uint64_t shown = 0;
    bool monitored = false;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        idle += is_idle(s, row);
        shown += is_shown(row);
        monitored = monitored || (is_shown(row) && (row->flags & STRESSOR_ROW_MONITORED) != 0);
    }
    struct rows r = {.s = s, .style = style, .decimals = rate_decimals(s)};
    bool ok = true;
    if (shown > 0) {
        r.table = table_new(columns, sizeof columns / sizeof *columns);
        find_worst(&r);
        ok = r.table != NULL && sort_rows(&r) && write_table(out, &r);
        table_free(r.table);
        free(r.sorted);
    }
    write_legend(out, &r, monitored, idle);
    return ok;
}
