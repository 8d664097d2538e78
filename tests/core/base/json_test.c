#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/json.h"

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

static stressor_value parsed(const char *text)
{
    stressor_value v = stressor_null();
    assert_int_equal(json_parse(text, strlen(text), &arena, &v, NULL), JSON_OK);
    return v;
}

static void assert_written(const char *json, bool spaced, const char *expected)
{
    stressor_value v = parsed(json);
    struct buf b;
    buf_init(&b, 0);
    assert_true(json_write(&v, spaced, &b));
    assert_string_equal(b.data, expected);
    buf_finish(&b);
}

static void any_value_may_stand_at_the_top(void **state)
{
    (void)state;
    assert_int_equal(parsed("null").type, STRESSOR_NULL);
    assert_int_equal(parsed(" true ").as.integer, 1);
    assert_int_equal(parsed("-3").as.integer, -3);
    assert_true(parsed("2.5e1").as.real == 25.0);
    assert_int_equal(parsed("\"ab\"").as.string.length, 2);
    assert_int_equal(parsed("[1]").as.list.count, 1);
    assert_int_equal(parsed("\xEF\xBB\xBF{}").type, STRESSOR_MAP);
}

static void keys_keep_their_order_and_the_last_duplicate_wins(void **state)
{
    (void)state;
    assert_written("{\"z\": 1, \"a\": 2, \"z\": 3, \"b\": 4}", false, "{\"z\":3,\"a\":2,\"b\":4}");
}

static void assert_numeral(const stressor_value *v, const char *digits)
{
    assert_true(value_is_numeral(v));
    assert_int_equal(v->as.string.length, strlen(digits));
    assert_memory_equal(v->as.string.ptr, digits, strlen(digits));
}

static void only_integers_beyond_64_bits_become_numerals(void **state)
{
    (void)state;
    stressor_value v =
        parsed("[9223372036854775807, 9223372036854775808, -9223372036854775808,"
               "-9223372036854775809, 9007199254740993, \"9223372036854775808\","
               "{\"\\\"99999999999999999999\": 1e2}, 123456789012345678901234567890123]");
    assert_int_equal(value_at(&v, 0)->as.integer, INT64_MAX);
    assert_numeral(value_at(&v, 1), "9223372036854775808");
    assert_int_equal(value_at(&v, 2)->as.integer, INT64_MIN);
    assert_numeral(value_at(&v, 3), "-9223372036854775809");
    assert_int_equal(value_at(&v, 4)->as.integer, INT64_C(9007199254740993));
    assert_int_equal(value_at(&v, 5)->as.string.length, 19);
    assert_int_equal(value_at(&v, 5)->flags, 0);
    assert_true(value_get(value_at(&v, 6), "\"99999999999999999999", 21)->as.real == 100.0);
    assert_numeral(value_at(&v, 7), "123456789012345678901234567890123");
    v = parsed("18446744073709551615");
    assert_numeral(&v, "18446744073709551615");
}

static void numerals_are_written_as_they_came(void **state)
{
    (void)state;
    assert_written("{\"u\": 18446744073709551615, \"t\": \"18446744073709551615\"}", false,
                   "{\"u\":18446744073709551615,\"t\":\"18446744073709551615\"}");
    stressor_value v = parsed("18446744073709551615");
    struct buf b;
    buf_init(&b, 0);
    v.as.string = parsed("\"1, 2\"").as.string; /* the flag alone makes nothing bare */
    assert_true(json_write(&v, false, &b));
    assert_string_equal(b.data, "\"1, 2\"");
    buf_finish(&b);
}

static void no_string_passes_for_a_numeral(void **state)
{
    (void)state;
    stressor_value v = parsed("[99999999999999999999, \"\\u0000123456\", \"\\u0000\\u000012\","
                              " \"\\u0000\", \"\", \"\\\\u0000\", \"\\\"99999999999999999999\"]");
    static const struct {
        const char *text;
        size_t length;
    } expected[] = {{"\000123456", 7}, {"\0\00012", 4}, {"\0", 1},
                    {"", 0},           {"\\u0000", 6},  {"\"99999999999999999999", 21}};
    assert_numeral(value_at(&v, 0), "99999999999999999999");
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const stressor_value *s = value_at(&v, i + 1);
        assert_int_equal(s->flags, 0);
        assert_int_equal(s->as.string.length, expected[i].length);
        assert_memory_equal(s->as.string.ptr, expected[i].text, expected[i].length);
    }
}

static void assert_wrong(const char *json, int line, int column, const char *text)
{
    stressor_value v;
    struct json_error error;
    assert_int_equal(json_parse(json, strlen(json), &arena, &v, &error), JSON_SYNTAX);
    assert_string_equal(error.text, text);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
}

/* The places are those of the text as it came, whatever is done to long integers. */
static void numbers_and_depth_beyond_what_is_read_are_told_with_their_place(void **state)
{
    (void)state;
    assert_wrong("{\"f\": 1e400}", 1, 11, "a number that is too large near '1e400'");
    assert_wrong("[99999999999999999999,\n \"\xC3\xA9\", 1e400]", 2, 11,
                 "a number that is too large near '1e400'");
    assert_wrong("[1e400]", 1, 6, "a number that is too large near '1e400'");
    assert_wrong("[99999999999999999999,\n99999999999999999999, x]", 2, 23,
                 "invalid token near 'x'");
    assert_wrong("{99999999999999999999: 1}", 1, 21, "string or '}' expected");
    char digits[VALUE_NUMERAL_MAX + 2];
    memset(digits, '7', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    assert_wrong(digits, 1, VALUE_NUMERAL_MAX + 1, "a number that is too large");
    digits[sizeof digits - 2] = '\0';
    stressor_value v = parsed(digits);
    assert_numeral(&v, digits);
}

static void numbers_that_json_has_not_are_found(void **state)
{
    (void)state;
    stressor_value v = parsed("{\"a\": [1.5, {\"b\": 2}], \"c\": [18446744073709551615, null]}");
    assert_true(json_has_numbers(&v));
    struct stressor_builder b;
    const stressor_value bad[] = {stressor_double(HUGE_VAL), stressor_double(-HUGE_VAL),
                                  stressor_double(NAN)};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        builder_init(&b, &arena);
        builder_map(&b);
        builder_key(&b, "a", 1);
        builder_list(&b);
        builder_value(&b, &bad[i]);
        builder_end(&b);
        builder_key(&b, "b", 1);
        builder_value(&b, &v);
        builder_end(&b);
        stressor_value map;
        assert_int_equal(builder_finish(&b, &map), 0);
        assert_false(json_has_numbers(&map));
        assert_false(json_has_numbers(&bad[i]));
    }
}

