/* What the HTML report shows of runs, and how much of large ones. */
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

#define NS_PER_S INT64_C(1000000000)

/* The page of a snapshot, to be freed. */
static char *page_of(const stressor_snapshot *s, size_t *length)
{
    struct reports r = {.host = sample_host(), .api = sample_api()};
    struct memory_sink m = {0};
    assert_int_equal(report_html.render(&r, s, memory_sink_take, &m), 0);
    if (length != NULL)
        *length = m.length;
    return m.text;
}

static unsigned occurrences(const char *text, const char *part)
{
    unsigned n = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        n++;
    return n;
}

/* --- large runs ---------------------------------------------------------------------------- */

enum {
    ROWS = 10000,
    POINTS = 300,
    GROUPS = 1000,
    PROCESSES = 40,
    OTHERS = 500, /* of everything else */
    LONG = 3000   /* bytes of a text */
};

/* More of everything than a page can show, with texts that grow most when escaped. */
struct large {
    stressor_snapshot s;
    stressor_row rows[ROWS];
    const stressor_row *row_list[ROWS];
    stressor_point points[POINTS];
    const stressor_point *point_list[POINTS];
    stressor_process_point process_points[PROCESSES];
    const stressor_process_point *process_point_list[PROCESSES];
    stressor_process_row process;
    const stressor_process_row *process_list[PROCESSES];
    stressor_error_group group;
    const stressor_error_group *group_list[GROUPS];
    stressor_sequence_row sequence;
    const stressor_sequence_row *sequence_list[OTHERS];
    stressor_metric_row metric;
    const stressor_metric_row *metric_list[OTHERS];
    stressor_threshold_row threshold;
    const stressor_threshold_row *threshold_list[OTHERS];
    stressor_worker_row worker;
    const stressor_worker_row *worker_list[OTHERS];
    stressor_fact fact;
    const stressor_fact *fact_list[OTHERS];
    stressor_trust trust;
    const char *sentences[OTHERS];
    char names[ROWS][24];
    char text[LONG + 1];
};

#define FILL(list, count, item)                                                                    \
    for (size_t i_ = 0; i_ < (count); i_++)                                                        \
    (list)[i_] = (item)

/* Only the first rows, whose distributions are shown, have large histograms. */
static void fill_rows(struct large *l, const stressor_row *like)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        snprintf(l->names[i], sizeof l->names[i], "activity %u.", i);
        l->rows[i] = *like;
        l->rows[i].flags = 0;
        l->rows[i].errors = 0;
        l->rows[i].name = l->names[i];
        l->rows[i].total = i < 100 ? like->total : like->interval;
        l->row_list[i] = &l->rows[i];
    }
    l->s.rows = l->row_list;
    l->s.rows_count = ROWS;
}

static void fill_points(struct large *l, int64_t interval_ns)
{
    FILL(l->process_point_list, PROCESSES, &l->process_points[i_]);
    for (uint32_t i = 0; i < PROCESSES; i++)
        l->process_points[i] =
            (stressor_process_point){.size = sizeof l->process_points[0],
                                     .cpu = 0.01 * i,
                                     .memory_bytes = UINT64_C(1234567) * (i + 1)};
    for (uint32_t i = 0; i < POINTS; i++) {
        l->points[i] = (stressor_point){.size = sizeof l->points[0],
                                        .from_ns = i * interval_ns,
                                        .to_ns = (i + 1) * interval_ns,
                                        .sessions = i * 7 % 400,
                                        .activities = UINT64_C(123457) * (i % 11 + 1),
                                        .errors = i * 13 % 100,
                                        .p50_ns = 1234567 + i,
                                        .p90_ns = 22345678,
                                        .p95_ns = 33456789 - i,
                                        .p99_ns = 244567890,
                                        .max_ns = INT64_C(4556789012) + i,
                                        .machine_cpu = 1.2345,
                                        .processes = l->process_point_list,
                                        .processes_count = PROCESSES};
        l->point_list[i] = &l->points[i];
    }
    l->s.points = l->point_list;
    l->s.points_count = POINTS;
    l->s.elapsed_ns = l->s.measured_ns = POINTS * interval_ns;
}

