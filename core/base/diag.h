/*
 * diag -- the mistakes found while compiling a scenario, in source order.
 *
 * Compiling does not stop at the first: each is recorded with its place and work goes on where
 * that is safe.
 *
 *     struct diag *d = diag_new();
 *     plan = plan_compile(tree, d, …);     // NULL when d holds errors
 *     diag_free(d);
 *
 * One diag belongs to one compile; it is not thread-safe. At most DIAG_MAX are kept; a last line
 * tells how many more there were.
 */
#ifndef CORE_BASE_DIAG_H
#define CORE_BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

enum { DIAG_MAX = 200 };

/* A position in a file. `file` is borrowed (the tree's name of it); line 0: the file as a whole,
 * file NULL: nowhere in particular. Columns count characters, from 1. */
struct place {
    const char *file;
    unsigned line;
    unsigned column;
};

struct diag;

struct diag *diag_new(void);
void diag_free(struct diag *d); /* NULL is fine */

/* Copies the text. Always false, so that callers can return it. */
bool diag_error(struct diag *d, const struct place *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void diag_warn(struct diag *d, const struct place *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

size_t diag_errors(const struct diag *d); /* how many, dropped ones included */
/* Sorts them by file (in the order first seen), line and column; then they can be read. */
void diag_sort(struct diag *d);
size_t diag_count(const struct diag *d);
/* "scenario.yaml:12:5: error: unknown argument 'ulr' …" or "… warning: …". */
const char *diag_text(const struct diag *d, size_t i);
bool diag_is_warning(const struct diag *d, size_t i);

#endif
