#include "markup.h"

#include <stdbool.h>

#include "utf8.h"

/* Turns the direction of all that follows, markup's text too. */
static bool turns(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static bool sayable(uint32_t c)
{
    return c >= 0x20 && !turns(c) && (c < 0x7F || c > 0x9F) && (c & 0xFFFE) != 0xFFFE;
}

void markup_text(struct out *o, const char *text)
{
    uint32_t c;
    while (text != NULL && (c = text_next(&text)) != 0) {
        switch (c) {
        case '&': out_text(o, "&amp;"); break;
        case '<': out_text(o, "&lt;"); break;
        case '>': out_text(o, "&gt;"); break;
        case '"': out_text(o, "&quot;"); break;
        case '\'': out_text(o, "&#39;"); break;
        /* As they are, a parser would turn them into spaces or other line ends. */
        case '\t': out_text(o, "&#9;"); break;
        case '\n': out_text(o, "&#10;"); break;
        case '\r': out_text(o, "&#13;"); break;
        default: out_character(o, sayable(c) ? c : TEXT_REPLACEMENT);
        }
    }
}

void markup_attribute(struct out *o, const char *name, const char *text)
{
    out_char(o, ' ');
    out_text(o, name);
    out_text(o, "=\"");
    markup_text(o, text);
    out_char(o, '"');
}
