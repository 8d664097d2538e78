/*
 * What the summary says of the warm-up: of its errors, and that there was nothing else.
 */
#include "summary_text.h"

static stressor_error_group group(const char *kind, const char *row, uint32_t phase, uint64_t count)
{
    return (stressor_error_group){.size = sizeof(stressor_error_group),
                                  .category = STRESSOR_TARGET,
                                  .kind = kind,
                                  .row = row,
                                  .example = "",
                                  .count = count,
                                  .phase = phase};
}

static void errors_of_the_warm_up_are_told_apart_and_its_names_are_no_others(void **state)
{
    (void)state;
    const stressor_error_group groups[] = {
        group("status", "login", STRESSOR_PHASE_MAIN, 5),
        group("status", "login", STRESSOR_PHASE_WARMUP, 4),
        group("status", "search", STRESSOR_PHASE_WARMUP, 1),
        group("status", "search", STRESSOR_PHASE_MAIN, 2),
        group("body", "login", STRESSOR_PHASE_WARMUP, 6),
        group("connect", "login", STRESSOR_PHASE_WARMUP, 1),
        group("connect", "login", STRESSOR_PHASE_MAIN, 2),
        group("tls", "login", STRESSOR_PHASE_INIT, 1),
        group("tls", "login", STRESSOR_PHASE_MAIN, 1),
    };
    const stressor_error_group *list[sizeof groups / sizeof *groups];
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        list[i] = &groups[i];
    stressor_snapshot s = quiet_run();
    s.errors = 23;
    s.error_groups = list;
    s.error_groups_count = sizeof groups / sizeof *groups;
    check_contains(&s, "\nErrors, the most frequent kind first\n"
                       "  12  TARGET status, login and 1 more (5 in the warm-up)\n"
                       "   6  TARGET body, login (in the warm-up)\n"
                       "   3  TARGET connect, login (1 in the warm-up)\n"
                       "   2  TARGET tls, login\n");
}

static void a_warm_up_longer_than_the_run_is_told(void **state)
{
    (void)state;
    stressor_snapshot s = quiet_run();
    s.activities = 0;
    s.warmup_ns = 60 * S;
    char *text = render(&s, &plain);
    const char *verdict = "PASSED: 1,234 activities, no errors (nothing was measured: the warm-up "
                          "was longer than the run)\n";
    assert_memory_equal(text, verdict, strlen(verdict));
    assert_non_null(strstr(text, "\n  run time           10.0 s, all of it warm-up\n"));
    free(text);
    s.measured_ns = 1 * S;
    s.warmup_ns = 9 * S;
    text = render(&s, &plain);
    assert_null(strstr(text, "nothing was measured"));
    assert_non_null(strstr(text, "\n  run time           10.0 s, 1.00 s without the warm-up\n"));
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_the_warm_up_are_told_apart_and_its_names_are_no_others),
        cmocka_unit_test(a_warm_up_longer_than_the_run_is_told),
    };
    return cmocka_run_group_tests(tests, summary_setup, NULL);
}
