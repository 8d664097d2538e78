/*
 * The layout of the boundary, checked while compiling, and STRESSOR_HAS at its edges.
 */
#include "layout_results.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_member_is_there_when_the_size_reaches_its_last_byte(void **state)
{
    (void)state;
    stressor_arg arg = {.size = offsetof(stressor_arg, help) + sizeof arg.help};
    assert_true(STRESSOR_HAS(&arg, help));
    assert_true(STRESSOR_HAS(&arg, name));
    assert_false(STRESSOR_HAS(&arg, fallback));
    arg.size--;
    assert_false(STRESSOR_HAS(&arg, help));
    assert_true(STRESSOR_HAS(&arg, name));
}

static void the_last_member_is_there_in_a_struct_of_today_and_of_tomorrow(void **state)
{
    (void)state;
    stressor_load_options o = {.size = sizeof o};
    assert_true(STRESSOR_HAS(&o, overrides));
    o.size = sizeof o + 64;
    assert_true(STRESSOR_HAS(&o, overrides));
    o.size = sizeof o - 1;
    assert_false(STRESSOR_HAS(&o, overrides));
    o.size = UINT32_MAX;
    assert_true(STRESSOR_HAS(&o, overrides));
}

static void a_size_of_zero_has_no_members(void **state)
{
    (void)state;
    const stressor_load_options o = {.size = 0};
    assert_false(STRESSOR_HAS(&o, size));
    assert_false(STRESSOR_HAS(&o, overrides));
}

static void values_have_the_types_and_the_payloads_they_were_made_of(void **state)
{
    (void)state;
    assert_int_equal(stressor_null().type, STRESSOR_NULL);
    assert_int_equal(stressor_bool(7).as.integer, 1);
    assert_int_equal(stressor_int(-5).as.integer, -5);
    assert_true(stressor_double(1.5).as.real > 1.4 && stressor_double(1.5).as.real < 1.6);
    assert_int_equal(stressor_string("abc").as.string.length, 3);
    assert_int_equal(stressor_string_n("a\0b", 3).as.string.length, 3);
    assert_int_equal(stressor_string("abc").flags, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_there_when_the_size_reaches_its_last_byte),
        cmocka_unit_test(the_last_member_is_there_in_a_struct_of_today_and_of_tomorrow),
        cmocka_unit_test(a_size_of_zero_has_no_members),
        cmocka_unit_test(values_have_the_types_and_the_payloads_they_were_made_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
