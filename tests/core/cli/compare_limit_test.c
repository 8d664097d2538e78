#include "cli/compare_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const enum figure_kind p95 = (enum figure_kind)RESULT_P95;

static void changes_are_read_with_their_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum figure_kind kind;
        bool relative;
        double by;
    } cases[] = {{"+10%", (enum figure_kind)RESULT_P95, true, 10},
                 {"-2.5%", (enum figure_kind)RESULT_P95, true, -2.5},
                 {"+20ms", (enum figure_kind)RESULT_P95, false, 20e6},
                 {"+1.5s", (enum figure_kind)RESULT_MAX, false, 1.5e9},
                 {"-1m30s", (enum figure_kind)RESULT_MEAN, false, -90e9},
                 {"+1%", FIGURE_ERRORS, true, 1},
                 {"+3", FIGURE_ERRORS, false, 3},
                 {"-5%", FIGURE_RATE, true, -5},
                 {"-10", FIGURE_RATE, false, -10},
                 {"0", FIGURE_ERRORS, false, 0},
                 {"0ms", (enum figure_kind)RESULT_P95, false, 0},
                 {"0.0%", FIGURE_RATE, true, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct limit l;
        assert_int_equal(limit_read(&l, cases[i].kind, cases[i].text), LIMIT_READ);
        assert_true(l.given);
        assert_int_equal(l.relative, cases[i].relative);
        assert_true(l.by >= cases[i].by && l.by <= cases[i].by);
    }
}

static void what_is_no_change_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum figure_kind kind;
    } cases[] = {{"", (enum figure_kind)RESULT_P95},
                 {"+", (enum figure_kind)RESULT_P95},
                 {"10", (enum figure_kind)RESULT_P95},
                 {"+-1%", (enum figure_kind)RESULT_P95},
                 {"nan%", (enum figure_kind)RESULT_P95},
                 {"inf%", (enum figure_kind)RESULT_P95},
                 {"1e3%", (enum figure_kind)RESULT_P95},
                 {"1.2.3%", (enum figure_kind)RESULT_P95},
                 {".%", (enum figure_kind)RESULT_P95},
                 {"10 %", (enum figure_kind)RESULT_P95},
                 {"%", FIGURE_ERRORS},
                 {"20ms", FIGURE_ERRORS},
                 {"20ms", FIGURE_RATE},
                 {"-5/s", FIGURE_RATE},
                 {"5/s", FIGURE_RATE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct limit l;
        assert_int_equal(limit_read(&l, cases[i].kind, cases[i].text), LIMIT_WRONG);
    }
}

static void what_has_no_sign_is_told_from_what_is_no_change(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum figure_kind kind;
    } cases[] = {{"10%", (enum figure_kind)RESULT_P95},
                 {"1.5s", (enum figure_kind)RESULT_MAX},
                 {"0.001%", (enum figure_kind)RESULT_P50},
                 {"3", FIGURE_ERRORS},
                 {"5%", FIGURE_RATE},
                 {"10", FIGURE_RATE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct limit l;
        assert_int_equal(limit_read(&l, cases[i].kind, cases[i].text), LIMIT_UNSIGNED);
    }
}

/* Does `now` keep what `text` allows, from 100 ms, 10 of 1,000 errors, 100 per second? */
static bool holds(enum figure_kind kind, const char *text, double now)
{
    struct limit l;
    struct result_row a = {.count = 1000, .errors = 10, .per_second = 100};
    struct result_row b = a;
    a.ns[RESULT_P95] = 100000000;
    b.ns[RESULT_P95] = (int64_t)now;
    if (kind == FIGURE_ERRORS)
        b.errors = (uint64_t)now;
    if (kind == FIGURE_RATE)
        b.per_second = now;
    assert_int_equal(limit_read(&l, kind, text), LIMIT_READ);
    return limit_holds(&l, kind, &a, &b);
}

static void a_limit_holds_up_to_what_it_allows(void **state)
{
    (void)state;
    assert_true(holds(p95, "+10%", 110e6));
    assert_false(holds(p95, "+10%", 110e6 + 1));
    assert_true(holds(p95, "+20ms", 120e6));
    assert_false(holds(p95, "+20ms", 120e6 + 1));
    assert_true(holds(p95, "-10%", 90e6));
    assert_false(holds(p95, "-10%", 95e6));
    assert_true(holds(p95, "0%", 100e6));
    assert_false(holds(p95, "0%", 100e6 + 1));
}

static void errors_are_percentage_points_or_a_number(void **state)
{
    (void)state;
    assert_true(holds(FIGURE_ERRORS, "+1%", 20));
    assert_false(holds(FIGURE_ERRORS, "+1%", 21));
    assert_true(holds(FIGURE_ERRORS, "+3", 13));
    assert_false(holds(FIGURE_ERRORS, "+3", 14));
    assert_true(holds(FIGURE_ERRORS, "0%", 10));
}

static void a_rate_may_be_higher_but_not_lower(void **state)
{
    (void)state;
    assert_true(holds(FIGURE_RATE, "-5%", 95));
    assert_true(holds(FIGURE_RATE, "-5%", 1000));
    assert_false(holds(FIGURE_RATE, "-5%", 94.9));
    assert_true(holds(FIGURE_RATE, "-10", 90));
    assert_false(holds(FIGURE_RATE, "-10", 89.9));
}

static void what_is_not_given_holds(void **state)
{
    (void)state;
    struct limit l = {.given = false};
    struct result_row a = {.count = 1}, b = {.count = 1, .errors = 1};
    assert_true(limit_holds(&l, FIGURE_ERRORS, &a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_read_with_their_units),
        cmocka_unit_test(what_is_no_change_is_refused),
        cmocka_unit_test(what_has_no_sign_is_told_from_what_is_no_change),
        cmocka_unit_test(a_limit_holds_up_to_what_it_allows),
        cmocka_unit_test(errors_are_percentage_points_or_a_number),
        cmocka_unit_test(a_rate_may_be_higher_but_not_lower),
        cmocka_unit_test(what_is_not_given_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
