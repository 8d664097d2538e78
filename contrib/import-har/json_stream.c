#include "json_stream.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

/* yajl takes it for granted that there is memory: all it has is listed here, and where there is no
 * more, it is left by a jump. */
struct link {
    struct link *before, *after;
};

struct block {
    struct link link; /* first */
    size_t size;
    _Alignas(max_align_t) char bytes[];
};

enum stopped { GOING, MISTAKE, BY_CALLER, NO_MEMORY };

struct json_stream {
    const struct json_events *events;
    void *data;
    size_t string_max;
    yajl_handle yajl;
    yajl_alloc_funcs memory;
    struct link blocks; /* head of a ring */
    jmp_buf no_memory;
    enum stopped stopped;
    const char *mistake; /* found by us; NULL: by yajl */
    char error[JSON_ERROR_SIZE];
    unsigned depth;
    uint64_t strings_read, strings_got, string_cut; /* numbers from 1; 0: none */
    size_t string_length, token_length;
    bool in_string, escaped, dropping;
    unsigned hex_left; /* digits of \uXXXX that are to come */
    uint64_t offset, line, line_start, head;
};

/* --- memory ----------------------------------------------------------------------------------- */

static void *take(void *data, size_t size)
{
    struct json_stream *s = data;
    struct block *b = size < SIZE_MAX / 2 ? malloc(sizeof *b + size) : NULL;
    if (b == NULL)
        longjmp(s->no_memory, 1);
    b->size = size;
    b->link.before = &s->blocks;
    b->link.after = s->blocks.after;
    b->link.after->before = &b->link;
    s->blocks.after = &b->link;
    return b->bytes;
}

static void give(void *data, void *bytes)
{
    (void)data;
    if (bytes == NULL)
        return;
    struct block *b = (struct block *)(void *)((char *)bytes - offsetof(struct block, bytes));
    b->link.before->after = b->link.after;
    b->link.after->before = b->link.before;
    free(b);
}

static void *take_again(void *data, void *bytes, size_t size)
{
    void *fresh = take(data, size);
    if (bytes != NULL) {
        const struct block *b =
            (const struct block *)(const void *)((char *)bytes - offsetof(struct block, bytes));
        memcpy(fresh, bytes, b->size < size ? b->size : size);
        give(data, bytes);
    }
    return fresh;
}

/* --- what yajl finds -------------------------------------------------------------------------- */

static int go_on(struct json_stream *s, bool good)
{
    if (!good && s->stopped == GOING)
        s->stopped = BY_CALLER;
    return good;
}

static int scalar(struct json_stream *s, enum json_kind kind, const void *text, size_t length)
{
    bool cut = kind == JSON_STRING && ++s->strings_got == s->string_cut;
    struct span span = {length > 0 ? text : "", length};
    return go_on(s, s->events->scalar(s->data, kind, span, cut));
}

static int on_null(void *data)
{
    return scalar(data, JSON_NULL, "null", 4);
}

static int on_boolean(void *data, int value)
{
    return value ? scalar(data, JSON_TRUE, "true", 4) : scalar(data, JSON_FALSE, "false", 5);
}

static int on_number(void *data, const char *text, size_t length)
{
    return scalar(data, JSON_NUMBER, text, length);
}

static int on_string(void *data, const unsigned char *text, size_t length)
{
    return scalar(data, JSON_STRING, text, length);
}

static int on_key(void *data, const unsigned char *text, size_t length)
{
    struct json_stream *s = data;
    s->strings_got++;
    return go_on(s, s->events->key(s->data, (struct span){(const char *)text, length}));
}

static int open(struct json_stream *s, bool is_map)
{
    if (s->depth == JSON_DEPTH_MAX) {
        s->mistake = "it is nested too deeply";
        s->stopped = MISTAKE;
        return 0;
    }
    s->depth++;
    return go_on(s, s->events->open(s->data, is_map));
}

static int on_map(void *data)
{
    return open(data, true);
}

static int on_list(void *data)
{
    return open(data, false);
}