static void fill_lists(struct large *l)
{
    const char *text = l->text;
    stressor_snapshot *s = &l->s;
    l->process = (stressor_process_row){.size = sizeof l->process, .name = text, .pid = 7};
    FILL(l->process_list, PROCESSES, &l->process);
    s->processes = l->process_list;
    s->processes_count = PROCESSES;
    l->group = (stressor_error_group){
        sizeof l->group, STRESSOR_TARGET, text, text, text, 3, .phase = STRESSOR_PHASE_INIT};
    FILL(l->group_list, GROUPS, &l->group);
    s->error_groups = l->group_list;
    s->error_groups_count = GROUPS;
    l->sequence = (stressor_sequence_row){.size = sizeof l->sequence, .name = text, .passes = 1};
    FILL(l->sequence_list, OTHERS, &l->sequence);
    s->sequences = l->sequence_list;
    l->metric =
        (stressor_metric_row){sizeof l->metric, STRESSOR_METRIC_GAUGE, text, text, text, 1, NULL};
    FILL(l->metric_list, OTHERS, &l->metric);
    s->metrics = l->metric_list;
    l->threshold =
        (stressor_threshold_row){.size = sizeof l->threshold, .text = text, .actual = text};
    FILL(l->threshold_list, OTHERS, &l->threshold);
    s->thresholds = l->threshold_list;
    l->worker = (stressor_worker_row){.size = sizeof l->worker};
    FILL(l->worker_list, OTHERS, &l->worker);
    s->workers = l->worker_list;
    l->fact = (stressor_fact){.size = sizeof l->fact, .section = text, .name = text, .text = text};
    FILL(l->fact_list, OTHERS, &l->fact);
    s->facts = l->fact_list;
    s->sequences_count = s->metrics_count = s->thresholds_count = s->workers_count =
        s->facts_count = OTHERS;
    FILL(l->sentences, OTHERS, text);
    l->trust = (stressor_trust){.size = sizeof l->trust,
                                .verdict = STRESSOR_UNTRUSTED,
                                .reasons = l->sentences,
                                .notes = l->sentences,
                                .reasons_count = OTHERS,
                                .notes_count = OTHERS};
    s->trust = &l->trust;
    s->name = s->tag = s->details = s->base_url = s->stop_reason = text;
}

static struct large *large_new(const struct sample *plain)
{
    struct large *l = calloc(1, sizeof *l);
    assert_non_null(l);
    memset(l->text, '"', LONG);
    l->s = *sample_snapshot(plain);
    l->s.warmup_ns = 0;
    fill_rows(l, sample_snapshot(plain)->rows[0]);
    fill_points(l, NS_PER_S);
    return l;
}

static void the_page_of_more_than_fits_of_everything_is_below_1_mb(void **state)
{
    (void)state;
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    struct large *l = large_new(plain);
    size_t length;
    fill_lists(l);
    for (size_t i = 0; i < ROWS; i++) {
        l->rows[i].name = l->rows[i].type = l->text;
        l->rows[i].phase = i % 4;
    }
    char *page = page_of(&l->s, &length);
    assert_in_range(length, 100000, 999999);
    assert_non_null(strstr(page, "</html>"));
    free(page);
    free(l);
    sample_free(plain);
}

static void what_does_not_fit_is_counted_and_said_to_be_elsewhere(void **state)
{
    (void)state;
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    struct large *l = large_new(plain);
    char *page;
    l->group = (stressor_error_group){
        sizeof l->group, STRESSOR_TARGET, "k", "r", "e", 3, .phase = STRESSOR_PHASE_MAIN};
    FILL(l->group_list, GROUPS, &l->group);
    l->s.error_groups = l->group_list;
    l->s.error_groups_count = GROUPS;
    page = page_of(&l->s, NULL);
    assert_non_null(strstr(page, "… and 9,800 more rows; all are in the JSON report."));
    assert_int_equal(occurrences(page, "<th scope=\"row\"><bdi>activity "), 200);
    assert_non_null(strstr(page, "… and 900 more groups of errors; all are in the JSON report."));
    free(page);
    free(l);
    sample_free(plain);
}

