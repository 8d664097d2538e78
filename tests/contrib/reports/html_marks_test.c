/* Thresholds as levels in the chart of latencies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_sink.h"
#include "reports.h"
#include "sample.h"

#define MS       INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)
#define NBSP     "\xc2\xa0"

enum { THRESHOLDS = 8 };

/* Two seconds with latencies from 10 to 50 ms; "login" is an activity of the type http. */
struct run {
    stressor_snapshot s;
    stressor_row login;
    const stressor_row *rows[1];
    stressor_point points[2];
    const stressor_point *point_list[2];
    stressor_threshold_row thresholds[THRESHOLDS];
    const stressor_threshold_row *threshold_list[THRESHOLDS];
};

static void make(struct run *r)
{
    *r = (struct run){.s = {.size = sizeof r->s,
                            .stage = STRESSOR_STAGE_DONE,
                            .verdict = STRESSOR_VERDICT_PASSED,
                            .name = "marks",
                            .elapsed_ns = 2 * NS_PER_S,
                            .measured_ns = 2 * NS_PER_S,
                            .rows = r->rows,
                            .rows_count = 1,
                            .points = r->point_list,
                            .points_count = 2,
                            .thresholds = r->threshold_list},
                      .login = {.size = sizeof r->login, .name = "login", .type = "http"}};
    r->rows[0] = &r->login;
    for (int i = 0; i < 2; i++) {
        r->points[i] = (stressor_point){.size = sizeof r->points[i],
                                        .from_ns = i * NS_PER_S,
                                        .to_ns = (i + 1) * NS_PER_S,
                                        .activities = 10,
                                        .p50_ns = 10 * MS,
                                        .p90_ns = 20 * MS,
                                        .p95_ns = 30 * MS,
                                        .p99_ns = 40 * MS,
                                        .max_ns = 50 * MS};
        r->point_list[i] = &r->points[i];
    }
}

static void threshold(struct run *r, const char *text, const char *name, int64_t limit_ns)
{
    uint32_t i = r->s.thresholds_count++;
    r->thresholds[i] = (stressor_threshold_row){.size = sizeof r->thresholds[i],
                                                .state = STRESSOR_THRESHOLD_PASSED,
                                                .unit = STRESSOR_THRESHOLD_NS,
                                                .text = text,
                                                .name = name,
                                                .actual = "1 ms",
                                                .limit = (double)limit_ns};
    r->threshold_list[i] = &r->thresholds[i];
}

/* The chart of latencies, to be freed. */
static char *chart_of(const struct run *r)
{
    struct reports reports = {.host = sample_host(), .api = sample_api()};
    struct memory_sink m = {0};
    assert_int_equal(report_html.render(&reports, &r->s, memory_sink_take, &m), 0);
    char *begin = strstr(m.text, "id=\"chart-latency-t\"");
    assert_non_null(begin);
    char *end = strstr(begin, "</figure>");
    assert_non_null(end);
    char *chart = strndup(begin, (size_t)(end - begin));
    free(m.text);
    return chart;
}

static unsigned occurrences(const char *text, const char *part)
{
    unsigned n = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        n++;
    return n;
}

static void a_threshold_is_a_line_at_its_limit_with_a_letter_that_the_legend_tells(void **state)
{
    (void)state;
    struct run r;
    make(&r);
    threshold(&r, "p99 < 25ms", NULL, 25 * MS);
    threshold(&r, "p95 < 50ms", NULL, 50 * MS);
    r.thresholds[0].state = STRESSOR_THRESHOLD_FAILED;
    char *chart = chart_of(&r);
    /* The axis goes from 0 at 200 to 50 ms at 12. */
    assert_non_null(
        strstr(chart, "<line class=\"limit\" x1=\"76\" y1=\"12\" x2=\"548\" y2=\"12\"/>"));
    assert_non_null(
        strstr(chart, "<line class=\"limit bad\" x1=\"76\" y1=\"106\" x2=\"548\" y2=\"106\"/>"));
    /* Right of the plot, which ends at 548: they cover nothing. */
    assert_non_null(
        strstr(chart, "<text class=\"limit\" x=\"560\" y=\"16\" text-anchor=\"end\">a</text>"));
    assert_non_null(strstr(
        chart, "<text class=\"limit bad\" x=\"560\" y=\"110\" text-anchor=\"end\">b</text>"));
    assert_non_null(strstr(chart, "</svg><b>a</b>: threshold p95 &lt; 50ms</li>"));
    assert_non_null(strstr(chart, "</svg><b>b</b>: threshold p99 &lt; 25ms, failed</li>"));
    /* The lines of values are above those of limits. */
    assert_true(strstr(chart, "class=\"line s1\"") > strstr(chart, "<line class=\"limit bad\""));
    free(chart);
}

