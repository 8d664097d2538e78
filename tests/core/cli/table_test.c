#include "cli/table.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct table_column columns[] = {
    {"Name", TABLE_NAME}, {"Phase", TABLE_LEFT}, {"Count", TABLE_RIGHT}, {"Min", TABLE_UNIT}};

static const size_t *may_drop;
static size_t may_drop_count, may_drop_last;

/* Rows of four cells, ended by NULL. */
static void check(const char *const *cells, size_t width, const char *expected)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct table *t = table_new(columns, 4);
    assert_non_null(out);
    for (size_t i = 0; cells[i] != NULL; i++) {
        if (i % 4 == 0)
            table_row(t);
        table_cell(t, cells[i]);
    }
    table_may_drop(t, may_drop, may_drop_count, may_drop_last);
    assert_true(table_write(t, out, 1, width));
    table_free(t);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void numbers_and_units_stand_below_each_other(void **state)
{
    static const char *const cells[] = {"a",       "init", "1", "1.23 s", "long",   "",  "1,234",
                                        "12.3 ms", "b",    "",  "7",      "850 µs", NULL};
    (void)state;
    check(cells, 0,
          " Name  Phase  Count      Min\n"
          " a     init       1  1.23 s\n"
          " long         1,234  12.3 ms\n"
          " b                7   850 µs\n");
}

static void columns_without_text_are_left_out(void **state)
{
    static const char *const cells[] = {"a", "", "1", "", NULL};
    (void)state;
    check(cells, 0,
          " Name  Count\n"
          " a         1\n");
}

static void wide_characters_take_two_columns(void **state)
{
    static const char *const cells[] = {"漢字漢", "", "1", "", "größe", "", "2", "", NULL};
    (void)state;
    check(cells, 0,
          " Name    Count\n"
          " 漢字漢      1\n"
          " größe       2\n");
}

static void names_are_cut_to_the_width_of_the_terminal(void **state)
{
    static const char *const cells[] = {
        "abcdefghijklmnopqrstuvwxyz", "", "1", "", "b", "", "2", "", NULL};
    (void)state;
    check(cells, 28,
          " Name                  Count\n"
          " abcdefghij…rstuvwxyz      1\n"
          " b                         2\n");
}

static void names_keep_a_least_width_on_narrow_terminals(void **state)
{
    static const char *const cells[] = {"abcdefghijklmnopqrstuvwxyz", "", "1", "", NULL};
    (void)state;
    check(cells, 5,
          " Name      Count\n"
          " abcd…xyz      1\n");
}

static void columns_are_dropped_in_order_before_names_become_too_short(void **state)
{
    static const char *const cells[] = {"abcdefghijklmnopqrstuvwxyz", "init", "1", "1.00 s", NULL};
    static const size_t order[] = {3, 1};
    (void)state;
    may_drop = order;
    may_drop_count = 2;
    check(cells, 43,
          " Name                  Phase  Count     Min\n"
          " abcdefghij…rstuvwxyz  init       1  1.00 s\n");
    check(cells, 42,
          " Name                        Phase  Count\n"
          " abcdefghijklmnopqrstuvwxyz  init       1\n");
    check(cells, 34,
          " Name                        Count\n"
          " abcdefghijklmnopqrstuvwxyz      1\n");
    check(cells, 5,
          " Name      Count\n"
          " abcd…xyz      1\n");
    may_drop_count = 0;
}

static void the_last_columns_are_dropped_only_where_names_of_10_have_no_room(void **state)
{
    static const char *const cells[] = {"abcdefghijklmnopqrstuvwxyz", "warm-up", "1", "1.00 s",
                                        NULL};
    static const size_t order[] = {3, 2, 1};
    (void)state;
    may_drop = order;
    may_drop_count = 3;
    may_drop_last = 2;
    check(cells, 27,
          " Name        Phase    Count\n"
          " abcde…wxyz  warm-up      1\n");
    check(cells, 26,
          " Name              Phase\n"
          " abcdefgh…tuvwxyz  warm-up\n");
    /* What was left out first has room again. */
    check(cells, 19,
          " Name         Count\n"
          " abcde…vwxyz      1\n");
    check(cells, 17,
          " Name\n"
          " abcdefgh…tuvwxyz\n");
    may_drop_count = may_drop_last = 0;
}

