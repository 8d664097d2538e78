#include "cli/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

#include "cli/figure.h"
#include "cli/table.h"
#include "cli/text.h"

enum { NAME, COUNT, VALUE, P50, P99, MAX, COLUMNS };

/* Where the terminal is too narrow. */
static const size_t may_drop[] = {COUNT, MAX, P50};
enum { DROPS = sizeof may_drop / sizeof *may_drop };

static void value_cell(struct table *t, int64_t value, const char *unit)
{
    char text[FIGURE_SIZE];
    if (unit != NULL && strcmp(unit, "ns") == 0 && value >= 0) {
        figure_time(value, text);
    } else if (unit != NULL && strcmp(unit, "By") == 0 && value >= 0) {
        figure_bytes((uint64_t)value, text);
    } else {
        char number[FIGURE_SIZE];
        figure_count(value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value, number);
        snprintf(text, sizeof text, "%s%.40s", value < 0 ? "-" : "", number);
    }
    table_cell(t, text);
}

static bool add_metric(struct table *t, const stressor_metric_row *m)
{
    char text[FIGURE_SIZE];
    char *name = text_clean(m->name, strlen(m->name), " ");
    if (name == NULL)
        return false;
    table_row(t);
    table_cell(t, name);
    free(name);
    if (m->histogram == NULL) {
        table_cell(t, "");
        value_cell(t, m->value, m->unit);
        return true;
    }
    figure_count(stressor_histogram_count(m->histogram), text);
    table_cell(t, text);
    table_cell(t, "");
    value_cell(t, stressor_percentile(m->histogram, 50), m->unit);
    value_cell(t, stressor_percentile(m->histogram, 99), m->unit);
    value_cell(t, stressor_percentile(m->histogram, 100), m->unit);
    return true;
}

/* Of a plugin that has done nothing all are 0. */
static bool is_idle(const stressor_snapshot *s, const char *prefix)
{
    size_t length = strcspn(prefix, ".");
    for (uint32_t i = 0; i < s->metrics_count; i++) {
        const stressor_metric_row *m = s->metrics[i];
        if (strcspn(m->name, ".") == length && strncmp(m->name, prefix, length) == 0 &&
            (m->value != 0 || (m->histogram != NULL && stressor_histogram_count(m->histogram) > 0)))
            return false;
    }
    return true;
}

bool summary_write_metrics(FILE *out, const stressor_snapshot *s, size_t width)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < s->metrics_count; i++)
        shown += !is_idle(s, s->metrics[i]->name);
    if (shown == 0)
        return true;
    /* Without a terminal names are whole. */
    const struct table_column columns[COLUMNS] = {
        [NAME] = {"Metric", width > 0 ? TABLE_NAME : TABLE_LEFT},
        [COUNT] = {"Count", TABLE_RIGHT},
        [VALUE] = {"Value", TABLE_UNIT},
        [P50] = {"p50", TABLE_UNIT},
        [P99] = {"p99", TABLE_UNIT},
        [MAX] = {"Max", TABLE_UNIT},
    };
    struct table *t = table_new(columns, COLUMNS);
    bool ok = t != NULL;
    for (uint32_t i = 0; ok && i < s->metrics_count; i++)
        ok = is_idle(s, s->metrics[i]->name) || add_metric(t, s->metrics[i]);
    table_may_drop(t, may_drop, DROPS, DROPS);
    fputc('\n', out);
    ok = ok && table_write(t, out, 2, width);
    table_free(t);
    return ok;
}
