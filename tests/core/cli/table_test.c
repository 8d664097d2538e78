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
static size_t may_drop_count;

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
    table_may_drop(t, may_drop, may_drop_count);
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
          " Name              Count\n"
          " abcdefgh…tuvwxyz      1\n");
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
          " Name              Count\n"
          " abcdefgh…tuvwxyz      1\n");
    may_drop_count = 0;
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
        cmocka_unit_test(a_cell_in_a_colour_takes_the_same_room_and_an_empty_row_is_an_empty_line),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
