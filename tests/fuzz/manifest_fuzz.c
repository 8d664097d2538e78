/*
 * What is taken as a manifest is written and read again to the same.
 */
#include <stdlib.h>

#include "plugin/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct buf why, out;
    arena_init(&a, 256, 1 << 24);
    buf_init(&why, 0);
    buf_init(&out, 0);
    const struct manifest *m = manifest_parse((const char *)data, size, &a, &why);
    if ((m != NULL) != (why.length == 0))
        abort();
    if (m != NULL) {
        const struct manifest *again =
            manifest_write(m, &out) ? manifest_parse(out.data, out.length, &a, &why) : NULL;
        if (again == NULL || !manifest_same(m, again))
            abort();
    }
    buf_finish(&out);
    buf_finish(&why);
    arena_finish(&a);
    return 0;
}
