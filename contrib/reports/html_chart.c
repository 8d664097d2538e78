#include "html_chart.h"

#include <math.h>
#include <stdio.h>

#include "html_scale.h"

#define POINTS_MOST 300 /* as snapshot.h says */
#define LOG_FROM    40  /* the greatest value by the least */
#define FAR         3   /* times the greatest value, or below the least: a mark is left out */
#define LETTER_ROOM 15  /* from the letter of a mark to the next */

/* A chart that is being drawn. */
struct drawing {
    struct html *h;
    const struct chart *chart;
    struct scale x, y;
    uint32_t points;
    double least, most; /* of the values above 0 */
    bool any;
    const struct chart_mark *marks[CHART_MARKS]; /* those near, from the top */
    size_t marks_count;
};

void chart_number(struct html *h, double x)
{
    out_decimal(&h->out, (int64_t)floor(x * 10 + 0.5), 1);
}

static void put_place(struct html *h, const char *name, double x)
{
    html_put(h, name);
    chart_number(h, x);
    html_put(h, "\"");
}

void chart_line(struct html *h, const char *class, double x1, double y1, double x2, double y2)
{
    html_put(h, "<line class=\"");
    html_put(h, class);
    html_put(h, "\"");
    put_place(h, " x1=\"", x1);
    put_place(h, " y1=\"", y1);
    put_place(h, " x2=\"", x2);
    put_place(h, " y2=\"", y2);
    html_put(h, "/>");
}

void chart_label(struct html *h, const char *class, double x, double y, const char *anchor,
                 const char *text)
{
    html_put(h, "<text class=\"");
    html_put(h, class);
    html_put(h, "\"");
    put_place(h, " x=\"", x);
    put_place(h, " y=\"", y);
    html_put(h, " text-anchor=\"");
    html_put(h, anchor);
    html_put(h, "\">");
    html_text(h, text, FIGURE_SIZE);
    html_put(h, "</text>");
}

