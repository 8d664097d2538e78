#include "plan/threshold_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct threshold_line parse(const char *text)
{
    struct threshold_line line;
    struct buf why;
    buf_init(&why, 0);
    bool good = threshold_line_parse(text, strlen(text), &line, &why);
    if (!good)
        print_error("'%s': %s\n", text, why.data);
    buf_finish(&why);
    assert_true(good);
    return line;
}

static void assert_refused(const char *text, const char *expected)
{
    struct threshold_line line;
    struct buf why;
    buf_init(&why, 0);
    bool good = threshold_line_parse(text, strlen(text), &line, &why);
    bool same = strcmp(why.data, expected) == 0;
    if (good || !same)
        print_error("'%s':\n  %s\nnot\n  %s\n", text, why.data, expected);
    buf_finish(&why);
    assert_false(good);
    assert_true(same);
}

static void every_metric_has_its_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum threshold_metric metric;
        double limit;
    } all[] = {
        {"min < 5ms", THRESHOLD_MIN, 5e6},
        {"mean < 1s", THRESHOLD_MEAN, 1e9},
        {"max < 0.3", THRESHOLD_MAX, 3e8},
        {"p95 < 1m30s", THRESHOLD_PERCENTILE, 9e10},
        {"count > 1_000", THRESHOLD_COUNT, 1000},
        {"rate > 50/s", THRESHOLD_RATE, 50},
        {"rate > 2.5", THRESHOLD_RATE, 2.5},
        {"rate > 30/m", THRESHOLD_RATE, 0.5},
        {"rate > 7200/h", THRESHOLD_RATE, 2},
        {"errors < 5", THRESHOLD_ERRORS, 5},
        {"errors < 1%", THRESHOLD_ERRORS_PERCENT, 1},
        {"errors <= 0.5%", THRESHOLD_ERRORS_PERCENT, 0.5},
        {"errors <= 100%", THRESHOLD_ERRORS_PERCENT, 100},
        {"count < 0", THRESHOLD_COUNT, 0},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct threshold_line line = parse(all[i].text);
        assert_int_equal(line.is.metric, all[i].metric);
        assert_true(line.is.limit >= all[i].limit && line.is.limit <= all[i].limit);
        assert_null(line.name);
        assert_int_equal(line.is.for_ns, 0);
        assert_false(line.is.abort);
    }
}

static void percentiles_go_up_to_p99_99(void **state)
{
    (void)state;
    assert_int_equal((int)parse("p50 < 1s").is.percent, 50);
    assert_int_equal((int)(parse("p99.9 < 1s").is.percent * 10 + 0.5), 999);
    assert_int_equal((int)(parse("p99.99 < 1s").is.percent * 100 + 0.5), 9999);
    assert_refused("p100 < 1s",
                   "character 1: expected a percentile between p0 and p99.99 (the ends "
                   "are min, max), found 'p100'");
    assert_refused("p0 < 1s", "character 1: expected a percentile between p0 and p99.99 (the ends "
                              "are min, max), found 'p0'");
    assert_refused("p99.999 < 1s", "character 1: expected a percentile between p0 and p99.99 (the "
                                   "ends are min, max), found 'p99.999'");
}

static void operators_are_those_of_the_metric(void **state)
{
    (void)state;
    assert_int_equal(parse("p95 < 1").is.op, THRESHOLD_LESS);
    assert_int_equal(parse("p95 <= 1").is.op, THRESHOLD_AT_MOST);
    assert_int_equal(parse("p95 > 1").is.op, THRESHOLD_MORE);
    assert_int_equal(parse("p95 >= 1").is.op, THRESHOLD_AT_LEAST);
    assert_int_equal(parse("errors == 0").is.op, THRESHOLD_EQUAL);
    assert_int_equal(parse("count != 1").is.op, THRESHOLD_NOT_EQUAL);
    assert_refused("p95 == 1s",
                   "character 5: expected one of <, <=, >, >=, found '=='; == and != go "
                   "with count and errors");
    assert_refused("rate != 5",
                   "character 6: expected one of <, <=, >, >=, found '!='; == and != go "
                   "with count and errors");
    assert_refused("errors = 0", "character 8: expected 'of NAME' or one of <, <=, >, >=, ==, !=, "
                                 "found '='; did you mean '=='?");
    assert_refused("p95 of a =< 1s",
                   "character 10: expected one of <, <=, >, >=, found '=<'; did you mean '<='?");
    assert_refused("p95 \xe2\x89\xa4 1s", "character 5: expected 'of NAME' or one of <, <=, >, >=, "
                                          "found '\xe2\x89\xa4'; did you mean '<='?");
    assert_refused("p95 300ms",
                   "character 5: expected 'of NAME' or one of <, <=, >, >=, found '300ms'");
    assert_refused("p95",
                   "character 4: expected 'of NAME' or one of <, <=, >, >=, found the end of "
                   "the line");
}

