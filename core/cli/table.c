#include "cli/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

#define GAP          2
#define NAME_LEAST   8
#define NAME_DEFAULT 60
/* Of a name, before a column is dropped for it, and one of the last. */
#define NAME_WANTED 20
#define NAME_SHORT  10
/* Of a name, in a table that need not be another. */
#define NAME_FAIR 16
/* Of lines of a text whose words have no room in its column. */
#define TEXT_INDENT 4

struct extent {
    size_t width;
    size_t number; /* TABLE_UNIT: columns before the space */
    bool used;
};

struct cell {
    char *text;         /* NULL: empty */
    const char *colour; /* NULL: none */
};

struct table {
    const struct table_column *columns;
    size_t columns_count;
    struct cell *cells;  /* row by row */
    const size_t *order; /* of the columns that may be dropped */
    size_t order_count;
    size_t order_last; /* of them, those for the narrowest terminals */
    size_t cells_count;
    size_t cells_size;
    size_t next; /* cell of the last row */
    bool failed;
};

struct table *table_new(const struct table_column *columns, size_t count)
{
    struct table *t = calloc(1, sizeof *t);
    if (t != NULL) {
        t->columns = columns;
        t->columns_count = count;
    }
    return t;
}

void table_free(struct table *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->cells_count; i++)
        free(t->cells[i].text);
    free(t->cells);
    free(t);
}

void table_row(struct table *t)
{
    if (t == NULL || t->failed)
        return;
    size_t count = t->cells_count + t->columns_count;
    if (count > t->cells_size) {
        size_t size = 2 * count;
        struct cell *cells = realloc(t->cells, size * sizeof *cells);
        if (cells == NULL) {
            t->failed = true;
            return;
        }
        t->cells = cells;
        t->cells_size = size;
    }
    for (size_t i = t->cells_count; i < count; i++)
        t->cells[i] = (struct cell){NULL, NULL};
    t->next = t->cells_count;
    t->cells_count = count;
}

void table_may_drop(struct table *t, const size_t *order, size_t count, size_t last)
{
    if (t == NULL)
        return;
    t->order = order;
    t->order_count = count;
    t->order_last = last;
}

void table_cell(struct table *t, const char *text)
{
    table_cell_in(t, NULL, text);
}

void table_cell_in(struct table *t, const char *colour, const char *text)
{
    if (t == NULL || t->failed || t->next >= t->cells_count)
        return;
    if (*text != '\0') {
        t->cells[t->next] = (struct cell){strdup(text), colour};
        t->failed = t->cells[t->next].text == NULL;
    }
    t->next++;
}

static size_t unit_at(const char *text)
{
    const char *space = strrchr(text, ' ');
    return space == NULL ? strlen(text) : (size_t)(space - text);
}

static struct extent measure(const struct table *t, size_t column)
{
    struct extent e = {0, 0, false};
    size_t unit = 0;
    for (size_t i = column; i < t->cells_count; i += t->columns_count) {
        const char *text = t->cells[i].text;
        if (text == NULL)
            continue;
        e.used = true;
        size_t width = text_width(text);
        if (width > e.width)
            e.width = width;
        size_t number = unit_at(text);
        if (number > e.number)
            e.number = number;
        if (text[number] != '\0' && text_width(text + number) > unit)
            unit = text_width(text + number);
    }
    if (t->columns[column].align == TABLE_UNIT && e.number + unit > e.width)
        e.width = e.number + unit;
    if (text_width(t->columns[column].title) > e.width)
        e.width = text_width(t->columns[column].title);
    e.number = e.width - unit;
    return e;
}

/* To be freed. NULL: out of memory. */
static struct extent *measure_all(const struct table *t)
{
    struct extent *extents = calloc(t->columns_count, sizeof *extents);
    for (size_t c = 0; extents != NULL && c < t->columns_count; c++)
        extents[c] = measure(t, c);
    return extents;
}

/* With names of at most `name` columns. */
static size_t total_width(const struct table *t, const struct extent *extents, size_t indent,
                          size_t name)
{
    size_t total = indent;
    for (size_t c = 0; c < t->columns_count; c++) {
        bool cut = t->columns[c].align == TABLE_NAME && extents[c].width > name;
        if (extents[c].used)
            total += (cut ? name : extents[c].width) + (total > indent ? GAP : 0);
    }
    return total;
}

