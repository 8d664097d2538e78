#include "cli/figure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

struct example {
    int64_t n;
    const char *text;
};

static void counts_have_a_comma_every_three_digits(void **state)
{
    static const struct example examples[] = {
        {0, "0"}, {999, "999"}, {1000, "1,000"}, {12345, "12,345"}, {1234567, "1,234,567"}};
    char text[FIGURE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        figure_count((uint64_t)examples[i].n, text);
        assert_string_equal(text, examples[i].text);
    }
    figure_count(UINT64_MAX, text);
    assert_string_equal(text, "18,446,744,073,709,551,615");
}

static void times_show_three_digits_and_the_unit_that_fits(void **state)
{
    static const struct example examples[] = {{0, "0 ns"},
                                              {850, "850 ns"},
                                              {1000, "1.00 µs"},
                                              {12345, "12.3 µs"},
                                              {999499, "999 µs"},
                                              {999500, "1.00 ms"},
                                              {9994999, "9.99 ms"},
                                              {9995000, "10.0 ms"},
                                              {75000000000, "75.0 s"},
                                              {1234567000000, "1,235 s"},
                                              {INT64_MAX, "9,223,372,037 s"}};
    char text[FIGURE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        figure_time(examples[i].n, text);
        assert_string_equal(text, examples[i].text);
    }
}

static void long_spans_are_told_in_minutes_and_hours(void **state)
{
    static const struct example examples[] = {{0, "0 s"},
                                              {59400000000, "59.4 s"},
                                              {60000000000, "1m00s"},
                                              {125000000000, "2m05s"},
                                              {3599600000000, "1h00m00s"},
                                              {3723000000000, "1h02m03s"}};
    char text[FIGURE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        figure_span(examples[i].n, text);
        assert_string_equal(text, examples[i].text);
    }
}

static void rates_are_per_second_and_unknown_without_time(void **state)
{
    char text[FIGURE_SIZE];
    (void)state;
    figure_rate(123456, 10000000000, text);
    assert_string_equal(text, "12,346/s");
    figure_rate(1, 3000000000, text);
    assert_string_equal(text, "0.333/s");
    figure_rate(5, 0, text);
    assert_string_equal(text, "-");
}

static void bytes_are_told_in_powers_of_ten(void **state)
{
    char text[FIGURE_SIZE];
    (void)state;
    figure_bytes(999, text);
    assert_string_equal(text, "999 B");
    figure_bytes(34100000, text);
    assert_string_equal(text, "34.1 MB");
}

static void dates_carry_their_zone(void **state)
{
    char text[FIGURE_SIZE];
    (void)state;
    setenv("TZ", "XXX-05:30", 1);
    tzset();
    figure_date(INT64_C(1700000000123456789), text);
    assert_string_equal(text, "2023-11-15T03:43:20.123+05:30");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_have_a_comma_every_three_digits),
        cmocka_unit_test(times_show_three_digits_and_the_unit_that_fits),
        cmocka_unit_test(long_spans_are_told_in_minutes_and_hours),
        cmocka_unit_test(rates_are_per_second_and_unknown_without_time),
        cmocka_unit_test(bytes_are_told_in_powers_of_ten),
        cmocka_unit_test(dates_carry_their_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
