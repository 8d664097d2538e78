/*
 * Lines of the section `thresholds`: whatever stands in one, it is read or refused with a reason.
 */
#include <math.h>
#include <stdlib.h>

#include "plan/threshold_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct threshold_line line;
    struct buf why;
    buf_init(&why, 0);
    bool good = threshold_line_parse(text, size, &line, &why);
    if (good != (why.length == 0))
        abort();
    if (good && (!isfinite(line.is.limit) || line.is.limit < 0 || line.is.for_ns < 0))
        abort();
    if (good && line.name != NULL &&
        (line.name < text || line.name_length == 0 || line.name + line.name_length > text + size))
        abort();
    buf_finish(&why);
    return 0;
}
