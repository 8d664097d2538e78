/*
 * Durations and numbers read from any text, and printed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/number.h"
#include "base/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    char out[32];
    int64_t ns, n;
    double d, again;
    if (duration_parse(text, size, &ns)) {
        duration_text(ns, out);
        if (memchr(out, '\0', sizeof out) == NULL || out[0] == '\0')
            abort();
    }
    if (number_double(text, size, &d)) {
        value_double_text(d, out);
        if (!number_double(out, strlen(out), &again) || (d == d && again != d))
            abort();
    }
    if (number_int(text, size, &n) && !number_double(text, size, &d))
        abort();
    return 0;
}
