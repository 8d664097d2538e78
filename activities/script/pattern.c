#include "pattern.h"

#include <ctype.h>
#include <string.h>

#include "turn.h"

enum kind {
    ITEM_END,
    ITEM_TEXT_END, /* $ at the end of the pattern */
    ITEM_CHAR,
    ITEM_ANY,
    ITEM_SET,
    ITEM_OPEN,
    ITEM_POSITION,
    ITEM_CLOSE,
    ITEM_AGAIN,   /* %1: what was captured before */
    ITEM_BALANCE, /* %bxy */
    ITEM_FRONTIER /* %f[set] */
};

/* --- compiling ---------------------------------------------------------------------------------
 */

struct compiler {
    lua_State *L;
    const char *at, *end;
    struct pattern_item *items;
    size_t count;
    uint8_t open[PATTERN_CAPTURES_MAX]; /* numbers of captures not closed yet */
    size_t open_count, captures_count;
};

static void put_in_set(struct pattern_item *item, unsigned char c)
{
    item->set[c >> 5] |= UINT32_C(1) << (c & 31);
}

static bool is_in_set(const struct pattern_item *item, unsigned char c)
{
    return (item->set[c >> 5] >> (c & 31) & 1) != 0;
}

static int is_nul(int c)
{
    return c == 0;
}

static int (*class_test(char letter))(int)
{
    switch (tolower((unsigned char)letter)) {
    case 'a': return isalpha;
    case 'c': return iscntrl;
    case 'd': return isdigit;
    case 'g': return isgraph;
    case 'l': return islower;
    case 'p': return ispunct;
    case 's': return isspace;
    case 'u': return isupper;
    case 'w': return isalnum;
    case 'x': return isxdigit;
    case 'z': return is_nul;
    default: return NULL;
    }
}

/* %a and its like; another character after % stands for itself. */
static void put_class(struct pattern_item *item, char letter)
{
    int (*test)(int) = class_test(letter);
    bool negated = isupper((unsigned char)letter) != 0;
    if (test == NULL)
        put_in_set(item, (unsigned char)letter);
    for (int c = 0; test != NULL && c < 256; c++)
        if ((test(c) != 0) != negated)
            put_in_set(item, (unsigned char)c);
}

static char next_char(struct compiler *c, const char *missing)
{
    if (c->at >= c->end)
        luaL_error(c->L, "malformed pattern (%s)", missing);
    return *c->at++;
}

static const char no_bracket[] = "missing ']'", no_letter[] = "ends with '%'";

/* A member of a set, or a range. A ']' that comes first is a member. */
static void compile_member(struct compiler *c, struct pattern_item *item)
{
    char first = next_char(c, no_bracket);
    if (first == '%') {
        put_class(item, next_char(c, no_bracket));
        return;
    }
    if (c->end - c->at >= 2 && c->at[0] == '-' && c->at[1] != ']') {
        unsigned char last = (unsigned char)c->at[1];
        c->at += 2;
        for (unsigned b = (unsigned char)first; b <= last; b++)
            put_in_set(item, (unsigned char)b);
        return;
    }
    put_in_set(item, (unsigned char)first);
}

/* Behind the '['. */
static void compile_set(struct compiler *c, struct pattern_item *item)
{
    bool negated = c->at < c->end && *c->at == '^';
    c->at += negated;
    item->kind = ITEM_SET;
    do
        compile_member(c, item);
    while (c->at >= c->end || *c->at != ']');
    c->at++;
    for (size_t i = 0; negated && i < 8; i++)
        item->set[i] = ~item->set[i];
}

static void compile_open(struct compiler *c, struct pattern_item *item)
{
    if (c->captures_count >= PATTERN_CAPTURES_MAX)
        luaL_error(c->L, "too many captures");
    item->a = (uint8_t)c->captures_count++;
    item->kind = ITEM_OPEN;
    if (c->at < c->end && *c->at == ')') {
        c->at++;
        item->kind = ITEM_POSITION;
    } else {
        c->open[c->open_count++] = item->a;
    }
}

static void compile_close(struct compiler *c, struct pattern_item *item)
{
    if (c->open_count == 0)
        luaL_error(c->L, "invalid pattern capture");
    item->kind = ITEM_CLOSE;
    item->a = c->open[--c->open_count];
}

