#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conceal.h"
#include "base/container.h"
#include "base/utf8.h"
#include "base/value.h"

/* A finite number as D1.D2D3… times ten to the exponent. */
struct decimal {
    char digits[20];
    int count;
    int exponent;
};

/* Adds one to the last digit of "D.DDDe…". False: it is a 9. */
static bool digit_bump(char *text)
{
    char *e = strchr(text, 'e');
    if (e == text || e[-1] < '0' || e[-1] >= '9')
        return false;
    e[-1]++;
    return true;
}

/* Whatever the decimal point of the locale is, it is between the first digit and the others.
 * Below a power of two doubles lie closer: there the digits nearest to it may read back as its
 * neighbour while the next ones up read back right. */
static bool decimal_try(double d, int precision, struct decimal *out)
{
    char text[48];
    int exponent;
    snprintf(text, sizeof text, "%.*e", precision - 1, fabs(d));
    if (strtod(text, NULL) != fabs(d) &&
        (frexp(fabs(d), &exponent) != 0.5 || !digit_bump(text) || strtod(text, NULL) != fabs(d)))
        return false;
    const char *e = strchr(text, 'e');
    out->count = 0;
    for (const char *p = text; p < e; p++) {
        if (*p >= '0' && *p <= '9' && out->count < (int)sizeof out->digits)
            out->digits[out->count++] = *p;
    }
    while (out->count > 1 && out->digits[out->count - 1] == '0')
        out->count--;
    out->exponent = atoi(e + 1);
    return true;
}

static void decimal_shortest(double d, struct decimal *out)
{
    /* A normal number with at most 15 digits has them as its 15 first ones. */
    int precision = fabs(d) < DBL_MIN ? 1 : DBL_DIG;
    while (!decimal_try(d, precision, out) && precision < DBL_DECIMAL_DIG)
        precision++;
}

static char *put(char *at, const char *bytes, int count)
{
    memcpy(at, bytes, (size_t)count);
    return at + count;
}

static char *put_zeros(char *at, int count)
{
    for (int i = 0; i < count; i++)
        *at++ = '0';
    return at;
}

void value_double_text(double d, char out[32])
{
    if (isnan(d) || isinf(d)) {
        strcpy(out, isnan(d) ? "nan" : d < 0 ? "-inf" : "inf");
        return;
    }
    if (fabs(d) < 1e15 && d == trunc(d)) {
        snprintf(out, 32, "%.0f.0", d);
        return;
    }
    struct decimal n = {0};
    decimal_shortest(d, &n);
    char *at = out;
    if (d < 0)
        *at++ = '-';
    if (n.exponent < -4 || n.exponent >= 16) {
        *at++ = n.digits[0];
        if (n.count > 1) {
            *at++ = '.';
            at = put(at, n.digits + 1, n.count - 1);
        }
        snprintf(at, 8, "e%c%02d", n.exponent < 0 ? '-' : '+', abs(n.exponent) % 1000);
        return;
    }
    if (n.exponent < 0) {
        at = put(at, "0.", 2);
        at = put_zeros(at, -n.exponent - 1);
        at = put(at, n.digits, n.count);
    } else {
        int whole = n.exponent + 1;
        int given = n.count < whole ? n.count : whole;
        at = put(at, n.digits, given);
        at = put_zeros(at, whole - given);
        *at++ = '.';
        at = n.count > whole ? put(at, n.digits + whole, n.count - whole) : put_zeros(at, 1);
    }
    *at = '\0';
}

/* What Python's str.isprintable denies, as far as it is met in practice: separators, formatting
 * and private characters. */
static bool is_printable(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1F},        {0x7F, 0xA0},     {0xAD, 0xAD},     {0x600, 0x605},
        {0x61C, 0x61C},      {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x200F},
        {0x2028, 0x202F},    {0x205F, 0x206F}, {0x3000, 0x3000}, {0xD800, 0xF8FF},
        {0xFEFF, 0xFEFF},    {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE00FF},
        {0xE01F0, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && c >= ranges[i].first; i++) {
        if (c <= ranges[i].last)
            return false;
    }
    return true;
}

