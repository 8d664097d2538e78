#include "cli/block.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char bytes[512];

static FILE *begin(void)
{
    FILE *out = fmemopen(bytes, sizeof bytes, "w");
    memset(bytes, 0, sizeof bytes);
    assert_non_null(out);
    return out;
}

static const char *drawn(struct block *b, const char *lines)
{
    FILE *out = begin();
    block_draw(b, out, lines);
    fclose(out);
    return bytes;
}

static const char *erased(struct block *b, size_t width, size_t height)
{
    FILE *out = begin();
    block_erase(b, out, width, height);
    fclose(out);
    return bytes;
}

static void what_was_drawn_is_erased_from_its_first_line_on(void **state)
{
    struct block b = {.count = 0};
    (void)state;
    assert_string_equal(erased(&b, 80, 24), "");
    assert_string_equal(drawn(&b, "one\ntwo\n"), "one\ntwo\n");
    assert_string_equal(erased(&b, 80, 24), "\r\033[2A\033[J");
    assert_string_equal(erased(&b, 80, 24), "");
}

static void lines_that_a_narrower_terminal_has_broken_are_counted_by_its_rows(void **state)
{
    struct block b = {.count = 0};
    (void)state;
    drawn(&b, "123456789\n12345\n1\n");
    assert_string_equal(erased(&b, 5, 24), "\r\033[4A\033[J");
    drawn(&b, "123456789\n");
    assert_string_equal(erased(&b, 4, 24), "\r\033[3A\033[J");
}

static void colours_take_no_room_and_wide_characters_take_two(void **state)
{
    struct block b = {.count = 0};
    (void)state;
    assert_int_equal(block_line_width("\033[1;31mab\033[0m", 13), 2);
    assert_int_equal(block_line_width("日本é", 8), 5);
    drawn(&b, "\033[31m日本\033[0m\n");
    assert_string_equal(erased(&b, 4, 24), "\r\033[1A\033[J");
    drawn(&b, "\033[31m日本\033[0m\n");
    assert_string_equal(erased(&b, 3, 24), "\r\033[2A\033[J");
}

static void it_never_erases_above_the_screen(void **state)
{
    struct block b = {.count = 0};
    (void)state;
    drawn(&b, "1\n2\n3\n4\n5\n");
    assert_string_equal(erased(&b, 80, 3), "\r\033[2A\033[J");
    drawn(&b, "1\n");
    assert_string_equal(erased(&b, 80, 1), "\r\033[J");
}

static void lines_beyond_the_most_are_left_out(void **state)
{
    struct block b = {.count = 0};
    char many[2 * BLOCK_LINES_MAX + 9];
    (void)state;
    for (size_t i = 0; i < sizeof many - 1; i++)
        many[i] = i % 2 == 0 ? 'x' : '\n';
    many[sizeof many - 1] = '\0';
    assert_int_equal(strlen(drawn(&b, many)), 2 * BLOCK_LINES_MAX);
    assert_int_equal(b.count, BLOCK_LINES_MAX);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_drawn_is_erased_from_its_first_line_on),
        cmocka_unit_test(lines_that_a_narrower_terminal_has_broken_are_counted_by_its_rows),
        cmocka_unit_test(colours_take_no_room_and_wide_characters_take_two),
        cmocka_unit_test(it_never_erases_above_the_screen),
        cmocka_unit_test(lines_beyond_the_most_are_left_out),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