static void compile_again(struct compiler *c, struct pattern_item *item, char digit)
{
    unsigned number = (unsigned)(digit - '0');
    bool good = number >= 1 && number <= c->captures_count;
    for (size_t i = 0; good && i < c->open_count; i++)
        good = c->open[i] != number - 1;
    if (!good)
        luaL_error(c->L, "invalid capture index %%%d", (int)number);
    item->kind = ITEM_AGAIN;
    item->a = (uint8_t)(number - 1);
}

/* Behind a '%'. */
static void compile_escape(struct compiler *c, struct pattern_item *item)
{
    char letter = next_char(c, no_letter);
    if (letter == 'b') {
        item->kind = ITEM_BALANCE;
        item->a = (uint8_t)next_char(c, "missing arguments to '%b'");
        item->b = (uint8_t)next_char(c, "missing arguments to '%b'");
    } else if (letter == 'f') {
        if (c->at >= c->end || *c->at++ != '[')
            luaL_error(c->L, "missing '[' after '%%f' in pattern");
        compile_set(c, item);
        item->kind = ITEM_FRONTIER;
    } else if (letter >= '0' && letter <= '9') {
        compile_again(c, item, letter);
    } else if (class_test(letter) != NULL) {
        item->kind = ITEM_SET;
        put_class(item, letter);
    } else {
        item->kind = ITEM_CHAR;
        item->a = (uint8_t)letter;
    }
}

static void compile_repeat(struct compiler *c, struct pattern_item *item)
{
    bool single = item->kind == ITEM_CHAR || item->kind == ITEM_ANY || item->kind == ITEM_SET;
    if (single && c->at < c->end && memchr("*+-?", *c->at, 4) != NULL)
        item->repeat = (uint8_t)*c->at++;
}

static void compile_item(struct compiler *c)
{
    struct pattern_item *item = &c->items[c->count++];
    *item = (struct pattern_item){0};
    char first = *c->at++;
    switch (first) {
    case '(': compile_open(c, item); break;
    case ')': compile_close(c, item); break;
    case '[': compile_set(c, item); break;
    case '%': compile_escape(c, item); break;
    case '.': item->kind = ITEM_ANY; break;
    default:
        item->kind = first == '$' && c->at == c->end ? ITEM_TEXT_END : ITEM_CHAR;
        item->a = (uint8_t)first;
    }
    compile_repeat(c, item);
}

void pattern_compile(lua_State *L, const char *text, size_t length, bool anchors,
                     struct pattern_item *room, struct pattern *out)
{
    struct compiler c = {.L = L, .at = text, .end = text + length, .items = room};
    out->anchored = anchors && length > 0 && text[0] == '^';
    c.at += out->anchored;
    while (c.at < c.end)
        compile_item(&c);
    if (c.open_count > 0)
        luaL_error(L, "unfinished capture");
    room[c.count++] = (struct pattern_item){.kind = ITEM_END};
    out->items = room;
    out->count = c.count;
}

/* --- matching ----------------------------------------------------------------------------------
 */

void pattern_match_init(struct pattern_match *m, lua_State *L, const struct pattern *p,
                        const char *text, size_t length)
{
    m->L = L;
    m->pattern = p;
    m->text = text;
    m->end = text + length;
    m->captures_count = 0;
    m->depth = m->steps = 0;
}

static void count_step(struct pattern_match *m)
{
    if (++m->steps % 4096 == 0)
        turn_look(m->L);
}

static bool fits(const struct pattern_match *m, const struct pattern_item *item, const char *at)
{
    if (at >= m->end)
        return false;
    switch (item->kind) {
    case ITEM_CHAR: return (uint8_t)*at == item->a;
    case ITEM_ANY: return true;
    default: return is_in_set(item, (unsigned char)*at);
    }
}

static const char *match(struct pattern_match *m, const char *at, const struct pattern_item *item);

/* As many as there are, then fewer. */
static const char *match_most(struct pattern_match *m, const char *at,
                              const struct pattern_item *item)
{
    const char *most = at;
    while (fits(m, item, most)) {
        most++;
        count_step(m);
    }
    for (; most >= at; most--) {
        const char *end = match(m, most, item + 1);
        if (end != NULL)
            return end;
    }
    return NULL;
}

