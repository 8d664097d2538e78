#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/buf.h"

static void data_always_ends_in_a_nul(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 0);
    assert_string_equal(b.data, "");
    for (size_t i = 0; i < 1000; i++) {
        assert_true(buf_putc(&b, 'x'));
        assert_int_equal(strlen(b.data), i + 1);
    }
    buf_clear(&b);
    assert_string_equal(b.data, "");
    buf_finish(&b);
    assert_string_equal(b.data, "");
}

static void pieces_are_appended(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 0);
    buf_put(&b, "a\0b", 3);
    buf_puts(&b, "cd");
    buf_printf(&b, "%03d", 7);
    assert_int_equal(b.length, 8);
    assert_memory_equal(b.data, "a\0bcd007", 9);
    buf_finish(&b);
}

static void beyond_the_ceiling_it_fails_and_keeps_what_it_had(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5);
    assert_true(buf_puts(&b, "12345"));
    assert_false(buf_putc(&b, '6'));
    assert_true(b.failed);
    assert_string_equal(b.data, "12345");
    assert_false(buf_put(&b, "", 0));
    assert_null(buf_steal(&b));
    assert_false(b.failed);
    assert_false(buf_printf(&b, "%s", "123456"));
    buf_clear(&b);
    assert_true(buf_puts(&b, "ok"));
    buf_finish(&b);
}

static void a_length_that_overflows_is_a_failure(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 0);
    buf_puts(&b, "x");
    assert_false(buf_put(&b, "y", SIZE_MAX));
    assert_string_equal(b.data, "x");
    buf_finish(&b);
}

static void a_nul_can_be_shown(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 0);
    assert_true(buf_put_shown(&b, "\0a\0\0b", 5));
    assert_true(buf_put_shown(&b, "c", 1));
    assert_true(buf_put_shown(&b, NULL, 0));
    assert_string_equal(b.data, "\\x00a\\x00\\x00bc");
    buf_finish(&b);
}

static void what_is_stolen_is_the_callers(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 0);
    char *empty = buf_steal(&b);
    assert_string_equal(empty, "");
    free(empty);
    buf_puts(&b, "mine");
    char *text = buf_steal(&b);
    assert_string_equal(text, "mine");
    assert_int_equal(b.length, 0);
    buf_finish(&b);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_always_ends_in_a_nul),
        cmocka_unit_test(pieces_are_appended),
        cmocka_unit_test(beyond_the_ceiling_it_fails_and_keeps_what_it_had),
        cmocka_unit_test(a_length_that_overflows_is_a_failure),
        cmocka_unit_test(a_nul_can_be_shown),
        cmocka_unit_test(what_is_stolen_is_the_callers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