static void blanks_are_needed_only_between_words(void **state)
{
    (void)state;
    struct threshold_line line = parse("p99 of login<1s for 10s,abort");
    assert_int_equal(line.name_length, 5);
    assert_memory_equal(line.name, "login", 5);
    assert_int_equal(line.name_at, 8);
    assert_true(line.is.limit >= 1e9 && line.is.limit <= 1e9);
    assert_true(line.is.for_ns == INT64_C(10000000000));
    assert_true(line.is.abort);
    line = parse("  p95<300 ms  ,  abort ");
    assert_int_equal((int64_t)line.is.limit, 300000000);
    assert_true(line.is.abort);
    assert_int_equal((int64_t)parse("mean < 1m 30s").is.limit, INT64_C(90000000000));
    assert_int_equal(parse("errors < 1 % for 1s").is.metric, THRESHOLD_ERRORS_PERCENT);
}

static void names_with_blanks_are_quoted(void **state)
{
    (void)state;
    struct threshold_line line = parse("errors of 'log in' < 1");
    assert_int_equal(line.name_length, 6);
    assert_memory_equal(line.name, "log in", 6);
    line = parse("errors of \"it's <b>\"< 1");
    assert_memory_equal(line.name, "it's <b>", line.name_length);
    line = parse("errors of main/3/GetRequest,x < 1");
    assert_memory_equal(line.name, "main/3/GetRequest,x", line.name_length);
    line = parse("errors of of < 1");
    assert_memory_equal(line.name, "of", line.name_length);
    assert_refused("errors of 'log in < 1",
                   "character 11: expected a name and another ' behind it, found ''log in < 1'");
    assert_refused("errors of '' < 1", "character 11: expected a name, found ''''");
    assert_refused("errors of < 1", "character 11: expected the name of an activity, a type or a "
                                    "sequence, found '<'");
    assert_refused("errors of log in < 1",
                   "character 15: expected one of <, <=, >, >=, ==, !=, found 'in'");
}

static void positions_count_characters(void **state)
{
    (void)state;
    assert_int_equal(parse("p95 of 'M\xc3\xbcnchen' < 1s").name_at, 9);
    assert_refused("p95 of M\xc3\xbcnchen < x",
                   "character 18: expected a duration such as 300ms or 1.5s, found 'x'");
}

static void unknown_metrics_draw_the_nearest(void **state)
{
    (void)state;
#define METRICS                                                                                    \
    "expected min, mean, max, a percentile such as p95 or p99.9, count, rate or errors, found "
    assert_refused("", "character 1: " METRICS "the end of the line");
    assert_refused("error < 1", "character 1: " METRICS "'error'; did you mean 'errors'?");
    assert_refused("avg < 1s", "character 1: " METRICS "'avg'; did you mean 'mean'?");
    assert_refused("median < 1s", "character 1: " METRICS "'median'; did you mean 'p50'?");
    assert_refused("rps > 5", "character 1: " METRICS "'rps'; did you mean 'rate'?");
    assert_refused("xyzzy > 5", "character 1: " METRICS "'xyzzy'");
    assert_refused("p > 5", "character 1: " METRICS "'p'");
    assert_refused("p9x > 5", "character 1: " METRICS "'p9x'");
    assert_refused("< 5", "character 1: " METRICS "'<'");
    assert_refused("abort", "character 1: " METRICS "'abort'; in a list of [ ] a line that holds a "
                            "comma is put in quotes");
}

