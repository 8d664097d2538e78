#include "cli/live_view.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stressor/stressor.h>

#include "cli/block.h"
#include "stats/histogram.h"

#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)

static const struct live_style wide = {.width = 80, .height = 8};
static const struct live_slowest none = {.count = 0};

static const stressor_recent recent = {
    .size = sizeof recent, .duration_ns = 5 * S, .activities = 6170, .p95_ns = 12300000};

/* 45 of 100 seconds, of ten sessions. */
static stressor_snapshot half_way(void)
{
    return (stressor_snapshot){
        .size = sizeof(stressor_snapshot),
        .stage = STRESSOR_STAGE_RUNNING,
        .elapsed_ns = 44 * S,
        .expected_ns = 100 * S,
        .activities = 54321,
        .activities_all = 60000,
        .sessions_planned = 10,
        .sessions_running = 9,
        .recent = &recent,
    };
}

static void check(const stressor_snapshot *s, const struct live_slowest *slowest,
                  const struct live_style *style, const char *expected)
{
    char *text = live_view(s, slowest, 45 * S, style);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

/* One with a p95 of `ns`, in all the run and, if not 0, `interval_ns` in the interval. */
static stressor_row make_row(const char *name, int64_t ns, int64_t interval_ns)
{
    stressor_row row = {.size = sizeof row, .name = name, .type = "T", .count = 1, .max_ns = ns};
    struct stressor_histogram *total = histogram_new();
    assert_non_null(total);
    assert_true(histogram_record(total, ns));
    row.total = total;
    if (interval_ns > 0) {
        struct stressor_histogram *interval = histogram_new();
        assert_non_null(interval);
        assert_true(histogram_record(interval, interval_ns));
        row.interval = interval;
        row.interval_count = 1;
    }
    return row;
}

static void free_rows(stressor_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        histogram_free((struct stressor_histogram *)(uintptr_t)rows[i].total);
        histogram_free((struct stressor_histogram *)(uintptr_t)rows[i].interval);
    }
}

static void stage_bar_times_and_figures_are_shown(void **state)
{
    stressor_snapshot s = half_way();
    (void)state;
    check(&s, &none, &wide,
          "running    [==================>                     ]  45 %   45 s of 1m40s\n"
          "  9 of 10 sessions   1,234/s   p95 12.3 ms   54,321 activities   no errors\n");
}

static void before_the_first_figures_there_are_none(void **state)
{
    stressor_snapshot s = half_way();
    const struct live_style early = {.width = 80, .height = 8, .early = true};
    (void)state;
    check(&s, &none, &early,
          "running    [==================>                     ]  45 %   45 s of 1m40s\n");
}

static void thresholds_that_have_failed_and_are_broken_are_counted(void **state)
{
    stressor_snapshot s = half_way();
    const stressor_threshold_row failed = {.state = STRESSOR_THRESHOLD_FAILED};
    const stressor_threshold_row met = {.state = STRESSOR_THRESHOLD_PENDING};
    const stressor_threshold_row broken = {.state = STRESSOR_THRESHOLD_PENDING, .broken = 1};
    const stressor_threshold_row *const table[] = {&failed, &met, &broken, &broken};
    (void)state;
    s.recent = NULL;
    s.thresholds = table;
    s.thresholds_count = 4;
    const struct live_style style = {.width = 120, .height = 8};
    char *text = live_view(&s, &none, 45 * S, &style);
    assert_non_null(text);
    assert_non_null(strstr(text, "   1 threshold failed   2 thresholds broken so far\n"));
    free(text);
}

static void forty_columns_have_a_shorter_bar_and_more_lines(void **state)
{
    stressor_snapshot s = half_way();
    const struct live_style narrow = {.width = 40, .height = 8};
    (void)state;
    check(&s, &none, &narrow,
          "running   45 s of 1m40s\n"
          "  [===========>             ]  45 %\n"
          "  9 of 10 sessions   1,234/s\n"
          "  p95 12.3 ms   54,321 activities\n"
          "  no errors\n");
    const struct live_style fifty = {.width = 50, .height = 8};
    s.errors = 1;
    check(&s, &none, &fifty,
          "running    [======>       ]  45 %   45 s of 1m40s\n"
          "  9 of 10 sessions   1,234/s   p95 12.3 ms\n"
          "  54,321 activities   1 error\n");
}

static void without_an_expected_end_there_is_no_bar(void **state)
{
    stressor_snapshot s = half_way();
    (void)state;
    s.expected_ns = 0;
    s.recent = NULL;
    check(&s, &none, &wide,
          "running  45 s\n"
          "  9 of 10 sessions   54,321 activities   no errors\n");
    s.expected_ns = 100 * S;
    s.stage = STRESSOR_STAGE_STOPPING;
    check(&s, &none, &wide,
          "stopping  45 s\n"
          "  9 of 10 sessions   54,321 activities   no errors\n");
}

