#include <common/words.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const int64_t S = INT64_C(1000000000);

static void the_net_rate_is_that_of_the_main_phase(void **state)
{
    const stressor_row rows[] = {
        {.phase = STRESSOR_PHASE_INIT, .count = 500},
        {.phase = STRESSOR_PHASE_INIT, .count = 9, .flags = STRESSOR_ROW_CALLED},
        {.phase = STRESSOR_PHASE_MAIN, .count = 20},
        {.phase = STRESSOR_PHASE_MAIN, .count = 7, .flags = STRESSOR_ROW_IGNORE_TIMING},
        {.phase = STRESSOR_PHASE_END, .count = 30},
        {.phase = STRESSOR_PHASE_WARMUP, .count = 100},
    };
    const stressor_row *const list[] = {&rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5]};
    stressor_snapshot s = {.activities = 550, .measured_ns = 4 * S, .rows = list, .rows_count = 6};
    (void)state;
    assert_true(net_per_second(&s) > 4.99 && net_per_second(&s) < 5.01);
    s.measured_ns = 0;
    assert_true(net_per_second(&s) < 0.01);
}

static void rows_of_calls_that_nobody_made_are_known(void **state)
{
    stressor_row row = {.flags = STRESSOR_ROW_CALLED};
    (void)state;
    assert_true(row_is_unused_call(&row));
    row.count = 1;
    assert_false(row_is_unused_call(&row));
    row = (stressor_row){.flags = STRESSOR_ROW_MONITORED};
    assert_false(row_is_unused_call(&row));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_net_rate_is_that_of_the_main_phase),
        cmocka_unit_test(rows_of_calls_that_nobody_made_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