static void of_many_rows_those_with_errors_and_the_slowest_are_shown(void **state)
{
    (void)state;
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    struct large *l = large_new(plain);
    const stressor_histogram *fast = sample_snapshot(plain)->rows[0]->interval;
    for (size_t i = 0; i < ROWS; i++)
        l->rows[i].total = fast;
    l->rows[9001].errors = 1;
    l->rows[9002].errors = 2;
    l->rows[9003].total = sample_snapshot(plain)->rows[0]->total;
    l->rows[9004].flags = STRESSOR_ROW_MONITORED;
    char *page = page_of(&l->s, NULL);
    const char *monitored = strstr(page, "<th scope=\"row\"><bdi>activity 9004.");
    const char *most = strstr(page, "<th scope=\"row\"><bdi>activity 9002.");
    const char *some = strstr(page, "<th scope=\"row\"><bdi>activity 9001.");
    const char *slow = strstr(page, "<th scope=\"row\"><bdi>activity 9003.");
    assert_non_null(monitored);
    assert_non_null(most);
    assert_non_null(some);
    assert_non_null(slow);
    assert_true(monitored < most && most < some && some < slow);
    assert_null(strstr(page, "<th scope=\"row\"><bdi>activity 9005."));
    free(page);
    free(l);
    sample_free(plain);
}

static void a_run_ten_times_as_long_has_a_page_of_about_the_same_size(void **state)
{
    (void)state;
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    struct large *l = large_new(plain);
    size_t length, longer;
    free(page_of(&l->s, &length));
    fill_points(l, 10 * NS_PER_S);
    for (size_t i = 0; i < ROWS; i++)
        l->rows[i].count *= 10;
    free(page_of(&l->s, &longer));
    assert_in_range(longer, length * 98 / 100, length * 102 / 100);
    free(l);
    sample_free(plain);
}

/* --- what is shown ------------------------------------------------------------------------- */

static void figures_are_for_people_with_the_exact_ones_beside_them(void **state)
{
    (void)state;
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    const stressor_row *login = sample_snapshot(plain)->rows[0];
    char *page = page_of(sample_snapshot(plain), NULL);
    char expected[80];
    snprintf(expected, sizeof expected, "<data value=\"%lld\">",
             (long long)sample_api()->percentile(login->total, 95));
    assert_non_null(strstr(page, "<h1>Shop</h1>"));
    assert_non_null(strstr(page, "Failed: 2 of 3 thresholds"));
    assert_non_null(strstr(page, "Do not trust these figures"));
    assert_non_null(strstr(page, "use more CPUs."));
    assert_non_null(strstr(page, "<dd id=\"key-activities\"><data value=\"20000\">20,000</data>"));
    assert_non_null(strstr(page, "<dd id=\"key-rate\"><data value=\"2000\">2,000</data>"));
    assert_non_null(strstr(page, "<time datetime=\"2024-01-31T12:00:00.123Z\">"
                                 "2024-01-31 12:00:00 UTC</time>"));
    assert_non_null(strstr(page, "18446744073709551615"));
    assert_non_null(strstr(strstr(page, "id=\"activities-main\""), expected));
    assert_non_null(strstr(page, "0.06 %; failed after 7.50\u00A0s; stopped the run"));
    free(page);
    sample_free(plain);
}

static void each_verdict_has_its_headline(void **state)
{
    (void)state;
    static const struct {
        uint32_t verdict;
        const char *headline, *class;
    } cases[] = {{STRESSOR_VERDICT_NONE, "Not finished: done</p>", "verdict open"},
                 {STRESSOR_VERDICT_PASSED, "Passed, but not to be trusted</p>", "verdict open"},
                 {STRESSOR_VERDICT_STOPPED, "Stopped by the user</p>", "verdict open"},
                 {STRESSOR_VERDICT_THRESHOLD, "Failed: 2 of 3 thresholds</p>", "verdict bad"},
                 {STRESSOR_VERDICT_ERRORS, "Failed: 13 errors</p>", "verdict bad"},
                 {STRESSOR_VERDICT_UNTRUSTED, "Failed: not to be trusted</p>", "verdict bad"}};
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stressor_snapshot s = *sample_snapshot(plain);
        s.verdict = cases[i].verdict;
        char *page = page_of(&s, NULL);
        assert_non_null(strstr(page, cases[i].headline));
        assert_non_null(strstr(page, cases[i].class));
        free(page);
    }
    sample_free(plain);
}

