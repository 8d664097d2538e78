#include "out.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

void out_begin(struct out *o, stressor_sink sink, void *data)
{
    o->sink = sink;
    o->data = data;
    o->status = 0;
    o->used = 0;
}

static void hand_on(struct out *o)
{
    if (o->status == 0 && o->used > 0) {
        int32_t status = o->sink(o->data, o->piece, o->used);
        if (status < 0)
            o->status = status;
    }
    o->used = 0;
}

int32_t out_finish(struct out *o)
{
    hand_on(o);
    return o->status;
}

void out_fail(struct out *o, int32_t status)
{
    if (o->status == 0)
        o->status = status;
}

void out_bytes(struct out *o, const char *bytes, size_t length)
{
    while (length > 0 && o->status == 0) {
        size_t room = OUT_PIECE - o->used;
        size_t part = length < room ? length : room;
        memcpy(o->piece + o->used, bytes, part);
        o->used += part;
        bytes += part;
        length -= part;
        if (o->used == OUT_PIECE)
            hand_on(o);
    }
}

void out_text(struct out *o, const char *text)
{
    if (text != NULL)
        out_bytes(o, text, strlen(text));
}

void out_char(struct out *o, char c)
{
    out_bytes(o, &c, 1);
}

void out_character(struct out *o, uint32_t character)
{
    char bytes[4];
    out_bytes(o, bytes, text_encode(character, bytes));
}

void out_count(struct out *o, uint64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, n);
    out_bytes(o, digits, (size_t)length);
}

void out_int(struct out *o, int64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, n);
    out_bytes(o, digits, (size_t)length);
}

void out_real(struct out *o, double x)
{
    char digits[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, x);
        if (strtod(digits, NULL) == x)
            break;
    }
    /* The locale's decimal separator may be anything, of any length. */
    size_t whole = strspn(digits, "+-0123456789e");
    out_bytes(o, digits, whole);
    size_t separator = strcspn(digits + whole, "+-0123456789e");
    if (separator > 0) {
        out_char(o, '.');
        out_text(o, digits + whole + separator);
    }
}

void out_decimal(struct out *o, int64_t n, unsigned decimals)
{
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    char digits[24];
    size_t at = sizeof digits;
    bool needed = false;
    for (unsigned i = 0; i < decimals; i++) {
        needed = needed || left % 10 != 0;
        if (needed)
            digits[--at] = (char)('0' + left % 10);
        left /= 10;
    }
    if (n < 0)
        out_char(o, '-');
    out_count(o, left);
    if (needed)
        out_char(o, '.');
    out_bytes(o, digits + at, sizeof digits - at);
}
