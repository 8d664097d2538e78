/*
 * json_stream -- JSON piece by piece, with ceilings, over libyajl.
 *
 * A string that is longer than its ceiling is handed on cut, and marked so; the rest is read past,
 * so that memory stays bounded whatever the input. Deeper nesting than JSON_DEPTH_MAX, and numbers
 * longer than JSON_TOKEN_MAX, are mistakes. A byte order mark at the start is read past.
 *
 *     struct json_stream *s = json_stream_new(&events, data, JSON_STRING_MAX);
 *     while (good && (n = read(...)) > 0)
 *         good = json_stream_feed(s, bytes, n);
 *     good = good && json_stream_end(s);
 *     if (!good) puts(json_stream_error(s));
 *     json_stream_free(s);
 */
#ifndef IMPORT_HAR_JSON_STREAM_H
#define IMPORT_HAR_JSON_STREAM_H

#include "text.h"

enum {
    JSON_DEPTH_MAX = 100,
    JSON_TOKEN_MAX = 400,      /* bytes of a number or word */
    JSON_STRING_MAX = 4 << 20, /* bytes of a string as it is written in a recording */
    JSON_ERROR_SIZE = 300
};

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING };

/* Each returns false to stop, having said why to the caller's own. What is given is borrowed. */
struct json_events {
    bool (*scalar)(void *data, enum json_kind kind, struct span text, bool cut);
    bool (*key)(void *data, struct span key);
    bool (*open)(void *data, bool is_map);
    bool (*close)(void *data);
};

/* `events` stays the caller's. NULL: out of memory. */
struct json_stream *json_stream_new(const struct json_events *events, void *data,
                                    size_t string_max);
void json_stream_free(struct json_stream *s); /* NULL is fine */
/* Changes the ceiling; callbacks may. Of a string that is being read the rest is cut, but for what
 * was fed already. */
void json_stream_limit(struct json_stream *s, size_t string_max);
/* False: it ended, with a mistake or by a callback; nothing more may be fed. */
bool json_stream_feed(struct json_stream *s, const char *bytes, size_t length);
bool json_stream_end(struct json_stream *s);
/* "line 3, column 7 (byte 120): …"; "out of memory"; "" where a callback stopped it. */
const char *json_stream_error(const struct json_stream *s);
bool json_stream_no_memory(const struct json_stream *s);

/* All at once. *no_memory tells apart; otherwise false is a mistake, or a callback's. */
bool json_read(struct span json, const struct json_events *events, void *data, bool *no_memory);

#endif
