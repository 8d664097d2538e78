#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "base/json.h"
#include "base/value.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 1024, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void assert_text(const stressor_value *v, unsigned flags, const char *expected)
{
    struct buf b;
    buf_init(&b, 0);
    value_text(v, flags, &b);
    assert_string_equal(b.data, expected);
    buf_finish(&b);
}

static void assert_json_text(const char *json, const char *expected)
{
    stressor_value v;
    assert_int_equal(json_parse(json, strlen(json), &arena, &v, NULL), JSON_OK);
    assert_text(&v, 0, expected);
}

static void values_read_as_python_prints_them(void **state)
{
    (void)state;
    assert_json_text("true", "True");
    assert_json_text("false", "False");
    assert_json_text("null", "None");
    assert_json_text("-12", "-12");
    assert_json_text("1.0", "1.0");
    assert_json_text("\"it's\"", "it's");
    assert_json_text("{\"a\": [1, \"x\"]}", "{'a': [1, 'x']}");
    assert_json_text("[]", "[]");
    assert_json_text("{}", "{}");
    assert_json_text("[null, true, 1e20, {\"k\": {}}]", "[None, True, 1e+20, {'k': {}}]");
    assert_json_text("18446744073709551615", "18446744073709551615");
    assert_json_text("[18446744073709551615, \"18446744073709551615\"]",
                     "[18446744073709551615, '18446744073709551615']");
}

static void quotes_follow_pythons_repr(void **state)
{
    (void)state;
    assert_json_text("[\"it's\"]", "[\"it's\"]");
    assert_json_text("[\"say \\\"hi\\\"\"]", "['say \"hi\"']");
    assert_json_text("[\"it's \\\"both\\\"\"]", "['it\\'s \"both\"']");
    assert_json_text("[\"a\\nb\\tc\\rd\\\\e\"]", "['a\\nb\\tc\\rd\\\\e']");
    assert_json_text("[\"\\u0000\\u001b\\u007f\\u00a0\\u00ad\"]", "['\\x00\\x1b\\x7f\\xa0\\xad']");
    assert_json_text("[\"\\u00e9\\u20ac\\ud83d\\ude00\"]",
                     "['\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80']");
    assert_json_text("[\"\\u2028\\ufeff\"]", "['\\u2028\\ufeff']");
    stressor_value v = stressor_string("a\xFF\xC3");
    assert_text(&v, VALUE_TEXT_QUOTE, "'a\\xff\\xc3'");
    assert_text(&v, 0, "a\xFF\xC3");
}

static void doubles_have_the_shortest_digits_that_read_back(void **state)
{
    (void)state;
    static const struct {
        double d;
        const char *text;
    } cases[] = {
        {1, "1.0"},
        {-0.0, "-0.0"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e15, "1000000000000000.0"},
        {9007199254740993.0, "9007199254740992.0"},
        {1e16, "1e+16"},
        {1e20, "1e+20"},
        {123456789012345680.0, "1.2345678901234568e+17"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {-1234.5, "-1234.5"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {0x1p-1017, "7.120236347223045e-307"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
        {NAN, "nan"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        value_double_text(cases[i].d, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void secrets_are_masked_or_told_of(void **state)
{
    (void)state;
    struct stressor_builder b;
    builder_init(&b, &arena);
    builder_map(&b);
    builder_key(&b, "user", 4);
    stressor_value v = stressor_string("joe");
    builder_value(&b, &v);
    builder_key(&b, "password", 8);
    v = stressor_string("hush");
    v.flags = STRESSOR_SECRET;
    builder_value(&b, &v);
    builder_end(&b);
    stressor_value map;
    assert_int_equal(builder_finish(&b, &map), 0);
    struct buf out;
    buf_init(&out, 0);
    assert_false(value_text(&map, VALUE_TEXT_MASK, &out));
    assert_string_equal(out.data, "{'user': 'joe', 'password': ***}");
    buf_clear(&out);
    assert_true(value_text(&map, 0, &out));
    assert_string_equal(out.data, "{'user': 'joe', 'password': 'hush'}");
    buf_clear(&out);
    assert_false(value_text(value_get(&map, "user", 4), 0, &out));
    buf_finish(&out);
}

static void a_full_buffer_ends_the_text(void **state)
{
    (void)state;
    stressor_value v;
    const char *json = "[1, [2, [3, \"abcdefghijklmnop\"]], 4]";
    assert_int_equal(json_parse(json, strlen(json), &arena, &v, NULL), JSON_OK);
    struct buf out;
    buf_init(&out, 12);
    value_text(&v, 0, &out);
    assert_true(out.failed);
    assert_string_equal(out.data, "[1, [2, [3, ");
    buf_finish(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_read_as_python_prints_them),
        TEST(quotes_follow_pythons_repr),
        TEST(doubles_have_the_shortest_digits_that_read_back),
        TEST(secrets_are_masked_or_told_of),
        TEST(a_full_buffer_ends_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
