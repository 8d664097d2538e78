#include "cli/summary.h"

#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <stressor/stressor.h>

#include "stats/histogram.h"

#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)

static const struct summary_style plain = {.width = 0};

static stressor_resources resources = {.size = sizeof resources,
                                       .workers = 2,
                                       .cpu_user_ns = 1200 * MS,
                                       .cpu_system_ns = 30 * MS,
                                       .peak_bytes = 34100000};

static stressor_sequence_row main_sequence = {.size = sizeof main_sequence,
                                              .name = "main",
                                              .passes = 500,
                                              .sum_ns = 20 * S,
                                              .net_ns = 10 * S};
static const stressor_sequence_row *sequences[] = {&main_sequence};

/* Ten seconds of 1,234 activities without an error. */
static stressor_snapshot quiet_run(void)
{
    return (stressor_snapshot){
        .size = sizeof(stressor_snapshot),
        .stage = STRESSOR_STAGE_DONE,
        .name = "quickstart",
        .base_url = "http://127.0.0.1:8080",
        .started_wall_ns = INT64_C(1700000000) * S,
        .ended_wall_ns = INT64_C(1700000010) * S,
        .elapsed_ns = 10 * S,
        .net_ns = 9870 * MS,
        .activities = 1234,
        .activities_all = 1234,
        .sessions_planned = 10,
        .sessions_started = 10,
        .sessions_done = 10,
        .passes = 500,
        .sequences = sequences,
        .sequences_count = 1,
        .resources = &resources,
    };
}

static stressor_row make_row(const char *name, uint32_t phase, uint64_t count, int64_t least_ns)
{
    stressor_row row = {
        .size = sizeof row, .phase = phase, .name = name, .type = "T", .count = count};
    struct stressor_histogram *h = histogram_new();
    assert_non_null(h);
    for (uint64_t i = 0; i < count; i++) {
        int64_t ns = least_ns * (int64_t)(i + 1);
        assert_true(histogram_record(h, ns));
        row.sum_ns += ns;
        row.max_ns = ns;
    }
    row.min_ns = count > 0 ? least_ns : 0;
    row.total = h;
    return row;
}

static void free_rows(stressor_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        histogram_free((struct stressor_histogram *)(uintptr_t)rows[i].total);
}

/* The result is to be freed. */
static char *render(const stressor_snapshot *s, const struct summary_style *style)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_true(summary_write(out, s, style));
    fclose(out);
    return text;
}

static void check(const stressor_snapshot *s, const struct summary_style *style,
                  const char *expected)
{
    char *text = render(s, style);
    assert_string_equal(text, expected);
    free(text);
}

static void check_contains(const stressor_snapshot *s, const char *part)
{
    char *text = render(s, &plain);
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, text);
    free(text);
}

static void a_run_without_errors_is_told_in_full(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.tag = "nightly";
    check(&s, &plain,
          "PASSED: 1,234 activities, no errors\n"
          "\n"
          "  name               quickstart\n"
          "  tag                nightly\n"
          "  base URL           http://127.0.0.1:8080\n"
          "  start              2023-11-14T23:13:20.000+01:00\n"
          "  end                2023-11-14T23:13:30.000+01:00\n"
          "  run time           10.0 s\n"
          "  net time           9.87 s\n"
          "  activities         1,234, 123/s\n"
          "  errors             0\n"
          "  sequences          500, 50.0/s\n"
          "  sequence duration  40.0 ms mean, 20.0 ms net\n"
          "  sessions           10\n"
          "  generator          2 workers, 1.23 s of CPU time, 34.1 MB of memory\n"
          "\n"
          "PASSED: 1,234 activities, no errors\n");
}

static void each_activity_has_a_row_and_monitored_ones_come_first(void **state)
{
    (void)state;
    stressor_row rows[] = {
        make_row("login", STRESSOR_PHASE_INIT, 10, 100000),
        make_row("page", STRESSOR_PHASE_MAIN, 1000, 10000),
        make_row("never", STRESSOR_PHASE_MAIN, 0, 0),
        make_row("logout", STRESSOR_PHASE_END, 1, 2 * S),
    };
    const stressor_row *list[] = {&rows[0], &rows[1], &rows[2], &rows[3]};
    stressor_snapshot s = quiet_run();
    rows[1].flags = STRESSOR_ROW_MONITORED;
    rows[1].errors = 3;
    s.rows = list;
    s.rows_count = 4;
    check_contains(
        &s, "\n"
            "     Activity  Phase  Count  Errors    Per s      Min     Mean      p50      p90"
            "      p95      p99    p99.9      Max\n"
            "  *  page             1,000       3  100.000  10.0 µs  5.01 ms  5.00 ms  9.00 ms"
            "  9.50 ms  9.90 ms  9.99 ms  10.0 ms\n"
            "     login     init      10       0    1.000   100 µs   550 µs   500 µs   900 µs"
            "  1.00 ms  1.00 ms  1.00 ms  1.00 ms\n"
            "     logout    end        1       0    0.100  2.00 s   2.00 s   2.00 s   2.00 s "
            "  2.00 s   2.00 s   2.00 s   2.00 s\n"
            "\n"
            "  * monitored\n"
            "  1 activity was never executed\n"
            "\n");
    free_rows(rows, 4);
}

