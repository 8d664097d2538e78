#include "state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "memory_sink.h"
#include "sample.h"

/* The state of a sample; to be given up. */
static json_t *state_of_snapshot(const stressor_snapshot *s)
{
    struct memory_sink m = {0};
    struct out out;
    json_error_t error;
    out_begin(&out, memory_sink_take, &m);
    state_write(sample_api(), s, &out);
    assert_int_equal(out_finish(&out), 0);
    json_t *root = json_loadb(m.text, m.length, 0, &error);
    if (root == NULL)
        fail_msg("%s at %d", error.text, error.position);
    free(m.text);
    return root;
}

static json_t *state_of(enum sample_kind kind)
{
    struct sample *s = sample_new(kind);
    json_t *root = state_of_snapshot(sample_snapshot(s));
    sample_free(s);
    return root;
}

static const char *text_at(json_t *root, const char *section, const char *key)
{
    return json_string_value(json_object_get(json_object_get(root, section), key));
}

static json_int_t number_at(json_t *root, const char *section, const char *key)
{
    json_t *n = json_object_get(json_object_get(root, section), key);
    assert_true(json_is_integer(n));
    return json_integer_value(n);
}

static json_t *item(json_t *root, const char *list, size_t i)
{
    json_t *found = json_array_get(json_object_get(root, list), i);
    assert_non_null(found);
    return found;
}

static void the_state_holds_what_the_page_shows(void **state)
{
    (void)state;
    json_t *root = state_of(SAMPLE_PLAIN);
    assert_string_equal(text_at(root, "run", "name"), "Shop");
    assert_string_equal(text_at(root, "run", "tag"), "v1.2");
    assert_string_equal(text_at(root, "run", "base_url"), "http://127.0.0.1:8080");
    assert_string_equal(text_at(root, "run", "id"), "1706702400123456789-18446744073709551615");
    assert_string_equal(text_at(root, "run", "stage"), "done");
    assert_string_equal(text_at(root, "run", "verdict"), "threshold");
    assert_string_equal(text_at(root, "run", "stop_reason"), "threshold");
    assert_int_equal(number_at(root, "run", "elapsed_ns"), INT64_C(12000000000));
    assert_int_equal(number_at(root, "totals", "activities"), SAMPLE_VALUES);
    assert_int_equal(number_at(root, "totals", "errors"), 13);
    assert_true(number_at(root, "totals", "p95_ns") > number_at(root, "totals", "p50_ns"));
    assert_string_equal(text_at(root, "trust", "verdict"), "untrusted");
    assert_int_equal(json_integer_value(json_object_get(root, "thresholds_count")), 3);
    assert_string_equal(json_string_value(json_object_get(item(root, "thresholds", 1), "actual")),
                        "0.06 %");
    assert_true(json_is_false(json_object_get(item(root, "thresholds", 0), "broken")));
    assert_true(json_is_true(json_object_get(item(root, "thresholds", 2), "broken")));
    assert_string_equal(json_string_value(json_object_get(item(root, "errors", 0), "activity")),
                        "login");
    assert_string_equal(json_string_value(json_object_get(item(root, "processes", 1), "reason")),
                        "no such process");
    json_decref(root);
}

static void the_time_series_is_in_columns_of_one_length(void **state)
{
    (void)state;
    json_t *root = state_of(SAMPLE_PLAIN);
    json_t *points = json_object_get(root, "points");
    const char *key;
    json_t *column;
    json_object_foreach(points, key, column)
    {
        size_t series = json_is_array(json_array_get(column, 0)) ? json_array_size(column) : 0;
        for (size_t i = 0; i < series; i++)
            assert_int_equal(json_array_size(json_array_get(column, i)), 2);
        if (series == 0)
            assert_int_equal(json_array_size(column), 2);
    }
    assert_int_equal(json_integer_value(json_array_get(json_object_get(points, "warmup"), 0)), 1);
    assert_int_equal(json_integer_value(json_array_get(json_object_get(points, "warmup"), 1)), 0);
    assert_int_equal(json_integer_value(json_array_get(json_object_get(points, "p99_ns"), 1)),
                     312000001);
    json_decref(root);
}

static void a_run_that_has_not_begun_has_a_state_too(void **state)
{
    (void)state;
    json_t *root = state_of(SAMPLE_EMPTY);
    assert_string_equal(text_at(root, "run", "stage"), "starting");
    assert_true(json_is_null(json_object_get(root, "trust")));
    assert_true(json_is_null(json_object_get(root, "machine")));
    assert_true(json_is_null(json_object_get(root, "recent")));
    assert_int_equal(number_at(root, "totals", "p95_ns"), 0);
    json_decref(root);
}

static void the_state_does_not_grow_with_the_number_of_activities(void **state)
{
    (void)state;
    json_t *root = state_of(SAMPLE_MANY);
    assert_int_equal(json_integer_value(json_object_get(root, "activities_count")), 10000);
    char *text = json_dumps(root, JSON_COMPACT);
    assert_true(strlen(text) < 4096);
    free(text);
    json_decref(root);
}

static void hostile_texts_stay_texts(void **state)
{
    (void)state;
    json_t *root = state_of(SAMPLE_HOSTILE);
    assert_non_null(strchr(text_at(root, "run", "name"), '<'));
    json_decref(root);
}

/* A count or rate of a second without sample is 0; of no sample at all there is no value. */
static void a_value_of_0_is_told_apart_from_none(void **state)
{
    (void)state;
    static const struct {
        const char *actual;
        bool is_number;
    } cases[] = {{"0/s", true},
                 {"0", true},
                 {"no sample", false},
                 {NULL, false},
                 {"no sample: all were in the warm-up", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const stressor_threshold_row row = {.size = sizeof row,
                                            .unit = STRESSOR_THRESHOLD_PER_SECOND,
                                            .text = "rate > 1/s for 9s",
                                            .actual = cases[i].actual,
                                            .limit = 1};
        const stressor_threshold_row *rows[] = {&row};
        struct sample *empty = sample_new(SAMPLE_EMPTY);
        stressor_snapshot s = *sample_snapshot(empty);
        s.thresholds = rows;
        s.thresholds_count = 1;
        json_t *root = state_of_snapshot(&s);
        assert_int_equal(json_is_number(json_object_get(item(root, "thresholds", 0), "value")),
                         cases[i].is_number);
        json_decref(root);
        sample_free(empty);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_state_holds_what_the_page_shows),
        cmocka_unit_test(a_value_of_0_is_told_apart_from_none),
        cmocka_unit_test(the_time_series_is_in_columns_of_one_length),
        cmocka_unit_test(a_run_that_has_not_begun_has_a_state_too),
        cmocka_unit_test(the_state_does_not_grow_with_the_number_of_activities),
        cmocka_unit_test(hostile_texts_stay_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
