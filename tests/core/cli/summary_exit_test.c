/*
 * The verdict of the summary is that of the exit code, which reports and --strict have a say in.
 */
#include "summary_text.h"

static stressor_trust untrusted = {.size = sizeof untrusted, .verdict = STRESSOR_UNTRUSTED};

/* The first line, in colour. */
static void check_verdict(const stressor_snapshot *s, struct summary_style style,
                          const char *expected)
{
    style.colour = style.brief = true;
    char *text = render(s, &style);
    text[strcspn(text, "\n")] = '\0';
    assert_string_equal(text, expected);
    free(text);
}

static void a_report_that_failed_fails_the_run(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.verdict = STRESSOR_VERDICT_PASSED;
    check_verdict(&s, plain, "\033[1;32mPASSED\033[0m: 1,234 activities, no errors");
    check_verdict(&s, (struct summary_style){.reports_failed = 1},
                  "\033[1;31mFAILED\033[0m: 1,234 activities, no errors, but a report failed");
    check_verdict(&s, (struct summary_style){.reports_failed = 2},
                  "\033[1;31mFAILED\033[0m: 1,234 activities, no errors, but 2 reports failed");
}

static void what_had_failed_already_is_told_first(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.errors = 3;
    s.verdict = STRESSOR_VERDICT_ERRORS;
    check_verdict(&s, (struct summary_style){.reports_failed = 1},
                  "\033[1;31mFAILED\033[0m: 3 errors in 1,234 activities, a report failed");
    s.verdict = STRESSOR_VERDICT_STOPPED;
    check_verdict(
        &s, (struct summary_style){.reports_failed = 1},
        "\033[1;33mSTOPPED by the user\033[0m: 3 errors in 1,234 activities, a report failed");
}

static void figures_not_to_be_trusted_fail_the_run_only_when_that_is_asked_for(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.verdict = STRESSOR_VERDICT_PASSED;
    s.trust = &untrusted;
    check_verdict(&s, plain, "\033[1;32mPASSED\033[0m: 1,234 activities, no errors");
    check_verdict(
        &s, (struct summary_style){.strict = true},
        "\033[1;31mFAILED\033[0m: 1,234 activities, no errors, but the figures are not to "
        "be trusted");
    check_verdict(&s, (struct summary_style){.strict = true, .reports_failed = 1},
                  "\033[1;31mFAILED\033[0m: 1,234 activities, no errors, but a report failed, and "
                  "the figures are not to be trusted");
    s.trust = NULL;
    check_verdict(&s, (struct summary_style){.strict = true},
                  "\033[1;32mPASSED\033[0m: 1,234 activities, no errors");
}

static void the_last_line_says_the_same_as_the_first(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.verdict = STRESSOR_VERDICT_PASSED;
    char *text = render(&s, &(struct summary_style){.reports_failed = 1});
    size_t length = strcspn(text, "\n") + 1;
    assert_memory_equal(text, "FAILED: ", strlen("FAILED: "));
    assert_memory_equal(text + strlen(text) - length, text, length);
    assert_null(strstr(text, "PASSED"));
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_that_failed_fails_the_run),
        cmocka_unit_test(what_had_failed_already_is_told_first),
        cmocka_unit_test(figures_not_to_be_trusted_fail_the_run_only_when_that_is_asked_for),
        cmocka_unit_test(the_last_line_says_the_same_as_the_first),
    };
    return cmocka_run_group_tests(tests, summary_setup, NULL);
}
