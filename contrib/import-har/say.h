/*
 * say -- what the program tells, on the standard error; and whether it is to stop.
 */
#ifndef IMPORT_HAR_SAY_H
#define IMPORT_HAR_SAY_H

#include <stdbool.h>

enum { SAY_WARNINGS_MAX = 20 }; /* of a kind; then they are only counted */

struct say {
    const char *about; /* what mistakes are in: a file; NULL: the program's own */
    unsigned macros;   /* texts made literal */
    bool quiet;        /* for tests and fuzzing */
    bool failed;
};

/* Always false. */
__attribute__((format(printf, 2, 3))) bool say_error(struct say *s, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void say_warning(struct say *s, const char *fmt, ...);
bool say_no_memory(struct say *s);

/* Ctrl-C and SIGTERM: from say_watch on they only make this true. */
void say_watch(void);
bool say_stopped(void);

#endif
