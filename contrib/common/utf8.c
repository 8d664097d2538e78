#include "utf8.h"

#include <stdbool.h>

static bool is_character(uint32_t c)
{
    return c < 0xD800 || (c > 0xDFFF && c < 0x110000);
}

uint32_t text_next(const char **text)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; /* by length */
    const unsigned char *at = (const unsigned char *)*text;
    if (at[0] == 0)
        return 0;
    if (at[0] < 0x80) {
        (*text)++;
        return at[0];
    }
    size_t length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    uint32_t c = at[0] & (0xFFu >> (length + 1));
    size_t i = 1;
    while (at[0] >= 0xC0 && at[0] < 0xF8 && i < length && (at[i] & 0xC0) == 0x80)
        c = c << 6 | (at[i++] & 0x3F);
    if (i < length || c < least[length] || !is_character(c)) {
        (*text)++;
        return TEXT_REPLACEMENT;
    }
    *text += length;
    return c;
}

size_t text_encode(uint32_t character, char out[4])
{
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    uint32_t c = is_character(character) ? character : TEXT_REPLACEMENT;
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)(marks[length] | c);
    return length;
}
