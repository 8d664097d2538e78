#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "run/timers.h"

enum { COUNT = 2000 };

static void timers_fall_due_in_order_and_never_early(void **state)
{
    (void)state;
    struct timers t;
    struct timer all[COUNT] = {0};
    timers_init(&t);
    srand(7);
    for (int i = 0; i < COUNT; i++) {
        assert_true(timers_reserve(&t));
        timers_set(&t, &all[i], 1 + rand() % 1000);
    }
    for (int i = 0; i < COUNT; i += 3)
        timers_off(&t, &all[i]);
    for (int i = 1; i < COUNT; i += 3)
        timers_set(&t, &all[i], 1 + rand() % 1000); /* moved */
    int fired = 0;
    int64_t before = 0;
    for (int64_t now = 0; now <= 1000; now++)
        for (struct timer *x; (x = timers_due(&t, now)) != NULL; fired++) {
            assert_true(x->due_ns <= now && x->due_ns >= before);
            assert_int_not_equal((x - all) % 3, 0);
            assert_int_equal(x->position, TIMER_OFF);
            before = x->due_ns;
        }
    assert_int_equal(fired, COUNT - (COUNT + 2) / 3);
    assert_null(timers_first(&t));
    timers_finish(&t);
}

static void turning_off_a_timer_that_is_off_is_fine(void **state)
{
    (void)state;
    struct timers t;
    struct timer x = {0};
    timers_init(&t);
    timers_off(&t, &x);
    assert_true(timers_reserve(&t));
    timers_set(&t, &x, 5);
    assert_ptr_equal(timers_first(&t), &x);
    timers_off(&t, &x);
    timers_off(&t, &x);
    assert_null(timers_due(&t, 10));
    timers_finish(&t);
}

static void places_that_are_given_back_are_reserved_again(void **state)
{
    (void)state;
    struct timers t;
    timers_init(&t);
    for (int i = 0; i < COUNT; i++) {
        assert_true(timers_reserve(&t));
        timers_unreserve(&t);
    }
    assert_true(t.room < COUNT);
    timers_finish(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fall_due_in_order_and_never_early),
        cmocka_unit_test(turning_off_a_timer_that_is_off_is_fine),
        cmocka_unit_test(places_that_are_given_back_are_reserved_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
