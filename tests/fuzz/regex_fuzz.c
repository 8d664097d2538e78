/*
 * The input is a byte of flags, a pattern, a newline and a text to search. What is found lies
 * within the text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/regex.h"

enum { GROUPS = 4, PATTERN_MAX = 200, TEXT_MAX = 2000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    unsigned flags = data[0] & (REGEX_MULTILINE | REGEX_AT_START);
    const char *pattern = (const char *)data + 1, *end = (const char *)data + size;
    const char *newline = memchr(pattern, '\n', size - 1);
    const char *text = newline != NULL ? newline + 1 : end;
    size_t pattern_length = (size_t)((newline != NULL ? newline : end) - pattern);
    size_t text_length = (size_t)(end - text);
    if (pattern_length > PATTERN_MAX || text_length > TEXT_MAX)
        return 0;
    char error[100] = "";
    struct stressor_regex *r = regex_new(pattern, pattern_length, flags, error, sizeof error);
    if ((r == NULL) != (error[0] != '\0'))
        abort();
    size_t spans[2 * GROUPS];
    if (r != NULL && regex_find(r, text, text_length, 0, spans, GROUPS) == REGEX_YES) {
        for (size_t i = 0; i < (size_t)GROUPS; i++) {
            if (spans[2 * i] == SIZE_MAX
                    ? spans[2 * i + 1] != SIZE_MAX
                    : spans[2 * i] > spans[2 * i + 1] || spans[2 * i + 1] > text_length)
                abort();
        }
    }
    regex_free(r);
    return 0;
}
