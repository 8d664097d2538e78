/*
 * The input is a Content-Type, a newline and a body in its charset. The text is UTF-8; what is
 * valid already stays as it is, but for a byte order mark.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"

enum { INPUT_MAX = 20000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void check(const char *content_type, struct span body)
{
    struct buf room, again;
    struct span text, same;
    buf_init(&room, 100 * INPUT_MAX);
    buf_init(&again, 100 * INPUT_MAX);
    require(charset_text(content_type, body, &room, &text));
    require(charset_is_utf8(text));
    require(charset_text("text/plain; charset=utf-8", text, &again, &same));
    require(same.length == text.length || same.length + 3 == text.length); /* a second mark */
    if (content_type == NULL && charset_is_utf8(body))
        require(text.length == body.length || text.length + 3 == body.length);
    buf_finish(&room);
    buf_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > INPUT_MAX)
        return 0;
    const char *text = size > 0 ? (const char *)data : "";
    const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
    size_t length = end != NULL ? (size_t)(end - text) : size;
    size_t rest = end != NULL ? length + 1 : size;
    char *content_type = strndup(text, length);
    /* A copy of its own, so that reading past its end is seen. */
    struct span body = {NULL, size - rest};
    char *copy = malloc(body.length > 0 ? body.length : 1);
    require(content_type != NULL && copy != NULL);
    memcpy(copy, text + rest, body.length);
    body.ptr = copy;
    check(content_type, body);
    check(NULL, body);
    free(content_type);
    free(copy);
    return 0;
}
