/*
 * answer -- responses, with the headers that all of them have.
 */
#ifndef CONTRIB_MONITOR_ANSWER_H
#define CONTRIB_MONITOR_ANSWER_H

#include <microhttpd.h>

#include <common/document.h>

/* Queues and gives up `response`, which may be NULL. */
enum MHD_Result answer(struct MHD_Connection *c, unsigned status, struct MHD_Response *response,
                       const char *type);
/* A sentence; it is static. */
enum MHD_Result answer_text(struct MHD_Connection *c, unsigned status, const char *text);
/* The method is not one of those. */
enum MHD_Result answer_methods(struct MHD_Connection *c, const char *allowed);
/* Bytes that live as long as the server. */
enum MHD_Result answer_bytes(struct MHD_Connection *c, const void *bytes, size_t size,
                             const char *type);
/* Takes the document over. `attachment`: the name of the file to save, or NULL. */
enum MHD_Result answer_document(struct MHD_Connection *c, struct document *d, const char *type,
                                const char *attachment);

#endif
