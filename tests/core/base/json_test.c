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

static void only_integers_beyond_64_bits_become_doubles(void **state)
{
    (void)state;
    stressor_value v =
        parsed("[9223372036854775807, 9223372036854775808, -9223372036854775808,"
               "-9223372036854775809, 9007199254740993, \"9223372036854775808\","
               "{\"\\\"99999999999999999999\": 1e2}, 123456789012345678901234567890123]");
    assert_int_equal(value_at(&v, 0)->as.integer, INT64_MAX);
    assert_int_equal(value_at(&v, 1)->type, STRESSOR_DOUBLE);
    assert_true(value_at(&v, 1)->as.real == 9223372036854775808.0);
    assert_int_equal(value_at(&v, 2)->as.integer, INT64_MIN);
    assert_int_equal(value_at(&v, 3)->type, STRESSOR_DOUBLE);
    assert_int_equal(value_at(&v, 4)->as.integer, INT64_C(9007199254740993));
    assert_int_equal(value_at(&v, 5)->as.string.length, 19);
    assert_true(value_get(value_at(&v, 6), "\"99999999999999999999", 21)->as.real == 100.0);
    assert_true(value_at(&v, 7)->as.real == 123456789012345678901234567890123.0);
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
        TEST(only_integers_beyond_64_bits_become_doubles),
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
