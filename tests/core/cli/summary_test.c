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
/* gcc 12, when it has this inline, takes what open_memstream makes for a local. */
__attribute__((noinline)) static char *render(const stressor_snapshot *s,
                                              const struct summary_style *style)
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
    check_contains(&s,
                   "\n"
                   "      Activity  Phase  Count  Errors  Per s      Min     Mean      p50      p90"
                   "      p95      p99    p99.9      Max\n"
                   "  *!  page             1,000       3    100  10.0 µs  5.01 ms  5.00 ms  9.00 ms"
                   "  9.50 ms  9.90 ms  9.99 ms  10.0 ms\n"
                   "\n"
                   "      login     init      10       0          100 µs   550 µs   500 µs   900 µs"
                   "  1.00 ms  1.00 ms  1.00 ms  1.00 ms\n"
                   "      logout    end        1       0         2.00 s   2.00 s   2.00 s   2.00 s "
                   "  2.00 s   2.00 s   2.00 s   2.00 s\n"
                   "\n"
                   "  * monitored   ! most errors\n"
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

static char *row_line(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    assert_non_null(at);
    const char *from = at;
    while (from > text && from[-1] != '\n')
        from--;
    return strndup(from, strcspn(from, "\n"));
}

static void check_row(const char *text, const char *name, const char *expected)
{
    char *line = row_line(text, name);
    assert_string_equal(line, expected);
    free(line);
}

static void what_counts_stands_first_and_the_worst_are_marked(void **state)
{
    (void)state;
    stressor_row rows[] = {
        make_row("warm", STRESSOR_PHASE_WARMUP, 10, S),
        make_row("fast", STRESSOR_PHASE_MAIN, 100, MS),
        make_row("slow", STRESSOR_PHASE_MAIN, 10, 20 * MS),
        make_row("pause", STRESSOR_PHASE_MAIN, 10, S),
        make_row("inner", STRESSOR_PHASE_MAIN, 10, S),
        make_row("unused", STRESSOR_PHASE_MAIN, 0, 0),
    };
    const stressor_row *list[] = {&rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5]};
    stressor_snapshot s = quiet_run();
    const struct summary_style narrow = {.width = 80};
    rows[0].errors = 2;
    s.errors = 9;
    rows[1].errors = 4;
    rows[2].errors = 3;
    rows[3].flags = STRESSOR_ROW_IGNORE_TIMING;
    rows[4].flags = STRESSOR_ROW_CALLED;
    rows[5].flags = STRESSOR_ROW_CALLED;
    s.warmup_ns = 2 * S;
    s.measured_ns = 8 * S;
    s.rows = list;
    s.rows_count = 6;
    char *text = render(&s, &narrow);
    check_row(text, "Activity",
              "     Activity  Phase    Count  Errors  Per s      p50      p95      p99      Max");
    check_row(text, "fast",
              "  !  fast                 100       4  12.50  50.0 ms  95.0 ms  99.0 ms   100 ms");
    check_row(text, "slow",
              "  ~  slow                  10       3   1.25   100 ms   200 ms   200 ms   200 ms");
    check_row(text, "pause",
              "     pause                 10       0   1.25  5.00 s   10.0 s   10.0 s   10.0 s");
    check_row(text, "warm ",
              "     warm      warm-up     10       2   5.00  5.00 s   10.0 s   10.0 s   10.0 s");
    assert_true(strstr(text, "inner") < strstr(text, "warm "));
    assert_non_null(strstr(text, "\n  ! most errors   ~ slowest by p95\n"));
    assert_null(strstr(text, "never executed"));
    assert_non_null(strstr(text, "  run time           10.0 s, 8.00 s without the warm-up\n"));
    assert_non_null(strstr(text, "  activities         1,234, 154/s\n"));
    assert_non_null(strstr(text, "  errors             9 (2 in the warm-up)\n"));
    assert_non_null(strstr(text, ": 9 errors (2 in the warm-up) in 1,234 activities\n"));
    free(text);
    free_rows(rows, 6);
}

