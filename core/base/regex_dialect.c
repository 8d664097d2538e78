#include "base/regex_dialect.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

struct rewriter {
    const char *at, *start, *end;
    struct dialect *d;
    bool verbose;   /* (?x) at the start: '#' begins a comment */
    size_t watch;   /* an offset in the output ... */
    size_t watched; /* ... and in the pattern, of the item that reached it */
};

static bool refuse(struct rewriter *r, const char *what, const char *at)
{
    if (r->d->error == NULL) {
        r->d->error = what;
        r->d->error_at = (size_t)(at - r->start);
    }
    return false;
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int hex_value(char c)
{
    const char *hex = "0123456789abcdef";
    char low = c >= 'A' && c <= 'F' ? (char)(c + 32) : c;
    const char *at = low != '\0' ? strchr(hex, low) : NULL;
    return at != NULL ? (int)(at - hex) : -1;
}

static void put_character(struct rewriter *r, uint32_t c)
{
    buf_printf(&r->d->out, "\\x{%" PRIx32 "}", c);
}

/* The digits of \xXX, \uXXXX, \UXXXXXXXX; `at` is behind the letter. */
static bool escape_hex(struct rewriter *r, int digits, const char *escape)
{
    uint32_t c = 0;
    for (int i = 0; i < digits; i++, r->at++) {
        int value = r->at < r->end ? hex_value(*r->at) : -1;
        if (value < 0)
            return refuse(r, "incomplete escape", escape);
        c = c << 4 | (uint32_t)value;
    }
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return refuse(r, "no such character", escape);
    put_character(r, c);
    return true;
}

static uint32_t octal(struct rewriter *r, int most)
{
    uint32_t c = 0;
    for (int i = 0; i < most && r->at < r->end && is_octal(*r->at); i++)
        c = c * 8 + (uint32_t)(*r->at++ - '0');
    return c;
}

/* \0 and three octal digits are characters, all else is the number of a group. */
static bool escape_number(struct rewriter *r, bool in_class, const char *escape)
{
    const char *p = r->at;
    bool three = r->end - p >= 3 && is_octal(p[0]) && is_octal(p[1]) && is_octal(p[2]);
    if (*p == '0' || three || (in_class && is_octal(*p))) {
        uint32_t c = octal(r, 3);
        if (c > 0377)
            return refuse(r, "octal escape beyond \\377", escape);
        put_character(r, c);
        return true;
    }
    if (in_class)
        return refuse(r, "unknown escape", escape);
    int number = *r->at++ - '0';
    if (r->at < r->end && is_digit(*r->at))
        number = number * 10 + (*r->at++ - '0');
    return buf_printf(&r->d->out, "\\g{%d}", number);
}

static bool escape(struct rewriter *r, bool in_class)
{
    const char *from = r->at++;
    if (r->at == r->end)
        return refuse(r, "a '\\' at the end", from);
    char c = *r->at;
    if (is_digit(c))
        return escape_number(r, in_class, from);
    r->at++;
    switch (c) {
    case 'x': return escape_hex(r, 2, from);
    case 'u': return escape_hex(r, 4, from);
    case 'U': return escape_hex(r, 8, from);
    case 'v': return buf_puts(&r->d->out, "\\x0b");
    case 'Z':
        if (in_class)
            break;
        return buf_puts(&r->d->out, "\\z");
    default: break;
    }
    const char *known = in_class ? "abdDfnrsStwW" : "AabBdDfnrsStwW";
    if (is_letter(c) && strchr(known, c) == NULL)
        return refuse(r, "unknown escape", from);
    return buf_put(&r->d->out, from, 2);
}

/* "[…]". A ']' that comes first stands for itself. */
static bool class(struct rewriter *r)
{
    const char *from = r->at++;
    buf_putc(&r->d->out, '[');
    if (r->at < r->end && *r->at == '^')
        buf_putc(&r->d->out, *r->at++);
    for (bool first = true; r->at < r->end; first = false) {
        char c = *r->at;
        if (c == '\\') {
            if (!escape(r, true))
                return false;
            continue;
        }
        r->at++;
        if (c == '[' || (c == ']' && first))
            buf_putc(&r->d->out, '\\');
        buf_putc(&r->d->out, c);
        if (c == ']' && !first)
            return true;
    }
    return refuse(r, "a '[' without its ']'", from);
}

/* "{m}", "{m,}", "{,n}", "{m,n}", "{,}" are repetitions, any other brace stands for itself. */
static bool brace(struct rewriter *r)
{
    const char *p = r->at + 1, *low = p;
    while (p < r->end && is_digit(*p))
        p++;
    size_t low_length = (size_t)(p - low);
    bool comma = p < r->end && *p == ',';
    const char *high = comma ? ++p : p;
    while (p < r->end && is_digit(*p))
        p++;
    size_t high_length = (size_t)(p - high);
    if (p == r->end || *p != '}' || (low_length == 0 && !comma)) {
        r->at++;
        return buf_puts(&r->d->out, "\\{");
    }
    r->at = p + 1;
    buf_putc(&r->d->out, '{');
    buf_put(&r->d->out, low_length != 0 ? low : "0", low_length != 0 ? low_length : 1);
    if (comma)
        buf_putc(&r->d->out, ',');
    buf_put(&r->d->out, high, high_length);
    return buf_putc(&r->d->out, '}');
}

static bool copy_through(struct rewriter *r, char last)
{
    const char *end = memchr(r->at, last, (size_t)(r->end - r->at));
    end = end != NULL ? end + 1 : r->end;
    buf_put(&r->d->out, r->at, (size_t)(end - r->at));
    r->at = end;
    return true;
}

/* The letters of "(?i-s:" or "(?i)": what ends them, ':' or ')'; NUL: they are none. */
static char flags_end(const char *p, const char *end)
{
    const char *from = p;
    while (p < end && *p != '\0' && strchr("imsx", *p) != NULL)
        p++;
    if (p < end && *p == '-') {
        from = ++p;
        while (p < end && *p != '\0' && strchr("imsx", *p) != NULL)
            p++;
    }
    return p > from && p < end && (*p == ')' || *p == ':') ? *p : '\0';
}

/* What may stand behind "(?" in Python. */
static bool group(struct rewriter *r)
{
    const char *from = r->at;
    size_t left = (size_t)(r->end - from);
    if (left >= 2 && from[1] == '*')
        return refuse(r, "nothing to repeat", from + 1);
    if (left < 2 || from[1] != '?') {
        r->at++;
        return buf_putc(&r->d->out, '(');
    }
    char c = left > 2 ? from[2] : '\0';
    char next = left > 3 ? from[3] : '\0';
    if (c == '#')
        return copy_through(r, ')');
    char flags = flags_end(from + 2, r->end);
    if (flags == ')')
        return refuse(r, "flags of the whole pattern stand at its start; (?i:...) is for a part",
                      from);
    bool known = c == ':' || c == '=' || c == '!' || c == '>' || flags == ':' ||
                 (c == 'P' && (next == '<' || next == '=')) ||
                 (c == '<' && (next == '=' || next == '!')) ||
                 (c == '(' && next != '?' && next != '*');
    if (!known)
        return refuse(r, "unknown kind of group", from);
    r->at += 3;
    return buf_put(&r->d->out, from, 3);
}

/* "(?ims)" at the very start: is there one? 'a' and 'u' mean nothing to PCRE2, 'L' nothing to
 * us. */
static bool leading_flags(struct rewriter *r)
{
    const char *p = r->at;
    if (r->end - p < 4 || p[0] != '(' || p[1] != '?')
        return false;
    for (p += 2; p < r->end && strchr("aimsux", *p) != NULL && *p != '\0';)
        p++;
    if (p == r->at + 2 || p == r->end || *p != ')')
        return false;
    char kept[8];
    size_t count = 0;
    for (const char *f = r->at + 2; f < p; f++) {
        if (*f == 'a')
            r->d->ascii = true;
        else if (*f == 'x')
            r->verbose = true;
        if (*f != 'a' && *f != 'u' && memchr(kept, *f, count) == NULL)
            kept[count++] = *f;
    }
    r->at = p + 1;
    if (count > 0)
        buf_printf(&r->d->out, "(?%.*s)", (int)count, kept);
    return true;
}

static bool item(struct rewriter *r)
{
    switch (*r->at) {
    case '\\': return escape(r, false);
    case '[': return class(r);
    case '{': return brace(r);
    case '(': return group(r);
    case '#':
        if (r->verbose)
            return copy_through(r, '\n');
        break;
    default: break;
    }
    return buf_putc(&r->d->out, *r->at++);
}

static void rewrite(struct rewriter *r)
{
    bool good = true;
    while (leading_flags(r))
        ;
    while (good && r->at < r->end && r->d->error == NULL) {
        if (r->d->out.length <= r->watch)
            r->watched = (size_t)(r->at - r->start);
        good = item(r);
    }
    if (r->d->out.failed)
        refuse(r, "out of memory", r->at);
}

static struct rewriter rewriter_of(struct dialect *d, const char *pattern, size_t length)
{
    memset(d, 0, sizeof *d);
    buf_init(&d->out, DIALECT_OUT_MAX);
    return (struct rewriter){.at = pattern, .start = pattern, .end = pattern + length, .d = d};
}

bool dialect_rewrite(struct dialect *d, const char *pattern, size_t length)
{
    struct rewriter r = rewriter_of(d, pattern, length);
    if (length > DIALECT_PATTERN_MAX)
        return refuse(&r, "the pattern is too long", pattern);
    rewrite(&r);
    return d->error == NULL;
}

void dialect_finish(struct dialect *d)
{
    buf_finish(&d->out);
}

size_t dialect_origin(const char *pattern, size_t length, size_t out_offset)
{
    struct dialect d;
    struct rewriter r = rewriter_of(&d, pattern, length);
    r.watch = out_offset;
    rewrite(&r);
    dialect_finish(&d);
    return r.watched;
}