static void nul_in_strings_is_kept(void **state)
{
    (void)state;
    stressor_value v = parsed("\"a\\u0000b\"");
    assert_int_equal(v.as.string.length, 3);
    assert_memory_equal(v.as.string.ptr, "a\0b", 3);
    assert_written("\"a\\u0000b\"", false, "\"a\\u0000b\"");
}

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",    "{",  "[1,]", "nul",     "{\"a\" 1}", "'a'",    "\"\xFF\"",
        "1 2", "01", "+1",   "[1e999]", "NaN",       "\"\t\"", "99999999999999999999 x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        stressor_value v;
        struct json_error error;
        assert_int_equal(json_parse(wrong[i], strlen(wrong[i]), &arena, &v, &error), JSON_SYNTAX);
        assert_true(error.text[0] != '\0');
    }
    stressor_value v;
    struct json_error error;
    assert_int_equal(json_parse("[1,\n  x]", 8, &arena, &v, &error), JSON_SYNTAX);
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 3);
}

static void depth_has_a_ceiling(void **state)
{
    (void)state;
    enum { MOST = VALUE_DEPTH_MAX + 1 };
    char *text = malloc(2 * MOST);
    assert_non_null(text);
    memset(text, '[', MOST);
    memset(text + MOST, ']', MOST);
    stressor_value v;
    int at_most = json_parse(text + 1, 2 * MOST - 2, &arena, &v, NULL);
    int beyond = json_parse(text, 2 * MOST, &arena, &v, NULL);
    free(text);
    assert_int_equal(at_most, JSON_OK);
    assert_int_equal(beyond, JSON_SYNTAX);
}

static void a_full_arena_is_out_of_memory(void **state)
{
    (void)state;
    const char *text = "{\"a\": [1, \"some text\", {\"b\": \"more text\"}], \"c\": \"the end\"}";
    int good = 0;
    for (size_t ceiling = 16; ceiling < 2048; ceiling += 16) {
        struct arena small;
        arena_init(&small, 64, ceiling);
        stressor_value v;
        struct json_error error;
        int status = json_parse(text, strlen(text), &small, &v, &error);
        arena_finish(&small);
        assert_true(status == JSON_OK || status == JSON_NOMEM);
        assert_true(status != JSON_NOMEM || good == 0);
        good += status == JSON_OK;
    }
    assert_true(good > 0);
}

static void a_quick_look_tells_json_from_other_text(void **state)
{
    (void)state;
    static const char *const yes[] = {"{}", " [1] \n", "\"x\"", "12", "-1.5", "true", "null"};
    static const char *const no[] = {"", " ", "<html>", "{", "hello", "nullx", "[1", "\"", "1 a"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        assert_true(json_looks_like(yes[i], strlen(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(json_looks_like(no[i], strlen(no[i])));
}

static void values_are_written_compact_or_spaced(void **state)
{
    (void)state;
    const char *text =
        "{\"a\": [1, 2.0, 1e20, null, true], \"b\": {}, \"c\": \"\\\"\\\\\\n\\u0001\"}";
    assert_written(text, false,
                   "{\"a\":[1,2.0,1e+20,null,true],\"b\":{},\"c\":\"\\\"\\\\\\n\\u0001\"}");
    assert_written(text, true,
                   "{\"a\": [1, 2.0, 1e+20, null, true], \"b\": {}, \"c\": "
                   "\"\\\"\\\\\\n\\u0001\"}");
    assert_written("\"\xC3\xA9\"", false, "\"\xC3\xA9\"");
}

static void what_json_cannot_say_is_written_as_something_valid(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 0);
    stressor_value v = stressor_double(1e308 * 10);
    assert_true(json_write(&v, false, &b));
    v = stressor_string("a\xFF"
                        "b");
    assert_true(json_write(&v, false, &b));
    assert_string_equal(b.data, "null\"a\\ufffdb\"");
    buf_finish(&b);
    buf_init(&b, 3);
    assert_false(json_write(&v, false, &b));
    buf_finish(&b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(any_value_may_stand_at_the_top),
        TEST(keys_keep_their_order_and_the_last_duplicate_wins),
        TEST(only_integers_beyond_64_bits_become_numerals),
        TEST(numerals_are_written_as_they_came),
        TEST(no_string_passes_for_a_numeral),
        TEST(numbers_and_depth_beyond_what_is_read_are_told_with_their_place),
        TEST(numbers_that_json_has_not_are_found),
        TEST(nul_in_strings_is_kept),
        TEST(mistakes_are_told_with_their_place),
        TEST(depth_has_a_ceiling),
        TEST(a_full_arena_is_out_of_memory),
        TEST(a_quick_look_tells_json_from_other_text),
        TEST(values_are_written_compact_or_spaced),
        TEST(what_json_cannot_say_is_written_as_something_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
