/*
 * compare_read -- the part of a JSON report that comparing needs.
 */
#ifndef CORE_CLI_COMPARE_READ_H
#define CORE_CLI_COMPARE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum result_latency {
    RESULT_MEAN,
    RESULT_P50,
    RESULT_P95,
    RESULT_P99,
    RESULT_MAX,
    RESULT_LATENCIES /* how many there are */
};

/* An activity, or all of them. */
struct result_row {
    const char *name;
    const char *phase; /* "main", … */
    bool called;
    bool ignores_timing;
    uint64_t count;
    uint64_t errors;
    double per_second;
    int64_t ns[RESULT_LATENCIES]; /* 0 where count is 0 */
};

struct results {
    const char *path; /* borrowed */
    void *document;   /* what the texts belong to */
    const char *name;
    const char *tag;     /* may be NULL, as the next */
    const char *started; /* ISO 8601 */
    const char *verdict;
    const char *trust; /* NULL: not known */
    bool dry_run;
    struct result_row total; /* of the net activities; its name is "all" */
    struct result_row *rows;
    size_t rows_count;
};

/* Reads a file of at most 1 GiB. False: it is no such report; what is wrong, and where, has been
 * said on standard error. */
bool results_read(struct results *r, const char *path);
void results_finish(struct results *r);

#endif
