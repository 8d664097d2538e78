/*
 * config.warmup: what starts in it is counted in rows of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recorder.h"

static const stressor_row *row_of(const struct trial *t, const char *name, uint32_t phase)
{
    for (uint32_t i = 0; i < t->snapshot->rows_count; i++) {
        const stressor_row *row = t->snapshot->rows[i];
        if (strcmp(row->name, name) == 0 && row->phase == phase)
            return row;
    }
    return NULL;
}

static const stressor_sequence_row *sequence_of(const struct trial *t, const char *name,
                                                uint32_t phase)
{
    for (uint32_t i = 0; i < t->snapshot->sequences_count; i++) {
        const stressor_sequence_row *row = t->snapshot->sequences[i];
        if (strcmp(row->name, name) == 0 && row->phase == phase)
            return row;
    }
    return NULL;
}

static uint64_t count_of(const struct trial *t, const char *name, uint32_t phase)
{
    const stressor_row *row = row_of(t, name, phase);
    assert_non_null(row);
    return row->count;
}

static uint64_t passes_of(const struct trial *t, const char *name, uint32_t phase)
{
    const stressor_sequence_row *row = sequence_of(t, name, phase);
    assert_non_null(row);
    return row->passes;
}

static void what_starts_in_the_warm_up_is_counted_apart(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, "file_version: stressor#0\n"
                  "config: {warmup: 1h}\n"
                  "scenario: [{sequence: one, repeat: 3}]\n"
                  "sequences:\n"
                  "  one:\n"
                  "    - {activity: Note, name: a, text: a, monitor: true}\n"
                  "    - {activity: Note, name: b, text: b, fail: true}\n"
                  "    - {activity: Wait, name: w, seconds: 0}\n");
    assert_int_equal(count_of(&t, "a", STRESSOR_PHASE_MAIN), 0);
    assert_int_equal(count_of(&t, "a", STRESSOR_PHASE_WARMUP), 3);
    assert_int_equal(count_of(&t, "b", STRESSOR_PHASE_WARMUP), 3);
    assert_int_equal(row_of(&t, "a", STRESSOR_PHASE_WARMUP)->flags, STRESSOR_ROW_MONITORED);
    assert_int_equal(row_of(&t, "b", STRESSOR_PHASE_WARMUP)->errors, 3);
    assert_int_equal(row_of(&t, "b", STRESSOR_PHASE_MAIN)->errors, 0);
    assert_int_equal(row_of(&t, "w", STRESSOR_PHASE_WARMUP)->flags, STRESSOR_ROW_IGNORE_TIMING);
    assert_int_equal(passes_of(&t, "one", STRESSOR_PHASE_MAIN), 0);
    assert_int_equal(passes_of(&t, "one", STRESSOR_PHASE_WARMUP), 3);
    const stressor_sequence_row *q = sequence_of(&t, "one", STRESSOR_PHASE_WARMUP);
    assert_int_equal(q->activities, 9);
    assert_int_equal(q->errors, 3);
    assert_int_equal(t.snapshot->activities, 0);
    assert_int_equal(t.snapshot->activities_all, 9);
    assert_int_equal(t.snapshot->net_ns, 0);
    assert_int_equal(stressor_histogram_count(t.snapshot->net), 0);
    assert_int_equal(t.snapshot->measured_ns, 0);
    assert_int_equal(t.snapshot->errors, 3); /* of the run they are */
    assert_string_equal(t.snapshot->error_groups[0]->row, "b");
    assert_int_equal(t.snapshot->error_groups[0]->phase, STRESSOR_PHASE_WARMUP);
    trial_free(&t);
}

static void thresholds_say_that_the_warm_up_was_longer_than_the_run(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, "file_version: stressor#0\n"
                  "config: {warmup: 1h}\n"
                  "scenario: [{sequence: init}, {sequence: one, repeat: 3}]\n"
                  "thresholds: [p95 < 1s, count of init == 1]\n"
                  "sequences:\n"
                  "  init:\n"
                  "    - {activity: Note, text: i}\n"
                  "  one:\n"
                  "    - {activity: Note, text: a}\n");
    const stressor_threshold_row *const *rows = t.snapshot->thresholds;
    assert_int_equal(rows[0]->state, STRESSOR_THRESHOLD_FAILED);
    assert_string_equal(rows[0]->actual, "no sample: the warm-up of 1h00m was longer than the run");
    assert_int_equal(rows[1]->state, STRESSOR_THRESHOLD_PASSED);
    assert_string_equal(rows[1]->actual, "1");
    trial_free(&t);
}

