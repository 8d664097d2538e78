/*
 * document -- a document that is rendered into memory.
 *
 *     struct document d = {.most = 16 << 20};
 *     status = exposition_write(api, snapshot, document_sink, &d);
 *     …
 *     document_free(&d);
 */
#ifndef CONTRIB_COMMON_DOCUMENT_H
#define CONTRIB_COMMON_DOCUMENT_H

#include <stddef.h>
#include <stdint.h>

struct document {
    char *bytes; /* for free() */
    size_t used, size;
    size_t most; /* bytes that it may have */
};

/* A stressor_sink whose data is a document. STRESSOR_ELIMIT: it has become too long;
 * STRESSOR_ENOMEM. */
int32_t document_sink(void *document, const char *bytes, uint64_t length);
void document_free(struct document *d);

#endif
