/*
 * Lua's patterns as ours match them, against Lua's own functions: same results, same errors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <lualib.h>

#include "string_lib.h"
#include "turn.h"

struct fixture {
    struct script_worker worker;
    struct script script;
    struct turn turn;
    lua_State *L;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    f->worker.timeout_ns = INT64_C(60000000000);
    f->L = luaL_newstate();
    if (f->L == NULL) {
        free(f);
        return -1;
    }
    *(struct script_worker **)lua_getextraspace(f->L) = &f->worker;
    f->script.worker = &f->worker;
    f->script.co = f->L;
    turn_begin(&f->turn, &f->script);
    luaL_openlibs(f->L);
    lua_newtable(f->L);
    for (const luaL_Reg *own = string_lib_functions(); own->name != NULL; own++) {
        lua_getglobal(f->L, "string");
        lua_getfield(f->L, -1, own->name);
        lua_remove(f->L, -2);
        lua_pushcclosure(f->L, own->func, 1);
        lua_setfield(f->L, -2, own->name);
    }
    lua_setglobal(f->L, "ours");
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    turn_finish(&f->turn);
    lua_close(f->L);
    free(f);
    return 0;
}

static void check(void **state, const char *chunk)
{
    struct fixture *f = *state;
    if (luaL_dostring(f->L, chunk) != LUA_OK)
        fail_msg("%s", lua_tostring(f->L, -1));
}

/* Compares all results of a function, errors included. */
#define COMPARE                                                                                    \
    "local function shown(...)\n"                                                                  \
    "    local t = table.pack(...)\n"                                                              \
    "    for i = 1, t.n do t[i] = math.type(t[i]) == 'integer' and '#' .. t[i] or "                \
    "        string.format('%q', t[i]) end\n"                                                      \
    "    return (table.concat(t, ' '):gsub(\" to '.-'\", ''))\n"                                   \
    "end\n"                                                                                        \
    "local function same(name, ...)\n"                                                             \
    "    local theirs = shown(pcall(string[name], ...))\n"                                         \
    "    local own = shown(pcall(ours[name], ...))\n"                                              \
    "    if theirs ~= own and not own:find('^false .*\"malformed') and\n"                          \
    "        not own:find('^false .*invalid') and not own:find('^false .*unfinished') and\n"       \
    "        not own:find('^false .*missing') then\n"                                              \
    "        error(name .. '(' .. shown(...) .. '): ' .. own .. ', but Lua: ' .. theirs, 0)\n"     \
    "    end\n"                                                                                    \
    "    return own\n"                                                                             \
    "end\n"                                                                                        \
    "local function all(text, pattern)\n"                                                          \
    "    same('find', text, pattern)\n"                                                            \
    "    same('match', text, pattern)\n"                                                           \
    "    same('match', text, pattern, 3)\n"                                                        \
    "    same('find', text, pattern, -2)\n"                                                        \
    "    same('gsub', text, pattern, '<%0>')\n"                                                    \
    "    same('gsub', text, pattern, '', 2)\n"                                                     \
    "    same('gsub', text, pattern, {a = 'A', ab = false})\n"                                     \
    "    same('gsub', text, pattern, function(x) return x ~= 'b' and x end)\n"                     \
    "    local n, s = 0, {}\n"                                                                     \
    "    for _, f in ipairs{string.gmatch, ours.gmatch} do\n"                                      \
    "        local found = {}\n"                                                                   \
    "        local good, why = pcall(function()\n"                                                 \
    "            for a, b in f(text, pattern) do found[#found + 1] = shown(a, b) end\n"            \
    "        end)\n"                                                                               \
    "        s[#s + 1] = good and table.concat(found, '|') or 'error'\n"                           \
    "    end\n"                                                                                    \
    "    assert(s[1] == s[2] or s[2] == 'error', 'gmatch ' .. pattern)\n"                          \
    "    assert(s[1] == s[2] or not pcall(ours.match, 'x', pattern) , 'gmatch ' .. pattern)\n"     \
    "end\n"

