#include "document.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/plugin.h>

#define FIRST ((size_t)16 << 10)

static int32_t grow(struct document *d, size_t needed)
{
    size_t size = d->size > 0 ? d->size : FIRST;
    while (size < needed)
        size *= 2;
    char *grown = realloc(d->bytes, size);
    if (grown == NULL)
        return STRESSOR_ENOMEM;
    d->bytes = grown;
    d->size = size;
    return 0;
}

int32_t document_sink(void *document, const char *bytes, uint64_t length)
{
    struct document *d = document;
    if (length > d->most - d->used)
        return STRESSOR_ELIMIT;
    if (length > d->size - d->used) {
        int32_t status = grow(d, d->used + (size_t)length);
        if (status < 0)
            return status;
    }
    if (length > 0)
        memcpy(d->bytes + d->used, bytes, (size_t)length);
    d->used += (size_t)length;
    return 0;
}

void document_free(struct document *d)
{
    free(d->bytes);
    *d = (struct document){.most = d->most};
}