static void a_run_that_takes_longer_than_expected_fills_the_bar(void **state)
{
    stressor_snapshot s = half_way();
    (void)state;
    s.expected_ns = 30 * S;
    s.recent = NULL;
    check(&s, &none, &wide,
          "running    [========================================] 100 %  45 s of 30 s\n"
          "  9 of 10 sessions   54,321 activities   no errors\n");
}

static void stages_have_words(void **state)
{
    static const struct {
        uint32_t stage;
        const char *word;
    } stages[] = {
        {STRESSOR_STAGE_STARTING, "starting  45 s\n"},
        {STRESSOR_STAGE_RUNNING, "running  45 s\n"},
        {STRESSOR_STAGE_STOPPING, "stopping  45 s\n"},
        {STRESSOR_STAGE_DONE, "finishing  45 s\n"},
    };
    stressor_snapshot s = half_way();
    const struct live_style one = {.width = 80, .height = 1};
    (void)state;
    s.expected_ns = 0;
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        s.stage = stages[i].stage;
        check(&s, &none, &one, stages[i].word);
    }
    s.stage = STRESSOR_STAGE_RUNNING;
    s.warmup_ns = 46 * S;
    check(&s, &none, &one, "warming up  45 s\n");
}

static void failed_thresholds_and_untrusted_figures_are_told_at_once(void **state)
{
    stressor_snapshot s = half_way();
    const stressor_threshold_row failed = {.size = sizeof failed,
                                           .state = STRESSOR_THRESHOLD_FAILED};
    const stressor_threshold_row *thresholds[] = {&failed};
    const stressor_trust trust = {.size = sizeof trust, .verdict = STRESSOR_UNTRUSTED};
    const struct live_style coloured = {.width = 100, .height = 8, .colour = true};
    (void)state;
    s.expected_ns = 0;
    s.recent = NULL;
    s.errors = 1200;
    s.thresholds = thresholds;
    s.thresholds_count = 1;
    s.trust = &trust;
    check(&s, &none, &coloured,
          "\033[1mrunning\033[0m  45 s\n"
          "  9 of 10 sessions   54,321 activities   \033[31m1,200 errors\033[0m   "
          "\033[31m1 threshold failed\033[0m   \033[33mnot to be trusted\033[0m\n");
}

static void the_slowest_are_those_of_the_interval_else_of_all_the_run(void **state)
{
    stressor_row rows[] = {
        make_row("was slow", 9 * S, MS), make_row("login", 312 * MS, 0),
        make_row("pause", 20 * S, 0),    make_row("called", 30 * S, 0),
        make_row("page", 2 * MS, 0),     make_row("search", 200 * MS, 120 * MS),
        make_row("quick", 10 * 1000, 0),
    };
    const stressor_row *list[7];
    struct live_slowest slowest;
    stressor_snapshot s = half_way();
    (void)state;
    for (size_t i = 0; i < 7; i++)
        list[i] = &rows[i];
    rows[2].flags = STRESSOR_ROW_IGNORE_TIMING;
    rows[3].flags = STRESSOR_ROW_CALLED;
    s.rows = list;
    s.rows_count = 7;
    live_find_slowest(&s, &slowest);
    assert_int_equal(slowest.count, 3);
    assert_string_equal(slowest.rows[0]->name, "login");
    assert_string_equal(slowest.rows[1]->name, "search");
    assert_string_equal(slowest.rows[2]->name, "page");
    s.recent = NULL;
    s.expected_ns = 0;
    check(&s, &slowest, &wide,
          "running  45 s\n"
          "  9 of 10 sessions   54,321 activities   no errors\n"
          "  slowest  p95  312 ms  login\n"
          "           p95  120 ms  search\n"
          "           p95 2.00 ms  page\n");
    free_rows(rows, 7);
}

static void what_is_over_is_not_among_the_slowest(void **state)
{
    static const uint32_t phases[] = {STRESSOR_PHASE_INIT, STRESSOR_PHASE_END,
                                      STRESSOR_PHASE_WARMUP, STRESSOR_PHASE_MAIN};
    stressor_row over[] = {make_row("a", 4 * S, 0), make_row("b", 5 * S, 0),
                           make_row("c", 6 * S, 0), make_row("main", MS, 0)};
    stressor_row busy[] = {make_row("a", 4 * S, 40 * MS), make_row("b", 5 * S, 50 * MS),
                           make_row("c", 6 * S, 60 * MS), make_row("main", MS, MS)};
    struct live_slowest slowest;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        stressor_snapshot s = half_way();
        const stressor_row *list[] = {&over[i]};
        over[i].phase = busy[i].phase = phases[i];
        s.rows = list;
        s.rows_count = 1;
        live_find_slowest(&s, &slowest);
        assert_int_equal(slowest.count, phases[i] == STRESSOR_PHASE_MAIN ? 1 : 0);
        list[0] = &busy[i];
        live_find_slowest(&s, &slowest);
        assert_int_equal(slowest.count, 1);
        assert_ptr_equal(slowest.rows[0], &busy[i]);
    }
    free_rows(over, 4);
    free_rows(busy, 4);
}

