#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config/schema_private.h"

/* More patterns than are kept compiled, so that some share a place. */
static void any_number_of_patterns_match_what_they_should(void **state)
{
    (void)state;
    static char patterns[1000][16];
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < 1000; i++) {
            char text[16];
            snprintf(patterns[i], sizeof patterns[i], "a%zu[bc]", i);
            snprintf(text, sizeof text, "a%zuc", i);
            assert_true(schema_pattern_matches(patterns[i], text, strlen(text)));
            text[strlen(text) - 1] = 'd';
            assert_false(schema_pattern_matches(patterns[i], text, strlen(text)));
        }
}

static void a_pattern_matches_at_the_start_and_need_not_reach_the_end(void **state)
{
    (void)state;
    assert_true(schema_pattern_matches("b+", "bbc", 3));
    assert_false(schema_pattern_matches("b+", "abb", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_patterns_match_what_they_should),
        cmocka_unit_test(a_pattern_matches_at_the_start_and_need_not_reach_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
