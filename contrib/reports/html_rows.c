#include "html_rows.h"

#include <stdlib.h>

#include <common/words.h>

#include "html_pick.h"

enum {
    ROWS_MOST = 200, /* of main sequences */
    ROWS_BYTES = 200000,
    OTHERS_MOST = 50, /* of init and end; of the warm-up */
    OTHERS_BYTES = 50000,
    SEQUENCES_MOST = 100,
    SEQUENCES_BYTES = 50000
};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* --- activities ---------------------------------------------------------------------------- */

/* Small words beside a name. */
static void put_tag(struct html *h, const char *word)
{
    html_put(h, " <small class=\"tag\">");
    html_put(h, word);
    html_put(h, "</small>");
}

static void put_activity(struct html *h, const stressor_row *row, bool phased)
{
    html_row_begin(h, (row->flags & STRESSOR_ROW_MONITORED) != 0 ? "monitored" : NULL);
    html_name(h, row->name);
    if ((row->flags & STRESSOR_ROW_MONITORED) != 0)
        put_tag(h, "monitored");
    if ((row->flags & STRESSOR_ROW_CALLED) != 0)
        put_tag(h, "called by scripts");
    if ((row->flags & STRESSOR_ROW_IGNORE_TIMING) != 0)
        put_tag(h, "timing ignored");
    html_row_head_end(h);
    if (phased)
        html_cell_text(h, html_phase(row->phase), HTML_NAME_MOST);
    html_cell_text(h, row->type, 40);
    html_cell_count(h, row->count);
    html_cell_bad(h, row->errors);
    html_cell_part(h, row->errors, row->count);
    html_cell_rate(h, per_second(row->count, phase_span_ns(h->s, row->phase)));
    if (row->count == 0) {
        for (int i = 0; i < 3 + HTML_PERCENTILES; i++)
            html_cell_none(h);
    } else {
        html_cell_time(h, row->sum_ns / (int64_t)row->count);
        html_cell_time(h, row->min_ns);
        html_cells_percentiles(h, row->total);
        html_cell_time(h, row->max_ns);
    }
    html_row_end(h);
}

struct part {
    unsigned phases; /* bits */
    bool phased;     /* with a column that tells which */
    const char *id, *all, *some;
    uint32_t most;
    uint64_t bytes;
};

/* Returns whether there was any. */
static bool put_part(struct html *h, const struct part *p)
{
    static const struct html_column columns[] = {
        {"Activity", false}, {"Phase", false}, {"Type", false}, {"Count", true}, {"Errors", true},
        {"Failed", true},    {"Per s", true},  {"Mean", true},  {"Min", true},   {"p50", true},
        {"p90", true},       {"p95", true},    {"p99", true},   {"Max", true}};
    struct html_column used[COUNT(columns)];
    uint32_t count;
    uint32_t shown = 0;
    size_t columns_count = 0;
    struct html_pick *picks = html_pick_rows(h, p->phases, p->most, &count);
    for (size_t i = 0; i < COUNT(columns); i++)
        if (i != 1 || p->phased)
            used[columns_count++] = columns[i];
    if (picks != NULL && count > 0) {
        html_table(h, p->id, count > p->most ? p->some : p->all, used, columns_count);
        struct html_room room = html_room(h, p->most, p->bytes);
        for (; shown < count && html_take(h, &room); shown++)
            put_activity(h, picks[shown].row, p->phased);
        html_table_end(h);
        html_more(h, count - shown, "row", "rows");
    }
    free(picks);
    return count > 0;
}

void html_activities(struct html *h)
{
    static const struct part parts[] = {
        {1u << STRESSOR_PHASE_MAIN, false, "activities-main",
         "Main sequences: latencies of all executions, failed ones included",
         "Main sequences: monitored ones, then those with most errors, then the slowest by p95",
         ROWS_MOST, ROWS_BYTES},
        {1u << STRESSOR_PHASE_INIT | 1u << STRESSOR_PHASE_END, true, "activities-around",
         "Set-up and tear-down, which no threshold on all activities is about",
         "Set-up and tear-down: those with most errors, then the slowest by p95", OTHERS_MOST,
         OTHERS_BYTES},
        {1u << STRESSOR_PHASE_WARMUP, false, "activities-warmup",
         "Warm-up, which is in no other figure but the count of errors",
         "Warm-up: those with most errors, then the slowest by p95", OTHERS_MOST, OTHERS_BYTES}};
    bool any = false;
    html_section(h, "activities", "Activities");
    for (size_t i = 0; i < COUNT(parts); i++)
        any = put_part(h, &parts[i]) || any;
    if (!any)
        html_put(h, "<p class=\"none\">There were none.</p>\n");
    html_section_end(h);
}

/* --- sequences ----------------------------------------------------------------------------- */

/* A row of the warm-up is there for every sequence, whether one warmed up in it or not. */
static bool worth_showing(const stressor_sequence_row *row)
{
    return row->phase != STRESSOR_PHASE_WARMUP || row->passes > 0 || row->activities > 0 ||
           row->errors > 0;
}

static void put_sequence(struct html *h, const stressor_sequence_row *row)
{
    html_row(h, row->name);
    html_cell_text(h, html_phase(row->phase), HTML_NAME_MOST);
    html_cell_count(h, row->passes);
    html_cell_rate(h, per_second(row->passes, phase_span_ns(h->s, row->phase)));
    html_cell_count(h, row->activities);
    html_cell_bad(h, row->errors);
    if (row->passes == 0) {
        for (int i = 0; i < 4 + HTML_PERCENTILES; i++)
            html_cell_none(h);
    } else {
        html_cell_time(h, row->sum_ns / (int64_t)row->passes);
        html_cell_time(h, row->net_ns / (int64_t)row->passes);
        html_cell_time(h, row->min_ns);
        html_cells_percentiles(h, row->total);
        html_cell_time(h, row->max_ns);
    }
    html_row_end(h);
}

void html_sequences(struct html *h)
{
    static const struct html_column columns[] = {
        {"Sequence", false},  {"Phase", false}, {"Passes", true}, {"Per s", true},
        {"Activities", true}, {"Errors", true}, {"Mean", true},   {"Net mean", true},
        {"Min", true},        {"p50", true},    {"p90", true},    {"p95", true},
        {"p99", true},        {"Max", true}};
    const stressor_snapshot *s = h->s;
    struct html_room room;
    uint32_t left = 0;
    if (s->sequences_count == 0)
        return;
    html_section(h, "sequences", "Sequences");
    html_table(h, "sequences-table",
               "Durations of passes; net is without activities whose timing is ignored", columns,
               COUNT(columns));
    room = html_room(h, SEQUENCES_MOST, SEQUENCES_BYTES);
    for (uint32_t i = 0; i < s->sequences_count; i++) {
        if (!worth_showing(s->sequences[i]))
            continue;
        if (left == 0 && html_take(h, &room))
            put_sequence(h, s->sequences[i]);
        else
            left++;
    }
    html_table_end(h);
    html_more(h, left, "sequence", "sequences");
    html_section_end(h);
}