static void the_worst_have_colours_too(void **state)
{
    (void)state;
    stressor_row rows[] = {make_row("fast", STRESSOR_PHASE_MAIN, 1, MS),
                           make_row("slow", STRESSOR_PHASE_MAIN, 1, S)};
    const stressor_row *list[] = {&rows[0], &rows[1]};
    stressor_snapshot s = quiet_run();
    const struct summary_style coloured = {.width = 60, .colour = true};
    rows[0].errors = 1;
    s.rows = list;
    s.rows_count = 2;
    char *text = render(&s, &coloured);
    check_row(text, "fast ",
              "  \033[1;31m!\033[0m  fast          1       \033[1;31m1\033[0m  1.00 ms  1.00 ms  "
              "1.00 ms");
    check_row(
        text, "slow ",
        "  \033[1;33m~\033[0m  slow          1       0  1.00 s   \033[1;33m1.00 s\033[0m   1.00 s");
    free(text);
    free_rows(rows, 2);
}

static stressor_threshold_row threshold(const char *text, uint32_t state, const char *actual)
{
    return (stressor_threshold_row){
        .size = sizeof(stressor_threshold_row), .state = state, .text = text, .actual = actual};
}

static void thresholds_are_listed_and_the_verdict_names_those_that_failed(void **state)
{
    (void)state;
    stressor_threshold_row thresholds[] = {
        threshold("p95 < 300ms", STRESSOR_THRESHOLD_PASSED, "212 ms"),
        threshold("p99 of login < 1s for 10s, abort", STRESSOR_THRESHOLD_FAILED, "1.3 s"),
        threshold("count of page > 0", STRESSOR_THRESHOLD_FAILED, "no sample"),
    };
    const stressor_threshold_row *list[] = {&thresholds[0], &thresholds[1], &thresholds[2]};
    stressor_snapshot s = quiet_run();
    const struct summary_style brief = {.brief = true};
    s.verdict = STRESSOR_VERDICT_THRESHOLD;
    s.stop_reason = "threshold";
    thresholds[1].failed_ns = 34 * S;
    thresholds[1].aborted = 1;
    s.thresholds = list;
    s.thresholds_count = 3;
    check_contains(
        &s, "\n"
            "          Threshold                         Actual\n"
            "  passed  p95 < 300ms                       212 ms\n"
            "  FAILED  p99 of login < 1s for 10s, abort  1.3 s      after 34.0 s, stopped the "
            "run\n"
            "  FAILED  count of page > 0                 no sample\n"
            "\n");
    check(&s, &brief,
          "FAILED by 2 thresholds (p99 of login < 1s for 10s, abort; count of page > 0): 1,234 "
          "activities, no errors (it stopped the run)\n"
          "\n"
          "          Threshold                         Actual\n"
          "  FAILED  p99 of login < 1s for 10s, abort  1.3 s      after 34.0 s, stopped the run\n"
          "  FAILED  count of page > 0                 no sample\n"
          "\n"
          "FAILED by 2 thresholds (p99 of login < 1s for 10s, abort; count of page > 0): 1,234 "
          "activities, no errors (it stopped the run)\n");
    const struct summary_style coloured = {.colour = true};
    char *text = render(&s, &coloured);
    assert_non_null(strstr(text, "  \033[1;32mpassed\033[0m  p95 < 300ms "));
    assert_non_null(strstr(text, "  \033[1;31mFAILED\033[0m  \033[1;31mcount of page > 0\033[0m "));
    free(text);
}

static void a_verdict_names_three_thresholds_and_counts_the_rest(void **state)
{
    (void)state;
    stressor_threshold_row row = threshold("max < 1s", STRESSOR_THRESHOLD_FAILED, "2 s");
    const stressor_threshold_row *list[] = {&row, &row, &row, &row, &row};
    stressor_snapshot s = quiet_run();
    s.verdict = STRESSOR_VERDICT_THRESHOLD;
    s.thresholds = list;
    s.thresholds_count = 5;
    check_contains(&s, "FAILED by 5 thresholds (max < 1s; max < 1s; max < 1s; and 2 more): 1,234 "
                       "activities, no errors\n");
    s.thresholds_count = 1;
    check_contains(&s, "FAILED by a threshold (max < 1s): 1,234 activities, no errors\n");
}

