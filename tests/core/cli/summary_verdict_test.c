/*
 * Thresholds, and whether the figures are to be trusted.
 */
#include "summary_text.h"

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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_are_listed_and_the_verdict_names_those_that_failed),
        cmocka_unit_test(a_verdict_names_three_thresholds_and_counts_the_rest),
        cmocka_unit_test(with_a_threshold_on_errors_a_run_with_errors_can_pass),
        cmocka_unit_test(a_verdict_is_broken_between_words_on_a_terminal),
        cmocka_unit_test(figures_that_are_to_be_trusted_are_said_to_be),
        cmocka_unit_test(figures_that_are_not_to_be_trusted_are_named_with_reasons_even_if_brief),
    };
    return cmocka_run_group_tests(tests, summary_setup, NULL);
}
