#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "base/number.h"

static void integers_are_read_as_python_reads_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t n;
    } good[] = {
        {"0", 0},
        {" 12\n", 12},
        {"-7", -7},
        {"+7", 7},
        {"1_000_000", 1000000},
        {"0012", 12},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    static const char *const wrong[] = {"",
                                        " ",
                                        "-",
                                        "1.0",
                                        "1 2",
                                        "_1",
                                        "1_",
                                        "1__2",
                                        "0x1",
                                        "- 1",
                                        "1e3",
                                        "--1",
                                        "9223372036854775808"};
    int64_t n;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(number_int(good[i].text, strlen(good[i].text), &n));
        assert_int_equal(n, good[i].n);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(number_int(wrong[i], strlen(wrong[i]), &n));
    assert_false(number_int("1\0", 2, &n));
}

static void doubles_are_read_as_python_reads_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double d;
    } good[] = {
        {"1", 1},
        {" 1.5 ", 1.5},
        {"1.", 1},
        {".5", 0.5},
        {"1e3", 1000},
        {"1E-2", 0.01},
        {"-1_0.2_5", -10.25},
        {"inf", INFINITY},
        {"-Infinity", -INFINITY},
        {"1e999", INFINITY},
    };
    static const char *const wrong[] = {"",     ".",  "e3",  "1e",   "1e+",  "0x1p3", "1,5",
                                        "infi", "1f", "1 .", "1._5", "1_.5", "nan()", "+-1"};
    double d;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(number_double(good[i].text, strlen(good[i].text), &d));
        assert_true(d == good[i].d);
    }
    assert_true(number_double("NaN", 3, &d));
    assert_true(isnan(d));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(number_double(wrong[i], strlen(wrong[i]), &d));
}

static void only_the_given_length_is_read(void **state)
{
    (void)state;
    int64_t n;
    double d;
    assert_true(number_int("123456", 3, &n));
    assert_int_equal(n, 123);
    assert_true(number_double("1.5e300", 3, &d));
    assert_true(d == 1.5);
}

static void a_text_of_any_length_is_safe(void **state)
{
    (void)state;
    char text[5000];
    memset(text, '1', sizeof text);
    int64_t n;
    double d;
    assert_false(number_int(text, sizeof text, &n));
    assert_false(number_double(text, sizeof text, &d));
    assert_true(number_double(text, 300, &d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_read_as_python_reads_them),
        cmocka_unit_test(doubles_are_read_as_python_reads_them),
        cmocka_unit_test(only_the_given_length_is_read),
        cmocka_unit_test(a_text_of_any_length_is_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