static void the_axis_has_room_for_a_limit_above_but_not_for_one_far_away(void **state)
{
    (void)state;
    struct run r;
    make(&r);
    threshold(&r, "max < 100ms", NULL, 100 * MS);
    char *chart = chart_of(&r);
    assert_non_null(strstr(chart, ">100" NBSP "ms</text>"));
    assert_int_equal(occurrences(chart, "<line class=\"limit\""), 1);
    free(chart);
    make(&r);
    threshold(&r, "max < 1s", NULL, NS_PER_S);
    chart = chart_of(&r);
    assert_int_equal(occurrences(chart, "limit"), 0);
    assert_null(strstr(chart, "threshold"));
    assert_non_null(strstr(chart, ">50" NBSP "ms</text>"));
    assert_null(strstr(chart, ">1.0" NBSP "s</text>"));
    free(chart);
}

static void only_what_the_lines_show_is_marked(void **state)
{
    (void)state;
    struct run r;
    make(&r);
    threshold(&r, "mean < 20ms", NULL, 20 * MS);
    threshold(&r, "p99.9 < 30ms", NULL, 30 * MS);
    threshold(&r, "p95 of main < 30ms", "main", 30 * MS); /* passes of a sequence */
    threshold(&r, "count < 3", NULL, 3);
    r.thresholds[3].unit = STRESSOR_THRESHOLD_COUNT;
    char *chart = chart_of(&r);
    assert_int_equal(occurrences(chart, "class=\"limit"), 0);
    free(chart);
    /* Of one activity, and of all of a type: the lines are of all activities. */
    threshold(&r, "p90 of login < 30ms", "login", 30 * MS);
    threshold(&r, "p90 of http < 30ms", "http", 30 * MS);
    chart = chart_of(&r);
    assert_int_equal(occurrences(chart, "class=\"limit"), 0);
    free(chart);
    threshold(&r, "p90<30ms", NULL, 30 * MS);
    chart = chart_of(&r);
    assert_int_equal(occurrences(chart, "<line class=\"limit\""), 1);
    assert_non_null(strstr(chart, "<b>a</b>: threshold p90&lt;30ms</li>"));
    free(chart);
}

static void letters_do_not_cover_each_other(void **state)
{
    (void)state;
    static const int64_t limits[][6] = {
        {30, 30, 30, 30, 30, 30}, {50, 49, 48, 47, 46, 45}, {1, 1, 2, 2, 3, 3}};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct run r;
        make(&r);
        for (int k = 0; k < 6; k++)
            threshold(&r, "p99 < 30ms", NULL, limits[i][k] * MS);
        threshold(&r, "max < 30ms", NULL, 30 * MS);
        char *chart = chart_of(&r);
        assert_int_equal(occurrences(chart, "<line class=\"limit\""), 6);
        assert_int_equal(occurrences(chart, "<text class=\"limit\""), 6);
        double above = -100;
        const char *at = chart;
        for (char letter = 'a'; letter <= 'f'; letter++) {
            double y;
            char found;
            at = strstr(at, "<text class=\"limit\"");
            assert_non_null(at);
            assert_int_equal(sscanf(at++,
                                    "<text class=\"limit\" x=\"560\" y=\"%lf\" "
                                    "text-anchor=\"end\">%c</text>",
                                    &y, &found),
                             2);
            assert_int_equal(found, letter);
            assert_true(y - above >= 14.9 && y >= 16 && y <= 204);
            above = y;
        }
        free(chart);
    }
}

static void the_axis_is_at_the_bottom_of_a_logarithmic_chart_too(void **state)
{
    (void)state;
    struct run r;
    make(&r);
    /* From 2 ms to 5 s, with lines at powers of ten only. */
    for (int i = 0; i < 2; i++) {
        r.points[i].p50_ns = 3 * MS;
        r.points[i].max_ns = 4 * NS_PER_S;
    }
    char *chart = chart_of(&r);
    assert_int_equal(occurrences(chart, "<line class=\"axis\" x1=\"76\""), 2); /* and a tick */
    assert_non_null(
        strstr(chart, "<line class=\"axis\" x1=\"76\" y1=\"200\" x2=\"548\" y2=\"200\"/>"));
    assert_int_equal(occurrences(chart, "<line class=\"grid\""), 3);
    free(chart);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_threshold_is_a_line_at_its_limit_with_a_letter_that_the_legend_tells),
        cmocka_unit_test(the_axis_has_room_for_a_limit_above_but_not_for_one_far_away),
        cmocka_unit_test(only_what_the_lines_show_is_marked),
        cmocka_unit_test(letters_do_not_cover_each_other),
        cmocka_unit_test(the_axis_is_at_the_bottom_of_a_logarithmic_chart_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
