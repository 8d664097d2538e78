#include "value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"
#include "turn.h"

static const char list_key; /* in the registry: the metatable of lists */
static char null_tag;       /* json.null is its address */

static int null_text(lua_State *L)
{
    lua_pushliteral(L, "null");
    return 1;
}

void value_open(lua_State *L)
{
    lua_createtable(L, 0, 1);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &list_key);

    lua_pushlightuserdata(L, &null_tag);
    lua_createtable(L, 0, 3);
    lua_pushcfunction(L, null_text);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "null");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

/* --- from the host to Lua ----------------------------------------------------------------------
 */

void value_push_null(lua_State *L)
{
    lua_pushlightuserdata(L, &null_tag);
}

void value_mark_list(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &list_key);
    lua_setmetatable(L, index);
}

/* A hint for the size of a table: the rest of an untrue one would only cost memory. */
static int room_for(uint64_t count)
{
    return count < 1 << 20 ? (int)count : 1 << 20;
}

static void push_list(lua_State *L, const stressor_host *host, const stressor_value *v)
{
    lua_createtable(L, room_for(v->as.list.count), 0);
    for (uint64_t i = 0; i < v->as.list.count; i++) {
        value_push_inner(L, host->list_at(v, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    value_mark_list(L, -1);
}

static void push_map(lua_State *L, const stressor_host *host, const stressor_value *v)
{
    lua_createtable(L, 0, room_for(v->as.map.count));
    for (uint64_t i = 0; i < v->as.map.count; i++) {
        const char *key;
        uint64_t length;
        const stressor_value *item = host->map_at(v, i, &key, &length);
        lua_pushlstring(L, key, length);
        value_push_inner(L, item);
        lua_rawset(L, -3);
    }
}

void value_push_inner(lua_State *L, const stressor_value *v)
{
    struct script *s = turn_script(L);
    const stressor_host *host = s->exec->host;
    luaL_checkstack(L, 4, "values are nested too deeply");
    if ((v->flags & STRESSOR_SECRET) != 0 && !secret_learn(s, v))
        luaL_error(L, "too many secrets for one script");
    switch (v->type) {
    case STRESSOR_BOOL: lua_pushboolean(L, v->as.integer != 0); break;
    case STRESSOR_INT: lua_pushinteger(L, v->as.integer); break;
    case STRESSOR_DOUBLE: lua_pushnumber(L, v->as.real); break;
    case STRESSOR_STRING: lua_pushlstring(L, v->as.string.ptr, v->as.string.length); break;
    case STRESSOR_LIST: push_list(L, host, v); break;
    case STRESSOR_MAP: push_map(L, host, v); break;
    default: value_push_null(L); break;
    }
}

void value_push(lua_State *L, const stressor_value *v)
{
    if (v->type == STRESSOR_NULL)
        lua_pushnil(L);
    else
        value_push_inner(L, v);
}

/* --- from Lua to the host ----------------------------------------------------------------------
 */

struct reader {
    lua_State *L;
    const struct script *script;
    const stressor_host *host;
    stressor_builder *b;
    const char *what;
    const char *key; /* the nearest one; NULL: none */
    unsigned depth;
    unsigned count;
};

static void refuse(const struct reader *r, const char *problem)
{
    if (r->key != NULL)
        luaL_error(r->L, "%s: %s (at '%s')", r->what, problem, r->key);
    else
        luaL_error(r->L, "%s: %s", r->what, problem);
}

static void read_value(struct reader *r, int index);

static bool is_list_by_mark(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &list_key);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

/* How many entries there are, and how many of them have keys that can be a list's. */
static void count_entries(struct reader *r, int index, size_t *all, size_t *numbered, size_t *named)
{
    lua_State *L = r->L;
    size_t length = lua_rawlen(L, index);
    *all = *numbered = *named = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        ++*all;
        *named += lua_type(L, -2) == LUA_TSTRING;
        if (lua_isinteger(L, -2)) {
            lua_Integer i = lua_tointeger(L, -2);
            *numbered += i >= 1 && (size_t)i <= length;
        }
        if (*all % 4096 == 0)
            turn_look(L);
    }
}

static void read_list(struct reader *r, int index, size_t count)
{
    r->host->build_list(r->b);
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(r->L, index, (lua_Integer)i);
        read_value(r, -1);
        lua_pop(r->L, 1);
    }
    r->host->build_end(r->b);
}

struct name {
    const char *ptr;
    size_t length;
};

static int compare_names(const void *left, const void *right)
{
    const struct name *a = left, *b = right;
    size_t shared = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->ptr, b->ptr, shared);
    if (order == 0)
        order = (a->length > b->length) - (a->length < b->length);
    return order;
}

