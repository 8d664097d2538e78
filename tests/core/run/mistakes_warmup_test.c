/*
 * A warm-up that leaves nothing to measure draws a warning, where the file tells.
 */
#include "mistakes.h"

/* clang-format off */
#define HEAD(config) "file_version: stressor#0\nconfig: {" config "}\n"
#define REST "sequences: {init: [], main: [{activity: Note, text: a}]}\n"
#define SAYS(at, run, warmup) "2:" at ": warning: key 'warmup' of section 'config': nothing will be " \
    "measured: the run lasts " run ", and all of the first " warmup " is warm-up"
/* clang-format on */

static void it_is_told_when_all_of_the_run_is_warm_up(void **state)
{
    static const struct mistaken all[] = {
        {HEAD("warmup: 1m") "scenario: [{sequence: init}, {sequence: main, duration: 20s}, "
                            "{sequence: main, duration: 10s}]\n" REST,
         {SAYS("18", "30.0 s", "1m00s")},
         true},
        {HEAD("warmup: 30s") "scenario: [{sequence: main, duration: 30s, repeat: 1000}]\n" REST,
         {SAYS("18", "30.0 s", "30.0 s")},
         true},
        {HEAD("max_time: 1m, warmup: 90s") "scenario: [{sequence: main, repeat: 1000}]\n" REST,
         {SAYS("32", "1m00s", "1m30s")},
         true},
        {HEAD("warmup: 30s") "sessions: {count: 3, duration: 10s, ramp_up_delay: 10}\n"
                             "scenario: [{sequence: main, repeat: 1000}]\n" REST,
         {SAYS("18", "30.0 s", "30.0 s")},
         true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void it_is_not_where_something_may_be_left(void **state)
{
    static const struct mistaken all[] = {
        {HEAD("warmup: 29s") "scenario: [{sequence: main, duration: 30s}]\n" REST, {NULL}, true},
        {HEAD("warmup: 0") "scenario: [{sequence: main, duration: 30s}]\n" REST, {NULL}, true},
        {HEAD("warmup: 1h") "scenario: [{sequence: main}]\n" REST, {NULL}, true},
        {HEAD("warmup: 1h") "scenario: [{sequence: main, duration: 30s}, {sequence: main, repeat: "
                            "9}]\n" REST,
         {NULL},
         true},
        {HEAD("warmup: 30s") "sessions: {count: 3, ramp_up_delay: [0, 10s]}\n"
                             "scenario: [{sequence: main, duration: 30s}]\n" REST,
         {NULL},
         true},
        {HEAD("warmup: 1h, dry_run: true") "scenario: [{sequence: main, duration: 30s}]\n" REST,
         {NULL},
         true},
    };
    (void)state;
    MISTAKES_CHECK(all);
}

static void it_stands_where_the_command_line_says_so(void **state)
{
    (void)state;
    struct trial t;
    const char *overrides[] = {"warmup:5m", NULL};
    const char *says[] = {"-o warmup:5m: warning: key 'warmup' of section 'config': nothing will "
                          "be measured: the run lasts 30.0 s, and all of the first 5m00s is "
                          "warm-up",
                          NULL};
    trial_load(&t, HEAD("warmup: 1s") "scenario: [{sequence: main, duration: 30s}]\n" REST,
               overrides);
    assert_non_null(t.plan);
    assert_true(mistakes_are(t.engine, "test.yaml:", says));
    trial_free(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_told_when_all_of_the_run_is_warm_up),
        cmocka_unit_test(it_is_not_where_something_may_be_left),
        cmocka_unit_test(it_stands_where_the_command_line_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
