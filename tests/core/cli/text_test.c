#include "cli/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_clean(const char *bytes, size_t length, const char *expected)
{
    char *text = text_clean(bytes, length, "\n  ");
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void control_characters_are_shown_as_hexadecimal(void **state)
{
    (void)state;
    check_clean("a\033[31mb\rc\0d", 11, "a\\x1b[31mb\\x0dc\\x00d");
    check_clean("\xc2\x9b", 2, "\\xc2\\x9b");
}

static void direction_overrides_are_shown_as_hexadecimal(void **state)
{
    (void)state;
    check_clean("\xe2\x80\xae", 3, "\\xe2\\x80\\xae");
}

static void bytes_that_are_not_utf8_are_shown_as_hexadecimal(void **state)
{
    (void)state;
    check_clean("\xff\xc0\xaf", 3, "\\xff\\xc0\\xaf");
    check_clean("\xe2\x82", 2, "\\xe2\\x82");
    check_clean("\xed\xa0\x80", 3, "\\xed\\xa0\\x80");
}

static void newlines_become_what_the_caller_says_and_tabs_spaces(void **state)
{
    (void)state;
    check_clean("a\nb\tc", 5, "a\n  b c");
}

static void other_characters_stay(void **state)
{
    (void)state;
    check_clean("größe 漢字 😀", strlen("größe 漢字 😀"), "größe 漢字 😀");
}

static void width_counts_columns_and_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(text_width("größe"), 5);
    assert_int_equal(text_width("漢字"), 4);
    assert_int_equal(text_width("e\xcc\x81"), 1);
}

static void check_middle(const char *before, size_t columns, const char *after)
{
    char text[64];
    strcpy(text, before);
    text_cut_middle(text, columns);
    assert_string_equal(text, after);
    assert_true(text_width(text) <= columns);
}

static void long_names_lose_their_middle(void **state)
{
    (void)state;
    check_middle("abcdefghijklmnop", 16, "abcdefghijklmnop");
    check_middle("abcdefghijklmnop", 9, "abcd…mnop");
    check_middle("abcdefghijklmnop", 8, "abcd…nop");
    check_middle("漢字漢字漢字", 7, "漢…字");
}

static void a_cut_by_one_column_makes_room_for_the_ellipsis(void **state)
{
    (void)state;
    check_middle("abcdefgh", 7, "ab…fgh");
    check_middle("abc", 2, "…");
}

static void combining_marks_go_with_their_letter(void **state)
{
    (void)state;
    check_middle("aaaaaae\xcc\x81zzz", 7, "aaa…zzz");
}

static void ends_can_be_cut_off(void **state)
{
    char text[32] = "abcdefghij";
    (void)state;
    text_cut_end(text, 5);
    assert_string_equal(text, "abcd…");
}

static void check_wrapped(const char *text, size_t at, size_t width, const char *expected)
{
    char lines[256] = "";
    FILE *out = fmemopen(lines, sizeof lines, "w");
    assert_non_null(out);
    text_wrap(out, text, at, 2, width);
    fclose(out);
    assert_string_equal(lines, expected);
}

static void lines_are_broken_at_spaces_before_the_width(void **state)
{
    (void)state;
    check_wrapped("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii", 0, 40,
                  "aaaa bbbb cccc dddd eeee ffff gggg hhhh\n  iiii\n");
    check_wrapped("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii", 1, 40,
                  "aaaa bbbb cccc dddd eeee ffff gggg\n  hhhh iiii\n");
    check_wrapped("日本語日本語日本語日本語日本語日本語 日", 1, 40,
                  "日本語日本語日本語日本語日本語日本語\n  日\n");
    check_wrapped("0123456789012345678901234567890123456789012345 x", 0, 40,
                  "0123456789012345678901234567890123456789012345\n  x\n");
    check_wrapped("a  b", 0, 40, "a  b\n");
    check_wrapped("", 0, 40, "\n");
}

static void check_filled(const char *text, size_t at, size_t width, const char *expected)
{
    char lines[256] = "";
    FILE *out = fmemopen(lines, sizeof lines, "w");
    assert_non_null(out);
    text_fill(out, text, at, 2, width);
    fclose(out);
    assert_string_equal(lines, expected);
}

static void words_longer_than_a_line_are_broken_where_that_is_asked_for(void **state)
{
    (void)state;
    check_filled("01234567890123456789012345678901234567890123456789 x", 0, 40,
                 "012345678901234567890123456789012345678\n  90123456789 x\n");
    check_filled("a 01234567890123456789012345678901234567890123456789 x", 30, 40,
                 "a\n  0123456789012345678901234567890123456\n  7890123456789 x\n");
    check_filled("日本語日本語日本語日本語日本語日本語日本語", 0, 40,
                 "日本語日本語日本語日本語日本語日本語日\n  本語\n");
    check_filled("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii", 0, 40,
                 "aaaa bbbb cccc dddd eeee ffff gggg hhhh\n  iiii\n");
    check_filled("01234567890123456789012345678901234567890123456789 x", 0, 0,
                 "01234567890123456789012345678901234567890123456789 x\n");
    check_filled("", 0, 40, "\n");
}

static void the_longest_word_is_measured_in_columns(void **state)
{
    (void)state;
    assert_int_equal(text_longest_word(""), 0);
    assert_int_equal(text_longest_word("  a bcd  ef "), 3);
    assert_int_equal(text_longest_word("abc 日本"), 4);
}

static void without_a_terminal_no_line_is_broken(void **state)
{
    (void)state;
    check_wrapped("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii", 0, 0,
                  "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii\n");
    check_wrapped("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii", 0, 39,
                  "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii\n");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_broken_at_spaces_before_the_width),
        cmocka_unit_test(words_longer_than_a_line_are_broken_where_that_is_asked_for),
        cmocka_unit_test(the_longest_word_is_measured_in_columns),
        cmocka_unit_test(without_a_terminal_no_line_is_broken),
        cmocka_unit_test(control_characters_are_shown_as_hexadecimal),
        cmocka_unit_test(direction_overrides_are_shown_as_hexadecimal),
        cmocka_unit_test(bytes_that_are_not_utf8_are_shown_as_hexadecimal),
        cmocka_unit_test(newlines_become_what_the_caller_says_and_tabs_spaces),
        cmocka_unit_test(other_characters_stay),
        cmocka_unit_test(width_counts_columns_and_not_bytes),
        cmocka_unit_test(long_names_lose_their_middle),
        cmocka_unit_test(a_cut_by_one_column_makes_room_for_the_ellipsis),
        cmocka_unit_test(combining_marks_go_with_their_letter),
        cmocka_unit_test(ends_can_be_cut_off),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
