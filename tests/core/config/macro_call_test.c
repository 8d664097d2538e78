#include <stdio.h>
#include <time.h>

#include "config/macro_call.h"
#include "tree.h"

/* "name|argument|argument", or what else it is. */
static void show(const char *text, char *out, size_t size)
{
    static const char *const names[] = {"none", "yes", "trailing", "open", "too many"};
    struct macro_call call;
    enum macro_call_result result = macro_call_parse(text, strlen(text), &call);
    size_t used = 0;
    if (result != MACRO_CALL_YES) {
        used = (size_t)snprintf(out, size, "%s", names[result]);
        return;
    }
    used += (size_t)snprintf(out, size, "%.*s", (int)call.name_length, call.name);
    for (size_t i = 0; i < call.args_count; i++)
        used += (size_t)snprintf(out + used, size - used, "|%.*s", (int)call.args[i].length,
                                 call.args[i].text);
}

static const char *const cases[][2] = {
    {"$sleep(0.3)", "sleep|0.3"},
    {"  $sleep( 0.3 ,\t1 )\n", "sleep|0.3|1"},
    {"$debug()", "debug"},
    {"$debug(  )", "debug"},
    {"$f(,)", "f||"},
    {"$f(a,)", "f|a|"},
    {"$f($(a), $g(b, c))", "f|$(a)|$g(b, c)"},
    {"$f('a, b', \"c)\")", "f|a, b|c)"},
    {"$f(\"it's\", don't)", "f|it's|don't"},
    {"$f('a' 'b')", "f|'a' 'b'"},
    {"$f('')", "f|"},
    {"$f($g(')'), x)", "f|$g(')')|x"},
    {"$f('open, b)", "f|'open|b"},
    {"$_a1(x)", "_a1|x"},
    {"$f(a) b", "trailing"},
    {"$f(a))", "trailing"},
    {"$f(a", "open"},
    {"$f((a)", "open"},
    {"$f('a)'", "open"},
    {"$f(", "open"},
    {"$(a)", "none"},
    {"$f", "none"},
    {"$", "none"},
    {"", "none"},
    {"$1(a)", "none"},
    {"$f (a)", "none"},
    {"x $f(a)", "none"},
    {"$f-g(a)", "none"},
    {"$f(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16)", "f|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16"},
    {"$f(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17)", "too many"},
};

static void calls_come_apart_as_they_are_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[200];
        show(cases[i][0], out, sizeof out);
        assert_string_equal(out, cases[i][1]);
    }
}

static void a_call_inside_a_text_ends_at_its_parenthesis(void **state)
{
    (void)state;
    static const char text[] = "$f(a, (b)) and more";
    struct macro_call call;
    size_t end;
    assert_int_equal(macro_call_scan(text, sizeof text - 1, &call, &end), MACRO_CALL_YES);
    assert_int_equal(end, 10);
    assert_int_equal(call.args_count, 2);
}

static void many_quotes_and_parentheses_take_no_time(void **state)
{
    (void)state;
    static const char *const units[] = {"('", "$f(\"", "(", "',\"("};
    clock_t from = clock();
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct buf text;
        struct macro_call call;
        buf_init(&text, 0);
        buf_puts(&text, "$f(");
        for (int k = 0; k < 300000; k++)
            buf_puts(&text, units[i]);
        assert_int_equal(macro_call_parse(text.data, text.length, &call), MACRO_CALL_OPEN);
        buf_finish(&text);
    }
    assert_true((double)(clock() - from) / CLOCKS_PER_SEC < 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_come_apart_as_they_are_written),
        cmocka_unit_test(a_call_inside_a_text_ends_at_its_parenthesis),
        cmocka_unit_test(many_quotes_and_parentheses_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
