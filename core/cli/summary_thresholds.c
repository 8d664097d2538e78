#include "cli/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/table.h"
#include "cli/text.h"

static const struct table_column columns[] = {
    {"", TABLE_LEFT}, {"Threshold", TABLE_NAME}, {"Actual", TABLE_LEFT}, {"", TABLE_LEFT}};

#define STATES     (sizeof states / sizeof *states)
#define WORD_WIDTH 9 /* the longest, and two spaces */
#define NOTE_SIZE  (FIGURE_SIZE + 32)

static const struct {
    const char *word;
    const char *colour;
} states[] = {
    [STRESSOR_THRESHOLD_PENDING] = {"pending", NULL},
    [STRESSOR_THRESHOLD_PASSED] = {"passed", SUMMARY_GREEN},
    [STRESSOR_THRESHOLD_FAILED] = {"FAILED", SUMMARY_RED},
};

static bool clean_cell(struct table *t, const char *colour, const char *text)
{
    char *clean = text_clean(text, strlen(text), " ");
    if (clean != NULL)
        table_cell_in(t, colour, clean);
    free(clean);
    return clean != NULL;
}

static uint32_t state_of(const stressor_threshold_row *row)
{
    return row->state < STATES ? row->state : STRESSOR_THRESHOLD_PENDING;
}

/* "after 12 s, stopped the run", or "". */
static void note_of(const stressor_threshold_row *row, char note[NOTE_SIZE])
{
    char when[FIGURE_SIZE];
    note[0] = '\0';
    if (row->failed_ns <= 0)
        return;
    figure_span(row->failed_ns, when);
    snprintf(note, NOTE_SIZE, "after %s%s", when, row->aborted ? ", stopped the run" : "");
}

static bool is_left_out(const stressor_threshold_row *row, const struct summary_style *style)
{
    return style->brief && row->state != STRESSOR_THRESHOLD_FAILED;
}

static bool add(struct table *t, const stressor_threshold_row *row,
                const struct summary_style *style)
{
    char note[NOTE_SIZE];
    uint32_t state = state_of(row);
    const char *colour = style->colour ? states[state].colour : NULL;
    bool failed = state == STRESSOR_THRESHOLD_FAILED;
    note_of(row, note);
    table_row(t);
    table_cell_in(t, colour, states[state].word);
    bool ok = clean_cell(t, failed ? colour : NULL, row->text) &&
              clean_cell(t, failed ? colour : NULL, row->actual != NULL ? row->actual : "");
    table_cell(t, note);
    return ok;
}

/* Where the table has no room: "FAILED   p95 < 300ms: 312 ms, after 4 s" */
static bool write_line(FILE *out, const stressor_threshold_row *row,
                       const struct summary_style *style)
{
    char note[NOTE_SIZE];
    uint32_t state = state_of(row);
    const char *word = states[state].word;
    const char *actual = row->actual != NULL ? row->actual : "";
    note_of(row, note);
    char *text = text_format("%s%s%s%s%s", row->text, *actual != '\0' ? ": " : "", actual,
                             *note != '\0' ? ", " : "", note);
    char *clean = text != NULL ? text_clean(text, strlen(text), " ") : NULL;
    bool ok = clean != NULL;
    fputs("  ", out);
    if (states[state].colour != NULL)
        summary_put(out, style, states[state].colour, word);
    else
        fputs(word, out);
    fprintf(out, "%*s", (int)(WORD_WIDTH - strlen(word)), "");
    text_fill(out, ok ? clean : "", 2 + WORD_WIDTH, 4, style->width);
    free(text);
    free(clean);
    return ok;
}

bool summary_write_thresholds(FILE *out, const stressor_snapshot *s,
                              const struct summary_style *style)
{
    uint32_t count = 0;
    struct table *t = table_new(columns, sizeof columns / sizeof *columns);
    bool ok = t != NULL;
    for (uint32_t i = 0; ok && i < s->thresholds_count; i++) {
        if (is_left_out(s->thresholds[i], style))
            continue;
        ok = add(t, s->thresholds[i], style);
        count++;
    }
    bool fits = table_fits(t, 2, style->width);
    fputs(count > 0 ? "\n" : "", out);
    if (ok && count > 0 && fits)
        ok = table_write(t, out, 2, style->width);
    for (uint32_t i = 0; ok && !fits && i < s->thresholds_count; i++)
        ok = is_left_out(s->thresholds[i], style) || write_line(out, s->thresholds[i], style);
    table_free(t);
    return ok;
}
