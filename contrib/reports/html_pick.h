/*
 * html_pick -- which rows a table shows when there are more than fit: those with errors and the
 * slowest, never the first by chance.
 */
#ifndef CONTRIB_REPORTS_HTML_PICK_H
#define CONTRIB_REPORTS_HTML_PICK_H

#include "html.h"

struct html_pick {
    const stressor_row *row;
    uint32_t place; /* in the snapshot */
    int64_t p95_ns;
};

/* The rows of some phases (bits 1 << phase) in the order to show them in: monitored ones first. All
 * of them (without what scripts might have called but did not) where they fit into `most`, as the
 * snapshot has them; else first those with most errors (half of `most`), then the slowest by p95.
 * To be freed; NULL: out of memory, or none. */
struct html_pick *html_pick_rows(struct html *h, unsigned phases, uint32_t most, uint32_t *count);
/* Those with most executions first, of the main phase before others; never the warm-up. */
struct html_pick *html_pick_frequent(struct html *h, uint32_t *count);

#endif
