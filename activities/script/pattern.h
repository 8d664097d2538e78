/*
 * pattern -- Lua's patterns, matched under watch.
 *
 * Lua's own matcher runs in C for as long as a pattern wants to, which may be for ever. This one
 * means the same, and looks at the script's time as it goes. What is malformed is an error at
 * once, wherever in the pattern it stands.
 */
#ifndef SCRIPT_PATTERN_H
#define SCRIPT_PATTERN_H

#include "script.h"

enum {
    PATTERN_CAPTURES_MAX = 32,
    PATTERN_DEPTH_MAX = 200, /* of choices to come back to */
    PATTERN_SMALL = 32       /* items that need no memory of their own */
};

/* A captured text; of a position () the text is empty and `is_position`. */
struct pattern_capture {
    const char *start;
    size_t length;
    bool is_position, is_open;
};

struct pattern_item {
    uint8_t kind, repeat;
    uint8_t a, b;    /* a character or the number of a capture; the other end of %b */
    uint32_t set[8]; /* 256 bits */
};

struct pattern {
    const struct pattern_item *items;
    size_t count;
    bool anchored;
};

struct pattern_match {
    lua_State *L;
    const struct pattern *pattern;
    const char *text, *end;
    size_t captures_count;
    struct pattern_capture captures[PATTERN_CAPTURES_MAX];
    unsigned depth, steps;
};

/* Compiles into `room` items, enough for `length` + 1 of them. With `anchors` a ^ at the start is
 * an anchor. */
void pattern_compile(lua_State *L, const char *text, size_t length, bool anchors,
                     struct pattern_item *room, struct pattern *out);

void pattern_match_init(struct pattern_match *m, lua_State *L, const struct pattern *p,
                        const char *text, size_t length);
/* The end of a match that begins at `start`; NULL: there is none. */
const char *pattern_match_at(struct pattern_match *m, const char *start);
/* The first match at `start` or later: where it begins, and its end. */
const char *pattern_search(struct pattern_match *m, const char *start, const char **end);

#endif
