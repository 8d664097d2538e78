/*
 * twin -- what tells rows of the same name and phase apart: whether scripts called them, and
 * whether they ignore timing. Of such rows, sorted by both, all but the first say so where their
 * phase stands.
 */
#ifndef CORE_CLI_TWIN_H
#define CORE_CLI_TWIN_H

#include <stdbool.h>

struct twin {
    const char *name;
    const char *phase; /* as it is shown: "" is the main one */
    bool called;
    bool untimed;
};

/* As strcmp: by all members, in their order. */
int twin_compare(const struct twin *a, const struct twin *b);
/* Does a row have to be told from the one before it? */
bool twin_follows(const struct twin *before, const struct twin *row);
/* "init, called, untimed", to be freed. NULL: out of memory. */
char *twin_text(const struct twin *row);

#endif