static void types_that_no_script_called_are_not_said_to_be_idle(void **state)
{
    (void)state;
    stressor_row rows[] = {make_row("GetRequest", STRESSOR_PHASE_MAIN, 0, 0),
                           make_row("Sleep", STRESSOR_PHASE_MAIN, 0, 0),
                           make_row("page", STRESSOR_PHASE_MAIN, 0, 0)};
    rows[0].flags = STRESSOR_ROW_CALLED;
    rows[1].flags = STRESSOR_ROW_CALLED | STRESSOR_ROW_IGNORE_TIMING;
    const stressor_row *list[] = {&rows[0], &rows[1], &rows[2]};
    stressor_snapshot s = quiet_run();
    s.rows = list;
    s.rows_count = 3;
    check_contains(&s, "\n\n  1 activity was never executed\n");
    s.rows_count = 2;
    char *text = render(&s, &plain);
    assert_null(strstr(text, "never executed"));
    assert_null(strstr(text, "Activity"));
    free(text);
    free_rows(rows, 3);
}

static void long_names_are_cut_in_the_middle(void **state)
{
    (void)state;
    char name[101];
    memset(name, 'x', 100);
    name[0] = 'a';
    name[99] = 'z';
    name[100] = '\0';
    stressor_row row = make_row(name, STRESSOR_PHASE_MAIN, 1, MS);
    const stressor_row *list[] = {&row};
    stressor_snapshot s = quiet_run();
    s.rows = list;
    s.rows_count = 1;
    char *text = render(&s, &plain);
    assert_non_null(
        strstr(text, "  axxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxxxxxxz  "));
    free(text);
    free_rows(&row, 1);
}

static stressor_error_group group(uint32_t category, const char *kind, const char *row,
                                  uint64_t count, const char *example)
{
    return (stressor_error_group){.size = sizeof(stressor_error_group),
                                  .category = category,
                                  .kind = kind,
                                  .row = row,
                                  .example = example,
                                  .count = count};
}

static void errors_are_grouped_by_category_and_kind_with_one_example(void **state)
{
    (void)state;
    stressor_error_group groups[] = {
        group(STRESSOR_ASSERTION, "status", "page", 1200, "t03 main/2 (a.yaml:7:5): got 500"),
        group(STRESSOR_TIMEOUT, "request", "login", 40, "t01 init/1: 2 s"),
        group(STRESSOR_ASSERTION, "status", "login", 3, "t09: got 404"),
        group(STRESSOR_SCRIPT, "limit", NULL, 1, "max_errors\nreached"),
    };
    const stressor_error_group *list[] = {&groups[0], &groups[1], &groups[2], &groups[3]};
    stressor_snapshot s = quiet_run();
    const struct summary_style brief = {.brief = true};
    s.error_groups = list;
    s.error_groups_count = 4;
    s.errors = 1244;
    s.activities = 2000;
    s.stop_reason = "max_errors";
    check(&s, &brief,
          "FAILED: 1,244 errors in 2,000 activities (max_errors was reached)\n"
          "\n"
          "Errors, the most frequent kind first\n"
          "  1,203  ASSERTION status, page and 1 more\n"
          "         t03 main/2 (a.yaml:7:5): got 500\n"
          "     40  TIMEOUT request, login\n"
          "         t01 init/1: 2 s\n"
          "      1  SCRIPT limit\n"
          "         max_errors\\nreached\n"
          "\n"
          "FAILED: 1,244 errors in 2,000 activities (max_errors was reached)\n");
}

static void kinds_beyond_the_first_twenty_are_counted(void **state)
{
    (void)state;
    enum { KINDS = 25 };
    static char names[KINDS][16];
    stressor_error_group groups[KINDS];
    const stressor_error_group *list[KINDS];
    for (int i = 0; i < KINDS; i++) {
        snprintf(names[i], sizeof names[i], "kind%02d", i);
        groups[i] = group(STRESSOR_TARGET, names[i], "a", 2, "");
        list[i] = &groups[i];
    }
    stressor_snapshot s = quiet_run();
    s.error_groups = list;
    s.error_groups_count = KINDS;
    s.error_groups_dropped = 7;
    s.errors = 57;
    check_contains(&s, "  2  TARGET kind19, a\n"
                       "  and 5 more kinds of error with 10 errors\n"
                       "  and 7 errors of kinds that were too many to keep\n");
}

