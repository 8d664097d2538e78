/*
 * compare_rows -- the activities of two runs side by side, the ones that got worst first.
 */
#ifndef CORE_CLI_COMPARE_ROWS_H
#define CORE_CLI_COMPARE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/compare_limit.h"
#include "cli/compare_read.h"
#include "cli/twin.h"

#define SAMPLES_FEW 100

struct pair {
    const struct result_row *a; /* NULL: new */
    const struct result_row *b; /* NULL: gone */
    double worse;               /* how much, for the order */
    bool twin;                  /* its name and phase are those of another pair, before it */
    bool judged;                /* the limits are about it */
    bool broken;                /* and it breaks one */
};

struct comparison {
    const struct results *a;
    const struct results *b;
    const struct limits *limits;
    const char *only; /* NULL: all activities */
    struct pair total;
    struct pair *pairs;
    size_t pairs_count;
    size_t broken; /* pairs that break a limit, the total included */
};

/* Without `only`, the limits are about all net activities together and each activity of the
 * phase MAIN that does not ignore timing; else about those of that name, in any phase. An activity
 * that the second run does not have, or never executed, breaks any limit, as there is nothing that
 * keeps it. False: out of memory. */
bool comparison_make(struct comparison *c);
void comparison_finish(struct comparison *c);

/* Does the pair break the limit of that kind? */
bool pair_breaks(const struct comparison *c, const struct pair *p, enum figure_kind kind);
/* The row that is there; of two, the second. */
const struct result_row *pair_row(const struct pair *p);
/* What tells the row from others, with its phase as the summary says it. */
struct twin row_twin(const struct result_row *row);
/* Both rows have samples. */
bool pair_compares(const struct pair *p);
bool pair_has_few(const struct pair *p);

#endif
