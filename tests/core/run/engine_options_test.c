/*
 * What the options of a run change.
 */
#include "again.h"

static void there_are_as_many_workers_as_asked_for_but_no_more_than_sessions(void **state)
{
    (void)state;
    static const struct {
        uint32_t asked, sessions, given; /* 0: at least one */
    } all[] = {{1, 5, 1}, {3, 5, 3}, {5, 5, 5}, {100000, 5, 5}, {0, 5, 0}, {7, 1, 1}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char yaml[200];
        struct trial t;
        stressor_run_options o;
        stressor_run_options_init(&o);
        o.workers = all[i].asked;
        snprintf(yaml, sizeof yaml,
                 HEAD "sessions: {count: %u}\n" ONE "    - {activity: Note, text: n}\n",
                 all[i].sessions);
        trial_load(&t, yaml, NULL);
        trial_start(&t, &o);
        trial_end(&t);
        if (all[i].given != 0)
            assert_int_equal(t.snapshot->resources->workers, all[i].given);
        assert_in_range(t.snapshot->resources->workers, 1, all[i].sessions);
        assert_int_equal(recorder_count("n"), all[i].sessions);
        trial_free(&t);
    }
}

/* What each of four sessions drew, by session; from the notes of a run. */
static void draw(uint64_t seed, uint32_t workers, char out[4][80], uint64_t *used)
{
    struct trial t;
    stressor_run_options o;
    stressor_run_options_init(&o);
    o.workers = workers;
    o.seed = seed;
    trial_load_with(&t, again_plugins,
                    HEAD "sessions: {count: 4}\nscenario: [{sequence: one, repeat: 3}]\n"
                         "sequences: {one: [{activity: Random}]}\n",
                    NULL);
    recorder_reset();
    trial_start(&t, &o);
    trial_end(&t);
    char notes[2000];
    snprintf(notes, sizeof notes, "%s", recorder_notes());
    memset(out, 0, 4 * sizeof *out);
    char *rest = notes;
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
        if (word[0] == 't') {
            char *mine = out[word[2] - '1'];
            snprintf(mine + strlen(mine), 80 - strlen(mine), "%s ", word + 4);
        }
    *used = t.snapshot->seed;
    trial_free(&t);
}

static void the_same_seed_gives_the_same_random_numbers_whatever_the_workers(void **state)
{
    (void)state;
    char a[4][80], b[4][80];
    uint64_t used;
    draw(42, 1, a, &used);
    assert_int_equal(used, 42);
    draw(42, 3, b, &used);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(strlen(a[i]), 3 * 17);
        assert_string_equal(a[i], b[i]);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(a[i], a[k]);
    }
    draw(43, 1, b, &used);
    assert_string_not_equal(a[0], b[0]);
    draw(0, 1, b, &used); /* a new one, which can be used again */
    assert_int_not_equal(used, 0);
    draw(used, 2, a, &used);
    assert_string_equal(a[3], b[3]);
}

static void options_go_before_what_the_scenario_says(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    trial_load(&t,
               HEAD
               "config: {max_errors: 1, max_time: 1h}\nscenario: [{sequence: one, repeat: 5}]\n"
               "sequences:\n  one:\n    - {activity: Note, text: n, fail: true}\n",
               NULL);
    again_one_worker(&o);
    trial_start(&t, &o);
    trial_end(&t);
    assert_int_equal(recorder_count("n"), 1);
    recorder_reset();
    o.max_errors = 3;
    again_run(&t, &o);
    assert_int_equal(recorder_count("n"), 3);
    recorder_reset();
    o.max_errors = 0;
    o.max_time_ns = INT64_MAX;
    again_run(&t, &o);
    assert_int_equal(recorder_count("n"), 5);
    assert_null(t.snapshot->stop_reason);
    trial_free(&t);
}

static void shorter_options_of_an_older_program_leave_the_rest_at_its_default(void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    memset(&o, 0x7f, sizeof o);
    o.size = offsetof(stressor_run_options, max_errors);
    o.workers = 1;
    o.single = 0;
    o.dry_run = 0;
    trial_load(&t,
               HEAD "config: {max_errors: 1}\n" ONE "    - {activity: Note, text: n, fail: true}\n"
                    "    - {activity: Note, text: n}\n",
               NULL);
    trial_start(&t, &o);
    trial_end(&t);
    assert_int_equal(recorder_count("n"), 1);
    assert_int_not_equal(t.snapshot->seed, UINT64_C(0x7f7f7f7f7f7f7f7f));
    trial_free(&t);
}

/* Forty sessions that keep one worker busy for 10 ms each when a timer wakes them. */
static const char late[] =
    HEAD "sessions: {count: 40}\n" ONE "    - {activity: Wait, seconds: 1ms}\n"
         "    - {activity: Burn, seconds: 10ms}\n";

static void strict_fails_a_run_that_is_not_to_be_trusted_and_older_programs_have_no_say(
    void **state)
{
    (void)state;
    struct trial t;
    stressor_run_options o;
    trial_load(&t, late, NULL);
    again_one_worker(&o);
    o.strict = 1;
    trial_start(&t, &o);
    trial_end(&t);
    assert_int_equal(t.snapshot->trust->verdict, STRESSOR_UNTRUSTED);
    assert_int_equal(t.snapshot->verdict, STRESSOR_VERDICT_UNTRUSTED);
    o.size = offsetof(stressor_run_options, strict); /* of 1.0; what follows is not theirs */
    again_run(&t, &o);
    assert_int_equal(t.snapshot->trust->verdict, STRESSOR_UNTRUSTED);
    assert_int_equal(t.snapshot->verdict, STRESSOR_VERDICT_PASSED);
    trial_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_as_many_workers_as_asked_for_but_no_more_than_sessions),
        cmocka_unit_test(the_same_seed_gives_the_same_random_numbers_whatever_the_workers),
        cmocka_unit_test(options_go_before_what_the_scenario_says),
        cmocka_unit_test(shorter_options_of_an_older_program_leave_the_rest_at_its_default),
        cmocka_unit_test(
            strict_fails_a_run_that_is_not_to_be_trusted_and_older_programs_have_no_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