/* A table of titles and texts, in `width` columns. */
static void check_text(const char *text, size_t width, const char *expected)
{
    static const struct table_column two[] = {{"", TABLE_LEFT}, {"", TABLE_TEXT}};
    char *found = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&found, &length);
    struct table *t = table_new(two, 2);
    assert_non_null(out);
    table_row(t);
    table_cell(t, "title");
    table_cell(t, text);
    table_row(t);
    table_cell(t, "longer title");
    table_cell(t, "x");
    assert_true(table_write(t, out, 2, width));
    table_free(t);
    fclose(out);
    assert_string_equal(found, expected);
    free(found);
}

static void a_text_is_broken_below_where_it_begins(void **state)
{
    (void)state;
    check_text("one two three four five six", 43,
               "  title         one two three four five six\n"
               "  longer title  x\n");
    check_text("one two three four five six", 42,
               "  title         one two three four five\n"
               "                six\n"
               "  longer title  x\n");
    check_text("one two three four five six", 0,
               "  title         one two three four five six\n"
               "  longer title  x\n");
}

static void a_word_without_room_begins_on_a_line_of_its_own_and_is_broken_at_need(void **state)
{
    (void)state;
    check_text("abcdefghijklmnopqrstuvwxyz 1", 40,
               "  title\n"
               "      abcdefghijklmnopqrstuvwxyz 1\n"
               "  longer title  x\n");
    check_text("漢字abcdefghijklmnopqrstuvwxyz0123456789 1", 40,
               "  title\n"
               "      漢字abcdefghijklmnopqrstuvwxyz012\n"
               "      3456789 1\n"
               "  longer title  x\n");
}

static void a_table_fits_while_names_of_16_have_room(void **state)
{
    struct table *t = table_new(columns, 4);
    (void)state;
    table_row(t);
    table_cell(t, "abcdefghijklmnopqrstuvwxyz");
    table_cell(t, "init");
    assert_true(table_fits(t, 1, 24));
    assert_false(table_fits(t, 1, 23));
    assert_true(table_fits(t, 1, 0));
    table_free(t);
}

static void a_cell_in_a_colour_takes_the_same_room_and_an_empty_row_is_an_empty_line(void **state)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct table *t = table_new(columns, 4);
    (void)state;
    assert_non_null(out);
    table_row(t);
    table_cell(t, "a");
    table_cell(t, "");
    table_cell_in(t, "\033[31m", "1");
    table_row(t);
    table_row(t);
    table_cell(t, "b");
    table_cell(t, "");
    table_cell_in(t, NULL, "22");
    assert_true(table_write(t, out, 0, 0));
    table_free(t);
    fclose(out);
    assert_string_equal(text, "Name  Count\n"
                              "a         \033[31m1\033[0m\n"
                              "\n"
                              "b        22\n");
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_units_stand_below_each_other),
        cmocka_unit_test(columns_without_text_are_left_out),
        cmocka_unit_test(wide_characters_take_two_columns),
        cmocka_unit_test(names_are_cut_to_the_width_of_the_terminal),
        cmocka_unit_test(names_keep_a_least_width_on_narrow_terminals),
        cmocka_unit_test(columns_are_dropped_in_order_before_names_become_too_short),
        cmocka_unit_test(the_last_columns_are_dropped_only_where_names_of_10_have_no_room),
        cmocka_unit_test(a_text_is_broken_below_where_it_begins),
        cmocka_unit_test(a_word_without_room_begins_on_a_line_of_its_own_and_is_broken_at_need),
        cmocka_unit_test(a_table_fits_while_names_of_16_have_room),
        cmocka_unit_test(a_cell_in_a_colour_takes_the_same_room_and_an_empty_row_is_an_empty_line),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
