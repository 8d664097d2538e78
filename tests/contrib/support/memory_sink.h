/*
 * memory_sink -- a document in memory, with a NUL after it.
 */
#ifndef TESTS_CONTRIB_MEMORY_SINK_H
#define TESTS_CONTRIB_MEMORY_SINK_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct memory_sink {
    char *text;
    size_t length;
    int32_t status; /* what the sink returns from now on */
    unsigned calls;
};

static inline int32_t memory_sink_take(void *data, const char *bytes, uint64_t length)
{
    struct memory_sink *m = data;
    m->calls++;
    if (m->status < 0)
        return m->status;
    char *text = realloc(m->text, m->length + length + 1);
    if (text == NULL)
        abort();
    memcpy(text + m->length, bytes, length);
    m->text = text;
    m->length += length;
    text[m->length] = '\0';
    return 0;
}

#endif