static void wrong_units_are_told_what_would_be_right(void **state)
{
    (void)state;
#define DURATION "expected a duration such as 300ms or 1.5s, found "
#define RATE     "expected a rate such as 50/s, 30/m or 10/h, found "
#define WHOLE    "expected a whole number such as 1000, found "
#define ERRORS   "expected a whole number such as 5, or a percentage from 0% to 100%, found "
    assert_refused("p95 < 5%", "character 7: " DURATION "'5%'");
    assert_refused("p95 < -1s", "character 7: " DURATION "'-1s'");
    assert_refused("p95 <", "character 6: " DURATION "the end of the line");
    assert_refused("p95 < 1 2", "character 7: " DURATION "'1 2'");
    assert_refused("p95 < for 10s", "character 7: " DURATION "'for'");
    assert_refused("p95 < nan", "character 7: " DURATION "'nan'");
    assert_refused("rate > 50ms", "character 8: " RATE "'50ms'");
    assert_refused("rate > 50/d", "character 8: " RATE "'50/d'");
    assert_refused("rate > inf", "character 8: " RATE "'inf'");
    assert_refused("rate > -1/s", "character 8: " RATE "'-1/s'");
    assert_refused("count > 1.5", "character 9: " WHOLE "'1.5'");
    assert_refused("count > 5%", "character 9: " WHOLE "'5%'");
    assert_refused("count > -5", "character 9: " WHOLE "'-5'");
    assert_refused("errors < 1s", "character 10: " ERRORS "'1s'");
    assert_refused("errors < 101%", "character 10: " ERRORS "'101%'");
    assert_refused("errors < -1%", "character 10: " ERRORS "'-1%'");
    assert_refused("errors < nan%", "character 10: " ERRORS "'nan%'");
    assert_refused("errors < %", "character 10: " ERRORS "'%'");
}

static void the_tail_is_for_and_abort_in_this_order(void **state)
{
    (void)state;
    assert_true(parse("max < 1s for 1m").is.for_ns == INT64_C(60000000000));
    assert_true(parse("max < 1s for 5").is.for_ns == INT64_C(5000000000));
    assert_refused("max < 1s for",
                   "character 13: expected a duration of at least 1s, found the end "
                   "of the line");
    assert_refused("max < 1s for 500ms",
                   "character 14: expected a duration of at least 1s, found '500ms'");
    assert_refused("max < 1s for ever",
                   "character 14: expected a duration of at least 1s, found 'ever'");
    assert_refused("max < 1s abort",
                   "character 10: expected a comma before 'abort', found 'abort'");
    assert_refused("max < 1s, stop",
                   "character 11: expected 'abort' behind the comma, found 'stop'");
    assert_refused("max < 1s,", "character 10: expected 'abort' behind the comma, found the end of "
                                "the line");
    assert_refused("max < 1s, abort for 5s",
                   "character 17: expected the end behind 'abort', found 'for'");
    assert_refused("max < 1s > 2", "character 10: expected 'for DURATION', ', abort' or the end, "
                                   "found '>'");
    assert_refused("max < 1s for 5s for 6s",
                   "character 17: expected ', abort' or the end, found 'for'");
}

static void long_lines_are_refused(void **state)
{
    (void)state;
    char text[THRESHOLD_LINE_MAX + 2];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_refused(text, "it is longer than 1000 bytes");
    memcpy(text, "p95 < 1", 7);
    assert_refused(text, "it is longer than 1000 bytes");
    assert_refused(
        "p95 < 1000000000000000000000000000000000000000000000000000000000000000000000000",
        "character 7: expected a duration such as 300ms or 1.5s, found "
        "'100000000000000000000000000000000000000000000000000000000000000\xe2\x80\xa6'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_has_its_values),
        cmocka_unit_test(percentiles_go_up_to_p99_99),
        cmocka_unit_test(operators_are_those_of_the_metric),
        cmocka_unit_test(blanks_are_needed_only_between_words),
        cmocka_unit_test(names_with_blanks_are_quoted),
        cmocka_unit_test(positions_count_characters),
        cmocka_unit_test(unknown_metrics_draw_the_nearest),
        cmocka_unit_test(wrong_units_are_told_what_would_be_right),
        cmocka_unit_test(the_tail_is_for_and_abort_in_this_order),
        cmocka_unit_test(long_lines_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
