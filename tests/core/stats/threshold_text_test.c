#include "stats/threshold_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000000)

static void thousands_are_separated_as_in_the_tables(void **state)
{
    (void)state;
    static const struct {
        uint32_t unit;
        double value, limit;
        const char *text;
    } all[] = {
        {STRESSOR_THRESHOLD_COUNT, 0, 5, "0"},
        {STRESSOR_THRESHOLD_COUNT, 999, 5, "999"},
        {STRESSOR_THRESHOLD_COUNT, 1000, 5, "1,000"},
        {STRESSOR_THRESHOLD_COUNT, 12345678, 5, "12,345,678"},
        {STRESSOR_THRESHOLD_COUNT, 1e30, 5, "1,000,000,000,000,000,000"},
        {STRESSOR_THRESHOLD_PER_SECOND, 0.25, 5, "0.25/s"},
        {STRESSOR_THRESHOLD_PER_SECOND, 999.4, 5, "999/s"},
        {STRESSOR_THRESHOLD_PER_SECOND, 54321.6, 5, "54,322/s"},
        {STRESSOR_THRESHOLD_PER_SECOND, 54321.6, 54321.7, "54,321.600/s"},
        {STRESSOR_THRESHOLD_PERCENT, 12.5, 5, "12.5 %"},
        {STRESSOR_THRESHOLD_NS, 312e6, 1e9, "312 ms"},
        {STRESSOR_THRESHOLD_NS, 300.0001e6, 300e6, "300 ms"},
        {STRESSOR_THRESHOLD_NS, 300.01e6, 300e6, "300.01 ms"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const stressor_threshold_row row = {
            .size = sizeof row, .unit = all[i].unit, .value = all[i].value, .limit = all[i].limit};
        char text[THRESHOLD_TEXT_SIZE];
        threshold_text(&row, 0, text);
        assert_string_equal(text, all[i].text);
    }
}

static void how_long_it_was_broken_is_told_behind_the_value(void **state)
{
    (void)state;
    const stressor_threshold_row row = {
        .size = sizeof row, .unit = STRESSOR_THRESHOLD_COUNT, .value = 1e15, .limit = 1};
    char text[THRESHOLD_TEXT_SIZE];
    threshold_text(&row, 2 * SECOND, text);
    assert_string_equal(text, "1,000,000,000,000,000; broken for 2.00 s at most");
}

static void want_of_samples_has_its_reason_where_it_is_the_warm_up(void **state)
{
    (void)state;
    char text[THRESHOLD_TEXT_SIZE];
    threshold_text_none(0, 0, text);
    assert_string_equal(text, "no sample");
    threshold_text_none(0, 7, text);
    assert_string_equal(text, "no sample: all were in the warm-up");
    threshold_text_none(3600 * SECOND, 7, text);
    assert_string_equal(text, "no sample: the warm-up of 1h00m was longer than the run");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousands_are_separated_as_in_the_tables),
        cmocka_unit_test(how_long_it_was_broken_is_told_behind_the_value),
        cmocka_unit_test(want_of_samples_has_its_reason_where_it_is_the_warm_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