/* The net ones of then are those of `init` alone. */
static void activities_are_not_counted_while_it_warms_up(void **state)
{
    stressor_snapshot s = half_way();
    (void)state;
    s.expected_ns = 0;
    s.warmup_ns = 45 * S + 1;
    s.activities = 20;
    check(&s, &none, &wide,
          "warming up  45 s\n"
          "  9 of 10 sessions   1,234/s   p95 12.3 ms   no errors\n");
    char *text = live_line(&s, 45 * S);
    assert_string_equal(text, "warming up 45 s: 9 of 10 sessions, now 1,234/s, p95 12.3 ms, "
                              "no errors");
    free(text);
    s.warmup_ns = 45 * S;
    check(&s, &none, &wide,
          "running  45 s\n"
          "  9 of 10 sessions   1,234/s   p95 12.3 ms   20 activities   no errors\n");
}

static void names_of_any_script_are_cut_by_columns_and_cannot_move_the_cursor(void **state)
{
    stressor_row rows[] = {
        make_row("検索結果ページを開く", 3 * S, 0),
        make_row("a\033[2Jb\nc", 2 * S, 0),
        make_row("cafe\xcc\x81 \xff", S, 0),
    };
    const struct live_slowest slowest = {
        .rows = {&rows[0], &rows[1], &rows[2]}, .p95_ns = {3 * S, 2 * S, S}, .count = 3};
    stressor_snapshot s = half_way();
    const struct live_style narrow = {.width = 36, .height = 8};
    (void)state;
    s.recent = NULL;
    s.expected_ns = 0;
    check(&s, &slowest, &narrow,
          "running  45 s\n"
          "  9 of 10 sessions\n"
          "  54,321 activities   no errors\n"
          "  slowest  p95  3.00 s  検索…開く\n"
          "           p95  2.00 s  a\\x1b[2Jb c\n"
          "           p95  1.00 s  cafe\xcc\x81 \\xff\n");
    free_rows(rows, 3);
}

static void no_line_is_as_wide_as_the_terminal_and_there_are_never_more_than_asked_for(void **state)
{
    stressor_row row = make_row("日本語の名前", 3 * S, 0);
    const struct live_slowest slowest = {.rows = {&row}, .p95_ns = {3 * S}, .count = 1};
    stressor_snapshot s = half_way();
    (void)state;
    s.errors = 12345;
    for (size_t width = 1; width <= 120; width++) {
        for (size_t height = 0; height <= 8; height++) {
            const struct live_style style = {
                .width = width, .height = height, .colour = width % 2 == 0};
            char *text = live_view(&s, &slowest, 45 * S, &style);
            size_t lines = 0;
            assert_non_null(text);
            for (const char *at = text; *at != '\0'; lines++) {
                size_t length = strcspn(at, "\n");
                assert_true(block_line_width(at, length) < width);
                assert_true(at[length] == '\n');
                at += length + 1;
            }
            assert_true(lines <= height);
            free(text);
        }
    }
    free_rows(&row, 1);
}

static void a_line_of_log_tells_the_same(void **state)
{
    stressor_snapshot s = half_way();
    (void)state;
    char *text = live_line(&s, 45 * S);
    assert_string_equal(text, "running 45 s: 9 of 10 sessions, 54,321 activities, now 1,234/s, "
                              "p95 12.3 ms, no errors");
    free(text);
    s.recent = NULL;
    s.activities = 0;
    s.errors = 2;
    text = live_line(&s, 120 * S);
    assert_string_equal(text, "running 2m00s: 9 of 10 sessions, 60,000 activities, 2 errors");
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(stage_bar_times_and_figures_are_shown),
        cmocka_unit_test(before_the_first_figures_there_are_none),
        cmocka_unit_test(thresholds_that_have_failed_and_are_broken_are_counted),
        cmocka_unit_test(forty_columns_have_a_shorter_bar_and_more_lines),
        cmocka_unit_test(without_an_expected_end_there_is_no_bar),
        cmocka_unit_test(a_run_that_takes_longer_than_expected_fills_the_bar),
        cmocka_unit_test(stages_have_words),
        cmocka_unit_test(failed_thresholds_and_untrusted_figures_are_told_at_once),
        cmocka_unit_test(the_slowest_are_those_of_the_interval_else_of_all_the_run),
        cmocka_unit_test(what_is_over_is_not_among_the_slowest),
        cmocka_unit_test(activities_are_not_counted_while_it_warms_up),
        cmocka_unit_test(names_of_any_script_are_cut_by_columns_and_cannot_move_the_cursor),
        cmocka_unit_test(
            no_line_is_as_wide_as_the_terminal_and_there_are_never_more_than_asked_for),
        cmocka_unit_test(a_line_of_log_tells_the_same),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
