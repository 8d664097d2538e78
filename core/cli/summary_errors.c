#include "cli/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

#include "cli/figure.h"
#include "cli/text.h"

/* Kinds that are shown, and columns of an example where there is no terminal. */
#define KINDS_MAX     20
#define EXAMPLE_WIDTH 400

/* The groups of a snapshot tell rows, and with them phases, apart; a kind is all groups of one
 * category and kind. */
struct kind {
    const stressor_error_group *first; /* the most frequent one, of equals the snapshot's first */
    size_t position;                   /* where that stands in the snapshot */
    const char *last;                  /* the name of the group that came last */
    uint64_t count;
    uint64_t warmup; /* of them, those in the warm-up */
    uint64_t names;
};

/* NULL is before all others. */
static int by_name(const char *x, const char *y)
{
    if (x == NULL || y == NULL)
        return (x != NULL) - (y != NULL);
    return strcmp(x, y);
}

static int by_kind(const void *a, const void *b)
{
    const stressor_error_group *x = ((const struct kind *)a)->first;
    const stressor_error_group *y = ((const struct kind *)b)->first;
    if (x->category != y->category)
        return x->category < y->category ? -1 : 1;
    int order = strcmp(x->kind, y->kind);
    if (order == 0)
        order = by_name(x->row, y->row);
    return order != 0 ? order : (x->phase > y->phase) - (x->phase < y->phase);
}

static int by_count(const void *a, const void *b)
{
    const struct kind *x = a;
    const struct kind *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return by_kind(a, b);
}

static struct kind kind_of(const stressor_snapshot *s, size_t position)
{
    const stressor_error_group *g = s->error_groups[position];
    bool warm = g->phase == STRESSOR_PHASE_WARMUP;
    return (struct kind){g, position, g->row, g->count, warm ? g->count : 0, 1};
}

static bool goes_before(const struct kind *x, const struct kind *y)
{
    return x->first->count != y->first->count ? x->first->count > y->first->count
                                              : x->position < y->position;
}

static void add(struct kind *to, const struct kind *more)
{
    to->count += more->count;
    to->warmup += more->warmup;
    to->names += by_name(to->last, more->last) != 0;
    to->last = more->last;
    if (goes_before(more, to)) {
        to->first = more->first;
        to->position = more->position;
    }
}

/* Merges what differs only in its row, in place; returns how many are left. */
static size_t merge(struct kind *kinds, size_t count)
{
    size_t kept = 0;
    qsort(kinds, count, sizeof *kinds, by_kind);
    for (size_t i = 0; i < count; i++) {
        struct kind *last = kept > 0 ? &kinds[kept - 1] : NULL;
        if (last != NULL && last->first->category == kinds[i].first->category &&
            strcmp(last->first->kind, kinds[i].first->kind) == 0)
            add(last, &kinds[i]);
        else
            kinds[kept++] = kinds[i];
    }
    qsort(kinds, kept, sizeof *kinds, by_count);
    return kept;
}

/* " and 2 more (3 in the warm-up)", of a kind's activities and errors. */
static void write_more(const struct kind *k, char *out, size_t size)
{
    char number[FIGURE_SIZE];
    size_t used = 0;
    out[0] = '\0';
    if (k->names > 1) {
        figure_count(k->names - 1, number);
        used = (size_t)snprintf(out, size, " and %s more", number);
    }
    if (k->warmup > 0 && k->warmup == k->count) {
        snprintf(out + used, size - used, " (in the warm-up)");
    } else if (k->warmup > 0) {
        figure_count(k->warmup, number);
        snprintf(out + used, size - used, " (%s in the warm-up)", number);
    }
}

static bool write_kind(FILE *out, const struct kind *k, int count_width, size_t width)
{
    char count[FIGURE_SIZE];
    const char *example = k->first->example != NULL ? k->first->example : "";
    const char *row = k->first->row;
    char *clean_kind = text_clean(k->first->kind, strlen(k->first->kind), " ");
    char *clean_row = row != NULL ? text_clean(row, strlen(row), " ") : NULL;
    char *clean_example = text_clean(example, strlen(example), "\\n");
    bool ok = clean_kind != NULL && clean_example != NULL && (row == NULL || clean_row != NULL);
    if (ok) {
        figure_count(k->count, count);
        char more[2 * FIGURE_SIZE + 48];
        write_more(k, more, sizeof more);
        size_t indent = (size_t)count_width + 4;
        if (clean_row != NULL) {
            size_t taken = indent + strlen(stressor_category_name(k->first->category)) + 3 +
                           text_width(clean_kind) + strlen(more) + 1;
            size_t room = width > taken + 16 ? width - taken : 16;
            text_cut_middle(clean_row, width > 0 && room < 60 ? room : 60);
        }
        fprintf(out, "  %*s  ", count_width, count);
        char *head =
            text_format("%s %s%s%s%s", stressor_category_name(k->first->category), clean_kind,
                        clean_row != NULL ? ", " : "", clean_row != NULL ? clean_row : "", more);
        ok = head != NULL;
        text_fill(out, ok ? head : "", indent, indent, width);
        free(head);
        text_cut_end(clean_example, width > indent + 40 ? 3 * (width - indent) : EXAMPLE_WIDTH);
        if (*clean_example != '\0') {
            fprintf(out, "%*s", (int)indent, "");
            text_wrap(out, clean_example, indent, indent, width);
        }
    }
    free(clean_kind);
    free(clean_row);
    free(clean_example);
    return ok;
}

static void write_rest(FILE *out, const struct kind *kinds, size_t count, size_t width)
{
    char number[FIGURE_SIZE];
    char errors[FIGURE_SIZE];
    char text[2 * FIGURE_SIZE + 32];
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += kinds[i].count;
    figure_counted(count, "more kind", "more kinds", number);
    figure_counted(sum, "error", "errors", errors);
    snprintf(text, sizeof text, "  and %s of error with %s", number, errors);
    text_wrap(out, text, 0, 4, width);
}

bool summary_write_errors(FILE *out, const stressor_snapshot *s, size_t width)
{
    char text[FIGURE_SIZE];
    size_t count = s->error_groups_count;
    if (count == 0 && s->error_groups_dropped == 0)
        return true;
    struct kind *kinds = calloc(count + 1, sizeof *kinds);
    if (kinds == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        kinds[i] = kind_of(s, i);
    count = merge(kinds, count);
    figure_count(count > 0 ? kinds[0].count : 0, text);
    int count_width = (int)strlen(text);
    fputs("\nErrors, the most frequent kind first\n", out);
    bool ok = true;
    for (size_t i = 0; ok && i < count && i < KINDS_MAX; i++)
        ok = write_kind(out, &kinds[i], count_width, width);
    if (count > KINDS_MAX)
        write_rest(out, kinds + KINDS_MAX, count - KINDS_MAX, width);
    if (s->error_groups_dropped > 0) {
        figure_counted(s->error_groups_dropped, "error", "errors", text);
        char line[FIGURE_SIZE + 64];
        snprintf(line, sizeof line, "  and %s of kinds that were too many to keep", text);
        text_wrap(out, line, 0, 4, width);
    }
    free(kinds);
    return ok;
}
