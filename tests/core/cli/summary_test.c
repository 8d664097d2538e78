/*
 * What is told of a run as a whole: its outcome, its facts, and its errors by kind.
 */
#include "summary_text.h"

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
    check_contains(&s, "  activities         0, 0/s; 5 with others\n");
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
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    return cmocka_run_group_tests(tests, summary_setup, NULL);
}
