/*
 * output -- what a child writes to one of its standard outputs, up to a ceiling.
 *
 * Owned by whoever has the job; the descriptor is not.
 */
#ifndef EXEC_OUTPUT_H
#define EXEC_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output {
    char *bytes;
    size_t length, room;
    size_t max;  /* bytes that are kept */
    bool is_cut; /* there were more */
};

enum output_state {
    OUTPUT_OPEN, /* there may be more later */
    OUTPUT_ENDED,
    OUTPUT_FAILED /* out of memory */
};

/* Reads once from a descriptor that does not block. */
enum output_state output_read(struct output *o, int fd);
/* Reads what is there now. A pipe holds no more than the kernel gives it, so that a writer without
 * end does not keep us here. */
enum output_state output_drain(struct output *o, int fd);
void output_finish(struct output *o);

#endif
