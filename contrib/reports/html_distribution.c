#include "html_distribution.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <common/words.h>

#include "html_chart.h"
#include "html_pick.h"
#include "html_scale.h"

enum { SHOWN_MOST = 24, SHOWN_BYTES = 80000, BARS = 60, HEIGHT = 150, TOP = 22, BOTTOM = 122 };

struct bars {
    struct scale axis;
    uint64_t counts[BARS];
    uint64_t most;
};

static double x_at(const struct scale *axis, double value)
{
    const int margin = 36; /* for half a label */
    return margin + scale_at(axis, value) * (CHART_WIDTH - 2 * margin);
}

static void add_bucket(void *data, int64_t lowest, int64_t highest, uint64_t count)
{
    struct bars *b = data;
    double share = scale_at(&b->axis, (double)lowest / 2 + (double)highest / 2);
    size_t i = (size_t)(share * BARS);
    i = i < BARS ? i : BARS - 1;
    b->counts[i] += count;
    if (b->counts[i] > b->most)
        b->most = b->counts[i];
}

static void put_bars(struct html *h, const struct bars *b)
{
    const double left = x_at(&b->axis, b->axis.low);
    const double width = (x_at(&b->axis, b->axis.high) - left) / BARS;
    html_put(h, "<path class=\"spread\" d=\"");
    for (int i = 0; i < BARS; i++) {
        if (b->counts[i] == 0)
            continue;
        double height = (BOTTOM - TOP) * ((double)b->counts[i] / (double)b->most);
        html_put(h, "M");
        chart_number(h, left + width * i + 0.5);
        html_put(h, ",");
        chart_number(h, BOTTOM);
        html_put(h, "v-");
        chart_number(h, height < 1 ? 1 : height);
        html_put(h, "h");
        chart_number(h, width - 1);
        html_put(h, "V");
        chart_number(h, BOTTOM);
        html_put(h, "z");
    }
    html_put(h, "\"/>\n");
}

static void put_axis(struct html *h, const struct scale *axis)
{
    char label[FIGURE_SIZE];
    double last = -1000;
    chart_line(h, "axis", x_at(axis, axis->low), BOTTOM, x_at(axis, axis->high), BOTTOM);
    for (unsigned i = 0; i < axis->ticks_count; i++) {
        double x = x_at(axis, axis->ticks[i]);
        chart_line(h, "axis", x, BOTTOM, x, BOTTOM + 5);
        if (x - last < 60)
            continue;
        last = x;
        scale_label(axis, i, FIGURE_TIME, label);
        chart_label(h, "x", x, BOTTOM + 21, "middle", label);
    }
}

/* Lines at p50 and p99, with their names where these do not meet. */
static void put_marks(struct html *h, const struct scale *axis, int64_t p50, int64_t p99)
{
    double x50 = x_at(axis, (double)p50);
    double x99 = x_at(axis, (double)p99);
    chart_line(h, "mark50", x50, TOP - 6, x50, BOTTOM);
    chart_line(h, "mark99", x99, TOP - 6, x99, BOTTOM);
    if (x99 - x50 > 70) {
        chart_label(h, "x", x50, TOP - 9, "middle", "p50");
        chart_label(h, "x", x99, TOP - 9, "middle", "p99");
    } else {
        chart_label(h, "x", x50 / 2 + x99 / 2, TOP - 9, "middle", "p50, p99");
    }
}

static void put_distribution(struct html *h, const stressor_row *row, const struct scale *axis,
                             uint32_t number)
{
    struct bars b = {.axis = *axis};
    char id[32], about[260], figures[4][FIGURE_SIZE];
    int64_t p50 = h->api->percentile(row->total, 50);
    int64_t p99 = h->api->percentile(row->total, 99);
    h->api->buckets(row->total, add_bucket, &b);
    figure_count(row->count, figures[0]);
    figure_time(p50, figures[1]);
    figure_time(p99, figures[2]);
    figure_time(row->max_ns, figures[3]);
    snprintf(id, sizeof id, "spread-%" PRIu32, number);
    snprintf(about, sizeof about, "%s executions, p50 %s, p99 %s, max %s", figures[0], figures[1],
             figures[2], figures[3]);
    html_put(h, "<figure class=\"spread\"><figcaption><strong>");
    html_text(h, row->name, HTML_NAME_MOST);
    html_put(h, "</strong> <span>");
    if (row->phase != STRESSOR_PHASE_MAIN) {
        html_put(h, html_phase(row->phase));
        html_put(h, ", ");
    }
    html_text(h, about, sizeof about);
    html_put(h, "</span></figcaption>\n");
    chart_svg(h, id, HEIGHT, row->name, about);
    if (b.most > 0)
        put_bars(h, &b);
    put_axis(h, axis);
    if (b.most > 0)
        put_marks(h, axis, p50, p99);
    html_put(h, "</svg></figure>\n");
}

void html_distributions(struct html *h)
{
    uint32_t count;
    uint32_t shown = 0;
    struct html_pick *picks = html_pick_frequent(h, &count);
    int64_t least = INT64_MAX;
    int64_t most = 0;
    for (uint32_t i = 0; i < count && i < SHOWN_MOST; i++) {
        const stressor_row *row = picks[i].row;
        least = row->min_ns < least ? row->min_ns : least;
        most = row->max_ns > most ? row->max_ns : most;
    }
    if (count > 0) {
        struct scale axis = scale_log((double)least, (double)most);
        struct html_room room = html_room(h, SHOWN_MOST, SHOWN_BYTES);
        html_section(h, "distributions", "Latency distributions");
        html_put(h,
                 "<p class=\"lead\">Executions by latency, most frequent activities first, all on "
                 "the same logarithmic axis.</p>\n<div class=\"spreads\">\n");
        for (; shown < count && html_take(h, &room); shown++)
            if (picks[shown].row->total != NULL)
                put_distribution(h, picks[shown].row, &axis, shown);
        html_put(h, "</div>\n");
        html_more(h, count - shown, "activity", "activities");
        html_section_end(h);
    }
    free(picks);
}