static void init_and_end_are_never_warm_up(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, "file_version: stressor#0\n"
                  "config: {warmup: 1h}\n"
                  "scenario: [{sequence: init}, {sequence: end}]\n"
                  "sequences:\n"
                  "  init:\n"
                  "    - {activity: Note, name: i, text: i}\n"
                  "  end:\n"
                  "    - {activity: Note, name: e, text: e}\n");
    assert_int_equal(count_of(&t, "i", STRESSOR_PHASE_INIT), 1);
    assert_int_equal(count_of(&t, "e", STRESSOR_PHASE_END), 1);
    assert_int_equal(passes_of(&t, "init", STRESSOR_PHASE_INIT), 1);
    assert_null(row_of(&t, "i", STRESSOR_PHASE_WARMUP));
    assert_null(sequence_of(&t, "end", STRESSOR_PHASE_WARMUP));
    assert_int_equal(t.snapshot->activities, 2);
    trial_free(&t);
}

static void an_activity_counts_by_its_own_start_and_a_pass_by_its_own(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, "file_version: stressor#0\n"
                  "config: {warmup: 1s}\n"
                  "scenario: [{sequence: one}, {sequence: two}]\n"
                  "sequences:\n"
                  "  one:\n"
                  "    - {activity: Note, name: a, text: a, fail: true}\n"
                  "    - {activity: Wait, name: w, seconds: 1s}\n"
                  "    - {activity: Note, name: a, text: a, fail: true}\n"
                  "  two:\n"
                  "    - {activity: Note, name: b, text: b}\n");
    assert_int_equal(count_of(&t, "a", STRESSOR_PHASE_WARMUP), 1);
    assert_int_equal(count_of(&t, "w", STRESSOR_PHASE_WARMUP), 1);
    assert_int_equal(count_of(&t, "a", STRESSOR_PHASE_MAIN), 1);
    assert_int_equal(passes_of(&t, "one", STRESSOR_PHASE_WARMUP), 1);
    assert_int_equal(sequence_of(&t, "one", STRESSOR_PHASE_WARMUP)->activities, 3);
    assert_int_equal(passes_of(&t, "one", STRESSOR_PHASE_MAIN), 0);
    assert_int_equal(count_of(&t, "b", STRESSOR_PHASE_MAIN), 1);
    assert_int_equal(passes_of(&t, "two", STRESSOR_PHASE_MAIN), 1);
    assert_int_equal(t.snapshot->activities, 2);
    assert_int_equal(t.snapshot->warmup_ns, 1000000000);
    assert_int_equal(t.snapshot->measured_ns, t.snapshot->elapsed_ns - 1000000000);
    assert_int_equal(t.snapshot->error_groups_count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        assert_string_equal(t.snapshot->error_groups[i]->row, "a");
        assert_int_equal(t.snapshot->error_groups[i]->count, 1);
    }
    assert_int_equal(t.snapshot->error_groups[0]->phase + t.snapshot->error_groups[1]->phase,
                     STRESSOR_PHASE_MAIN + STRESSOR_PHASE_WARMUP);
    assert_int_not_equal(t.snapshot->error_groups[0]->phase, t.snapshot->error_groups[1]->phase);
    trial_free(&t);
}

static void calls_are_warm_up_where_the_caller_s_sequence_may_be(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, "file_version: stressor#0\n"
                  "config: {warmup: 1h}\n"
                  "scenario: [{sequence: init}, {sequence: one, repeat: 2}]\n"
                  "sequences:\n"
                  "  init:\n"
                  "    - {activity: Call, type: Note, arguments: {text: i}}\n"
                  "  one:\n"
                  "    - {activity: Call, type: Note, arguments: {text: m}}\n");
    assert_int_equal(recorder_count("m"), 2);
    assert_int_equal(count_of(&t, "Note", STRESSOR_PHASE_MAIN), 0);
    assert_int_equal(count_of(&t, "Note", STRESSOR_PHASE_INIT), 1);
    assert_int_equal(count_of(&t, "Note", STRESSOR_PHASE_WARMUP), 2);
    assert_int_equal(row_of(&t, "Note", STRESSOR_PHASE_WARMUP)->flags, STRESSOR_ROW_CALLED);
    trial_free(&t);
}

static void without_warmup_there_are_no_rows_for_it(void **state)
{
    (void)state;
    struct trial t;
    trial_run(&t, "file_version: stressor#0\n"
                  "config: {warmup: 0}\n"
                  "scenario: [{sequence: one}]\n"
                  "sequences:\n"
                  "  one:\n"
                  "    - {activity: Note, name: a, text: a}\n");
    assert_int_equal(t.snapshot->rows_count, 1);
    assert_int_equal(t.snapshot->sequences_count, 1);
    assert_int_equal(count_of(&t, "a", STRESSOR_PHASE_MAIN), 1);
    assert_int_equal(t.snapshot->measured_ns, t.snapshot->elapsed_ns);
    trial_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_starts_in_the_warm_up_is_counted_apart),
        cmocka_unit_test(thresholds_say_that_the_warm_up_was_longer_than_the_run),
        cmocka_unit_test(init_and_end_are_never_warm_up),
        cmocka_unit_test(an_activity_counts_by_its_own_start_and_a_pass_by_its_own),
        cmocka_unit_test(calls_are_warm_up_where_the_caller_s_sequence_may_be),
        cmocka_unit_test(without_warmup_there_are_no_rows_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
