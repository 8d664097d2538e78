/*
 * text -- bytes from anywhere, made fit to be shown: names and error texts may come from a
 * scenario, a plugin or a server, and must not move the cursor or fake a line.
 *
 * Widths are columns of a terminal (wcwidth); they need a UTF-8 LC_CTYPE.
 */
#ifndef CORE_CLI_TEXT_H
#define CORE_CLI_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* A copy to be freed: control and direction characters, and bytes that are not UTF-8, as \xNN,
 * tabs as spaces, each newline as `newline`. NULL: out of memory. */
char *text_clean(const char *bytes, size_t length, const char *newline);

/* printf into memory to be freed. NULL: out of memory. */
char *text_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *text_format_args(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));

/* Of a text from text_clean. */
size_t text_width(const char *text);

/* Shortens a text from text_clean in place to at most `columns`, with "…" for its middle. */
void text_cut_middle(char *text, size_t columns);
/* The same with "…" for its end. */
void text_cut_end(char *text, size_t columns);

/* Writes a text from text_clean and a newline, in lines that end at spaces before column `width`,
 * where one does. The cursor is at column `at`; further lines begin after `indent` spaces. With
 * less than 40 columns (0: no terminal) it is one line. */
void text_wrap(FILE *out, const char *text, size_t at, size_t indent, size_t width);
/* The same, where a word that no line could hold is broken. */
void text_fill(FILE *out, const char *text, size_t at, size_t indent, size_t width);
/* Columns of the longest word. */
size_t text_longest_word(const char *text);

#endif
