#include "config/yaml_hint.h"

#include <string.h>

#include "base/utf8.h"

static const struct hint {
    const char *problem;
    const char *text;
} hints[] = {
    {"mapping values are not allowed in this context", "a text that holds ': ' needs quotes"},
    {"could not find expected ':'", "a key is followed by ': ', KEY: VALUE"},
    {"did not find expected key", "is the indentation right?"},
    {"did not find expected '-' indicator", "is the indentation right?"},
    {"did not find expected <document start>", "is the indentation right?"},
    {"found a tab character that violates indentation", "indent with spaces"},
    {"found unknown escape character", "in single quotes a backslash stands for itself"},
};

static const char cannot_start[] = "found character that cannot start any token";

/* The character at an index; NUL behind the last, and for those that are not ASCII. */
static char character_at(const char *text, size_t length, size_t index)
{
    size_t at = 0;
    for (; index > 0 && at < length; index--) {
        uint32_t point;
        size_t width = utf8_decode(text + at, length - at, &point);
        at += width > 0 ? width : 1;
    }
    return at < length && (unsigned char)text[at] < 0x80 ? text[at] : '\0';
}

void yaml_hint(const char *problem, const char *text, size_t length, size_t index, struct buf *out)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (strcmp(problem, hints[i].problem) == 0)
            buf_printf(out, "; %s", hints[i].text);
    if (strcmp(problem, cannot_start) != 0)
        return;
    char c = character_at(text, length, index);
    if (c == '\t')
        buf_puts(out, "; it is a tab: indent with spaces");
    else if (c != '\0')
        buf_printf(out, "; a text that begins with '%c' needs quotes", c);
}
