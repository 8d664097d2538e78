/*
 * block -- a few lines that stand at the bottom of a terminal, below what scrolls.
 *
 * The cursor waits on the row below them, so that what is typed lands there, and a shell that
 * comes back finds an empty row. Terminals break lines anew when they become narrower, so what is
 * to be erased is counted in rows of the width that holds then.
 *
 * Only makes bytes; whoever owns the terminal writes them, at once.
 */
#ifndef CORE_CLI_BLOCK_H
#define CORE_CLI_BLOCK_H

#include <stddef.h>
#include <stdio.h>

#define BLOCK_LINES_MAX 16

/* What is on the screen; zeroed: nothing. */
struct block {
    size_t widths[BLOCK_LINES_MAX];
    size_t count;
};

/* Columns of a line, colours aside. */
size_t block_line_width(const char *line, size_t length);
/* What takes the lines off a terminal of `width` columns and `height` rows, and puts the cursor
 * where the first one began. Nothing where there are none. */
void block_erase(struct block *b, FILE *out, size_t width, size_t height);
/* What draws lines, each ended by a newline and narrower than the terminal; of more than
 * BLOCK_LINES_MAX the first. The ones before must have been erased. */
void block_draw(struct block *b, FILE *out, const char *lines);

#endif
