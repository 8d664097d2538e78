#include "cli/compare_rows.h"

#include <stdlib.h>
#include <string.h>

/* A percentage point of errors counts as much as so many percent of latency. */
#define POINT_WEIGHT 10.0

struct twin row_twin(const struct result_row *row)
{
    const char *phase = row->phase;
    if (strcmp(phase, "main") == 0)
        phase = "";
    else if (strcmp(phase, "warmup") == 0)
        phase = "warm-up";
    return (struct twin){row->name, phase, row->called, row->ignores_timing};
}

static int order_by_key(const void *left, const void *right)
{
    const struct result_row *a = *(const struct result_row *const *)left;
    const struct result_row *b = *(const struct result_row *const *)right;
    const struct twin twin_a = row_twin(a), twin_b = row_twin(b);
    return twin_compare(&twin_a, &twin_b);
}

const struct result_row *pair_row(const struct pair *p)
{
    return p->b != NULL ? p->b : p->a;
}

bool pair_compares(const struct pair *p)
{
    return p->a != NULL && p->b != NULL && p->a->count > 0 && p->b->count > 0;
}

bool pair_has_few(const struct pair *p)
{
    return pair_compares(p) && (p->a->count < SAMPLES_FEW || p->b->count < SAMPLES_FEW);
}

/* Percent by which latencies grew, at most, and errors. */
static double how_much_worse(const struct pair *p)
{
    double worst = -100;
    for (int i = RESULT_MEAN; pair_compares(p) && i <= RESULT_P99; i++) {
        double before = (double)p->a->ns[i];
        double change = before > 0 ? 100.0 * ((double)p->b->ns[i] - before) / before : 0;
        worst = change > worst ? change : worst;
    }
    if (!pair_compares(p))
        return worst;
    double errors = POINT_WEIGHT * (error_percent(p->b) - error_percent(p->a));
    return errors > worst ? errors : worst;
}

static bool is_judged(const struct comparison *c, const struct pair *p)
{
    const struct result_row *row = pair_row(p);
    if (c->only != NULL)
        return strcmp(row->name, c->only) == 0 && p != &c->total;
    return strcmp(row->phase, "main") == 0 && !row->ignores_timing;
}

bool pair_breaks(const struct comparison *c, const struct pair *p, enum figure_kind kind)
{
    const struct limit *l = &c->limits->of[kind];
    if (!p->judged || !l->given || p->a == NULL || (p->a->count == 0 && p != &c->total))
        return false;
    if (!pair_compares(p))
        return true;
    return !limit_holds(l, kind, p->a, p->b);
}

static void judge(struct comparison *c, struct pair *p)
{
    p->worse = how_much_worse(p);
    p->judged = is_judged(c, p);
    for (int kind = 0; kind < FIGURE_KINDS; kind++)
        p->broken = p->broken || pair_breaks(c, p, (enum figure_kind)kind);
    c->broken += p->broken;
}

static int order_by_worse(const void *left, const void *right)
{
    const struct pair *a = left;
    const struct pair *b = right;
    if (a->broken != b->broken)
        return a->broken ? -1 : 1;
    if (a->worse > b->worse || a->worse < b->worse)
        return a->worse > b->worse ? -1 : 1;
    const struct result_row *row_a = pair_row(a);
    const struct result_row *row_b = pair_row(b);
    return order_by_key(&row_a, &row_b);
}

static const struct result_row **sorted(const struct results *r)
{
    const struct result_row **list = calloc(r->rows_count + 1, sizeof *list);
    for (size_t i = 0; list != NULL && i < r->rows_count; i++)
        list[i] = &r->rows[i];
    if (list != NULL)
        qsort(list, r->rows_count, sizeof *list, order_by_key);
    return list;
}

static bool is_wanted(const struct comparison *c, const struct pair *p)
{
    const struct result_row *row = pair_row(p);
    bool executed = (p->a != NULL && p->a->count > 0) || (p->b != NULL && p->b->count > 0);
    return executed && (c->only == NULL || strcmp(row->name, c->only) == 0);
}

static bool is_twin(const struct pair *before, const struct pair *p)
{
    const struct twin one = row_twin(pair_row(before)), two = row_twin(pair_row(p));
    return twin_follows(&one, &two);
}

/* Both lists are sorted: walks them side by side. */
static void match(struct comparison *c, const struct result_row **a, const struct result_row **b)
{
    size_t i = 0, k = 0;
    while (i < c->a->rows_count || k < c->b->rows_count) {
        int order = i == c->a->rows_count   ? 1
                    : k == c->b->rows_count ? -1
                                            : order_by_key(&a[i], &b[k]);
        struct pair p = {.a = order <= 0 ? a[i] : NULL, .b = order >= 0 ? b[k] : NULL};
        i += order <= 0;
        k += order >= 0;
        if (!is_wanted(c, &p))
            continue;
        judge(c, &p);
        p.twin = c->pairs_count > 0 && is_twin(&c->pairs[c->pairs_count - 1], &p);
        c->pairs[c->pairs_count++] = p;
    }
}

bool comparison_make(struct comparison *c)
{
    const struct result_row **a = sorted(c->a);
    const struct result_row **b = sorted(c->b);
    c->pairs = calloc(c->a->rows_count + c->b->rows_count + 1, sizeof *c->pairs);
    bool good = a != NULL && b != NULL && c->pairs != NULL;
    if (good) {
        c->total = (struct pair){.a = &c->a->total, .b = &c->b->total};
        judge(c, &c->total);
        match(c, a, b);
        qsort(c->pairs, c->pairs_count, sizeof *c->pairs, order_by_worse);
    }
    free(a);
    free(b);
    return good;
}

void comparison_finish(struct comparison *c)
{
    free(c->pairs);
    c->pairs = NULL;
}