static void a_run_that_passed_without_trust_is_not_shown_as_good(void **state)
{
    (void)state;
    static const struct {
        uint32_t trust;
        const char *box;
    } cases[] = {{STRESSOR_UNTRUSTED, "<div class=\"verdict open\" id=\"verdict\">"},
                 {STRESSOR_TRUSTED, "<div class=\"verdict good\" id=\"verdict\">"},
                 {STRESSOR_TRUST_UNKNOWN, "<div class=\"verdict good\" id=\"verdict\">"}};
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stressor_snapshot s = *sample_snapshot(plain);
        stressor_trust trust = *s.trust;
        trust.verdict = cases[i].trust;
        s.trust = &trust;
        s.verdict = STRESSOR_VERDICT_PASSED;
        char *page = page_of(&s, NULL);
        assert_non_null(strstr(page, cases[i].box));
        assert_int_equal(occurrences(page, "Passed, but not to be trusted</p>"),
                         cases[i].trust == STRESSOR_UNTRUSTED);
        free(page);
    }
    sample_free(plain);
}

static void errors_of_the_warm_up_are_told_apart(void **state)
{
    (void)state;
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    stressor_snapshot s = *sample_snapshot(plain);
    stressor_row warm = *s.rows[0];
    const stressor_row *rows[] = {s.rows[0], &warm, &warm};
    char *page = page_of(&s, NULL);
    assert_non_null(strstr(page, "20,000 activities and 13 errors in 12.0"));
    assert_non_null(strstr(page, " <small>0.065\u00A0% of all executions</small>"));
    free(page);
    warm.phase = STRESSOR_PHASE_WARMUP;
    warm.errors = 408;
    s.rows = rows;
    s.rows_count = 3;
    s.errors = 3758;
    s.activities_all = 16000;
    s.verdict = STRESSOR_VERDICT_ERRORS;
    page = page_of(&s, NULL);
    assert_non_null(strstr(page, "Failed: 3,758 errors (816 in the warm-up)</p>"));
    assert_non_null(
        strstr(page, "20,000 activities and 3,758 errors (816 in the warm-up) in 12.0"));
    assert_non_null(
        strstr(page, " <small>23.5\u00A0% of all executions; 816 in the warm-up</small></dd>"));
    free(page);
    sample_free(plain);
}

static void sequences_without_a_warm_up_have_no_row_of_one(void **state)
{
    (void)state;
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    stressor_snapshot s = *sample_snapshot(plain);
    stressor_sequence_row idle = {.size = sizeof idle, .name = "idle"};
    stressor_sequence_row cold = {
        .size = sizeof cold, .phase = STRESSOR_PHASE_WARMUP, .name = "cold"};
    stressor_sequence_row warm = {
        .size = sizeof warm, .phase = STRESSOR_PHASE_WARMUP, .name = "warm", .activities = 1};
    const stressor_sequence_row *rows[] = {&cold, &idle, &warm};
    s.sequences = rows;
    s.sequences_count = 3;
    char *page = page_of(&s, NULL);
    const char *table = strstr(page, "id=\"sequences-table\"");
    assert_non_null(table);
    assert_null(strstr(table, "<bdi>cold</bdi>"));
    assert_non_null(strstr(table, "<bdi>idle</bdi></th><td>main</td>"));
    assert_non_null(strstr(table, "<bdi>warm</bdi></th><td>warm-up</td>"));
    assert_null(strstr(page, "more sequence"));
    assert_null(strstr(page, ">warmup<"));
    free(page);
    sample_free(plain);
}

static void shares_of_a_cpu_are_percent_as_in_the_summary(void **state)
{
    (void)state;
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    char *page = page_of(sample_snapshot(plain), NULL);
    assert_non_null(strstr(page, "<data value=\"0.75\">75\u00A0%</data>"));
    assert_non_null(strstr(page, "<dd><data value=\"2\">200\u00A0%</data></dd>"));
    const char *chart = strstr(page, "id=\"chart-cpu-t\"");
    assert_non_null(chart);
    assert_non_null(strstr(chart, "from 40\u00A0% (above 0) to 110\u00A0%."));
    assert_non_null(strstr(chart, ">100\u00A0%</text>"));
    free(page);
    sample_free(plain);
}

