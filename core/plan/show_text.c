#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/conceal.h"
#include "base/utf8.h"
#include "base/value.h"
#include "config/yaml.h"
#include "plan/show.h"

/* Lines and scalars. */

enum { FLUSH_AT = 32 << 10 };

static void flush(struct show *s)
{
    if (s->text.length == 0 || show_done(s))
        return;
    s->error = s->sink(s->data, s->text.data, s->text.length);
    s->error = s->error < 0 ? s->error : 0;
    s->given += s->text.length;
    buf_clear(&s->text);
}

bool show_done(const struct show *s)
{
    return s->error < 0 || s->text.failed || s->cut;
}

int32_t show_finish(struct show *s)
{
    bool cut = s->cut;
    s->cut = false;
    if (cut)
        buf_puts(&s->text, "# \xe2\x80\xa6 and more than can be shown\n");
    flush(s);
    int32_t error = s->text.failed ? STRESSOR_ENOMEM : s->error;
    buf_finish(&s->text);
    return error;
}

/* --- characters ---------------------------------------------------------------------------- */

/* Does it move the cursor, turn the direction, or stand for nothing that is to be seen? */
static bool is_hidden(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},
        {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
        {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

/* Is all of it to be seen, lines and tabs aside where `lines`? */
static bool is_clean(const char *text, size_t length, bool lines)
{
    for (size_t i = 0, size; i < length; i += size) {
        uint32_t c;
        size = utf8_decode(text + i, length - i, &c);
        if (size == 0 || (is_hidden(c) && !(lines && (c == '\n' || c == '\t'))))
            return false;
    }
    return true;
}

static void put_escape(struct show *s, uint32_t c)
{
    const char *format = c <= 0xff     ? "\\x%02" PRIx32
                         : c <= 0xffff ? "\\u%04" PRIx32
                                       : "\\U%08" PRIx32;
    buf_printf(&s->text, format, c);
}

/* With escapes in the place of what is hidden. */
static void put_clean(struct show *s, const char *text, size_t length)
{
    for (size_t i = 0, size; i < length && !show_done(s); i += size) {
        uint32_t c = (unsigned char)text[i];
        size = utf8_decode(text + i, length - i, &c);
        if (size > 0 && !is_hidden(c))
            buf_put(&s->text, text + i, size);
        else
            put_escape(s, c);
        size = size > 0 ? size : 1;
    }
}

/* --- lines --------------------------------------------------------------------------------- */

static void put_note(struct show *s)
{
    size_t used = s->text.length - s->line;
    if (s->note == NULL)
        return;
    do
        buf_putc(&s->text, ' ');
    while (++used < SHOW_NOTE_COLUMN && !s->text.failed);
    buf_puts(&s->text, " # ");
    put_clean(s, s->note, strlen(s->note));
    s->note = NULL;
}

void show_begin(struct show *s, unsigned depth)
{
    if (s->open) {
        s->open = false;
        return;
    }
    s->line = s->text.length;
    for (unsigned i = 0; i < depth && !show_done(s); i++)
        buf_puts(&s->text, "  ");
}

void show_end(struct show *s)
{
    if (show_done(s))
        return;
    put_note(s);
    buf_putc(&s->text, '\n');
    s->cut = s->given + s->text.length > SHOW_MAX;
    if (s->text.length > FLUSH_AT && !s->cut)
        flush(s);
}

void show_note(struct show *s, unsigned depth, const char *text)
{
    show_begin(s, depth);
    buf_puts(&s->text, "# ");
    put_clean(s, text, strlen(text));
    show_end(s);
}

void show_item(struct show *s, unsigned depth)
{
    show_begin(s, depth);
    buf_puts(&s->text, "- ");
    s->open = true;
}

/* --- scalars ------------------------------------------------------------------------------- */

/* Does it read as this text without quotes? */
static bool is_plain(const char *text, size_t length)
{
    stressor_value v;
    if (length == 0 || text[length - 1] == ' ' || text[length - 1] == ':' ||
        !is_clean(text, length, false))
        return false;
    bool letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
    if (!letter && strchr("/$^(", *text) == NULL)
        return false;
    if (memmem(text, length, ": ", 2) != NULL || memmem(text, length, " #", 2) != NULL)
        return false;
    return yaml_scalar(text, length, &v) && v.type == STRESSOR_STRING;
}

/* May it stand as a block of lines? */
static bool is_block(const char *text, size_t length)
{
    return memchr(text, '\n', length) != NULL && strchr(" \t\n", *text) == NULL &&
           is_clean(text, length, true);
}

static void put_quoted(struct show *s, const char *text, size_t length)
{
    buf_putc(&s->text, '"');
    for (size_t i = 0, size; i < length && !show_done(s); i += size) {
        uint32_t c = (unsigned char)text[i];
        size = utf8_decode(text + i, length - i, &c);
        bool valid = size > 0;
        if (!valid)
            size = 1;
        if (c == '"' || c == '\\')
            buf_printf(&s->text, "\\%c", (char)c);
        else if (c == '\n' || c == '\t')
            buf_puts(&s->text, c == '\n' ? "\\n" : "\\t");
        else if (valid && !is_hidden(c))
            buf_put(&s->text, text + i, size);
        else
            put_escape(s, c);
    }
    buf_putc(&s->text, '"');
}

static void put_block(struct show *s, unsigned depth, const char *text, size_t length)
{
    const char *end = text + length;
    bool keeps = length > 1 && text[length - 1] == '\n' && text[length - 2] == '\n';
    buf_puts(&s->text, keeps ? "|+" : text[length - 1] == '\n' ? "|" : "|-");
    put_note(s);
    while (text < end && !s->text.failed) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t size = (size_t)((stop != NULL ? stop : end) - text);
        buf_putc(&s->text, '\n');
        s->line = s->text.length;
        if (size > 0) {
            show_begin(s, depth);
            buf_put(&s->text, text, size);
        }
        text += size + 1;
    }
}

/* Cuts between characters. */
static size_t cut_to(const char *text, size_t most)
{
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return most;
}

static void put_scalar(struct show *s, unsigned depth, const char *text, size_t length, bool key)
{
    if (is_plain(text, length))
        buf_put(&s->text, text, length);
    else if (!key && length > 0 && is_block(text, length))
        put_block(s, depth, text, length);
    else
        put_quoted(s, text, length);
}

/* "?token=abc&x=1" with "***" in the place of what is called like a secret; macros stay. False:
 * there is none, and nothing was written. */
static bool conceal_pairs(const char *text, size_t length, struct buf *out)
{
    const char *end = text + length, *done = text;
    for (const char *at = text; at < end;) {
        const char *name = at;
        while (at < end && strchr("=&?# \n", *at) == NULL)
            at++;
        if (at == end || *at++ != '=' || !conceal_key(name, (size_t)(at - 1 - name)))
            continue;
        const char *value = at;
        while (at < end && strchr("&# \n", *at) == NULL)
            at++;
        if (at == value || *value == '$')
            continue;
        buf_put(out, done, (size_t)(value - done));
        buf_puts(out, "***");
        done = at;
    }
    if (done != text)
        buf_put(out, done, (size_t)(end - done));
    return done != text;
}

/* A URL, or a form as text, and no script. */
static bool has_pairs(const char *text, size_t length)
{
    return length > 0 && memchr(text, '=', length) != NULL && memchr(text, ' ', length) == NULL &&
           memchr(text, '\n', length) == NULL;
}

void show_scalar(struct show *s, unsigned depth, const char *text, size_t length, bool key)
{
    struct buf shown, pairs;
    buf_init(&shown, 0);
    buf_init(&pairs, 0);
    if (conceal_passwords(text, length, &shown)) {
        text = shown.data;
        length = shown.length;
    }
    if (has_pairs(text, length) && conceal_pairs(text, length, &pairs)) {
        text = pairs.data;
        length = pairs.length;
    }
    s->text.failed |= shown.failed || pairs.failed;
    if (length > SHOW_TEXT_MAX) {
        struct buf part;
        buf_init(&part, 0);
        buf_put(&part, text, cut_to(text, SHOW_TEXT_MAX));
        buf_printf(&part, "\xe2\x80\xa6 (%zu bytes)", length);
        s->text.failed |= part.failed;
        put_scalar(s, depth, part.data, part.length, key);
        buf_finish(&part);
    } else {
        put_scalar(s, depth, text, length, key);
    }
    buf_finish(&shown);
    buf_finish(&pairs);
}

/* Seconds, or what is less in its own unit; to the nanosecond. */
void show_span(struct buf *out, int64_t ns)
{
    static const struct {
        int64_t ns;
        const char *name;
    } units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};
    size_t u = 0;
    while (u + 1 < sizeof units / sizeof *units && ns < units[u].ns)
        u++;
    int64_t whole = ns / units[u].ns, rest = ns % units[u].ns;
    if (ns == 0) {
        buf_putc(out, '0');
        return;
    }
    buf_printf(out, "%" PRId64, whole);
    if (rest > 0) {
        char digits[32];
        int count = u == 0 ? 9 : u == 1 ? 6 : 3;
        snprintf(digits, sizeof digits, "%0*" PRId64, count, rest);
        while (count > 1 && digits[count - 1] == '0')
            count--;
        buf_printf(out, ".%.*s", count, digits);
    }
    buf_puts(out, units[u].name);
}
