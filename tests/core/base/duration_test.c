#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "base/duration.h"

#define S INT64_C(1000000000)

static void durations_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ns;
    } cases[] = {
        {"0", 0},
        {"1.5", 1500000000},
        {"500ms", 500000000},
        {"2s", 2 * S},
        {"5m", 300 * S},
        {"1h30m", 5400 * S},
        {" 3s\n", 3 * S},
        {"1d", 86400 * S},
        {"7us", 7000},
        {"9ns", 9},
        {"-1", -S},
        {"-1h30m", -5400 * S},
        {"+2s", 2 * S},
        {"1.5h", 5400 * S},
        {"0.1s", 100000000},
        {".5s", 500000000},
        {"1e-3", 1000000},
        {"1s1ns", S + 1},
        {"1_000", 1000 * S},
        {"1.000000001s", S + 1},
        {"2.s", 2 * S},
        {"1d1h1m1s1ms1us1ns", 90061 * S + 1001001},
        {"9223372036854775807ns", INT64_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t ns = -7;
        assert_true(duration_parse(cases[i].text, strlen(cases[i].text), &ns));
        assert_int_equal(ns, cases[i].ns);
    }
}

static void what_is_no_duration_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        " ",
        "s",
        "1x",
        "1h30",
        "30m1h",
        "1m1m",
        "1 s",
        "--1s",
        "1s-",
        ".s",
        "nan",
        "inf",
        "1e300",
        "1S",
        "1hour",
        "300y",
        "-",
        "1..2s",
        "1e3s",
        "107000d",
        "0x10",
        "1s 2ms",
        "9223372036854775808ns",
        "99999999999999999999999s",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int64_t ns;
        assert_false(duration_parse(wrong[i], strlen(wrong[i]), &ns));
    }
}

static void seconds_become_nanoseconds_or_are_refused(void **state)
{
    (void)state;
    int64_t ns;
    assert_true(duration_from_seconds(0.3, &ns));
    assert_int_equal(ns, 300000000);
    assert_true(duration_from_seconds(-1e-9, &ns));
    assert_int_equal(ns, -1);
    assert_false(duration_from_seconds(NAN, &ns));
    assert_false(duration_from_seconds(INFINITY, &ns));
    assert_false(duration_from_seconds(1e10, &ns));
    assert_false(duration_from_seconds(-1e10, &ns));
}

static void texts_have_three_digits_that_matter(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *text;
    } cases[] = {
        {0, "0 s"},
        {7, "7 ns"},
        {999, "999 ns"},
        {1000, "1.00 µs"},
        {12345, "12.3 µs"},
        {999499, "999 µs"},
        {999500, "1.00 ms"},
        {12300000, "12.3 ms"},
        {1200000000, "1.20 s"},
        {9995000000, "10.0 s"},
        {59940000000, "59.9 s"},
        {59960000000, "1m00s"},
        {125 * S, "2m05s"},
        {3599 * S, "59m59s"},
        {3600 * S, "1h00m"},
        {7500 * S, "2h05m"},
        {90000 * S, "1d01h"},
        {-12300000, "-12.3 ms"},
        {INT64_MIN, "-106751d23h"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        duration_text(cases[i].ns, text);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(seconds_become_nanoseconds_or_are_refused),
        cmocka_unit_test(texts_have_three_digits_that_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
