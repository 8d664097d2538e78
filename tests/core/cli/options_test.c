#include "cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <stressor/stressor.h>

static void numbers_are_decimal_digits_within_their_range(void **state)
{
    uint64_t n = 0;
    (void)state;
    assert_true(options_number("18446744073709551615", 0, UINT64_MAX, &n));
    assert_true(n == UINT64_MAX);
    assert_true(options_number("007", 1, 7, &n));
    assert_int_equal(n, 7);
    assert_false(options_number("18446744073709551616", 0, UINT64_MAX, &n));
    assert_false(options_number("8", 1, 7, &n));
    assert_false(options_number("0", 1, 7, &n));
    assert_false(options_number("", 0, 7, &n));
    assert_false(options_number("+1", 0, 7, &n));
    assert_false(options_number("-1", 0, UINT64_MAX, &n));
    assert_false(options_number(" 1", 0, 7, &n));
    assert_false(options_number("1x", 0, 7, &n));
}

static void verbose_and_quiet_step_the_level(void **state)
{
    (void)state;
    assert_int_equal(common_options_level(&(struct common_options){.verbose = 0}, 1), 1);
    assert_int_equal(common_options_level(&(struct common_options){.verbose = 1}, 1), 4);
    assert_int_equal(common_options_level(&(struct common_options){.verbose = 9}, 1), 5);
    assert_int_equal(common_options_level(&(struct common_options){.quiet = 1}, 5), 2);
    assert_int_equal(common_options_level(&(struct common_options){.quiet = 2}, 5), 1);
    assert_int_equal(common_options_level(&(struct common_options){.quiet = 9}, 5), 0);
}

static void durations_are_read_as_in_scenarios(void **state)
{
    int64_t ns = 0;
    (void)state;
    assert_int_equal(stressor_parse_duration("1m30s", &ns), STRESSOR_OK);
    assert_true(ns == INT64_C(90000000000));
    assert_int_equal(stressor_parse_duration("1.5", &ns), STRESSOR_OK);
    assert_true(ns == INT64_C(1500000000));
    assert_int_equal(stressor_parse_duration("soon", &ns), STRESSOR_ESYNTAX);
    assert_int_equal(stressor_parse_duration("", &ns), STRESSOR_ESYNTAX);
}

static void the_nearest_name_is_offered_only_if_it_is_near(void **state)
{
    static const char *const names[] = {"list", "info", NULL};
    static const char *const none[] = {NULL};
    (void)state;
    assert_string_equal(stressor_nearest("lsit", names), "list");
    assert_null(stressor_nearest("remove", names));
    assert_null(stressor_nearest("list", none));
}

struct taken {
    char text[64];
};

static bool note(void *data, int id, const char *value)
{
    struct taken *t = data;
    size_t used = strlen(t->text);
    snprintf(t->text + used, sizeof t->text - used, "%d=%s;", id, value != NULL ? value : "-");
    return true;
}

static void an_optional_value_is_only_taken_with_an_equals_sign(void **state)
{
    static const struct option_spec table[] = {
        {1, 'm', "monitor", "[=PORT]", "help"},
        {2, 'r', "report", "KIND", "help"},
        {0, 0, NULL, NULL, NULL},
    };
    char words[][20] = {"run", "--monitor", "a.yaml",   "--monitor=8080",
                        "-m",  "-m90",      "--report", "json=x=y.j",
                        "-r",  "csv"};
    char *argv[sizeof words / sizeof *words + 1] = {NULL};
    int argc = sizeof words / sizeof *words;
    struct common_options common;
    struct taken t = {.text = ""};
    (void)state;
    for (int i = 0; i < argc; i++)
        argv[i] = words[i];
    assert_true(common_options_init(&common, argc));
    int first = options_read(argc, argv, "run", table, note, &t, &common);
    common_options_finish(&common);
    assert_string_equal(t.text, "1=-;1=8080;1=-;1=90;2=json=x=y.j;2=csv;");
    assert_int_equal(first, argc - 1);
    assert_string_equal(argv[first], "a.yaml");
}

static void help_shows_an_optional_value_as_such(void **state)
{
    static const struct option_spec table[] = {
        {1, 0, "monitor", "[=PORT]", "show"},
        {2, 'r', "report", "KIND", "write"},
        {0, 0, NULL, NULL, NULL},
    };
    char text[256] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    (void)state;
    assert_non_null(out);
    options_print(out, table);
    fclose(out);
    assert_string_equal(text, "      --monitor[=PORT]      show\n"
                              "  -r, --report KIND         write\n");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimal_digits_within_their_range),
        cmocka_unit_test(verbose_and_quiet_step_the_level),
        cmocka_unit_test(an_optional_value_is_only_taken_with_an_equals_sign),
        cmocka_unit_test(help_shows_an_optional_value_as_such),
        cmocka_unit_test(durations_are_read_as_in_scenarios),
        cmocka_unit_test(the_nearest_name_is_offered_only_if_it_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
