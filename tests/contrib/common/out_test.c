#include <common/out.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_sink.h"

static void check_real(double x, const char *expected)
{
    struct memory_sink m = {0};
    struct out o;
    out_begin(&o, memory_sink_take, &m);
    out_real(&o, x);
    assert_int_equal(out_finish(&o), 0);
    if (expected != NULL)
        assert_string_equal(m.text, expected);
    assert_true(strtod(m.text, NULL) == x);
    free(m.text);
}

static void reals_are_read_back_as_the_same_number(void **state)
{
    (void)state;
    check_real(0.1, "0.1");
    check_real(1.0 / 3, "0.3333333333333333");
    check_real(-2.5e-300, NULL);
    check_real(DBL_MAX, NULL);
    check_real(DBL_TRUE_MIN, NULL);
    check_real(100, "100");
    check_real(0.1 + 0.2, "0.30000000000000004");
}

static void check_decimal(int64_t n, unsigned decimals, const char *expected)
{
    struct memory_sink m = {0};
    struct out o;
    out_begin(&o, memory_sink_take, &m);
    out_decimal(&o, n, decimals);
    assert_int_equal(out_finish(&o), 0);
    assert_string_equal(m.text, expected);
    free(m.text);
}

static void decimals_are_exact_and_end_without_zeros(void **state)
{
    (void)state;
    check_decimal(1500000, 6, "1.5");
    check_decimal(2000000, 6, "2");
    check_decimal(7, 9, "0.000000007");
    check_decimal(0, 3, "0");
    check_decimal(-1050, 3, "-1.05");
    check_decimal(42, 0, "42");
    check_decimal(INT64_MIN, 0, "-9223372036854775808");
}

static void long_texts_arrive_whole_in_pieces(void **state)
{
    (void)state;
    struct memory_sink m = {0};
    struct out o;
    char line[1001];
    memset(line, 'x', 1000);
    line[1000] = '\0';
    out_begin(&o, memory_sink_take, &m);
    for (int i = 0; i < 50; i++)
        out_text(&o, line);
    assert_int_equal(out_finish(&o), 0);
    assert_int_equal(m.length, 50000);
    assert_int_equal(m.calls, 50000 / OUT_PIECE + 1);
    free(m.text);
}

static void after_an_error_nothing_more_is_handed_on(void **state)
{
    (void)state;
    struct memory_sink m = {.status = -5};
    struct out o;
    char line[OUT_PIECE];
    memset(line, 'x', sizeof line);
    out_begin(&o, memory_sink_take, &m);
    for (int i = 0; i < 10; i++)
        out_bytes(&o, line, sizeof line);
    assert_int_equal(out_finish(&o), -5);
    assert_int_equal(m.calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reals_are_read_back_as_the_same_number),
        cmocka_unit_test(decimals_are_exact_and_end_without_zeros),
        cmocka_unit_test(long_texts_arrive_whole_in_pieces),
        cmocka_unit_test(after_an_error_nothing_more_is_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
