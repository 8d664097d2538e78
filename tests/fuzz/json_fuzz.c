/*
 * Whatever parses is written and parsed again to an equal value.
 */
#include <stdlib.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct buf out;
    stressor_value v, again, packed;
    struct json_error error;
    void *block = NULL;
    arena_init(&a, 256, 1 << 24);
    buf_init(&out, 1 << 24);
    if (json_parse((const char *)data, size, &a, &v, &error) == JSON_OK) {
        if (!json_write(&v, size % 2 != 0, &out) ||
            json_parse(out.data, out.length, &a, &again, &error) != JSON_OK ||
            !value_equal(&v, &again) || !value_pack(&v, &packed, &block) ||
            !value_equal(&v, &packed))
            abort();
        buf_clear(&out);
        value_text(&v, VALUE_TEXT_QUOTE, &out);
    }
    free(block);
    json_looks_like((const char *)data, size);
    buf_finish(&out);
    arena_finish(&a);
    return 0;
}
