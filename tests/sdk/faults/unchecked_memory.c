/* Writes to memory that it has not got. */
#include "fault.h"

#include <stdlib.h>

static int32_t start(stressor_exec *x, stressor_result *r)
{
    volatile char *bytes = malloc(16);
    bytes[0] = 'a';
    char first = bytes[0];
    free((void *)bytes);
    char *text = x->host->scratch(x, 2);
    if (text == NULL)
        return stressor_fail(x, &r->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    text[0] = first;
    r->value = stressor_string_n(text, 1);
    return STRESSOR_DONE;
}

FAULT_PLUGIN(start, NULL)
