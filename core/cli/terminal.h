/*
 * terminal -- what the terminal of standard error is, and whether it is ours to draw on.
 */
#ifndef CORE_CLI_TERMINAL_H
#define CORE_CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Columns of a descriptor's terminal, 80 where it does not tell; 0: it is none. [any] */
size_t terminal_width(int descriptor);

/* Is standard error a terminal whose cursor can be moved? Minds from then on whether the program
 * was stopped and continued. [main] */
bool terminal_can_move(void);
/* Its size by now, 80 by 24 where it does not tell. [any] */
void terminal_size(size_t *width, size_t *height);
/* Are we in the foreground? [any] */
bool terminal_is_ours(void);
/* Has the program been continued since this was last asked? Others have written meanwhile. [any] */
bool terminal_was_left(void);

#endif