static void read_entries(struct reader *r, int index, size_t count)
{
    lua_State *L = r->L;
    struct name *names = lua_newuserdatauv(L, (count + 1) * sizeof *names, 0);
    size_t n = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1), n++)
        names[n].ptr = lua_tolstring(L, -2, &names[n].length);
    qsort(names, n, sizeof *names, compare_names);
    const char *outer = r->key;
    for (size_t i = 0; i < n; i++) {
        lua_pushlstring(L, names[i].ptr, names[i].length);
        lua_rawget(L, index);
        r->key = names[i].ptr;
        r->host->build_key(r->b, names[i].ptr, names[i].length);
        read_value(r, -1);
        lua_pop(L, 1);
    }
    r->key = outer;
    lua_pop(L, 1);
}

static void read_table(struct reader *r, int index)
{
    lua_State *L = r->L;
    size_t all, numbered, named;
    if (++r->depth > SCRIPT_DEPTH_MAX)
        refuse(r, "tables are nested too deeply; does one hold itself?");
    luaL_checkstack(L, 8, "tables are nested too deeply");
    index = lua_absindex(L, index);
    count_entries(r, index, &all, &numbered, &named);
    if (all > SCRIPT_VALUES_MAX)
        refuse(r, "a table has too many entries");
    if (all == numbered && (all > 0 || is_list_by_mark(L, index))) {
        read_list(r, index, all);
    } else if (named == all) {
        r->host->build_map(r->b);
        read_entries(r, index, all);
        r->host->build_end(r->b);
    } else {
        refuse(r, "a table is neither a list 1..n without gaps nor a map with text keys");
    }
    r->depth--;
}

static void read_number(struct reader *r, int index)
{
    stressor_value v;
    if (lua_isinteger(r->L, index))
        v = stressor_int(lua_tointeger(r->L, index));
    else
        v = stressor_double(lua_tonumber(r->L, index));
    if (v.type == STRESSOR_DOUBLE && !isfinite(v.as.real))
        refuse(r, "a number is not finite");
    v.flags |= secret_flags(r->script, &v);
    r->host->build_value(r->b, &v);
}

static void read_text(struct reader *r, int index)
{
    size_t length;
    const char *text = lua_tolstring(r->L, index, &length);
    stressor_value v = stressor_string_n(text, length);
    v.flags |= secret_flags(r->script, &v);
    r->host->build_value(r->b, &v);
}

static void read_other(struct reader *r, int index)
{
    char problem[64] = "";
    strcat(strcpy(problem, "a value of type "), luaL_typename(r->L, index));
    strcat(problem, " cannot leave a script");
    refuse(r, problem);
}

static void read_value(struct reader *r, int index)
{
    stressor_value v;
    if (++r->count > SCRIPT_VALUES_MAX)
        refuse(r, "it holds too many values");
    if (r->count % 4096 == 0)
        turn_look(r->L);
    switch (lua_type(r->L, index)) {
    case LUA_TBOOLEAN:
        v = stressor_bool(lua_toboolean(r->L, index));
        r->host->build_value(r->b, &v);
        break;
    case LUA_TNUMBER: read_number(r, index); break;
    case LUA_TSTRING: read_text(r, index); break;
    case LUA_TTABLE: read_table(r, index); break;
    case LUA_TLIGHTUSERDATA: /* there is only json.null */
        v = stressor_null();
        r->host->build_value(r->b, &v);
        break;
    default: read_other(r, index); break;
    }
}

stressor_builder *value_build(lua_State *L)
{
    stressor_exec *exec = turn_script(L)->exec;
    stressor_builder *b = exec->host->build(exec);
    if (b == NULL)
        luaL_error(L, "out of memory for the values of this script");
    return b;
}

static struct reader reader_of(lua_State *L, stressor_builder *b, const char *what)
{
    const struct script *s = turn_script(L);
    return (struct reader){.L = L, .script = s, .host = s->exec->host, .b = b, .what = what};
}

void value_put(lua_State *L, stressor_builder *b, int index, const char *what)
{
    struct reader r = reader_of(L, b, what);
    read_value(&r, index);
}

void value_put_entries(lua_State *L, stressor_builder *b, int index, const char *what)
{
    struct reader r = reader_of(L, b, what);
    size_t all, numbered, named;
    index = lua_absindex(L, index);
    count_entries(&r, index, &all, &numbered, &named);
    if (all > SCRIPT_VALUES_MAX || named != all)
        refuse(&r, "expected a table with text keys, such as {url = \"/\"}");
    luaL_checkstack(L, 8, "tables are nested too deeply");
    read_entries(&r, index, all);
}

void value_built(lua_State *L, stressor_builder *b, stressor_value *out)
{
    if (turn_script(L)->exec->host->build_finish(b, out) != 0)
        luaL_error(L, "out of memory for the values of this script");
}

void value_read(lua_State *L, int index, const char *what, stressor_value *out)
{
    stressor_builder *b = value_build(L);
    value_put(L, b, index, what);
    value_built(L, b, out);
}
