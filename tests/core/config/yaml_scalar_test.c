#include <math.h>

#include "tree.h"

static stressor_value scalar(const char *text)
{
    stressor_value v;
    if (!yaml_scalar(text, strlen(text), &v))
        fail_msg("'%s' is refused", text);
    return v;
}

static void words_of_yaml_1_1_are_booleans_in_three_cases(void **state)
{
    (void)state;
    static const char *const yes[] = {"yes",  "Yes", "YES", "true", "True",
                                      "TRUE", "on",  "On",  "ON"};
    static const char *const no[] = {"no",    "No",  "NO",  "false", "False",
                                     "FALSE", "off", "Off", "OFF"};
    for (size_t i = 0; i < 9; i++) {
        stressor_value a = scalar(yes[i]), b = scalar(no[i]);
        assert_int_equal(a.type, STRESSOR_BOOL);
        assert_int_equal(a.as.integer, 1);
        assert_int_equal(b.type, STRESSOR_BOOL);
        assert_int_equal(b.as.integer, 0);
    }
}

static void nothing_and_its_names_are_null(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(scalar(texts[i]).type, STRESSOR_NULL);
}

static void integers_have_five_bases(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t number;
    } cases[] = {{"0", 0},
                 {"-0", 0},
                 {"+7", 7},
                 {"1_000", 1000},
                 {"017", 15},
                 {"-017", -15},
                 {"0b11", 3},
                 {"-0b1_1", -3},
                 {"0x1F", 31},
                 {"12:30", 750},
                 {"1:0:0", 3600},
                 {"-1:30", -90},
                 {"0_", 0},
                 {"190:20:30", 685230},
                 {"9223372036854775807", INT64_MAX},
                 {"-9223372036854775808", INT64_MIN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stressor_value v = scalar(cases[i].text);
        assert_int_equal(v.type, STRESSOR_INT);
        assert_int_equal(v.as.integer, cases[i].number);
    }
}

static void floats_need_a_point_and_their_exponents_a_sign(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double number;
    } cases[] = {{"1.0e+3", 1000},   {"1.", 1},           {".5", 0.5},
                 {"-1.5E-1", -0.15}, {"1__0.5", 10.5},    {"1:30.5", 90.5},
                 {"0:30.", 30},      {"+1.25", 1.25},     {"-.inf", -INFINITY},
                 {".INF", INFINITY}, {"+.Inf", INFINITY}, {"1.0e+999", INFINITY}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stressor_value v = scalar(cases[i].text);
        assert_int_equal(v.type, STRESSOR_DOUBLE);
        assert_true(v.as.real == cases[i].number);
    }
    assert_true(isnan(scalar(".NaN").as.real));
}

static void what_pyyaml_leaves_as_text_is_text(void **state)
{
    (void)state;
    static const char *const texts[] = {"y",         "n",      "1e3",        "08",    "0o17",
                                        "00:30",     "0:30",   "2020-01-01", "=",     "<<",
                                        "-",         "+",      ".",          "-.5",   "1.0e3",
                                        "0b",        "0x",     "0b2",        "1:60",  "1.2.3",
                                        "yEs",       "nUll",   "_1",         "1,000", "0x1G",
                                        "+.nan",     "12:3O",  "1.e",        "1.5e+", "trueish",
                                        "127.0.0.1", "1:2:3:", "--1",        ".inf.", "1 000",
                                        "1_0:3_0"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        stressor_value v = scalar(texts[i]);
        assert_int_equal(v.type, STRESSOR_STRING);
        assert_ptr_equal(v.as.string.ptr, texts[i]);
        assert_int_equal(v.as.string.length, strlen(texts[i]));
    }
}

static void an_integer_beyond_64_bits_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"9223372036854775808", "-9223372036854775809",
                                        "0x10000000000000000", "999999999999999999:59", "0x_"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        stressor_value v;
        assert_false(yaml_scalar(texts[i], strlen(texts[i]), &v));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_yaml_1_1_are_booleans_in_three_cases),
        cmocka_unit_test(nothing_and_its_names_are_null),
        cmocka_unit_test(integers_have_five_bases),
        cmocka_unit_test(floats_need_a_point_and_their_exponents_a_sign),
        cmocka_unit_test(what_pyyaml_leaves_as_text_is_text),
        cmocka_unit_test(an_integer_beyond_64_bits_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
