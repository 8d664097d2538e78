/*
 * The input is a path, a newline and a JSON text to follow it in. A path found has no reason to
 * say why not, and the other way round.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *newline = size != 0 ? memchr(text, '\n', size) : NULL;
    size_t length = newline != NULL ? (size_t)(newline - text) : size;
    const char *json = newline != NULL ? newline + 1 : "null";
    size_t json_length = newline != NULL ? size - length - 1 : 4;
    const char *error = NULL;
    struct stressor_path *p = path_new(text, length, &error);
    if ((p == NULL) != (error != NULL))
        abort();
    struct arena a;
    struct buf why;
    stressor_value root;
    arena_init(&a, 256, 1 << 24);
    buf_init(&why, 0);
    if (p != NULL && json_parse(json, json_length, &a, &root, NULL) == JSON_OK) {
        const stressor_value *v = path_get(p, &root, &why);
        if ((v == NULL) != (why.length != 0))
            abort();
    }
    buf_finish(&why);
    arena_finish(&a);
    path_free(p);
    return 0;
}