static void with_a_threshold_on_errors_a_run_with_errors_can_pass(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.verdict = STRESSOR_VERDICT_PASSED;
    s.errors = 3;
    check_contains(&s, "PASSED: 3 errors in 1,234 activities\n");
}

static void a_verdict_is_broken_between_words_on_a_terminal(void **state)
{
    (void)state;
    stressor_threshold_row row =
        threshold("p95 of a rather long name < 1s", STRESSOR_THRESHOLD_FAILED, "2 s");
    const stressor_threshold_row *list[] = {&row};
    stressor_snapshot s = quiet_run();
    const struct summary_style narrow = {.width = 60, .brief = true};
    s.verdict = STRESSOR_VERDICT_THRESHOLD;
    s.thresholds = list;
    s.thresholds_count = 1;
    char *text = render(&s, &narrow);
    assert_non_null(strstr(text, "FAILED by a threshold (p95 of a rather long name < 1s):\n"
                                 "  1,234 activities, no errors\n"));
    free(text);
}

static stressor_trust make_trust(uint32_t verdict)
{
    return (stressor_trust){.size = sizeof(stressor_trust),
                            .verdict = verdict,
                            .lateness_p99_ns = MS,
                            .lateness_max_ns = 2 * MS,
                            .lateness_limit_ns = 5 * MS};
}

static void figures_that_are_to_be_trusted_are_said_to_be(void **state)
{
    (void)state;
    static const char *const notes[] = {"1 of 2 workers used more than 90 % of a CPU"};
    stressor_trust trust = make_trust(STRESSOR_TRUSTED);
    stressor_snapshot s = quiet_run();
    const struct summary_style brief = {.brief = true};
    s.trust = &trust;
    check_contains(&s, "\n"
                       "Trusted: the generator was late by 1.00 ms at p99, 2.00 ms at most (limit "
                       "5.00 ms)\n"
                       "\n"
                       "PASSED: ");
    trust.notes = notes;
    trust.notes_count = 1;
    check_contains(&s, " 5.00 ms)\n  Note: 1 of 2 workers used more than 90 % of a CPU\n\nPASSED");
    check(&s, &brief, "PASSED: 1,234 activities, no errors\n");
    trust = make_trust(STRESSOR_TRUST_UNKNOWN);
    char *text = render(&s, &plain);
    assert_null(strstr(text, "rusted"));
    free(text);
}

static void figures_that_are_not_to_be_trusted_are_named_with_reasons_even_if_brief(void **state)
{
    (void)state;
    static const char *const reasons[] = {"the workers were late by 9 ms: use more workers",
                                          "3 failures of this machine"};
    static const char *const notes[] = {"a note"};
    stressor_trust trust = make_trust(STRESSOR_UNTRUSTED);
    stressor_snapshot s = quiet_run();
    const struct summary_style brief = {.brief = true};
    const struct summary_style narrow = {.brief = true, .width = 40, .colour = true};
    trust.reasons = reasons;
    trust.reasons_count = 2;
    trust.notes = notes;
    trust.notes_count = 1;
    s.trust = &trust;
    check(&s, &brief,
          "PASSED: 1,234 activities, no errors\n"
          "\n"
          "NOT TRUSTED: these figures may tell of this machine, not of the target\n"
          "  - the workers were late by 9 ms: use more workers\n"
          "  - 3 failures of this machine\n"
          "\n"
          "PASSED: 1,234 activities, no errors\n");
    check_contains(&s, "  - 3 failures of this machine\n  Note: a note\n");
    char *text = render(&s, &narrow);
    assert_non_null(strstr(text, "\033[1;31mNOT TRUSTED\033[0m: these figures may tell of\n"
                                 "  this machine, not of the target\n"
                                 "  - the workers were late by 9 ms: use\n"
                                 "    more workers\n"));
    free(text);
}

