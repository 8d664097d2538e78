#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"
#include "json_stream.h"
#include "yaml_text.h"

/* JSON as YAML in block style, below "json:". */

enum {
    DEPTH_MAX = 40,      /* a scenario may have 64 */
    KEYS_MAX = 500,      /* of one object: they are compared with each other */
    KEY_BYTES_MAX = 200, /* YAML's limit for keys on one line is 1,024 characters */
    VALUES_MAX = 20000,
    INDENT = 6
};

struct writer {
    struct importer *im;
    struct text *out;
    struct {
        bool is_map;
        unsigned count;
        size_t keys; /* where its keys begin */
    } frames[JSON_DEPTH_MAX + 1];
    unsigned depth, values;
    struct span *keys;
    size_t keys_count, keys_size;
    struct span key;
    bool unfit; /* it is not to be said in YAML */
};

/* While collecting the rest is looked at all the same: it may hold secrets. */
static bool unfit(struct writer *w)
{
    w->unfit = true;
    return w->im->collecting;
}

/* What stands before a value, up to its ':' or '-'. */
static void begin_value(struct writer *w)
{
    if (w->depth == 0)
        return;
    w->frames[w->depth - 1].count++;
    if (w->frames[w->depth - 1].is_map)
        return; /* its key did */
    text_char(w->out, '\n');
    yaml_indent(w->out, INDENT + 2 * (w->depth - 1));
    text_char(w->out, '-');
}

/* As YAML 1.1 reads numbers: an exponent needs a point and a sign. */
static bool put_number(struct writer *w, struct span s)
{
    char text[JSON_TOKEN_MAX + 1], out[64];
    snprintf(text, sizeof text, "%.*s", (int)s.length, s.ptr);
    errno = 0;
    if (strpbrk(text, ".eE") == NULL) {
        strtoll(text, NULL, 10);
        if (errno != 0 || strcmp(text, "-0") == 0)
            return unfit(w);
        text_puts(w->out, text);
        return true;
    }
    double value = strtod(text, NULL);
    if (!isfinite(value))
        return unfit(w);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, sizeof out, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    char *e = strchr(out, 'e');
    if (strchr(out, '.') == NULL) {
        text_put(w->out, out, e != NULL ? (size_t)(e - out) : strlen(out));
        text_puts(w->out, ".0");
        text_puts(w->out, e != NULL ? e : "");
    } else {
        text_puts(w->out, out);
    }
    return true;
}

static bool on_scalar(void *data, enum json_kind kind, struct span text, bool cut)
{
    struct writer *w = data;
    static const char *const words[] = {"null", "false", "true"};
    if ((cut || ++w->values > VALUES_MAX || (w->depth == 0 && kind == JSON_NULL)) && !unfit(w))
        return false;
    begin_value(w);
    text_char(w->out, ' ');
    struct span name = w->depth > 0 ? w->key : (struct span){"", 0};
    if (kind == JSON_STRING) {
        express_quoted(w->im, IN_JSON, name, text, w->out);
        return true;
    }
    w->im->scalars++;
    if (kind != JSON_NUMBER) {
        text_puts(w->out, words[kind]);
        return true;
    }
    uint32_t macros = w->im->macros;
    text_clear(&w->im->piece);
    express(w->im, IN_JSON_NUMBER, name, text, &w->im->piece);
    if (w->im->macros != macros) {
        yaml_text(w->out, text_all(&w->im->piece));
        return true;
    }
    return put_number(w, text);
}

static bool on_key(void *data, struct span key)
{
    struct writer *w = data;
    size_t first = w->frames[w->depth - 1].keys;
    bool fits = key.length <= KEY_BYTES_MAX && w->keys_count - first < KEYS_MAX;
    for (size_t i = first; fits && i < w->keys_count; i++)
        fits = !span_equal(w->keys[i], key);
    if (!fits && !unfit(w))
        return false;
    if (w->keys_count == w->keys_size) {
        size_t size = w->keys_size * 2 + 32;
        struct span *keys = realloc(w->keys, size * sizeof *keys);
        if (keys == NULL) {
            w->out->failed = true;
            return false;
        }
        w->keys = keys;
        w->keys_size = size;
    }
    w->key = pool_copy(&w->im->scratch, key);
    if (w->key.ptr == NULL) {
        w->out->failed = true;
        return false;
    }
    w->keys[w->keys_count++] = w->key;
    text_char(w->out, '\n');
    yaml_indent(w->out, INDENT + 2 * (w->depth - 1));
    w->im->scalars++;
    yaml_text(w->out, key);
    text_char(w->out, ':');
    return true;
}

static bool on_open(void *data, bool is_map)
{
    struct writer *w = data;
    if (w->depth >= DEPTH_MAX && !unfit(w))
        return false;
    begin_value(w);
    w->frames[w->depth].is_map = is_map;
    w->frames[w->depth].count = 0;
    w->frames[w->depth++].keys = w->keys_count;
    w->im->scalars++;
    return true;
}

static bool on_close(void *data)
{
    struct writer *w = data;
    w->depth--;
    if (w->frames[w->depth].count == 0)
        text_puts(w->out, w->frames[w->depth].is_map ? " {}" : " []");
    w->keys_count = w->frames[w->depth].keys;
    return true;
}

static const struct json_events events = {on_scalar, on_key, on_open, on_close};

static int unit_at(struct span s, size_t i)
{
    int value = 0;
    for (size_t k = i; k < i + 4; k++) {
        int c = k < s.length ? tolower((unsigned char)s.ptr[k]) : 0;
        if (!isxdigit(c))
            return -1;
        value = value << 4 | (isdigit(c) ? c - '0' : c - 'a' + 10);
    }
    return value;
}

/* "\ud83d" without its other half is no character, and is lost when it is decoded. */
static bool has_half_characters(struct span json)
{
    for (size_t i = 0; i + 1 < json.length; i++) {
        if (json.ptr[i] != '\\')
            continue;
        int unit = json.ptr[++i] == 'u' ? unit_at(json, i + 1) : -1;
        if (unit < 0xd800 || unit > 0xdfff)
            continue;
        int low = i + 6 < json.length && json.ptr[i + 5] == '\\' && json.ptr[i + 6] == 'u'
                      ? unit_at(json, i + 7)
                      : -1;
        if (unit >= 0xdc00 || low < 0xdc00 || low > 0xdfff)
            return true;
        i += 10;
    }
    return false;
}

bool body_json(struct importer *im, struct span json, struct text *out)
{
    struct writer w = {.im = im, .out = out, .key = {"", 0}};
    size_t length = out->length;
    bool no_memory;
    if (has_half_characters(json) && !unfit(&w))
        return false;
    text_puts(out, "    json:");
    bool good = json_read(json, &events, &w, &no_memory);
    free(w.keys);
    if (no_memory)
        out->failed = true;
    if (good && !w.unfit) {
        text_char(out, '\n');
        return true;
    }
    if (out->failed)
        return true;
    out->length = length;
    return false;
}