/* The chart of CPUs of a machine that was so busy in its two points; to be freed. */
static char *cpu_chart(double first, double second, uint32_t cpus)
{
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    stressor_snapshot s = *sample_snapshot(plain);
    stressor_point points[] = {*s.points[0], *s.points[1]};
    const stressor_point *list[] = {&points[0], &points[1]};
    stressor_machine machine = *s.machine;
    points[0].machine_cpu = first;
    points[1].machine_cpu = second;
    machine.cpus = cpus;
    s.points = list;
    s.machine = &machine;
    char *page = page_of(&s, NULL);
    char *chart = strstr(page, "id=\"chart-cpu-t\"");
    assert_non_null(chart);
    *strstr(chart, "</figure>") = '\0';
    chart = strdup(chart);
    free(page);
    sample_free(plain);
    return chart;
}

static void a_machine_at_0_percent_is_drawn_as_that_but_one_that_tells_nothing_is_not(void **state)
{
    (void)state;
    char *chart = cpu_chart(0.7, 0, 2);
    const char *line = strstr(chart, "<path class=\"line s1\" d=\"M");
    assert_non_null(line);
    size_t length = strcspn(line, "/");
    assert_non_null(memmem(line, length, ",200\"", strlen(",200\""))); /* the axis is at 200 */
    assert_non_null(strstr(chart, "</svg>machine</li>"));
    free(chart);
    static const struct {
        double first, second;
        uint32_t cpus;
    } untold[] = {{0, 0, 2}, {0.7, 0.7, 0}};
    for (size_t i = 0; i < sizeof untold / sizeof *untold; i++) {
        chart = cpu_chart(untold[i].first, untold[i].second, untold[i].cpus);
        assert_null(strstr(chart, "machine"));
        free(chart);
    }
}

static void text_from_outside_does_not_turn_the_direction_of_other_text(void **state)
{
    (void)state;
    struct sample *hostile = sample_new(SAMPLE_HOSTILE);
    char *page = page_of(sample_snapshot(hostile), NULL);
    assert_null(strstr(page, "\u202E"));
    assert_non_null(strstr(page, "(\uFFFD größe"));
    free(page);
    sample_free(hostile);
}

static void a_run_of_which_nothing_is_known_has_a_page(void **state)
{
    (void)state;
    struct sample *empty = sample_new(SAMPLE_EMPTY);
    char *page = page_of(sample_snapshot(empty), NULL);
    assert_non_null(strstr(page, "Nothing was measured over time"));
    assert_non_null(strstr(page, "There were none."));
    assert_null(strstr(page, "nan"));
    free(page);
    sample_free(empty);
}

static void a_series_of_one_point_is_as_long_as_its_interval(void **state)
{
    (void)state;
    static const stressor_point point = {
        .size = sizeof point, .to_ns = NS_PER_S, .sessions = 2, .activities = 3, .p50_ns = 4000000};
    static const stressor_point *const points[] = {&point};
    struct sample *empty = sample_new(SAMPLE_EMPTY);
    stressor_snapshot s = *sample_snapshot(empty);
    s.elapsed_ns = s.measured_ns = 2 * NS_PER_S;
    s.points = points;
    s.points_count = 1;
    char *page = page_of(&s, NULL);
    /* From the left end of the plot to its middle, at the top: 2 of 2 sessions. */
    assert_non_null(strstr(strstr(page, "chart-sessions"), "line s1\" d=\"M76,12 312,12\""));
    free(page);
    sample_free(empty);
}