static void patterns_mean_what_they_mean_to_lua(void **state)
{
    check(state,
          COMPARE "local texts = {'', 'a', 'b', 'ab', 'aab', 'hello world', 'key = value', "
                  "'THE (quick) fox', '[[x]]', '(a(b)c)', 'a.b-c', '\\0a\\0', 'xäy', '  trim  ', "
                  "'2026-11-22', 'aaa', 'abab', '%d', '$1^2', 'x]y'}\n"
                  "local patterns = {'', 'a', '.', 'a*', 'a-', 'a+', 'a?', '^a', 'a$', '^a$', "
                  "'a-b', '.-b', '.*b', '(a)(b)', '((a)(b))', '()a()', '(a*)(b*)', '%a+', '%d+', "
                  "'%s*(.-)%s*$', '^%s*(.-)%s*$', '(%w+)%s*=%s*(%w+)', '%b()', '%b[]', '%bxx', "
                  "'%f[%w]%w+', '%f[%a]%a+%f[%A]', '[%w_]+', '[^%s]+', '[a-c]+', '[]]', '[^]]', "
                  "'[a-]', '[-a]', '[%a-z]', '[a%-z]', '(a)%1', '(.)%1', '(%d+)-(%d+)-(%d+)', "
                  "'%.', '%%', '%$', '$1', '^^', '[^a]', '%z', '%x+', '%u%l*', '%p', '%c', '%g+', "
                  "'%S+', '%W', '%D', '\\0', '[\\0]', 'ä', '[ä]+', '^', '$', 'a$b', '^a-$', '%1', "
                  "'(', ')', '[', '[a', '[^', '[%', '%', 'a%', '%b', '%bx', '%f', '%fa', '(a', "
                  "'a)', '(()', '%2', '(a%1)', '[]', '[^]', '*a', '+', 'a**', '(a)*', '.-.-.-$'}\n"
                  "for _, text in ipairs(texts) do\n"
                  "    for _, pattern in ipairs(patterns) do all(text, pattern) end\n"
                  "end\n");
}

static void random_patterns_mean_what_they_mean_to_lua(void **state)
{
    check(state, COMPARE
          "local parts = {'a', 'b', '.', '%a', '%d', '[ab]', '[^a]', '(', ')', '()', '*', '+', "
          "'-', '?', '^', '$', '%1', '%b()', '%f[a]', ' ', '[%w-]', '%%'}\n"
          "math.randomseed(20261122)\n"
          "for i = 1, 20000 do\n"
          "    local pattern, text = {}, {}\n"
          "    for k = 1, math.random(1, 7) do pattern[k] = parts[math.random(#parts)] end\n"
          "    for k = 1, math.random(0, 10) do\n"
          "        text[k] = ('ab1 ()-%'):sub(math.random(8)):sub(1, 1)\n"
          "    end\n"
          "    all(table.concat(text), table.concat(pattern))\n"
          "end\n");
}

static void what_is_malformed_is_an_error_wherever_it_stands(void **state)
{
    check(state, "for _, p in ipairs{'[a', 'xyz[a', '%', 'xyz%', 'xyz(', ')', '%f', '%b', '%bx',\n"
                 "                   '[%', '[^', '%1', '(a%1)', ('()'):rep(33)} do\n"
                 "    assert(not pcall(ours.match, 'a', p), p)\n"
                 "    assert(not pcall(ours.gsub, 'a', p, ''), p)\n"
                 "    assert(not pcall(ours.gmatch, 'a', p), p)\n"
                 "end\n"
                 "assert(ours.find('a', ('()'):rep(32)))\n");
}

static void arguments_are_those_of_lua(void **state)
{
    check(state,
          COMPARE "same('find', 'a.b', '.', 1, true) same('find', 'abc', 'c', -1)\n"
                  "same('find', 'abc', '', 4) same('find', 'abc', '', 5) same('find', 'abc', 'a', "
                  "-10)\n"
                  "same('find', '', '') same('find', 'abc', '', 10, true) same('match', 'abc', "
                  "'()', 4)\n"
                  "same('gsub', 'abc', '%w', '%%%0%1') same('gsub', 'abc', '%w', '%2')\n"
                  "same('gsub', 'abc', '%w', '%x') same('gsub', 'abc', '%w', '%')\n"
                  "same('gsub', 'abc', '%w', 5) same('gsub', 'abc', '%w', true)\n"
                  "same('gsub', 'abc', '', '-') same('gsub', 'abc', '^a', 'x') same('gsub', 'aaa', "
                  "'^a', 'x')\n"
                  "same('gsub', 'abc', 'b', function() return {} end) same('gsub', 'abc', 'b', {b "
                  "= 7})\n"
                  "same('gsub', 'abc', '()', '%1') same('gsub', 'abc', 'x', 'y') same('gsub', 12, "
                  "'1', 3)\n"
                  "same('rep', 'a', 3, ',') same('rep', 'a', 0) same('rep', 'a', -1) same('rep', "
                  "'', 5)\n"
                  "local t = {} for w in ours.gmatch('one two', '%a+', 4) do t[#t + 1] = w end\n"
                  "assert(#t == 1 and t[1] == 'two')\n"
                  "for w in ours.gmatch('one', '%a', 9) do error('found') end\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(patterns_mean_what_they_mean_to_lua, setup, teardown),
        cmocka_unit_test_setup_teardown(random_patterns_mean_what_they_mean_to_lua, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_malformed_is_an_error_wherever_it_stands, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(arguments_are_those_of_lua, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
