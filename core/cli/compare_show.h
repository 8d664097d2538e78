/*
 * compare_show -- a comparison for people, as text or Markdown.
 */
#ifndef CORE_CLI_COMPARE_SHOW_H
#define CORE_CLI_COMPARE_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/compare_rows.h"

/* As many columns as the terminal has; 0: no terminal. False: out of memory, or the stream has an
 * error. */
bool compare_show_text(FILE *out, const struct comparison *c, size_t width);
bool compare_show_markdown(FILE *out, const struct comparison *c);

#endif
