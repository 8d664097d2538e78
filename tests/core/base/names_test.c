#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/names.h"

static void names_are_numbered_in_the_order_first_seen(void **state)
{
    (void)state;
    struct names *n = names_new();
    assert_non_null(n);
    assert_int_equal(names_find(n, "a", 1), -1);
    assert_int_equal(names_add(n, "a", 1), 0);
    assert_int_equal(names_add(n, "", 0), 1);
    assert_int_equal(names_add(n, "a\0b", 3), 2);
    assert_int_equal(names_add(n, "a", 1), 0);
    assert_int_equal(names_add(n, "abc", 1), 0);
    assert_int_equal(names_count(n), 3);
    size_t length = 0;
    assert_memory_equal(names_text(n, 2, &length), "a\0b", 4);
    assert_int_equal(length, 3);
    assert_string_equal(names_text(n, 1, NULL), "");
    names_free(n);
    names_free(NULL);
}

static void many_names_are_all_found_and_their_texts_stay(void **state)
{
    (void)state;
    struct names *n = names_new();
    assert_non_null(n);
    char text[16];
    assert_int_equal(names_add(n, "0", 1), 0);
    const char *first = names_text(n, 0, NULL);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(names_add(n, text, (size_t)snprintf(text, sizeof text, "%d", i)), i);
    assert_ptr_equal(names_text(n, 0, NULL), first);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(names_find(n, text, (size_t)snprintf(text, sizeof text, "%d", i)), i);
    assert_true(names_find(n, "10000", 5) < 0);
    names_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_numbered_in_the_order_first_seen),
        cmocka_unit_test(many_names_are_all_found_and_their_texts_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
