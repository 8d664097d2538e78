#include "string_lib.h"

#include <string.h>

#include "pattern.h"
#include "turn.h"

/* --- subjects and captures ---------------------------------------------------------------------
 */

/* Compiles argument 2. `small` is used for short ones; else the memory is Lua's, at the top. */
static void compile_arg(lua_State *L, bool anchors, struct pattern_item *small, struct pattern *out)
{
    size_t length;
    const char *text = luaL_checklstring(L, 2, &length);
    struct pattern_item *room = small;
    if (small == NULL || length + 1 > PATTERN_SMALL)
        room = lua_newuserdatauv(L, (length + 1) * sizeof *room, 0);
    pattern_compile(L, text, length, anchors, room, out);
}

/* Where an argument, counted from 1, or backwards from -1, lies in a text: from 0 on. */
static size_t start_of(lua_State *L, int arg, size_t length)
{
    lua_Integer init = luaL_optinteger(L, arg, 1);
    if (init > 0)
        return (size_t)init - 1;
    if (init == 0 || init < -(lua_Integer)length)
        return 0;
    return length - (size_t)-init;
}

static void push_capture(lua_State *L, const struct pattern_match *m, size_t i)
{
    const struct pattern_capture *c = &m->captures[i];
    if (c->is_position)
        lua_pushinteger(L, c->start - m->text + 1);
    else
        lua_pushlstring(L, c->start, c->length);
}

/* The captures, or the whole match where there are none and it is asked for. */
static int push_captures(lua_State *L, const struct pattern_match *m, const char *start,
                         const char *end, bool whole)
{
    luaL_checkstack(L, PATTERN_CAPTURES_MAX + 2, "too many captures");
    for (size_t i = 0; i < m->captures_count; i++)
        push_capture(L, m, i);
    if (m->captures_count > 0 || !whole)
        return (int)m->captures_count;
    lua_pushlstring(L, start, (size_t)(end - start));
    return 1;
}

/* --- find and match ----------------------------------------------------------------------------
 */

static bool is_plain(const char *pattern, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (memchr("^$*+?.([%-", pattern[i], 10) != NULL)
            return false;
    return true;
}

static int find_plain(lua_State *L, const char *text, size_t length, size_t start)
{
    size_t wanted_length;
    const char *wanted = lua_tolstring(L, 2, &wanted_length);
    const char *found = memmem(text + start, length - start, wanted, wanted_length);
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - text + 1);
    lua_pushinteger(L, found - text + (lua_Integer)wanted_length);
    return 2;
}

static int find_or_match(lua_State *L, bool find)
{
    size_t length, pattern_length;
    const char *text = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    size_t start = start_of(L, 3, length);
    if (start > length) {
        lua_pushnil(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) || is_plain(pattern, pattern_length)))
        return find_plain(L, text, length, start);
    struct pattern_item small[PATTERN_SMALL];
    struct pattern compiled;
    struct pattern_match m;
    compile_arg(L, true, small, &compiled);
    pattern_match_init(&m, L, &compiled, text, length);
    const char *end, *found = pattern_search(&m, text + start, &end);
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    if (!find)
        return push_captures(L, &m, found, end, true);
    lua_pushinteger(L, found - text + 1);
    lua_pushinteger(L, end - text);
    return push_captures(L, &m, found, end, false) + 2;
}

static int find(lua_State *L)
{
    return find_or_match(L, true);
}

static int match(lua_State *L)
{
    return find_or_match(L, false);
}

/* --- gmatch ------------------------------------------------------------------------------------
 */

struct walk {
    struct pattern pattern;
    const char *text, *at, *last; /* `last`: where the match before ended; NULL: none was */
    size_t length;
};

/* Its upvalues: the text, the pattern, the compiled pattern, the walk. */
static int next_match(lua_State *L)
{
    struct walk *w = lua_touserdata(L, lua_upvalueindex(4));
    struct pattern_match m;
    pattern_match_init(&m, L, &w->pattern, w->text, w->length);
    while (w->at <= w->text + w->length) {
        const char *end, *start = pattern_search(&m, w->at, &end);
        if (start == NULL)
            break;
        w->at = start;
        if (end == w->last) { /* the same empty match once more */
            w->at++;
            continue;
        }
        w->at = w->last = end;
        return push_captures(L, &m, start, end, true);
    }
    w->at = w->text + w->length + 1;
    return 0;
}

