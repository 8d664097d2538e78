/*
 * outcome -- how an execution ends: why it failed, and what the host is told about it.
 */
#ifndef CLIENT_OUTCOME_H
#define CLIENT_OUTCOME_H

#include <stdarg.h>
#include <stddef.h>

#include <stressor/plugin.h>

/* A trouble of this machine's, which is no fault of the server's. */
struct trouble {
    int error; /* of errno */
    const char *kind, *text;
};

/* A key of the information about an execution. */
struct outcome_entry {
    const char *key;
    stressor_value value;
};

/* The trouble that the text of a library tells of, for libraries that have no codes for the errors
 * of system calls; NULL: none. [any] */
const struct trouble *trouble_in(const char *text);

/* Always STRESSOR_FAILED. On the thread of the execution, as all that follow. */
int32_t outcome_no_memory(stressor_exec *exec, stressor_failure *failure);
/* A failure whose text is formatted; one that is there already stays. */
void outcome_fail(stressor_exec *exec, stressor_failure *failure, uint32_t category,
                  const char *kind, const char *format, va_list args);
/* A map of the entries. Null: out of memory. */
stressor_value outcome_info(stressor_exec *exec, const struct outcome_entry *entries, size_t count);

#endif