static void resources_of_the_run_the_machine_and_watched_processes_are_told(void **state)
{
    (void)state;
    const stressor_process_row processes[] = {
        {.size = sizeof *processes,
         .name = "stressor",
         .cpu_max = 0.98,
         .memory_max_bytes = 38400000,
         .descriptors = 12},
        {.size = sizeof *processes,
         .name = "nginx",
         .cpu_max = 1.5,
         .memory_max_bytes = 5000000,
         .descriptors = 1234,
         .read_bytes = 1000,
         .written_bytes = 2000000},
        {.size = sizeof *processes, .name = "none", .reason = "no process is called 'none'"},
    };
    const stressor_process_row *list[] = {&processes[0], &processes[1], &processes[2]};
    const stressor_process_point own = {.size = sizeof own, .cpu = 0.5, .descriptors = 40};
    const stressor_process_point *points_of[] = {&own};
    const stressor_point points[] = {
        {.size = sizeof *points,
         .to_ns = S,
         .machine_cpu = 1,
         .processes = points_of,
         .processes_count = 1},
        {.size = sizeof *points,
         .from_ns = S,
         .to_ns = 4 * S,
         .machine_cpu = 2,
         .processes = points_of,
         .processes_count = 1},
    };
    const stressor_point *series[] = {&points[0], &points[1]};
    const stressor_machine machine = {.size = sizeof machine,
                                      .cpus = 2,
                                      .cpu_max = 2,
                                      .memory_bytes = 8000000000,
                                      .memory_available_bytes = 5000000000,
                                      .received_bytes = 10000000,
                                      .sent_bytes = 500};
    stressor_snapshot s = quiet_run();
    s.processes = list;
    s.processes_count = 3;
    s.points = series;
    s.points_count = 2;
    s.machine = &machine;
    check_contains(
        &s, "\n"
            "  Resources          CPU  CPU most  Memory most  Descriptors     Read  Written  "
            "Received   Sent\n"
            "  stressor          50 %      98 %      38.4 MB           40     0 B      0 B\n"
            "  nginx              0 %     150 %      5.00 MB        1,234  1.00 kB  2.00 MB\n"
            "  machine, 2 CPUs  175 %     200 %      3.00 GB                                  10.0 "
            "MB  500 B\n"
            "  none: no process is called 'none'\n"
            "\n");
    s.processes_count = 1;
    s.elapsed_ns = S / 2;
    char *text = render(&s, &plain);
    assert_null(strstr(text, "Resources"));
    free(text);
}

static void metrics_of_a_plugin_that_did_nothing_are_left_out(void **state)
{
    (void)state;
    stressor_metric_row metrics[] = {
        {.size = sizeof *metrics, .name = "http.requests", .unit = "1"},
        {.size = sizeof *metrics, .name = "dav.requests", .unit = "1"},
        {.size = sizeof *metrics, .name = "dav.locks", .unit = "1", .value = 1},
    };
    const stressor_metric_row *list[] = {&metrics[0], &metrics[1], &metrics[2]};
    stressor_snapshot s = quiet_run();
    s.metrics = list;
    s.metrics_count = 3;
    char *text = render(&s, &plain);
    assert_null(strstr(text, "http."));
    assert_non_null(
        strstr(text, "\n  Metric        Value\n  dav.requests      0\n  dav.locks         1\n"));
    s.metrics_count = 1;
    free(text);
    text = render(&s, &plain);
    assert_null(strstr(text, "Metric"));
    free(text);
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
        cmocka_unit_test(what_counts_stands_first_and_the_worst_are_marked),
        cmocka_unit_test(the_worst_have_colours_too),
        cmocka_unit_test(thresholds_are_listed_and_the_verdict_names_those_that_failed),
        cmocka_unit_test(a_verdict_names_three_thresholds_and_counts_the_rest),
        cmocka_unit_test(with_a_threshold_on_errors_a_run_with_errors_can_pass),
        cmocka_unit_test(a_verdict_is_broken_between_words_on_a_terminal),
        cmocka_unit_test(figures_that_are_to_be_trusted_are_said_to_be),
        cmocka_unit_test(figures_that_are_not_to_be_trusted_are_named_with_reasons_even_if_brief),
        cmocka_unit_test(resources_of_the_run_the_machine_and_watched_processes_are_told),
        cmocka_unit_test(metrics_of_a_plugin_that_did_nothing_are_left_out),
        cmocka_unit_test(metrics_of_plugins_have_a_table_of_their_own),
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("TZ", "XXX-1", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
