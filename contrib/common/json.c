#include "json.h"

#include <math.h>
#include <stdio.h>

#include <stressor/plugin.h>

#include "utf8.h"

void json_begin(struct json *j, struct out *out)
{
    j->out = out;
    j->depth = 0;
}

static void put_string(struct out *o, const char *text)
{
    uint32_t c;
    out_char(o, '"');
    while ((c = text_next(&text)) != 0) {
        char escape[8];
        if (c == '"' || c == '\\') {
            out_char(o, '\\');
            out_char(o, (char)c);
        } else if (c == '\n') {
            out_text(o, "\\n");
        } else if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == '<' || c == '>' || c == '&' ||
                   c == 0x2028 || c == 0x2029) {
            snprintf(escape, sizeof escape, "\\u%04x", c & 0xFFFF);
            out_text(o, escape);
        } else {
            out_character(o, c);
        }
    }
    out_char(o, '"');
}

/* Members of the outer two levels stand on lines of their own, so that people can look into a
 * report and diff it. */
static void begin_value(struct json *j, const char *key)
{
    if (j->depth > 0) {
        if (j->started[j->depth - 1])
            out_char(j->out, ',');
        if (j->depth <= 2)
            out_text(j->out, j->depth == 1 ? "\n " : "\n  ");
        j->started[j->depth - 1] = true;
    }
    if (key != NULL) {
        put_string(j->out, key);
        out_char(j->out, ':');
    }
}

static void open_level(struct json *j, const char *key, char begin, char end)
{
    begin_value(j, key);
    if (j->depth == JSON_DEPTH) {
        out_fail(j->out, STRESSOR_ELIMIT);
        return;
    }
    out_char(j->out, begin);
    j->ends[j->depth] = end;
    j->started[j->depth] = false;
    j->depth++;
}

void json_put_map(struct json *j, const char *key)
{
    open_level(j, key, '{', '}');
}

void json_put_list(struct json *j, const char *key)
{
    open_level(j, key, '[', ']');
}

void json_put_end(struct json *j)
{
    if (j->depth == 0)
        return;
    j->depth--;
    if (j->depth < 2 && j->started[j->depth])
        out_text(j->out, j->depth == 0 ? "\n" : "\n ");
    out_char(j->out, j->ends[j->depth]);
    if (j->depth == 0)
        out_char(j->out, '\n');
}

void json_put_text(struct json *j, const char *key, const char *text)
{
    if (text == NULL) {
        json_put_null(j, key);
        return;
    }
    begin_value(j, key);
    put_string(j->out, text);
}

void json_put_count(struct json *j, const char *key, uint64_t n)
{
    begin_value(j, key);
    out_count(j->out, n < (uint64_t)INT64_MAX ? n : (uint64_t)INT64_MAX);
}

void json_put_int(struct json *j, const char *key, int64_t n)
{
    begin_value(j, key);
    out_int(j->out, n);
}

void json_put_real(struct json *j, const char *key, double x)
{
    if (!isfinite(x)) {
        json_put_null(j, key);
        return;
    }
    begin_value(j, key);
    out_real(j->out, x);
}

void json_put_bool(struct json *j, const char *key, bool yes)
{
    begin_value(j, key);
    out_text(j->out, yes ? "true" : "false");
}

void json_put_null(struct json *j, const char *key)
{
    begin_value(j, key);
    out_text(j->out, "null");
}
