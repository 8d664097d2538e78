#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

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

static stressor_value json(const char *text)
{
    stressor_value v = stressor_null();
    assert_int_equal(json_parse(text, strlen(text), &arena, &v, NULL), JSON_OK);
    return v;
}

static bool equal(const char *a, const char *b)
{
    stressor_value x = json(a), y = json(b);
    assert_int_equal(value_equal(&x, &y), value_equal(&y, &x));
    return value_equal(&x, &y);
}

static void equality_is_by_value(void **state)
{
    (void)state;
    assert_true(equal("1", "1.0"));
    assert_true(equal("[1, {\"a\": 2.0}]", "[1.0, {\"a\": 2}]"));
    assert_true(equal("{\"a\": 1, \"b\": null}", "{\"b\": null, \"a\": 1}"));
    assert_true(equal("\"x\"", "\"x\""));
    assert_true(equal("[]", "[]"));
    assert_false(equal("true", "1"));
    assert_false(equal("false", "0"));
    assert_false(equal("null", "false"));
    assert_false(equal("\"1\"", "1"));
    assert_false(equal("[1]", "[1, 1]"));
    assert_false(equal("[]", "{}"));
    assert_false(equal("{\"a\": 1}", "{\"b\": 1}"));
    assert_false(equal("{\"a\": 1}", "{\"a\": 2}"));
    assert_false(equal("\"x\"", "\"y\""));
}

static void integers_and_doubles_are_compared_exactly(void **state)
{
    (void)state;
    assert_false(equal("9007199254740993", "9007199254740992.0"));
    assert_true(equal("9007199254740992", "9007199254740992.0"));
    assert_false(equal("9223372036854775807", "9223372036854775808.0"));
    assert_true(equal("-9223372036854775808", "-9223372036854775808.0"));
    assert_false(equal("1", "1.5"));
    stressor_value nan = stressor_double(NAN), one = stressor_int(1);
    assert_false(value_equal(&nan, &nan));
    assert_false(value_equal(&nan, &one));
}

static void reading_what_is_no_container_finds_nothing(void **state)
{
    (void)state;
    stressor_value v = stressor_string("text");
    assert_null(value_get(&v, "a", 1));
    assert_null(value_at(&v, 0));
    assert_null(value_entry(&v, 0, NULL, NULL));
}

static const char *const sample =
    "{\"a\": [1, 2.5, \"text\", \"\", [], {}, null, true], \"\": {\"deep\": [[[\"x\"]]]},"
    "\"1\": 1, \"2\": 2, \"3\": 3, \"4\": 4, \"5\": 5, \"6\": 6, \"7\": 7, \"8\": 8, \"9\": 9,"
    "\"10\": 10, \"11\": 11, \"12\": 12, \"13\": 13}";

static void copies_do_not_need_the_original(void **state)
{
    (void)state;
    stressor_value v = json(sample), again = v, packed, copied;
    void *block;
    assert_true(value_pack(&v, &packed, &block));
    struct arena other;
    arena_init(&other, 64, 0);
    assert_true(value_copy(&other, &v, &copied));
    arena_finish(&arena); /* the original is gone */
    again = json(sample);
    assert_true(value_equal(&packed, &again));
    assert_true(value_equal(&copied, &again));
    assert_int_equal(value_get(&packed, "13", 2)->as.integer, 13);
    assert_int_equal(value_get(&copied, "7", 1)->as.integer, 7);
    arena_finish(&other);
    free(block);
}

static void values_without_memory_need_no_block(void **state)
{
    (void)state;
    stressor_value values[] = {stressor_int(1), stressor_null(), stressor_string(""),
                               json("[]"),      json("{}"),      stressor_double(0.5)};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        stressor_value out;
        void *block = &out;
        assert_true(value_pack(&values[i], &out, &block));
        assert_null(block);
        assert_true(value_equal(&values[i], &out));
    }
}