static const char *match_least(struct pattern_match *m, const char *at,
                               const struct pattern_item *item)
{
    for (;; at++) {
        const char *end = match(m, at, item + 1);
        if (end != NULL || !fits(m, item, at))
            return end;
    }
}

static const char *match_open(struct pattern_match *m, const char *at,
                              const struct pattern_item *item)
{
    bool position = item->kind == ITEM_POSITION;
    m->captures[item->a] = (struct pattern_capture){at, 0, position, !position};
    m->captures_count = (size_t)item->a + 1;
    return match(m, at, item + 1);
}

static const char *match_close(struct pattern_match *m, const char *at,
                               const struct pattern_item *item)
{
    struct pattern_capture *c = &m->captures[item->a];
    c->length = (size_t)(at - c->start);
    c->is_open = false;
    const char *end = match(m, at, item + 1);
    if (end == NULL)
        c->is_open = true; /* the choices before this one may close it elsewhere */
    return end;
}

/* Behind the text that balances, which begins at `at`; NULL: none does. */
static const char *balance(struct pattern_match *m, const char *at, const struct pattern_item *item)
{
    size_t open = 1;
    if (at >= m->end || (uint8_t)*at != item->a)
        return NULL;
    for (const char *s = at + 1; s < m->end; s++) {
        count_step(m);
        if ((uint8_t)*s == item->b) {
            if (--open == 0)
                return s + 1;
        } else if ((uint8_t)*s == item->a) {
            open++;
        }
    }
    return NULL;
}

static bool is_frontier(const struct pattern_match *m, const char *at,
                        const struct pattern_item *item)
{
    unsigned char before = at == m->text ? '\0' : (unsigned char)at[-1];
    unsigned char here = at < m->end ? (unsigned char)*at : '\0';
    return !is_in_set(item, before) && is_in_set(item, here);
}

static const char *again(const struct pattern_match *m, const char *at,
                         const struct pattern_item *item)
{
    const struct pattern_capture *c = &m->captures[item->a];
    if (c->is_position || (size_t)(m->end - at) < c->length || memcmp(at, c->start, c->length) != 0)
        return NULL;
    return at + c->length;
}

/* What an item without choices takes: where to go on; NULL: it does not fit. */
static const char *take(struct pattern_match *m, const char *at, const struct pattern_item *item)
{
    switch (item->kind) {
    case ITEM_TEXT_END: return at == m->end ? at : NULL;
    case ITEM_BALANCE: return balance(m, at, item);
    case ITEM_FRONTIER: return is_frontier(m, at, item) ? at : NULL;
    case ITEM_AGAIN: return again(m, at, item);
    default: return fits(m, item, at) ? at + 1 : NULL;
    }
}

static const char *match_here(struct pattern_match *m, const char *at,
                              const struct pattern_item *item)
{
    for (;; item++) {
        count_step(m);
        switch (item->kind) {
        case ITEM_END: return at;
        case ITEM_OPEN:
        case ITEM_POSITION: return match_open(m, at, item);
        case ITEM_CLOSE: return match_close(m, at, item);
        default: break;
        }
        switch (item->repeat) {
        case '+': return fits(m, item, at) ? match_most(m, at + 1, item) : NULL;
        case '*': return match_most(m, at, item);
        case '-': return match_least(m, at, item);
        case '?': {
            const char *end = fits(m, item, at) ? match(m, at + 1, item + 1) : NULL;
            if (end != NULL)
                return end;
            continue;
        }
        default: break;
        }
        at = take(m, at, item);
        if (at == NULL)
            return NULL;
    }
}

static const char *match(struct pattern_match *m, const char *at, const struct pattern_item *item)
{
    if (++m->depth > PATTERN_DEPTH_MAX)
        luaL_error(m->L, "pattern too complex");
    const char *end = match_here(m, at, item);
    m->depth--;
    return end;
}

const char *pattern_match_at(struct pattern_match *m, const char *start)
{
    m->captures_count = 0;
    m->depth = 0;
    return match(m, start, m->pattern->items);
}

const char *pattern_search(struct pattern_match *m, const char *start, const char **end)
{
    for (; start <= m->end; start++) {
        *end = pattern_match_at(m, start);
        if (*end != NULL)
            return start;
        if (m->pattern->anchored)
            break;
    }
    return NULL;
}