static int on_close(void *data)
{
    struct json_stream *s = data;
    s->depth--;
    return go_on(s, s->events->close(s->data));
}

static const yajl_callbacks callbacks = {.yajl_null = on_null,
                                         .yajl_boolean = on_boolean,
                                         .yajl_number = on_number,
                                         .yajl_string = on_string,
                                         .yajl_start_map = on_map,
                                         .yajl_map_key = on_key,
                                         .yajl_end_map = on_close,
                                         .yajl_start_array = on_list,
                                         .yajl_end_array = on_close};

/* --- mistakes --------------------------------------------------------------------------------- */

/* `chunk` begins at s->offset; the mistake is `at` bytes into it. */
static bool say(struct json_stream *s, const char *chunk, size_t at, const char *what)
{
    uint64_t line = s->line, start = s->line_start;
    for (size_t i = 0; i < at; i++)
        if (chunk[i] == '\n') {
            line++;
            start = s->offset + i + 1;
        }
    uint64_t byte = s->offset + at;
    snprintf(s->error, sizeof s->error, "line %llu, column %llu (byte %llu): %s",
             (unsigned long long)line + 1, (unsigned long long)(byte - start) + 1,
             (unsigned long long)byte, what);
    s->stopped = MISTAKE;
    return false;
}

static bool explain(struct json_stream *s, const char *chunk, size_t at)
{
    if (s->stopped == BY_CALLER)
        return false;
    if (s->mistake != NULL)
        return say(s, chunk, at, s->mistake);
    unsigned char *text = yajl_get_error(s->yajl, 0, NULL, 0);
    char what[160];
    const char *from = (const char *)text, *colon = strstr(from, "error: ");
    snprintf(what, sizeof what, "it is not JSON: %s", colon != NULL ? colon + 7 : from);
    what[strcspn(what, "\n")] = '\0';
    if (strstr(what, "premature EOF") != NULL)
        snprintf(what, sizeof what, "the JSON ends too early");
    yajl_free_error(s->yajl, text);
    return say(s, chunk, at, what);
}

/* A stretch of the chunk, as it is. */
static bool parse(struct json_stream *s, const char *chunk, size_t from, size_t to)
{
    if (from == to)
        return true;
    if (yajl_parse(s->yajl, (const unsigned char *)chunk + from, to - from) == yajl_status_ok)
        return true;
    size_t used = yajl_get_bytes_consumed(s->yajl);
    return explain(s, chunk, from + (used < to - from ? used : to - from));
}

/* --- the ceilings ----------------------------------------------------------------------------- */

/* Inside of a string: true when it ended with this byte. */
static bool string_byte(struct json_stream *s, char c)
{
    s->string_length++;
    if (s->hex_left > 0) {
        s->hex_left--;
        return false;
    }
    if (s->escaped) {
        s->escaped = false;
        s->hex_left = c == 'u' ? 4 : 0;
        return false;
    }
    s->escaped = c == '\\';
    if (c != '"')
        return false;
    s->in_string = false;
    return true;
}

static bool may_cut(const struct json_stream *s, char c)
{
    return s->in_string && !s->dropping && s->string_length >= s->string_max && !s->escaped &&
           s->hex_left == 0 && c != '"' && ((unsigned char)c & 0xc0) != 0x80;
}

static bool token_byte(struct json_stream *s, char c)
{
    static const char ends[] = " \t\r\n,:[]{}";
    if (c == '"') {
        s->in_string = true;
        s->string_length = 0;
        s->strings_read++;
        s->token_length = 0;
    } else if (memchr(ends, c, sizeof ends - 1) != NULL) {
        s->token_length = 0;
    } else if (++s->token_length > JSON_TOKEN_MAX) {
        s->mistake = "it is not JSON: a number or word without end";
        return false;
    }
    return true;
}

static bool feed(struct json_stream *s, const char *bytes, size_t length)
{
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (!s->in_string) {
            if (!token_byte(s, c))
                return parse(s, bytes, from, i) && explain(s, bytes, i);
            continue;
        }
        if (may_cut(s, c)) {
            if (!parse(s, bytes, from, i))
                return false;
            s->dropping = true;
            s->string_cut = s->strings_read;
        }
        if (string_byte(s, c) && s->dropping) {
            s->dropping = false;
            from = i;
        }
    }
    return s->dropping || parse(s, bytes, from, length);
}

