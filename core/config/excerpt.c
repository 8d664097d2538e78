#include "config/excerpt.h"

#include <string.h>

#include "base/utf8.h"

static const char ellipsis[] = "\xe2\x80\xa6";

enum { CLOSERS = 4 };

void excerpt_init(struct excerpt *e, char *out, size_t size)
{
    *e = (struct excerpt){.out = out, .size = size};
    out[0] = '\0';
}

static void append(struct excerpt *e, const char *bytes, size_t length)
{
    memcpy(e->out + e->used, bytes, length);
    e->used += length;
    e->out[e->used] = '\0';
}

void excerpt_put(struct excerpt *e, const char *text, size_t length)
{
    size_t room = e->size - CLOSERS - sizeof ellipsis;
    for (size_t i = 0; i < length && !e->cut;) {
        uint32_t point;
        size_t width = utf8_decode(text + i, length - i, &point);
        const char *bytes = text + i;
        size_t count = width;
        if (width == 0) {
            bytes = "?";
            count = width = 1;
        } else if (point < 0x20 || (point >= 0x7f && point < 0xa0)) {
            bytes = " ";
            count = 1;
        }
        if (e->used + count > room) {
            e->cut = true;
            append(e, ellipsis, sizeof ellipsis - 1);
        } else {
            append(e, bytes, count);
        }
        i += width;
    }
}

void excerpt_close(struct excerpt *e, char c)
{
    if (e->used + 1 < e->size)
        append(e, &c, 1);
}

void excerpt_text(const char *text, size_t length, char *out, size_t size)
{
    struct excerpt e;
    excerpt_init(&e, out, size);
    excerpt_put(&e, "'", 1);
    excerpt_put(&e, text, length);
    excerpt_close(&e, '\'');
}