static void a_run_without_errors_has_whole_numbers_on_their_axis(void **state)
{
    (void)state;
    static const stressor_point point = {
        .size = sizeof point, .to_ns = NS_PER_S, .sessions = 2, .activities = 3, .p50_ns = 4000000};
    static const stressor_point *const points[] = {&point};
    struct sample *empty = sample_new(SAMPLE_EMPTY);
    stressor_snapshot s = *sample_snapshot(empty);
    s.elapsed_ns = s.measured_ns = NS_PER_S;
    s.points = points;
    s.points_count = 1;
    char *page = page_of(&s, NULL);
    char *chart = strstr(page, "id=\"chart-errors-t\"");
    assert_non_null(chart);
    *strstr(chart, "</figure>") = '\0';
    assert_int_equal(occurrences(chart, "<text class=\"y\""), 2);
    assert_int_equal(occurrences(chart, "text-anchor=\"end\">1</text>"), 1);
    free(page);
    sample_free(empty);
}

static void text_from_outside_is_no_markup(void **state)
{
    (void)state;
    struct sample *hostile = sample_new(SAMPLE_HOSTILE);
    char *page = page_of(sample_snapshot(hostile), NULL);
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "alert(1)>"));
    assert_true(occurrences(page, "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;") > 10);
    assert_int_equal(occurrences(page, "<style"), 1);
    for (const char *at = page; *at != '\0'; at++)
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
    free(page);
    sample_free(hostile);
}

static void the_page_asks_for_nothing(void **state)
{
    (void)state;
    struct sample *plain = sample_new(SAMPLE_PLAIN);
    stressor_snapshot s = *sample_snapshot(plain);
    s.base_url = NULL;
    char *page = page_of(&s, NULL);
    assert_non_null(strstr(page, "content=\"default-src 'none'; style-src 'sha256-"));
    assert_null(strstr(page, " src="));
    assert_null(strstr(page, "url("));
    assert_null(strstr(page, "@import"));
    assert_null(strstr(page, "<link"));
    assert_int_equal(occurrences(page, "href="), occurrences(page, "href=\"#"));
    assert_int_equal(occurrences(page, "http"),
                     occurrences(page, "http-equiv") + occurrences(page, "http://www.w3.org/") +
                         occurrences(page, "<td>http</td>") + occurrences(page, ">http.") +
                         occurrences(page, ">http-body.") + occurrences(page, "main/2/http:"));
    free(page);
    sample_free(plain);
}

static void errors_that_are_not_of_the_main_phase_say_so(void **state)
{
    (void)state;
    struct sample *s = sample_new(SAMPLE_PLAIN);
    char *page = page_of(sample_snapshot(s), NULL);
    const char *errors = strstr(page, "id=\"errors-table\"");
    assert_non_null(errors);
    const char *warm = strstr(errors, "<bdi>login</bdi> <small class=\"tag\">warm-up</small></td>");
    assert_non_null(warm);
    assert_non_null(strstr(warm, "not while warming up"));
    assert_non_null(strstr(errors, "<td><bdi>login</bdi></td>"));
    free(page);
    sample_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_of_more_than_fits_of_everything_is_below_1_mb),
        cmocka_unit_test(what_does_not_fit_is_counted_and_said_to_be_elsewhere),
        cmocka_unit_test(of_many_rows_those_with_errors_and_the_slowest_are_shown),
        cmocka_unit_test(a_run_ten_times_as_long_has_a_page_of_about_the_same_size),
        cmocka_unit_test(figures_are_for_people_with_the_exact_ones_beside_them),
        cmocka_unit_test(each_verdict_has_its_headline),
        cmocka_unit_test(a_run_that_passed_without_trust_is_not_shown_as_good),
        cmocka_unit_test(errors_of_the_warm_up_are_told_apart),
        cmocka_unit_test(sequences_without_a_warm_up_have_no_row_of_one),
        cmocka_unit_test(shares_of_a_cpu_are_percent_as_in_the_summary),
        cmocka_unit_test(a_machine_at_0_percent_is_drawn_as_that_but_one_that_tells_nothing_is_not),
        cmocka_unit_test(text_from_outside_does_not_turn_the_direction_of_other_text),
        cmocka_unit_test(a_run_of_which_nothing_is_known_has_a_page),
        cmocka_unit_test(a_series_of_one_point_is_as_long_as_its_interval),
        cmocka_unit_test(a_run_without_errors_has_whole_numbers_on_their_axis),
        cmocka_unit_test(text_from_outside_is_no_markup),
        cmocka_unit_test(the_page_asks_for_nothing),
        cmocka_unit_test(errors_that_are_not_of_the_main_phase_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