/* Reads past a byte order mark, which may come in pieces. */
static bool head(struct json_stream *s, const char **bytes, size_t *length)
{
    static const char mark[] = "\xef\xbb\xbf";
    for (; *length > 0 && s->head < 3; (*bytes)++, (*length)--, s->head++, s->offset++) {
        unsigned char c = (unsigned char)**bytes;
        if (c != (unsigned char)mark[s->head]) {
            if (s->head == 0 && (c == 0xff || c == 0xfe))
                return say(s, *bytes, 0, "it is not JSON in UTF-8, but seems to be UTF-16");
            if (s->head > 0)
                return say(s, *bytes, 0, "it is not JSON: it begins with odd bytes");
            s->head = 3;
            return true;
        }
    }
    return true;
}

/* Not part of its caller, whose variables a jump may spoil. */
__attribute__((noinline)) static bool feed_all(struct json_stream *s, const char *bytes,
                                               size_t length)
{
    if (!head(s, &bytes, &length) || !feed(s, bytes, length))
        return false;
    for (size_t i = 0; i < length; i++)
        if (bytes[i] == '\n') {
            s->line++;
            s->line_start = s->offset + i + 1;
        }
    s->offset += length;
    return true;
}

bool json_stream_feed(struct json_stream *s, const char *bytes, size_t length)
{
    if (s->stopped != GOING)
        return false;
    if (setjmp(s->no_memory) == 0)
        return feed_all(s, bytes, length);
    s->stopped = NO_MEMORY;
    return false;
}

bool json_stream_end(struct json_stream *s)
{
    if (s->stopped != GOING)
        return false;
    if (setjmp(s->no_memory) != 0) {
        s->stopped = NO_MEMORY;
        return false;
    }
    if (s->strings_read == 0 && s->depth == 0 && s->offset == 0)
        return say(s, "", 0, "it is empty");
    return yajl_complete_parse(s->yajl) == yajl_status_ok || explain(s, "", 0);
}

/* --- its life --------------------------------------------------------------------------------- */

/* False: out of memory. In a function of its own, as setjmp may lose local variables. */
static bool start_yajl(struct json_stream *s)
{
    if (setjmp(s->no_memory) != 0)
        return false;
    s->yajl = yajl_alloc(&callbacks, &s->memory, s);
    return true;
}

struct json_stream *json_stream_new(const struct json_events *events, void *data, size_t string_max)
{
    struct json_stream *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->events = events;
    s->data = data;
    s->string_max = string_max;
    s->blocks.before = s->blocks.after = &s->blocks;
    s->memory = (yajl_alloc_funcs){.malloc = take, .realloc = take_again, .free = give, .ctx = s};
    if (!start_yajl(s)) {
        json_stream_free(s);
        return NULL;
    }
    return s;
}

void json_stream_limit(struct json_stream *s, size_t string_max)
{
    s->string_max = string_max;
}

void json_stream_free(struct json_stream *s)
{
    if (s == NULL)
        return;
    while (s->blocks.after != &s->blocks)
        give(s, ((struct block *)(void *)s->blocks.after)->bytes);
    free(s);
}

const char *json_stream_error(const struct json_stream *s)
{
    return s->stopped == NO_MEMORY ? "out of memory" : s->error;
}

bool json_stream_no_memory(const struct json_stream *s)
{
    return s->stopped == NO_MEMORY;
}

bool json_read(struct span json, const struct json_events *events, void *data, bool *no_memory)
{
    struct json_stream *s = json_stream_new(events, data, SIZE_MAX);
    *no_memory = s == NULL;
    bool good = s != NULL && json_stream_feed(s, json.ptr, json.length) && json_stream_end(s);
    if (s != NULL)
        *no_memory = s->stopped == NO_MEMORY;
    json_stream_free(s);
    return good;
}
