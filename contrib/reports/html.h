/*
 * html -- what the parts of the HTML report are written with.
 *
 * All text from outside goes through html_text or html_attribute, which escape by common/markup.
 * Every part has a ceiling, so that the document stays below 1 MB whatever the run was: texts are
 * cut, and tables end with a line that says what is missing.
 */
#ifndef CONTRIB_REPORTS_HTML_H
#define CONTRIB_REPORTS_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <common/out.h>

#include "html_figure.h"
#include "reports.h"

enum {
    HTML_NAME_MOST = 100, /* characters shown of a name */
    HTML_TEXT_MOST = 400  /* and of other texts */
};

struct html {
    struct out out;
    const stressor_snapshot *s;
    const stressor_snapshot_api *api;
    stressor_sink sink; /* the reader's, behind one that counts */
    void *data;
    uint64_t handed; /* bytes to the sink */
};

void html_begin(struct html *h, const struct reports *r, const stressor_snapshot *s,
                stressor_sink sink, void *data);
int32_t html_finish(struct html *h);

/* Markup of ours, as it is. */
void html_put(struct html *h, const char *markup);
/* Text of at most `most` characters, the last one "…" when it is cut. NULL: nothing. */
void html_text(struct html *h, const char *text, size_t most);
void html_attribute(struct html *h, const char *name, const char *text, size_t most);

/* A name before other text, whose direction of writing must not turn that around. */
void html_name(struct html *h, const char *name);

/* "warm-up" */
const char *html_phase(uint32_t phase);

/* A number as people read it, with the exact one beside it for programs. */
void html_count(struct html *h, uint64_t n);
void html_time(struct html *h, int64_t ns);
void html_bytes(struct html *h, uint64_t bytes);
void html_rate(struct html *h, double per_second);
/* Of CPUs, in percent of one. */
void html_cpus(struct html *h, double cpus);
void html_when(struct html *h, int64_t wall_ns);

/* The ceiling of a part: so many rows, in so many bytes. */
struct html_room {
    uint64_t end;
    uint32_t rows;
};

struct html_room html_room(const struct html *h, uint32_t rows, uint64_t bytes);
/* One more row? */
bool html_take(const struct html *h, struct html_room *room);
/* "… and 9,800 more rows; all are in the JSON report." Nothing for 0. */
void html_more(struct html *h, uint64_t n, const char *one, const char *many);

void html_section(struct html *h, const char *id, const char *title);
void html_section_end(struct html *h);

struct html_column {
    const char *title;
    bool number; /* right-aligned */
};

/* A table in a box of its own to scroll in. */
void html_table(struct html *h, const char *id, const char *caption,
                const struct html_column *columns, size_t count);
void html_table_end(struct html *h);
/* Begins a row with its head. */
void html_row(struct html *h, const char *name);
/* The head, to be written by the caller up to html_row_head_end. */
void html_row_begin(struct html *h, const char *class);
void html_row_head_end(struct html *h);
void html_row_end(struct html *h);
void html_cell_text(struct html *h, const char *text, size_t most);
void html_cell_count(struct html *h, uint64_t n);
void html_cell_bad(struct html *h, uint64_t n); /* marked unless it is 0 */
void html_cell_time(struct html *h, int64_t ns);
void html_cell_bytes(struct html *h, uint64_t bytes);
void html_cell_rate(struct html *h, double per_second);
void html_cell_cpus(struct html *h, double cpus);
void html_cell_part(struct html *h, uint64_t n, uint64_t of);
void html_cell_none(struct html *h); /* there is no such figure */
/* p50, p90, p95, p99 */
#define HTML_PERCENTILES 4
void html_cells_percentiles(struct html *h, const stressor_histogram *histogram);

/* An entry of a <dl>; the text may be NULL: no entry. */
void html_fact(struct html *h, const char *name, const char *text);
void html_fact_begin(struct html *h, const char *name);
void html_fact_end(struct html *h);

#endif
