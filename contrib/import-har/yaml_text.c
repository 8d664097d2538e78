#include "yaml_text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { COMMENT_BYTES_MAX = 120, SHOWN_BYTES_MAX = 80 };

static bool is_word_of_yaml(struct span s)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on",
                                        "off",  "null",  "y",   "n",  NULL};
    for (const char *const *w = words; *w != NULL; w++)
        if (s.length == strlen(*w) && strncasecmp(s.ptr, *w, s.length) == 0)
            return true;
    return false;
}

/* Few texts may stand as they are: a letter, '/' or a macro first, then nothing that YAML knows. */
static bool is_plain(struct span s)
{
    if (s.length == 0 || s.length > 200 || is_word_of_yaml(s) || s.ptr[s.length - 1] == ' ')
        return false;
    if (!isalpha((unsigned char)s.ptr[0]) && s.ptr[0] != '/' && !span_begins(s, "$("))
        return false;
    for (size_t i = 0; i < s.length; i++)
        if (s.ptr[i] == '\0' ||
            (!isalnum((unsigned char)s.ptr[i]) && strchr(" /._-+$()%=@", s.ptr[i]) == NULL))
            return false;
    return true;
}

/* One character of well-formed UTF-8; what is not is read as U+FFFD. */
static uint32_t character(struct span s, size_t *length)
{
    unsigned char c = (unsigned char)s.ptr[0];
    size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    *length = 1;
    if (n > s.length || !span_is_utf8((struct span){s.ptr, n}))
        return 0xfffd;
    *length = n;
    uint32_t value = n == 1 ? c : c & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        value = value << 6 | ((unsigned char)s.ptr[i] & 0x3f);
    return value;
}

static bool is_printable(uint32_t c)
{
    return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0x2028) || (c > 0x202e && c < 0x2066) ||
           (c > 0x2069 && c < 0xd800) || (c >= 0xe000 && c < 0xfeff) ||
           (c > 0xfeff && c < 0xfffe) || (c >= 0x10000 && c <= 0x10ffff && (c & 0xfffe) != 0xfffe);
}

static void put_character(struct text *out, uint32_t c, struct span bytes)
{
    switch (c) {
    case '"': text_puts(out, "\\\""); return;
    case '\\': text_puts(out, "\\\\"); return;
    case '\n': text_puts(out, "\\n"); return;
    case '\r': text_puts(out, "\\r"); return;
    case '\t': text_puts(out, "\\t"); return;
    case '\0': text_puts(out, "\\0"); return;
    default: break;
    }
    if (c == 0xfffd)
        text_puts(out, "\xef\xbf\xbd");
    else if (is_printable(c))
        text_span(out, bytes);
    else if (c < 0x100)
        text_printf(out, "\\x%02x", (unsigned)c);
    else if (c < 0x10000)
        text_printf(out, "\\u%04x", (unsigned)c);
    else
        text_printf(out, "\\U%08x", (unsigned)c);
}

void yaml_text(struct text *out, struct span s)
{
    if (is_plain(s)) {
        text_span(out, s);
        return;
    }
    text_char(out, '"');
    for (size_t i = 0, n; i < s.length && !out->failed; i += n) {
        uint32_t c = character((struct span){s.ptr + i, s.length - i}, &n);
        put_character(out, c, (struct span){s.ptr + i, n});
    }
    text_char(out, '"');
}

void yaml_comment(struct text *out, struct span s)
{
    size_t n;
    for (size_t i = 0; i < s.length && i < COMMENT_BYTES_MAX; i += n) {
        uint32_t c = character((struct span){s.ptr + i, s.length - i}, &n);
        if (is_printable(c) && c != 0xfffd)
            text_put(out, s.ptr + i, n);
        else
            text_char(out, ' ');
    }
    if (s.length > COMMENT_BYTES_MAX)
        text_puts(out, "...");
}

void yaml_shown(struct text *out, struct span s)
{
    size_t n;
    for (size_t i = 0; i < s.length && i < SHOWN_BYTES_MAX; i += n) {
        uint32_t c = character((struct span){s.ptr + i, s.length - i}, &n);
        if (c == '"' || c == '\\')
            text_char(out, (char)c);
        else
            put_character(out, c, (struct span){s.ptr + i, n});
    }
    if (s.length > SHOWN_BYTES_MAX)
        text_puts(out, "...");
}

void yaml_indent(struct text *out, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++)
        text_char(out, ' ');
}
