#include "cli/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/table.h"
#include "cli/text.h"

static const struct table_column columns[] = {
    {"", TABLE_LEFT}, {"Threshold", TABLE_NAME}, {"Actual", TABLE_LEFT}, {"", TABLE_LEFT}};

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

static bool add(struct table *t, const stressor_threshold_row *row,
                const struct summary_style *style)
{
    char when[FIGURE_SIZE];
    char note[FIGURE_SIZE + 32] = "";
    uint32_t state = row->state < sizeof states / sizeof *states ? row->state : 0;
    const char *colour = style->colour ? states[state].colour : NULL;
    bool failed = state == STRESSOR_THRESHOLD_FAILED;
    if (row->failed_ns > 0) {
        figure_span(row->failed_ns, when);
        snprintf(note, sizeof note, "after %s%s", when, row->aborted ? ", stopped the run" : "");
    }
    table_row(t);
    table_cell_in(t, colour, states[state].word);
    bool ok = clean_cell(t, failed ? colour : NULL, row->text) &&
              clean_cell(t, failed ? colour : NULL, row->actual != NULL ? row->actual : "");
    table_cell(t, note);
    return ok;
}

bool summary_write_thresholds(FILE *out, const stressor_snapshot *s,
                              const struct summary_style *style)
{
    uint32_t count = 0;
    bool ok = true;
    struct table *t = table_new(columns, sizeof columns / sizeof *columns);
    for (uint32_t i = 0; ok && t != NULL && i < s->thresholds_count; i++) {
        if (style->brief && s->thresholds[i]->state != STRESSOR_THRESHOLD_FAILED)
            continue;
        ok = add(t, s->thresholds[i], style);
        count++;
    }
    if (count > 0) {
        fputc('\n', out);
        ok = ok && table_write(t, out, 2, style->width);
    }
    ok = ok && t != NULL;
    table_free(t);
    return ok;
}
