#include "html_figure.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "html_scale.h"

#define NS_PER_S INT64_C(1000000000)
#define NBSP     "\u00A0"

static char text[FIGURE_SIZE];

static const char *count(uint64_t n)
{
    figure_count(n, text);
    return text;
}

static const char *duration(int64_t ns)
{
    figure_time(ns, text);
    return text;
}

static const char *span(int64_t ns)
{
    figure_span(ns, text);
    return text;
}

static const char *bytes(uint64_t n)
{
    figure_bytes(n, text);
    return text;
}

static const char *real(double x)
{
    figure_real(x, text);
    return text;
}

static const char *percent(double x)
{
    figure_percent(x, text);
    return text;
}

static const char *part(uint64_t n, uint64_t of)
{
    figure_part(n, of, text);
    return text;
}

static void thousands_are_parted(void **state)
{
    (void)state;
    assert_string_equal(count(0), "0");
    assert_string_equal(count(999), "999");
    assert_string_equal(count(1234567), "1,234,567");
    assert_string_equal(count(UINT64_MAX), "18,446,744,073,709,551,615");
}

static void times_have_three_digits_and_a_unit(void **state)
{
    (void)state;
    assert_string_equal(duration(-5), "0" NBSP "ns");
    assert_string_equal(duration(999), "999" NBSP "ns");
    assert_string_equal(duration(1000), "1.00" NBSP "µs");
    assert_string_equal(duration(999499), "999" NBSP "µs");
    assert_string_equal(duration(999500), "1.00" NBSP "ms");
    assert_string_equal(duration(4645000), "4.65" NBSP "ms");
    assert_string_equal(duration(4644999), "4.64" NBSP "ms");
    assert_string_equal(duration(9994999), "9.99" NBSP "ms");
    assert_string_equal(duration(9995000), "10.0" NBSP "ms");
    assert_string_equal(duration(12345678), "12.3" NBSP "ms");
    assert_string_equal(duration(4200 * NS_PER_S), "4,200" NBSP "s");
    assert_string_equal(span(0), "0" NBSP "s");
    assert_string_equal(span(59 * NS_PER_S), "59.0" NBSP "s");
    assert_string_equal(span(59 * NS_PER_S + NS_PER_S / 2), "1m00s");
    assert_string_equal(span(3723 * NS_PER_S), "1h02m03s");
}

static void other_figures_are_as_short(void **state)
{
    (void)state;
    assert_string_equal(bytes(999), "999" NBSP "B");
    assert_string_equal(bytes(34100000), "34.1" NBSP "MB");
    assert_string_equal(bytes(UINT64_MAX), "18,446,744" NBSP "TB");
    assert_string_equal(real(0), "0");
    assert_string_equal(real(-1), "0");
    assert_string_equal(real(NAN), "0");
    assert_string_equal(real(0.1234), "0.123");
    assert_string_equal(real(12.349), "12.3");
    assert_string_equal(real(99.96), "100");
    assert_string_equal(real(12345.6), "12,346");
    assert_string_equal(percent(8.04), "8" NBSP "%");
    assert_string_equal(percent(-1), "0" NBSP "%");
    assert_string_equal(percent(1234.5), "1,235" NBSP "%");
    assert_string_equal(part(1, 0), "–");
    assert_string_equal(part(0, 5), "0" NBSP "%");
    assert_string_equal(part(1, 8), "12.5" NBSP "%");
    assert_string_equal(part(1, 1000000000), "<" NBSP "0.001" NBSP "%");
}

/* The labels of all ticks, joined by '|'. */
static void labels_are(const struct scale *s, enum figure_unit unit, const char *expected)
{
    char all[SCALE_TICKS * FIGURE_SIZE] = "";
    for (unsigned i = 0; i < s->ticks_count; i++) {
        scale_label(s, i, unit, text);
        if (i > 0)
            strcat(all, "|");
        strcat(all, text);
    }
    assert_string_equal(all, expected);
}

static void clock_is(int64_t span_ns, const char *expected, const char *unit)
{
    struct scale s = scale_clock(span_ns);
    char all[SCALE_TICKS * FIGURE_SIZE] = "";
    for (unsigned i = 0; i < s.ticks_count; i++) {
        scale_clock_label(&s, i, text);
        if (i > 0)
            strcat(all, "|");
        strcat(all, text);
    }
    assert_string_equal(all, expected);
    assert_string_equal(scale_clock_unit(&s), unit);
}

static void axes_have_round_numbers(void **state)
{
    (void)state;
    struct scale s = scale_linear(570, false);
    labels_are(&s, FIGURE_COUNT, "0|200|400|600");
    s = scale_linear(48000, false);
    labels_are(&s, FIGURE_COUNT, "0|10k|20k|30k|40k|50k");
    s = scale_linear(1.3e6, false);
    labels_are(&s, FIGURE_TIME, "0|0.5" NBSP "ms|1.0" NBSP "ms|1.5" NBSP "ms");
    s = scale_linear(1, true);
    labels_are(&s, FIGURE_COUNT, "0|1");
    s = scale_linear(0, true);
    labels_are(&s, FIGURE_COUNT, "0|1");
    s = scale_linear(0.02, true);
    labels_are(&s, FIGURE_COUNT, "0|0.005|0.010|0.015|0.020");
    s = scale_linear(170, false);
    labels_are(&s, FIGURE_PERCENT, "0|50" NBSP "%|100" NBSP "%|150" NBSP "%|200" NBSP "%");
    s = scale_linear(0, false);
    assert_true(s.high > 0);
    s = scale_linear(INFINITY, false);
    assert_true(isfinite(s.high));
    s = scale_log(3e5, 4e8);
    labels_are(&s, FIGURE_TIME, "1" NBSP "ms|10" NBSP "ms|100" NBSP "ms");
    s = scale_log(3e6, 3e6);
    assert_true(s.high > s.low && s.ticks_count >= 2);
    s = scale_log(0, 0);
    assert_true(s.low >= 1 && s.high > s.low);
}

static void clocks_have_round_times(void **state)
{
    (void)state;
    clock_is(28 * NS_PER_S, "0|5|10|15|20|25", "seconds since the start");
    clock_is(NS_PER_S, "0|0.2|0.4|0.6|0.8|1.0", "seconds since the start");
    clock_is(600 * NS_PER_S, "0:00|2:00|4:00|6:00|8:00|10:00", "min:s since the start");
    clock_is(4 * 3600 * NS_PER_S, "0:00|1:00|2:00|3:00|4:00", "h:min since the start");
    struct scale s = scale_clock(0);
    assert_true(s.high > 0 && s.ticks_count <= SCALE_TICKS);
    s = scale_clock(INT64_MAX);
    assert_true(s.ticks_count >= 2 && s.ticks_count <= SCALE_TICKS);
}

static void values_lie_within_the_axis(void **state)
{
    (void)state;
    struct scale s = scale_linear(100, false);
    assert_true(scale_at(&s, -1) == 0 && scale_at(&s, 1000) == 1);
    assert_true(fabs(scale_at(&s, 25) - 0.25) < 1e-9);
    s = scale_log(1e3, 1e7);
    assert_true(fabs(scale_at(&s, 1e5) - 0.5) < 1e-9);
    assert_true(scale_at(&s, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_are_parted),
        cmocka_unit_test(times_have_three_digits_and_a_unit),
        cmocka_unit_test(other_figures_are_as_short),
        cmocka_unit_test(axes_have_round_numbers),
        cmocka_unit_test(clocks_have_round_times),
        cmocka_unit_test(values_lie_within_the_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
