#include "cli/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Narrower terminals are not worth breaking lines for. */
#define WRAP_LEAST 40

static const char ellipsis[] = "…";

/* Bytes of the character that begins at `s`; 0: that is not UTF-8. */
static size_t decode(const char *s, size_t length, uint32_t *out)
{
    const unsigned char *b = (const unsigned char *)s;
    if (b[0] < 0x80) {
        *out = b[0];
        return 1;
    }
    size_t more = b[0] >= 0xf0 ? 3 : b[0] >= 0xe0 ? 2 : 1;
    if (b[0] < 0xc2 || b[0] > 0xf4 || more >= length)
        return 0;
    uint32_t c = b[0] & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (b[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *out = c;
    return more + 1;
}

static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

char *text_clean(const char *bytes, size_t length, const char *newline)
{
    size_t newline_length = strlen(newline);
    size_t growth = newline_length > 4 ? newline_length : 4;
    if (length >= SIZE_MAX / growth)
        return NULL;
    char *text = malloc(length * growth + 1);
    if (text == NULL)
        return NULL;
    char *to = text;
    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        size_t n = decode(bytes + i, length - i, &c);
        if (n == 1 && c == '\n') {
            memcpy(to, newline, newline_length);
            to += newline_length;
        } else if (n == 1 && c == '\t') {
            *to++ = ' ';
        } else if (n == 0 || is_hidden(c)) {
            n = n == 0 ? 1 : n;
            for (size_t k = 0; k < n; k++)
                to += sprintf(to, "\\x%02x", (unsigned)(unsigned char)bytes[i + k]);
        } else {
            memcpy(to, bytes + i, n);
            to += n;
        }
        i += n;
    }
    *to = '\0';
    return text;
}

static size_t columns_of(uint32_t c)
{
    int width = wcwidth((wchar_t)c);
    return width < 0 ? 1 : (size_t)width;
}

char *text_format_args(const char *fmt, va_list args)
{
    char *text = NULL;
    return vasprintf(&text, fmt, args) < 0 ? NULL : text;
}

char *text_format(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = text_format_args(fmt, args);
    va_end(args);
    return text;
}

/* Bytes and columns of the next character. */
static size_t step(const char *text, size_t left, size_t *columns)
{
    uint32_t c = 0;
    size_t n = decode(text, left, &c);
    *columns = n == 0 ? 1 : columns_of(c);
    return n == 0 ? 1 : n;
}

size_t text_width(const char *text)
{
    size_t width = 0;
    size_t left = strlen(text);
    while (left > 0) {
        size_t columns = 0;
        size_t n = step(text, left, &columns);
        width += columns;
        text += n;
        left -= n;
    }
    return width;
}

/* Bytes of the longest beginning that fits. */
static size_t fit(const char *text, size_t columns)
{
    size_t at = 0;
    size_t left = strlen(text);
    while (left > at) {
        size_t width = 0;
        size_t n = step(text + at, left - at, &width);
        if (width > columns)
            break;
        columns -= width;
        at += n;
    }
    return at;
}

/* Keeps `head` columns at the begin and what fits of `tail` columns at the end. */
static void cut(char *text, size_t head, size_t tail)
{
    size_t length = strlen(text);
    size_t from = fit(text, head);
    size_t to = from;
    size_t width = text_width(text + from);
    size_t columns = 0;
    /* Combining marks go with their letter. */
    while (to < length) {
        size_t n = step(text + to, length - to, &columns);
        if (width <= tail && columns > 0)
            break;
        to += n;
        width -= columns;
    }
    /* Room for the ellipsis, where narrow characters make way. */
    while (from > 0 && to - from < sizeof ellipsis - 1) {
        do
            from--;
        while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80);
    }
    size_t mark = to - from < sizeof ellipsis - 1 ? 0 : sizeof ellipsis - 1;
    memcpy(text + from, ellipsis, mark);
    memmove(text + from + mark, text + to, length - to + 1);
}

void text_cut_middle(char *text, size_t columns)
{
    if (columns == 0 || text_width(text) <= columns)
        return;
    size_t tail = (columns - 1) / 2;
    cut(text, columns - 1 - tail, tail);
}

void text_cut_end(char *text, size_t columns)
{
    if (columns == 0 || text_width(text) <= columns)
        return;
    cut(text, columns - 1, 0);
}

/* Columns of `length` bytes. */
static size_t width_of(const char *text, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0, n = 0, w = 0; i < length; i += n, columns += w)
        n = step(text + i, length - i, &w);
    return columns;
}

/* Writes what there is room for of a word of `length` bytes, which is longer than a line. Returns
 * how many bytes are left for the last one. */
static size_t break_word(FILE *out, const char *word, size_t length, size_t at, size_t indent,
                         size_t width)
{
    while (width_of(word, length) + at >= width) {
        size_t n = fit(word, at + 1 < width ? width - 1 - at : 0);
        if (n == 0 && at <= indent)
            break;
        fwrite(word, 1, n, out);
        fprintf(out, "\n%*s", (int)indent, "");
        word += n;
        length -= n;
        at = indent;
    }
    return length;
}

static void wrap(FILE *out, const char *text, size_t at, size_t indent, size_t width, bool breaks)
{
    const char *word = text;
    while (*word != '\0') {
        size_t spaces = strspn(word, " ");
        size_t length = spaces + strcspn(word + spaces, " ");
        size_t columns = width_of(word, length);
        if (width >= WRAP_LEAST && word != text && spaces > 0 && at + columns >= width) {
            fprintf(out, "\n%*s", (int)indent, "");
            word += spaces;
            length -= spaces;
            columns -= spaces;
            at = indent;
        }
        if (width >= WRAP_LEAST && breaks && at + columns >= width) {
            size_t left = break_word(out, word, length, at, indent, width);
            word += length - left;
            length = left;
            columns = width_of(word, length);
            at = indent;
        }
        fwrite(word, 1, length, out);
        word += length;
        at += columns;
    }
    fputc('\n', out);
}

void text_wrap(FILE *out, const char *text, size_t at, size_t indent, size_t width)
{
    wrap(out, text, at, indent, width, false);
}

void text_fill(FILE *out, const char *text, size_t at, size_t indent, size_t width)
{
    wrap(out, text, at, indent, width, true);
}

size_t text_longest_word(const char *text)
{
    size_t longest = 0;
    while (*text != '\0') {
        text += strspn(text, " ");
        size_t length = strcspn(text, " ");
        size_t columns = width_of(text, length);
        longest = columns > longest ? columns : longest;
        text += length;
    }
    return longest;
}