static void copies_keep_flags_and_borrow_templates(void **state)
{
    (void)state;
    static const int template = 0;
    struct stressor_builder b;
    builder_init(&b, &arena);
    builder_list(&b);
    stressor_value t = stressor_string_n((const char *)&template, 0), out, packed;
    t.flags = VALUE_TEMPLATE | STRESSOR_SECRET;
    builder_value(&b, &t);
    builder_end(&b);
    assert_int_equal(builder_finish(&b, &out), 0);
    void *block;
    assert_true(value_pack(&out, &packed, &block));
    assert_int_equal(packed.flags, VALUE_TEMPLATES);
    assert_int_equal(value_at(&packed, 0)->flags, VALUE_TEMPLATE | STRESSOR_SECRET);
    assert_ptr_equal(value_at(&packed, 0)->as.string.ptr, &template);
    assert_true(value_equal(&out, &packed));
    assert_true(value_has_secret(&packed));
    free(block);
}

static void numerals_are_numbers_and_stay_so_in_copies(void **state)
{
    (void)state;
    stressor_value n = json("18446744073709551615"), other, packed, real = stressor_double(0x1p64);
    assert_true(value_is_numeral(&n));
    assert_true(value_equal(&n, &real));
    assert_true(value_equal(&real, &n));
    real = stressor_double(0x1p65);
    assert_false(value_equal(&n, &real));
    other = json("18446744073709551614");
    assert_false(value_equal(&n, &other));
    other = json("\"18446744073709551615\"");
    assert_false(value_equal(&n, &other));
    other = json("-9223372036854775809");
    stressor_value least = stressor_int(INT64_MIN);
    assert_false(value_equal(&other, &least));
    void *block;
    other = json("[18446744073709551615]");
    assert_true(value_pack(&other, &packed, &block));
    assert_true(value_is_numeral(value_at(&packed, 0)));
    free(block);
    n.as.string = json("\"1x\"").as.string; /* what keeps the flag and is no number is text */
    assert_false(value_is_numeral(&n));
    n.as.string.length = 0;
    assert_false(value_is_numeral(&n));
}

static void a_copy_beyond_the_ceiling_fails(void **state)
{
    (void)state;
    stressor_value v = json(sample), out;
    struct arena small;
    arena_init(&small, 64, 128);
    assert_false(value_copy(&small, &v, &out));
    assert_false(value_make_secret(&small, &v));
    arena_finish(&small);
}

static void making_secret_marks_everything_inside_and_not_the_original(void **state)
{
    (void)state;
    stressor_value v = json(sample), secret = v;
    assert_false(value_has_secret(&v));
    assert_true(value_make_secret(&arena, &secret));
    assert_false(value_has_secret(&v));
    assert_true(value_has_secret(&secret));
    const stressor_value *list = value_get(&secret, "a", 1);
    assert_int_equal(list->flags, STRESSOR_SECRET);
    assert_int_equal(value_at(list, 0)->flags, STRESSOR_SECRET);
    assert_int_equal(value_get(&secret, "13", 2)->flags, STRESSOR_SECRET);
    assert_int_equal(value_get(&v, "13", 2)->flags, 0);
    assert_true(value_equal(&v, &secret));
    stressor_value number = stressor_int(5);
    assert_true(value_make_secret(&arena, &number));
    assert_int_equal(number.flags, STRESSOR_SECRET);
}

static void deep_values_are_copied_and_compared(void **state)
{
    (void)state;
    char text[2 * VALUE_DEPTH_MAX + 1] = "";
    memset(text, '[', VALUE_DEPTH_MAX);
    memset(text + VALUE_DEPTH_MAX, ']', VALUE_DEPTH_MAX);
    stressor_value v = json(text), packed;
    void *block;
    assert_true(value_pack(&v, &packed, &block));
    assert_true(value_equal(&v, &packed));
    free(block);
}

static void types_have_names(void **state)
{
    (void)state;
    assert_string_equal(value_type_name(STRESSOR_NULL), "null");
    assert_string_equal(value_type_name(STRESSOR_MAP), "map");
    assert_string_equal(value_type_name(99), "unknown");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equality_is_by_value),
        TEST(integers_and_doubles_are_compared_exactly),
        TEST(reading_what_is_no_container_finds_nothing),
        TEST(copies_do_not_need_the_original),
        TEST(values_without_memory_need_no_block),
        TEST(copies_keep_flags_and_borrow_templates),
        TEST(numerals_are_numbers_and_stay_so_in_copies),
        TEST(a_copy_beyond_the_ceiling_fails),
        TEST(making_secret_marks_everything_inside_and_not_the_original),
        TEST(deep_values_are_copied_and_compared),
        TEST(types_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
