/*
 * html_chart -- a chart over the time of the run, as SVG: lines or bars, axes with units, a legend,
 * the warm-up shaded, levels marked.
 */
#ifndef CONTRIB_REPORTS_HTML_CHART_H
#define CONTRIB_REPORTS_HTML_CHART_H

#include "html.h"

#define CHART_SERIES 8 /* that can be told apart */
#define CHART_MARKS  6 /* that are drawn */

struct chart_series {
    const char *name;
    /* The value of a point; not finite: there is none. */
    double (*value)(const stressor_point *p, uint32_t which);
    uint32_t which;
};

/* A level that values are to be compared with. One that lies far from them is left out. */
struct chart_mark {
    double value;
    const char *text;
    bool bad;
};

struct chart {
    const char *id;
    const char *title;
    const char *note; /* what is shown, in which unit */
    enum figure_unit unit;
    bool whole; /* the values are whole numbers */
    bool bars;  /* of a single series */
    bool log;   /* where the values lie far apart */
    const struct chart_series *series;
    size_t count;
    const struct chart_mark *marks; /* the first CHART_MARKS are drawn */
    size_t marks_count;
};

void html_chart(struct html *h, const struct chart *c);

/* What all drawings share: units of the viewBox. */
enum {
    CHART_WIDTH = 560,
    CHART_HEIGHT = 250,
    CHART_LEFT = 76, /* of the plot */
    CHART_RIGHT = 548,
    CHART_TOP = 12,
    CHART_BOTTOM = 200
};

/* <svg> with its <title> and <desc>; the caller writes markup-free text of its own. */
void chart_svg(struct html *h, const char *id, int height, const char *title, const char *about);
/* A coordinate with one decimal. */
void chart_number(struct html *h, double x);
void chart_line(struct html *h, const char *class, double x1, double y1, double x2, double y2);
/* `anchor`: "start", "middle", "end". */
void chart_label(struct html *h, const char *class, double x, double y, const char *anchor,
                 const char *text);

#endif