static void escape_text(uint32_t c, char out[16])
{
    const char *fmt = c <= 0xFF ? "\\x%02" PRIx32 : c <= 0xFFFF ? "\\u%04" PRIx32 : "\\U%08" PRIx32;
    switch (c) {
    case '\n': strcpy(out, "\\n"); break;
    case '\r': strcpy(out, "\\r"); break;
    case '\t': strcpy(out, "\\t"); break;
    default: snprintf(out, 16, fmt, c); break;
    }
}

static bool write_quoted(const char *text, size_t length, struct buf *out)
{
    bool single = length != 0 && memchr(text, '\'', length) != NULL;
    char quote = single && memchr(text, '"', length) == NULL ? '"' : '\'';
    buf_putc(out, quote);
    size_t run = 0; /* where the bytes begin that are still to be written as they are */
    for (size_t i = 0, size; i < length && !out->failed; i += size) {
        uint32_t c = 0;
        size = utf8_decode(text + i, length - i, &c);
        bool valid = size != 0;
        if (!valid) {
            size = 1;
            c = (unsigned char)text[i];
        }
        if (valid && c != (unsigned char)quote && c != '\\' && is_printable(c))
            continue;
        char escape[16] = {'\\', (char)c, '\0'};
        if (!valid || (c != (unsigned char)quote && c != '\\'))
            escape_text(c, escape);
        buf_put(out, text + run, i - run);
        buf_puts(out, escape);
        run = i + size;
    }
    buf_put(out, text + run, length - run);
    return buf_putc(out, quote);
}

struct writer {
    struct buf *out;
    bool mask;
    bool secret; /* one was written */
};

static void write_value(struct writer *w, const stressor_value *v, bool quote);

static void write_list(struct writer *w, const stressor_value *v)
{
    buf_putc(w->out, '[');
    for (uint64_t i = 0; i < v->as.list.count && !w->out->failed; i++) {
        if (i != 0)
            buf_puts(w->out, ", ");
        write_value(w, &v->as.list.ptr->items[i], true);
    }
    buf_putc(w->out, ']');
}

static void write_map(struct writer *w, const stressor_value *v)
{
    buf_putc(w->out, '{');
    for (uint64_t i = 0; i < v->as.map.count && !w->out->failed; i++) {
        const struct map_entry *e = &v->as.map.ptr->entries[i];
        if (i != 0)
            buf_puts(w->out, ", ");
        write_quoted(e->key, (size_t)e->length, w->out);
        buf_puts(w->out, ": ");
        if (w->mask && conceal_header(e->key, (size_t)e->length))
            buf_puts(w->out, "***");
        else
            write_value(w, &e->value, true);
    }
    buf_putc(w->out, '}');
}

static void write_double(double d, struct buf *out)
{
    char text[32];
    value_double_text(d, text);
    buf_puts(out, text);
}

static void write_value(struct writer *w, const stressor_value *v, bool quote)
{
    if ((v->flags & STRESSOR_SECRET) != 0) {
        if (w->mask) {
            buf_puts(w->out, "***");
            return;
        }
        w->secret = true;
    }
    switch ((enum stressor_type)v->type) {
    case STRESSOR_NULL: buf_puts(w->out, "None"); break;
    case STRESSOR_BOOL: buf_puts(w->out, v->as.integer != 0 ? "True" : "False"); break;
    case STRESSOR_INT: buf_printf(w->out, "%" PRId64, v->as.integer); break;
    case STRESSOR_DOUBLE: write_double(v->as.real, w->out); break;
    case STRESSOR_STRING:
        if (quote && !value_is_numeral(v))
            write_quoted(v->as.string.ptr, (size_t)v->as.string.length, w->out);
        else
            buf_put(w->out, v->as.string.ptr, (size_t)v->as.string.length);
        break;
    case STRESSOR_LIST: write_list(w, v); break;
    case STRESSOR_MAP: write_map(w, v); break;
    }
}

bool value_text(const stressor_value *v, unsigned flags, struct buf *out)
{
    struct writer w = {.out = out, .mask = (flags & VALUE_TEXT_MASK) != 0};
    write_value(&w, v, (flags & VALUE_TEXT_QUOTE) != 0);
    return w.secret;
}
