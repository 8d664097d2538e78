#include "html_pick.h"

#include <stdlib.h>

static int order(bool first, bool second)
{
    return (int)second - (int)first; /* true comes first */
}

static int by_place(const struct html_pick *a, const struct html_pick *b)
{
    return a->place < b->place ? -1 : a->place > b->place;
}

static int by_monitored(const struct html_pick *a, const struct html_pick *b)
{
    return order((a->row->flags & STRESSOR_ROW_MONITORED) != 0,
                 (b->row->flags & STRESSOR_ROW_MONITORED) != 0);
}

static int as_given(const void *first, const void *second)
{
    int n = by_monitored(first, second);
    return n != 0 ? n : by_place(first, second);
}

static int by_errors(const void *first, const void *second)
{
    const struct html_pick *a = first;
    const struct html_pick *b = second;
    int n = by_monitored(a, b);
    if (n == 0 && a->row->errors != b->row->errors)
        n = a->row->errors > b->row->errors ? -1 : 1;
    return n != 0 ? n : by_place(a, b);
}

static int by_slowness(const void *first, const void *second)
{
    const struct html_pick *a = first;
    const struct html_pick *b = second;
    int n = by_monitored(a, b);
    if (n == 0 && a->p95_ns != b->p95_ns)
        n = a->p95_ns > b->p95_ns ? -1 : 1;
    return n != 0 ? n : by_place(a, b);
}

static int by_count(const void *first, const void *second)
{
    const struct html_pick *a = first;
    const struct html_pick *b = second;
    int n = order(a->row->phase == STRESSOR_PHASE_MAIN, b->row->phase == STRESSOR_PHASE_MAIN);
    if (n == 0 && a->row->count != b->row->count)
        n = a->row->count > b->row->count ? -1 : 1;
    return n != 0 ? n : by_place(a, b);
}

/* What is there for each type and phase, whether used or not, is shown only when it was used. */
static bool worth_showing(const stressor_row *row)
{
    return row->count > 0 ||
           (row->phase != STRESSOR_PHASE_WARMUP && (row->flags & STRESSOR_ROW_CALLED) == 0);
}

static struct html_pick *collect(struct html *h, unsigned phases, bool executed, uint32_t *count)
{
    const stressor_snapshot *s = h->s;
    struct html_pick *picks = calloc((size_t)s->rows_count + 1, sizeof *picks);
    *count = 0;
    if (picks == NULL) {
        out_fail(&h->out, STRESSOR_ENOMEM);
        return NULL;
    }
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        if (row->phase < 32 && (phases >> row->phase & 1) != 0 && worth_showing(row) &&
            (row->count > 0 || !executed))
            picks[(*count)++] = (struct html_pick){.row = row, .place = i};
    }
    return picks;
}

struct html_pick *html_pick_rows(struct html *h, unsigned phases, uint32_t most, uint32_t *count)
{
    struct html_pick *picks = collect(h, phases, false, count);
    if (picks == NULL)
        return NULL;
    if (*count <= most) {
        qsort(picks, *count, sizeof *picks, as_given);
        return picks;
    }
    for (uint32_t i = 0; i < *count; i++)
        if (picks[i].row->total != NULL)
            picks[i].p95_ns = h->api->percentile(picks[i].row->total, 95);
    uint32_t half = most / 2;
    qsort(picks, *count, sizeof *picks, by_errors);
    while (half > 0 && picks[half - 1].row->errors == 0)
        half--;
    qsort(picks + half, *count - half, sizeof *picks, by_slowness);
    return picks;
}

struct html_pick *html_pick_frequent(struct html *h, uint32_t *count)
{
    const unsigned phases =
        1u << STRESSOR_PHASE_MAIN | 1u << STRESSOR_PHASE_INIT | 1u << STRESSOR_PHASE_END;
    struct html_pick *picks = collect(h, phases, true, count);
    if (picks != NULL)
        qsort(picks, *count, sizeof *picks, by_count);
    return picks;
}