static int gmatch(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    luaL_checkstring(L, 2);
    size_t start = start_of(L, 3, length);
    struct pattern compiled;
    lua_settop(L, 2);
    compile_arg(L, false, NULL, &compiled);
    struct walk *w = lua_newuserdatauv(L, sizeof *w, 0);
    *w = (struct walk){.pattern = compiled, .text = text, .length = length};
    w->at = text + (start <= length ? start : length + 1);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

/* --- gsub --------------------------------------------------------------------------------------
 */

/* What stands for %0 to %9 in a replacement. */
static void add_capture(lua_State *L, luaL_Buffer *out, const struct pattern_match *m,
                        const char *start, const char *end, char digit)
{
    size_t number = (size_t)(digit - '0');
    if (number == 0 || (number == 1 && m->captures_count == 0)) {
        luaL_addlstring(out, start, (size_t)(end - start));
        return;
    }
    if (number > m->captures_count)
        luaL_error(L, "invalid capture index %%%d in replacement string", (int)number);
    push_capture(L, m, number - 1);
    luaL_tolstring(L, -1, NULL);
    lua_remove(L, -2);
    luaL_addvalue(out);
}

static void add_text(lua_State *L, luaL_Buffer *out, const struct pattern_match *m,
                     const char *start, const char *end)
{
    size_t length;
    const char *text = lua_tolstring(L, 3, &length);
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '%') {
            luaL_addchar(out, text[i]);
            continue;
        }
        char next = ++i < length ? text[i] : '\0';
        if (next == '%')
            luaL_addchar(out, '%');
        else if (next >= '0' && next <= '9')
            add_capture(L, out, m, start, end, next);
        else
            luaL_error(L, "invalid use of '%%' in replacement string");
    }
}

/* What a table or a function says to the first capture, or to all. */
static bool add_value(lua_State *L, luaL_Buffer *out, const struct pattern_match *m,
                      const char *start, const char *end)
{
    if (lua_isfunction(L, 3)) {
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(L, m, start, end, true), 1);
    } else {
        int n = push_captures(L, m, start, end, true);
        lua_pop(L, n - 1);
        lua_gettable(L, 3);
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(out, start, (size_t)(end - start));
        return false;
    }
    if (!lua_isstring(L, -1))
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(out);
    return true;
}

static bool replace(lua_State *L, luaL_Buffer *out, const struct pattern_match *m,
                    const char *start, const char *end)
{
    if (!lua_isstring(L, 3))
        return add_value(L, out, m, start, end);
    add_text(L, out, m, start, end);
    return true;
}

static int gsub(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length), *at = text, *last = NULL;
    struct pattern_item small[PATTERN_SMALL];
    struct pattern compiled;
    struct pattern_match m;
    luaL_Buffer out;
    luaL_checkstring(L, 2);
    luaL_argexpected(L, lua_isstring(L, 3) || lua_istable(L, 3) || lua_isfunction(L, 3), 3,
                     "string/function/table");
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1), done = 0;
    bool changed = false;
    compile_arg(L, true, small, &compiled);
    pattern_match_init(&m, L, &compiled, text, length);
    luaL_buffinit(L, &out);
    while (done < most) {
        const char *end = pattern_match_at(&m, at);
        if (end != NULL && end != last) {
            done++;
            changed |= replace(L, &out, &m, at, end);
            at = last = end;
        } else if (at < m.end) {
            luaL_addchar(&out, *at++);
        } else {
            break;
        }
        if (compiled.anchored)
            break;
    }
    if (changed) {
        luaL_addlstring(&out, at, (size_t)(m.end - at));
        luaL_pushresult(&out);
    } else {
        lua_pushvalue(L, 1);
    }
    lua_pushinteger(L, done);
    return 2;
}

/* Lua repeats nothing as often as it is told. */
static int rep(lua_State *L)
{
    size_t length, between;
    luaL_checklstring(L, 1, &length);
    luaL_optlstring(L, 3, "", &between);
    if (length == 0 && between == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

const luaL_Reg *string_lib_functions(void)
{
    static const luaL_Reg functions[] = {{"find", find}, {"match", match}, {"gmatch", gmatch},
                                         {"gsub", gsub}, {"rep", rep},     {NULL, NULL}};
    return functions;
}