void chart_svg(struct html *h, const char *id, int height, const char *title, const char *about)
{
    html_put(h, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 ");
    out_int(&h->out, CHART_WIDTH);
    html_put(h, " ");
    out_int(&h->out, height);
    html_put(h, "\" aria-labelledby=\"");
    html_put(h, id);
    html_put(h, "-t ");
    html_put(h, id);
    html_put(h, "-d\"><title id=\"");
    html_put(h, id);
    html_put(h, "-t\">");
    html_text(h, title, HTML_NAME_MOST);
    html_put(h, "</title><desc id=\"");
    html_put(h, id);
    html_put(h, "-d\">");
    html_text(h, about, HTML_TEXT_MOST);
    html_put(h, "</desc>\n");
}

/* --- places -------------------------------------------------------------------------------- */

static double x_at(const struct drawing *d, double ns)
{
    return CHART_LEFT + scale_at(&d->x, ns) * (CHART_RIGHT - CHART_LEFT);
}

static double y_at(const struct drawing *d, double value)
{
    return CHART_BOTTOM - scale_at(&d->y, value) * (CHART_BOTTOM - CHART_TOP);
}

static const stressor_point *point(const struct drawing *d, uint32_t i)
{
    return d->h->s->points[i];
}

static double value_at(const struct drawing *d, const struct chart_series *series, uint32_t i)
{
    return i < d->points ? series->value(point(d, i), series->which) : NAN;
}

static bool is_near(const struct drawing *d, const struct chart_mark *m, bool log)
{
    return d->any && m->value > 0 && m->value <= d->most * FAR &&
           (!log || m->value * FAR >= d->least);
}

/* From the least to the greatest value, and the marks near them. */
static void scale_values(struct drawing *d)
{
    bool log = d->chart->log && d->least > 0 && d->most / d->least >= LOG_FROM;
    double least = d->least, most = d->most;
    for (size_t i = 0; i < d->chart->marks_count; i++) {
        const struct chart_mark *m = &d->chart->marks[i];
        if (!is_near(d, m, log))
            continue;
        least = fmin(least, m->value);
        most = fmax(most, m->value);
    }
    d->y = log ? scale_log(least, most) : scale_linear(most, d->chart->whole);
}

static void measure(struct drawing *d)
{
    for (size_t k = 0; k < d->chart->count; k++) {
        for (uint32_t i = 0; i < d->points; i++) {
            double value = value_at(d, &d->chart->series[k], i);
            if (!isfinite(value))
                continue;
            d->any = true;
            if (value > 0 && (d->least == 0 || value < d->least))
                d->least = value;
            d->most = fmax(d->most, value);
        }
    }
    scale_values(d);
    int64_t span = d->h->s->elapsed_ns;
    if (d->points > 0 && point(d, d->points - 1)->to_ns > span)
        span = point(d, d->points - 1)->to_ns;
    d->x = scale_clock(span);
}

/* --- frame --------------------------------------------------------------------------------- */

static int64_t warmup_ns(const struct html *h)
{
    int64_t ns = h->s->elapsed_ns - h->s->measured_ns;
    return h->s->warmup_ns > 0 && ns > 0 ? ns : 0;
}

static void put_warmup(struct drawing *d)
{
    struct html *h = d->h;
    if (warmup_ns(h) == 0)
        return;
    html_put(h, "<rect class=\"warm\"");
    put_place(h, " x=\"", CHART_LEFT);
    put_place(h, " y=\"", CHART_TOP);
    put_place(h, " width=\"", x_at(d, (double)warmup_ns(h)) - CHART_LEFT);
    put_place(h, " height=\"", CHART_BOTTOM - CHART_TOP);
    html_put(h, "/>\n");
}

static void put_axes(struct drawing *d)
{
    struct html *h = d->h;
    char label[FIGURE_SIZE];
    for (unsigned i = 0; i < d->y.ticks_count; i++) {
        double y = y_at(d, d->y.ticks[i]);
        chart_line(h, "grid", CHART_LEFT, y, CHART_RIGHT, y);
        scale_label(&d->y, i, d->chart->unit, label);
        chart_label(h, "y", CHART_LEFT - 8, y + 4, "end", label);
    }
    chart_line(h, "axis", CHART_LEFT, CHART_BOTTOM, CHART_RIGHT, CHART_BOTTOM);
    html_put(h, "\n");
    for (unsigned i = 0; i < d->x.ticks_count; i++) {
        double x = x_at(d, d->x.ticks[i]);
        chart_line(h, "axis", x, CHART_BOTTOM, x, CHART_BOTTOM + 5);
        scale_clock_label(&d->x, i, label);
        chart_label(h, "x", x, CHART_BOTTOM + 21, "middle", label);
    }
    chart_label(h, "x", (CHART_LEFT + CHART_RIGHT) / 2.0, CHART_BOTTOM + 42, "middle",
                scale_clock_unit(&d->x));
    html_put(h, "\n");
}

/* --- values -------------------------------------------------------------------------------- */

static double middle(const struct drawing *d, uint32_t i)
{
    const stressor_point *p = point(d, i);
    return x_at(d, (double)p->from_ns / 2 + (double)p->to_ns / 2);
}

static void put_pair(struct html *h, double x, double y)
{
    chart_number(h, x);
    html_put(h, ",");
    chart_number(h, y);
}

/* Points that follow each other are joined; one that stands alone is as long as its interval. */
static void put_line(struct drawing *d, const struct chart_series *series, size_t number, bool area)
{
    struct html *h = d->h;
    html_put(h, area ? "<path class=\"area s" : "<path class=\"line s");
    out_count(&h->out, number);
    html_put(h, "\" d=\"");
    for (uint32_t i = 0; i < d->points; i++) {
        double value = value_at(d, series, i);
        if (!isfinite(value))
            continue;
        bool first = i == 0 || !isfinite(value_at(d, series, i - 1));
        bool last = !isfinite(value_at(d, series, i + 1));
        double x = first && last ? x_at(d, (double)point(d, i)->from_ns) : middle(d, i);
        if (first && area) {
            html_put(h, "M");
            put_pair(h, x, CHART_BOTTOM);
            html_put(h, "L");
        } else {
            html_put(h, first ? "M" : " ");
        }
        put_pair(h, x, y_at(d, value));
        if (first && last) {
            x = x_at(d, (double)point(d, i)->to_ns);
            html_put(h, " ");
            put_pair(h, x, y_at(d, value));
        }
        if (last && area) {
            html_put(h, " ");
            put_pair(h, x, CHART_BOTTOM);
            html_put(h, "z");
        }
    }
    html_put(h, "\"/>\n");
}

static void put_bars(struct drawing *d)
{
    struct html *h = d->h;
    html_put(h, "<path class=\"bars\" d=\"");
    for (uint32_t i = 0; i < d->points; i++) {
        double value = value_at(d, &d->chart->series[0], i);
        if (!isfinite(value) || value <= 0)
            continue;
        double from = x_at(d, (double)point(d, i)->from_ns);
        double to = x_at(d, (double)point(d, i)->to_ns);
        double gap = to - from > 4 ? 1 : 0;
        html_put(h, "M");
        put_pair(h, from + gap / 2, CHART_BOTTOM);
        html_put(h, "V");
        chart_number(h, fmin(y_at(d, value), CHART_BOTTOM - 1));
        html_put(h, "H");
        chart_number(h, fmax(to - gap / 2, from + 1));
        html_put(h, "V");
        chart_number(h, CHART_BOTTOM);
        html_put(h, "z");
    }
    html_put(h, "\"/>\n");
}

static void put_values(struct drawing *d)
{
    const struct chart *c = d->chart;
    if (!d->any) {
        chart_label(d->h, "none", (CHART_LEFT + CHART_RIGHT) / 2.0,
                    (CHART_TOP + CHART_BOTTOM) / 2.0, "middle", "nothing to show");
        return;
    }
    if (c->bars) {
        put_bars(d);
        return;
    }
    if (c->count == 1)
        put_line(d, &c->series[0], 1, true);
    for (size_t i = c->count; i-- > 0;)
        put_line(d, &c->series[i], i + 1, false);
}

/* From the top, as they are drawn and named. */
static void sort_marks(struct drawing *d)
{
    const bool log = d->y.step <= 0;
    for (size_t i = 0; i < d->chart->marks_count && i < CHART_MARKS; i++) {
        const struct chart_mark *m = &d->chart->marks[i];
        size_t at = d->marks_count;
        if (!is_near(d, m, log))
            continue;
        for (; at > 0 && d->marks[at - 1]->value < m->value; at--)
            d->marks[at] = d->marks[at - 1];
        d->marks[at] = m;
        d->marks_count++;
    }
}

static const char *letter_of(size_t i)
{
    static const char *const letters[CHART_MARKS] = {"a", "b", "c", "d", "e", "f"};
    return letters[i];
}

/* Where the letters stand: beside their lines, but clear of each other, and within the plot. */
static void place_letters(const struct drawing *d, double at[CHART_MARKS])
{
    double lowest = CHART_BOTTOM;
    for (size_t i = 0; i < d->marks_count; i++) {
        at[i] = y_at(d, d->marks[i]->value);
        if (i > 0)
            at[i] = fmax(at[i], at[i - 1] + LETTER_ROOM);
    }
    for (size_t i = d->marks_count; i-- > 0; lowest = at[i] - LETTER_ROOM)
        at[i] = fmin(at[i], lowest);
}

/* Lines with a letter beyond their right end, where it covers nothing; the legend has the texts. */
static void put_marks(struct drawing *d)
{
    double at[CHART_MARKS];
    sort_marks(d);
    place_letters(d, at);
    for (size_t i = 0; i < d->marks_count; i++) {
        const char *class = d->marks[i]->bad ? "limit bad" : "limit";
        double y = y_at(d, d->marks[i]->value);
        chart_line(d->h, class, CHART_LEFT, y, CHART_RIGHT, y);
        chart_label(d->h, class, CHART_WIDTH, at[i] + 4, "end", letter_of(i));
    }
}

static void put_legend(struct drawing *d)
{
    struct html *h = d->h;
    const struct chart *c = d->chart;
    if (c->count < 2 && warmup_ns(h) == 0 && d->marks_count == 0)
        return;
    html_put(h, "<ul class=\"legend\">");
    for (size_t i = 0; i < c->count && c->count > 1; i++) {
        html_put(h, "<li><svg xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\" "
                    "viewBox=\"0 0 34 8\"><path class=\"line s");
        out_count(&h->out, i + 1);
        html_put(h, "\" d=\"M0,4H34\"/></svg>");
        html_text(h, c->series[i].name, HTML_NAME_MOST);
        html_put(h, "</li>");
    }
    if (warmup_ns(h) > 0)
        html_put(h, "<li><svg xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\" "
                    "viewBox=\"0 0 34 8\"><rect class=\"warm\" width=\"34\" height=\"8\"/></svg>"
                    "warm-up</li>");
    for (size_t i = 0; i < d->marks_count; i++) {
        html_put(h, "<li><svg xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\" "
                    "viewBox=\"0 0 34 8\"><path class=\"limit");
        html_put(h, d->marks[i]->bad ? " bad" : "");
        html_put(h, "\" d=\"M0,4H34\"/></svg><b>");
        html_put(h, letter_of(i));
        html_put(h, "</b>: threshold ");
        html_text(h, d->marks[i]->text, HTML_NAME_MOST);
        html_put(h, d->marks[i]->bad ? ", failed</li>" : "</li>");
    }
    html_put(h, "</ul>");
}

/* For those who cannot see it: from which value to which. */
static void describe(const struct drawing *d, char out[200])
{
    char span[FIGURE_SIZE], most[FIGURE_SIZE], least[FIGURE_SIZE];
    figure_span((int64_t)d->x.high, span);
    if (d->chart->unit == FIGURE_TIME) {
        figure_time((int64_t)d->least, least);
        figure_time((int64_t)d->most, most);
    } else if (d->chart->unit == FIGURE_BYTES) {
        figure_bytes((uint64_t)d->least, least);
        figure_bytes((uint64_t)d->most, most);
    } else if (d->chart->unit == FIGURE_PERCENT) {
        figure_percent(d->least, least);
        figure_percent(d->most, most);
    } else {
        figure_real(d->least, least);
        figure_real(d->most, most);
    }
    if (!d->any)
        snprintf(out, 200, "Nothing to show.");
    else if (d->most <= 0)
        snprintf(out, 200, "Over %s, always 0.", span);
    else
        snprintf(out, 200, "Over %s, from %s (above 0) to %s.", span, least, most);
}

void html_chart(struct html *h, const struct chart *c)
{
    struct drawing d = {.h = h, .chart = c, .points = h->s->points_count};
    char about[200];
    if (d.points > POINTS_MOST)
        d.points = POINTS_MOST;
    measure(&d);
    html_put(h, "<figure class=\"chart\"><figcaption><strong>");
    html_put(h, c->title);
    html_put(h, "</strong> <span>");
    html_put(h, c->note);
    html_put(h, d.y.step > 0 ? "" : ", logarithmic");
    html_put(h, "</span></figcaption>\n");
    describe(&d, about);
    chart_svg(h, c->id, CHART_HEIGHT, c->title, about);
    put_warmup(&d);
    put_axes(&d);
    put_marks(&d); /* below the values */
    put_values(&d);
    html_put(h, "</svg>\n");
    put_legend(&d);
    html_put(h, "</figure>\n");
}