static void drop_columns(const struct table *t, struct extent *extents, size_t indent, size_t width)
{
    for (size_t i = 0; width > 0 && i < t->order_count; i++) {
        bool last = i + t->order_last >= t->order_count;
        if (total_width(t, extents, indent, last ? NAME_SHORT : NAME_WANTED) > width)
            extents[t->order[i]].used = false;
    }
    /* A wide one may have made room for one that was left out before it. */
    for (size_t i = t->order_count; width > 0 && i > t->order_count - t->order_last; i--) {
        size_t c = t->order[i - 1];
        bool used = extents[c].used;
        extents[c].used = measure(t, c).used;
        if (total_width(t, extents, indent, NAME_SHORT) > width)
            extents[c].used = used;
    }
}

bool table_fits(const struct table *t, size_t indent, size_t width)
{
    struct extent *extents = t != NULL ? measure_all(t) : NULL;
    bool fits =
        width == 0 || extents == NULL || total_width(t, extents, indent, NAME_FAIR) <= width;
    free(extents);
    return fits;
}

static void cut_names(struct table *t, struct extent *extents, size_t indent, size_t width)
{
    size_t total = total_width(t, extents, indent, SIZE_MAX);
    for (size_t c = 0; c < t->columns_count; c++) {
        if (t->columns[c].align != TABLE_NAME)
            continue;
        size_t most = NAME_DEFAULT;
        if (width > 0) {
            size_t over = total > width ? total - width : 0;
            most = extents[c].width > over ? extents[c].width - over : 0;
            most = most < NAME_LEAST ? NAME_LEAST : most;
        }
        if (extents[c].width <= most)
            continue;
        for (size_t i = c; i < t->cells_count; i += t->columns_count) {
            if (t->cells[i].text != NULL)
                text_cut_middle(t->cells[i].text, most);
        }
        bool used = extents[c].used;
        extents[c] = measure(t, c);
        extents[c].used = used;
    }
}

static void spaces(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

/* Returns the columns still to be filled: the caller knows whether more follows. */
static size_t write_cell(FILE *out, const struct cell *cell, enum table_align align,
                         const struct extent *e, bool title)
{
    const char *text = cell->text;
    size_t width = text_width(text);
    size_t before = 0;
    if (align == TABLE_RIGHT || (align == TABLE_UNIT && title))
        before = e->width - width;
    else if (align == TABLE_UNIT)
        before = e->number - unit_at(text);
    spaces(out, before);
    if (cell->colour != NULL)
        fprintf(out, "%s%s\033[0m", cell->colour, text);
    else
        fputs(text, out);
    return e->width - before - width;
}

/* After `pending` columns, which bring it to column `at`; with its newline. */
static void write_text(FILE *out, const char *text, size_t pending, size_t at, size_t indent,
                       size_t width)
{
    bool fits = width == 0 || at + text_width(text) <= width;
    if (!fits && at + text_longest_word(text) >= width) {
        fputc('\n', out);
        at = pending = indent + TEXT_INDENT;
    }
    spaces(out, pending);
    text_fill(out, text, at, at, fits ? 0 : width);
}

/* A row, or with `cells` NULL the titles. */
static void write_line(FILE *out, const struct table *t, const struct extent *extents,
                       const struct cell *cells, size_t indent, size_t width)
{
    size_t pending = indent, at = indent;
    bool first = true;
    for (size_t c = 0; c < t->columns_count; c++) {
        const struct cell title = {(char *)(uintptr_t)t->columns[c].title, NULL};
        const struct cell *cell = cells == NULL ? &title : &cells[c];
        if (!extents[c].used)
            continue;
        pending += first ? 0 : GAP;
        at += first ? 0 : GAP;
        first = false;
        if (t->columns[c].align == TABLE_TEXT && cell->text != NULL) {
            write_text(out, cell->text, pending, at, indent, width);
            return;
        }
        at += extents[c].width;
        if (cell->text == NULL || *cell->text == '\0') {
            pending += extents[c].width;
            continue;
        }
        spaces(out, pending);
        pending = write_cell(out, cell, t->columns[c].align, &extents[c], cells == NULL);
    }
    fputc('\n', out);
}

bool table_write(struct table *t, FILE *out, size_t indent, size_t width)
{
    if (t == NULL || t->failed)
        return false;
    struct extent *extents = measure_all(t);
    if (extents == NULL)
        return false;
    bool titled = false;
    for (size_t c = 0; c < t->columns_count; c++)
        titled = titled || *t->columns[c].title != '\0';
    drop_columns(t, extents, indent, width);
    cut_names(t, extents, indent, width);
    if (titled)
        write_line(out, t, extents, NULL, indent, width);
    for (size_t i = 0; i < t->cells_count; i += t->columns_count)
        write_line(out, t, extents, t->cells + i, indent, width);
    free(extents);
    return ferror(out) == 0;
}
