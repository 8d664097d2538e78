#include <ctype.h>
#include <string.h>

#include "importer.h"

enum { VALUE_BYTES_MAX = 8192, TAG_BYTES_MAX = 1000, NUMBER_BYTES_MIN = 4 };

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("_-.", c) != NULL);
}

static size_t past(struct span text, size_t i, const char *any)
{
    while (i < text.length && text.ptr[i] != '\0' && strchr(any, text.ptr[i]) != NULL)
        i++;
    return i;
}

static bool is(struct span text, size_t i, char c)
{
    return i < text.length && text.ptr[i] == c;
}

static bool is_quote(struct span text, size_t i)
{
    return is(text, i, '"') || is(text, i, '\'');
}

/* Of <ns:name attribute="…">value< : where the value begins; 0: it is no such tag. */
static size_t behind_tag(struct span text, size_t from, size_t end)
{
    if (from > 0 && text.ptr[from - 1] == ':')
        for (from--; from > 0 && is_name_byte(text.ptr[from - 1]);)
            from--;
    if (from == 0 || text.ptr[from - 1] != '<')
        return 0;
    size_t i = end;
    while (i < text.length && i < end + TAG_BYTES_MAX && text.ptr[i] != '<' && text.ptr[i] != '>')
        i++;
    return is(text, i, '>') && text.ptr[i - 1] != '/' ? i + 1 : 0;
}

/* From `i` up to the first byte of `ends`. */
static bool take_until(struct span text, size_t i, const char *ends, struct span *value)
{
    size_t end = i;
    while (end < text.length && end - i <= VALUE_BYTES_MAX && text.ptr[end] != '\0' &&
           strchr(ends, text.ptr[end]) == NULL)
        end++;
    *value = (struct span){text.ptr + i, end - i};
    return end > i && end - i <= VALUE_BYTES_MAX;
}

/* Behind a quote that `slashes` backslashes escape, up to the next that is escaped alike: text may
 * be quoted within quoted text. */
static bool take_quoted(struct span text, size_t i, char quote, size_t slashes, struct span *value)
{
    size_t run = 0;
    for (size_t k = i; k < text.length && k - i <= VALUE_BYTES_MAX + slashes; k++) {
        if (text.ptr[k] == quote && run >= slashes && run % (2 * (slashes + 1)) == slashes) {
            *value = (struct span){text.ptr + i, k - slashes - i};
            return value->length > 0;
        }
        run = text.ptr[k] == '\\' ? run + 1 : 0;
    }
    return false;
}

static bool is_word(struct span value)
{
    static const char *const words[] = {"true", "false", "null", "undefined", NULL};
    for (const char *const *w = words; *w != NULL; w++)
        if (span_is(value, *w))
            return true;
    return false;
}

static bool is_number(struct span value)
{
    for (size_t i = 0; i < value.length; i++)
        if (!isdigit((unsigned char)value.ptr[i]))
            return false;
    return value.length >= NUMBER_BYTES_MIN;
}

/* The value of the name that ends at `end`. Without quotes a ':' does not make one, as in prose and
 * where GraphQL says types, unless it is a number of JSON. */
static bool value_of(struct span text, size_t from, size_t end, struct span *value)
{
    size_t i = behind_tag(text, from, end);
    if (i > 0) {
        bool good = take_until(text, i, "<", value);
        *value = span_trim(*value);
        return good && value->length > 0;
    }
    size_t quote = past(text, past(text, end, "]"), "\\");
    bool quoted = is_quote(text, quote);
    size_t sign = past(text, quoted ? quote + 1 : past(text, end, "]"), " \t");
    bool equals = is(text, sign, '=');
    if (!equals && !is(text, sign, ':'))
        return false;
    i = past(text, sign + 1, " \t");
    quote = past(text, i, "\\");
    if (is_quote(text, quote))
        return take_quoted(text, quote + 1, text.ptr[quote], quote - i, value);
    bool spaced = i > sign + 1 || (sign > 0 && past(text, sign - 1, " \t") == sign);
    if (!take_until(text, i, " \t\r\n&;,<>\"'\\)]}", value) || is_word(*value))
        return false;
    return equals ? !spaced && value->ptr[0] != '=' : quoted && is_number(*value);
}

bool secret_in_text(struct span text, size_t *at, struct span *name, struct span *value)
{
    while (*at < text.length) {
        size_t from = *at, end = from;
        while (end < text.length && is_name_byte(text.ptr[end]))
            end++;
        *at = end > from ? end : from + 1;
        *name = (struct span){text.ptr + from, end - from};
        bool is_code =
            end - from >= 4 && span_begins_nocase((struct span){text.ptr + end - 4, 4}, "code");
        if (end == from || (!is_code && !secret_is_name(*name)) ||
            !value_of(text, from, end, value) ||
            (!secret_is_name(*name) && !secret_is_code(*name, *value)))
            continue;
        *at = (size_t)(value->ptr - text.ptr) + value->length;
        return true;
    }
    return false;
}
