#include "answer.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* No script, style or picture but our own files; nothing in text is ever taken for markup; no other
 * page may frame or read ours. */
static const struct {
    const char *name, *value;
} always[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {MHD_HTTP_HEADER_CACHE_CONTROL, "no-store"},
};

enum MHD_Result answer(struct MHD_Connection *c, unsigned status, struct MHD_Response *response,
                       const char *type)
{
    if (response == NULL)
        return MHD_NO;
    bool good = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        good =
            good && MHD_add_response_header(response, always[i].name, always[i].value) == MHD_YES;
    enum MHD_Result queued = good ? MHD_queue_response(c, status, response) : MHD_NO;
    MHD_destroy_response(response);
    return queued;
}

/* MHD promises not to write to persistent memory, but takes a plain pointer. */
static struct MHD_Response *borrowed(const void *bytes, size_t size)
{
    return MHD_create_response_from_buffer(size, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result answer_text(struct MHD_Connection *c, unsigned status, const char *text)
{
    return answer(c, status, borrowed(text, strlen(text)), "text/plain; charset=utf-8");
}

enum MHD_Result answer_methods(struct MHD_Connection *c, const char *allowed)
{
    struct MHD_Response *response = borrowed("", 0);
    if (response != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, allowed);
    return answer(c, MHD_HTTP_METHOD_NOT_ALLOWED, response, "text/plain; charset=utf-8");
}

enum MHD_Result answer_bytes(struct MHD_Connection *c, const void *bytes, size_t size,
                             const char *type)
{
    return answer(c, MHD_HTTP_OK, borrowed(bytes, size), type);
}

enum MHD_Result answer_document(struct MHD_Connection *c, struct document *d, const char *type,
                                const char *attachment)
{
    char disposition[80];
    struct MHD_Response *response =
        MHD_create_response_from_buffer(d->used, d->bytes, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        document_free(d);
        return MHD_NO;
    }
    if (attachment != NULL) {
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", attachment);
        MHD_add_response_header(response, "Content-Disposition", disposition);
    }
    return answer(c, MHD_HTTP_OK, response, type);
}