static void the_quiet_summary_of_a_good_run_is_one_line(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    const struct summary_style brief = {.brief = true};
    check(&s, &brief, "PASSED: 1,234 activities, no errors\n");
}

static void a_stopped_run_is_called_stopped_with_or_without_errors(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    const struct summary_style brief = {.brief = true};
    s.stop_reason = "stopped";
    check(&s, &brief, "STOPPED by the user: 1,234 activities, no errors\n");
    s.errors = 1;
    s.activities = 1;
    check(&s, &brief,
          "STOPPED by the user: 1 error in 1 activity\n"
          "\n"
          "STOPPED by the user: 1 error in 1 activity\n");
}

static void a_run_without_activities_says_so(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    const struct summary_style brief = {.brief = true};
    s.activities = 0;
    s.activities_all = 0;
    check(&s, &brief, "PASSED: no activity was executed, no errors\n");
}

static void a_run_of_pauses_only_counts_them(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.activities = 0;
    s.activities_all = 5;
    check_contains(&s, "PASSED: 5 activities, no errors\n");
    check_contains(&s, "  activities         0, 0/s; 5 with pauses and the like\n");
}

static void sessions_that_never_started_are_told(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.sessions_started = 7;
    s.cancelled = 2;
    s.abandoned = 1;
    check_contains(&s, "  sessions           7 of 10 started\n");
    check_contains(&s, "  cancelled          2 by the stop, not counted as errors\n");
    check_contains(&s, "  abandoned          1 did not answer the stop\n");
}

static void nothing_in_a_name_can_reach_the_terminal_as_a_command(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.name = "a\033[2Jb\nPASSED";
    check_contains(&s, "  name               a\\x1b[2Jb PASSED\n");
}

static void colours_are_used_only_when_asked_for(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    const struct summary_style coloured = {.brief = true, .colour = true};
    check(&s, &coloured, "\033[1;32mPASSED\033[0m: 1,234 activities, no errors\n");
    char *text = render(&s, &plain);
    assert_null(strchr(text, '\033'));
    free(text);
}

static void a_dry_run_is_called_one(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    const struct summary_style brief = {.brief = true};
    s.dry_run = 1;
    check(&s, &brief, "PASSED: 1,234 activities, no errors (dry run: nothing was sent)\n");
}

static void metrics_of_plugins_have_a_table_of_their_own(void **state)
{
    (void)state;
    stressor_row row = make_row("h", STRESSOR_PHASE_MAIN, 100, MS);
    stressor_metric_row metrics[] = {
        {.size = sizeof *metrics, .name = "http.connections", .unit = "1", .value = 1234},
        {.size = sizeof *metrics, .name = "http.received", .unit = "By", .value = 5000000},
        {.size = sizeof *metrics, .name = "http.wait", .unit = "ns", .histogram = row.total},
    };
    const stressor_metric_row *list[] = {&metrics[0], &metrics[1], &metrics[2]};
    stressor_snapshot s = quiet_run();
    s.metrics = list;
    s.metrics_count = 3;
    check_contains(&s, "  Metric            Count     Value      p50      p99     Max\n"
                       "  http.connections         1,234\n"
                       "  http.received             5.00 MB\n"
                       "  http.wait           100            50.0 ms  99.0 ms  100 ms\n");
    free_rows(&row, 1);
}

static void a_full_disk_is_noticed(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    FILE *out = fopen("/dev/full", "w");
    assert_non_null(out);
    setvbuf(out, NULL, _IONBF, 0);
    assert_false(summary_write(out, &s, &plain));
    fclose(out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_without_errors_is_told_in_full),
        cmocka_unit_test(each_activity_has_a_row_and_monitored_ones_come_first),
        cmocka_unit_test(types_that_no_script_called_are_not_said_to_be_idle),
        cmocka_unit_test(long_names_are_cut_in_the_middle),
        cmocka_unit_test(errors_are_grouped_by_category_and_kind_with_one_example),
        cmocka_unit_test(kinds_beyond_the_first_twenty_are_counted),
        cmocka_unit_test(the_quiet_summary_of_a_good_run_is_one_line),
        cmocka_unit_test(a_stopped_run_is_called_stopped_with_or_without_errors),
        cmocka_unit_test(a_run_without_activities_says_so),
        cmocka_unit_test(a_run_of_pauses_only_counts_them),
        cmocka_unit_test(sessions_that_never_started_are_told),
        cmocka_unit_test(nothing_in_a_name_can_reach_the_terminal_as_a_command),
        cmocka_unit_test(colours_are_used_only_when_asked_for),
        cmocka_unit_test(a_dry_run_is_called_one),
        cmocka_unit_test(metrics_of_plugins_have_a_table_of_their_own),
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("TZ", "XXX-1", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
