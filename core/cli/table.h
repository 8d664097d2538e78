/*
 * table -- rows of texts in aligned columns.
 *
 *     struct table *t = table_new(columns, 3);
 *     table_row(t);
 *     table_cell(t, "login");
 *     …
 *     ok = table_write(t, stdout, 2, 80);
 *     table_free(t);
 *
 * Out of memory is remembered and told by table_write. Columns without any text are left out; a
 * row without any is an empty line.
 */
#ifndef CORE_CLI_TABLE_H
#define CORE_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum table_align {
    TABLE_LEFT,
    TABLE_RIGHT,
    TABLE_UNIT, /* "12.3 ms": numbers end, and units begin, in the same column */
    TABLE_NAME, /* left, and cut in the middle where the table would be too wide */
    TABLE_TEXT  /* left, the last column: broken into lines where it would be too wide */
};

struct table_column {
    const char *title;
    enum table_align align;
};

struct table;

/* Borrows the columns. NULL: out of memory; all other functions accept that. */
struct table *table_new(const struct table_column *columns, size_t count);
void table_free(struct table *t);

void table_row(struct table *t);
/* The next cell of the row, copied; `text` is UTF-8 without control characters. */
void table_cell(struct table *t, const char *text);
/* The same in a colour: a terminal's sequence, borrowed; NULL: none. */
void table_cell_in(struct table *t, const char *colour, const char *text);

/* Columns, by their indices (borrowed), that table_write may leave out where the table would be
 * wider than the terminal, the first one first. Names are cut no further than to 20 columns as
 * long as there are any; the last `last` of them are left out only where there is no room for names
 * of 10. */
void table_may_drop(struct table *t, const size_t *order, size_t count, size_t last);
/* Is there room for all columns, with names of 16? */
bool table_fits(const struct table *t, size_t indent, size_t width);

/* Titles (unless all are empty) and rows, each line after `indent` spaces. At most `width`
 * columns, as far as names can be cut (to 8 at least); 0: names take 60 at most. False: out of
 * memory, or the stream has an error. */
bool table_write(struct table *t, FILE *out, size_t indent, size_t width);

#endif
