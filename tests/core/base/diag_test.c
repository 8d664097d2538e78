#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/diag.h"

static void texts_say_where_and_what(void **state)
{
    (void)state;
    struct diag *d = diag_new();
    assert_non_null(d);
    struct place at = {"s.yaml", 12, 5}, whole = {"t.yaml", 0, 0}, line = {"u.yaml", 3, 0};
    assert_false(diag_error(d, &at, "unknown argument '%s'", "ulr"));
    diag_warn(d, &whole, "empty");
    diag_warn(d, &line, "odd");
    diag_error(d, NULL, "nowhere");
    diag_sort(d);
    assert_int_equal(diag_errors(d), 2);
    assert_int_equal(diag_count(d), 4);
    assert_string_equal(diag_text(d, 0), "error: nowhere");
    assert_string_equal(diag_text(d, 1), "s.yaml:12:5: error: unknown argument 'ulr'");
    assert_string_equal(diag_text(d, 2), "t.yaml: warning: empty");
    assert_string_equal(diag_text(d, 3), "u.yaml:3: warning: odd");
    assert_false(diag_is_warning(d, 1));
    assert_true(diag_is_warning(d, 2));
    diag_free(d);
    diag_free(NULL);
}

static void sorting_is_by_place_and_stable(void **state)
{
    (void)state;
    struct diag *d = diag_new();
    assert_non_null(d);
    char b_again[] = "b";
    struct place b9 = {"b", 9, 1}, b1 = {b_again, 1, 7}, b1_first = {"b", 1, 2}, a1 = {"a", 1, 1};
    diag_error(d, &b9, "1");
    diag_error(d, &a1, "2");
    diag_error(d, &b1, "3");
    diag_warn(d, &b1, "4");
    diag_error(d, &b1_first, "5");
    diag_error(d, &b1, "6");
    diag_sort(d);
    static const char *const expected[] = {"b:1:2: error: 5",   "b:1:7: error: 3",
                                           "b:1:7: warning: 4", "b:1:7: error: 6",
                                           "b:9:1: error: 1",   "a:1:1: error: 2"};
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(diag_text(d, i), expected[i]);
    diag_free(d);
}

static void beyond_the_ceiling_only_their_number_is_told(void **state)
{
    (void)state;
    struct diag *d = diag_new();
    assert_non_null(d);
    struct place at = {"s", 1, 1};
    for (unsigned i = 0; i < DIAG_MAX + 5; i++) {
        at.line = i + 1;
        diag_error(d, &at, "wrong");
    }
    diag_warn(d, &at, "odd");
    diag_sort(d);
    assert_int_equal(diag_errors(d), DIAG_MAX + 5);
    assert_int_equal(diag_count(d), DIAG_MAX + 1);
    assert_string_equal(diag_text(d, DIAG_MAX - 1), "s:200:1: error: wrong");
    assert_string_equal(diag_text(d, DIAG_MAX), "error: and 5 more errors");
    assert_false(diag_is_warning(d, DIAG_MAX));
    diag_free(d);
}

static void an_error_takes_the_place_of_a_warning_when_full(void **state)
{
    (void)state;
    struct diag *d = diag_new();
    assert_non_null(d);
    struct place at = {"s", 1, 1};
    for (unsigned i = 0; i < DIAG_MAX; i++)
        diag_warn(d, &at, "odd");
    diag_error(d, &at, "wrong");
    diag_sort(d);
    size_t errors = 0;
    for (size_t i = 0; i < diag_count(d); i++)
        errors += !diag_is_warning(d, i);
    assert_int_equal(errors, 1);
    assert_string_equal(diag_text(d, DIAG_MAX), "warning: and 1 more warning");
    diag_free(d);
}

static void a_long_text_is_cut_between_characters(void **state)
{
    (void)state;
    static char text[20001];
    for (size_t i = 0; i < 20000; i += 2)
        memcpy(text + i, "\xC3\xA9", 2);
    struct diag *d = diag_new();
    assert_non_null(d);
    diag_error(d, NULL, "x%s", text);
    diag_error(d, NULL, "%s", text);
    diag_sort(d);
    for (size_t i = 0; i < 2; i++) {
        const char *kept = diag_text(d, i);
        size_t length = strlen(kept);
        assert_true(length >= 3999 && length <= 4000);
        assert_memory_equal(kept + length - 2, "\xC3\xA9", 2);
    }
    diag_free(d);
}

static void a_mistake_is_one_line_that_moves_no_cursor(void **state)
{
    (void)state;
    struct diag *d = diag_new();
    assert_non_null(d);
    diag_error(d, NULL, "key 'a\r\nb\x1b[1m\x7f\xC2\x9B\xC3\xA9' \xC3");
    assert_string_equal(diag_text(d, 0), "error: key 'a  b [1m  \xC3\xA9' ?");
    diag_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_say_where_and_what),
        cmocka_unit_test(sorting_is_by_place_and_stable),
        cmocka_unit_test(beyond_the_ceiling_only_their_number_is_told),
        cmocka_unit_test(an_error_takes_the_place_of_a_warning_when_full),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(a_mistake_is_one_line_that_moves_no_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
