#include "cli/block.h"

#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

/* Bytes of a colour, "ESC [ … m", at the head of a text; 0: there is none. */
static size_t colour_length(const char *text, size_t length)
{
    if (length < 2 || text[0] != '\033' || text[1] != '[')
        return 0;
    const char *end = memchr(text, 'm', length);
    return end == NULL ? 0 : (size_t)(end + 1 - text);
}

size_t block_line_width(const char *line, size_t length)
{
    char *plain = malloc(length + 1);
    if (plain == NULL)
        return length; /* not less than it is */
    size_t used = 0;
    for (size_t i = 0; i < length;) {
        size_t colour = colour_length(line + i, length - i);
        if (colour == 0)
            plain[used++] = line[i++];
        i += colour;
    }
    plain[used] = '\0';
    size_t width = text_width(plain);
    free(plain);
    return width;
}

void block_erase(struct block *b, FILE *out, size_t width, size_t height)
{
    size_t rows = 0;
    if (b->count == 0)
        return;
    for (size_t i = 0; i < b->count; i++)
        rows += b->widths[i] > width && width > 0 ? (b->widths[i] + width - 1) / width : 1;
    if (height > 0 && rows > height - 1)
        rows = height - 1;
    fputc('\r', out);
    if (rows > 0)
        fprintf(out, "\033[%zuA", rows);
    fputs("\033[J", out);
    b->count = 0;
}

void block_draw(struct block *b, FILE *out, const char *lines)
{
    while (*lines != '\0' && b->count < BLOCK_LINES_MAX) {
        size_t length = strcspn(lines, "\n");
        b->widths[b->count++] = block_line_width(lines, length);
        fprintf(out, "%.*s\n", (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
}
