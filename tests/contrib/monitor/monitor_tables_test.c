#include "tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include <stressor/plugin.h>

#include "memory_sink.h"
#include "sample.h"

typedef int32_t (*table)(const stressor_snapshot_api *, const stressor_snapshot *,
                         const struct table_query *, stressor_sink, void *);

static json_t *parse(struct memory_sink *m)
{
    json_error_t error;
    json_t *root = json_loadb(m->text, m->length, 0, &error);
    if (root == NULL)
        fail_msg("%s at %d", error.text, error.position);
    free(m->text);
    return root;
}

static json_t *ask(table t, enum sample_kind kind, struct table_query q)
{
    struct memory_sink m = {0};
    struct sample *s = sample_new(kind);
    q.filter = q.filter != NULL ? q.filter : "";
    q.sort = q.sort != NULL ? q.sort : "";
    assert_int_equal(t(sample_api(), sample_snapshot(s), &q, memory_sink_take, &m), 0);
    sample_free(s);
    return parse(&m);
}

static json_int_t total(json_t *root)
{
    return json_integer_value(json_object_get(root, "total"));
}

static json_t *member(json_t *root, size_t i, const char *key)
{
    json_t *found = json_object_get(json_array_get(json_object_get(root, "rows"), i), key);
    assert_non_null(found);
    return found;
}

static const char *name(json_t *root, size_t i)
{
    return json_string_value(member(root, i, "name"));
}

static void monitored_activities_come_first(void **state)
{
    (void)state;
    json_t *root = ask(table_activities, SAMPLE_PLAIN, (struct table_query){.limit = 50});
    assert_int_equal(total(root), 4); /* the warm-up's row has no figures, and is left out */
    assert_string_equal(name(root, 0), "login");
    assert_string_equal(name(root, 1), "never");
    assert_string_equal(name(root, 2), "=1+1\",x");
    assert_string_equal(name(root, 3), "setup");
    assert_true(json_is_true(member(root, 0, "monitored")));
    assert_true(json_is_true(member(root, 2, "called")));
    assert_string_equal(json_string_value(member(root, 3, "phase")), "init");
    json_decref(root);
}

static void the_figures_are_those_of_the_snapshot(void **state)
{
    (void)state;
    struct sample *s = sample_new(SAMPLE_PLAIN);
    const stressor_row *login = sample_snapshot(s)->rows[0];
    json_t *root = ask(table_activities, SAMPLE_PLAIN, (struct table_query){.limit = 1});
    assert_int_equal(json_integer_value(member(root, 0, "count")), login->count);
    assert_int_equal(json_integer_value(member(root, 0, "errors")), 12);
    assert_int_equal(json_integer_value(member(root, 0, "sum_ns")), login->sum_ns);
    assert_int_equal(json_integer_value(member(root, 0, "mean_ns")),
                     login->sum_ns / (int64_t)login->count);
    assert_int_equal(json_integer_value(member(root, 0, "p99_ns")),
                     sample_api()->percentile(login->total, 99));
    assert_true(json_number_value(member(root, 0, "per_second")) == SAMPLE_VALUES / 10.0);
    json_decref(root);
    sample_free(s);
}

static void a_sequence_tells_its_net_rate(void **state)
{
    (void)state;
    json_t *root = ask(table_sequences, SAMPLE_PLAIN, (struct table_query){.limit = 50});
    assert_int_equal(total(root), 1);
    assert_string_equal(name(root, 0), "main");
    assert_int_equal(json_integer_value(member(root, 0, "count")), 10);
    assert_int_equal(json_integer_value(member(root, 0, "activities")), 40);
    assert_true(json_number_value(member(root, 0, "net_rate")) == 2.5);
    json_decref(root);
}

static void ten_thousand_rows_are_handed_out_in_parts(void **state)
{
    (void)state;
    json_t *root =
        ask(table_activities, SAMPLE_MANY, (struct table_query){.offset = 9990, .limit = 50});
    assert_int_equal(total(root), 10000);
    assert_int_equal(json_array_size(json_object_get(root, "rows")), 10);
    assert_string_equal(name(root, 0), "activity 9990");
    json_decref(root);
    root = ask(table_activities, SAMPLE_MANY, (struct table_query){.limit = UINT64_MAX});
    assert_int_equal(json_array_size(json_object_get(root, "rows")), TABLE_LIMIT);
    json_decref(root);
    root = ask(table_activities, SAMPLE_MANY,
               (struct table_query){.offset = UINT64_MAX, .limit = UINT64_MAX});
    assert_int_equal(json_array_size(json_object_get(root, "rows")), 0);
    json_decref(root);
}

static void names_and_types_are_searched_in_any_case(void **state)
{
    (void)state;
    json_t *root = ask(table_activities, SAMPLE_MANY,
                       (struct table_query){.limit = 50, .filter = "ACTIVITY 77"});
    assert_int_equal(total(root), 111);
    json_decref(root);
    root = ask(table_activities, SAMPLE_MANY, (struct table_query){.limit = 1, .filter = "HTTP"});
    assert_int_equal(total(root), 10000);
    json_decref(root);
    root = ask(table_activities, SAMPLE_MANY, (struct table_query){.limit = 1, .filter = "nix"});
    assert_int_equal(total(root), 0);
    json_decref(root);
}

static void rows_are_sorted_by_any_figure(void **state)
{
    (void)state;
    json_t *root = ask(table_activities, SAMPLE_PLAIN,
                       (struct table_query){.limit = 50, .sort = "p95_ns", .down = true});
    assert_true(json_integer_value(member(root, 0, "p95_ns")) >=
                json_integer_value(member(root, 1, "p95_ns")));
    assert_string_equal(name(root, 2), "never");
    json_decref(root);
    root = ask(table_activities, SAMPLE_PLAIN, (struct table_query){.limit = 50, .sort = "count"});
    assert_string_equal(name(root, 0), "never");
    assert_string_equal(name(root, 3), "login");
    json_decref(root);
    root = ask(table_activities, SAMPLE_PLAIN,
               (struct table_query){.limit = 50, .sort = "name", .down = true});
    assert_string_equal(name(root, 0), "setup");
    json_decref(root);
}

static void a_figure_that_does_not_exist_is_an_error(void **state)
{
    (void)state;
    struct memory_sink m = {0};
    struct sample *s = sample_new(SAMPLE_PLAIN);
    const struct table_query q = {.limit = 1, .filter = "", .sort = "p96_ns"};
    assert_int_equal(table_activities(sample_api(), sample_snapshot(s), &q, memory_sink_take, &m),
                     STRESSOR_EINVAL);
    assert_null(m.text);
    sample_free(s);
}

/* --- sessions -----------------------------------------------------------------------------------
 */

static int32_t two_sessions(const stressor_control *control, uint64_t offset, uint64_t limit,
                            const char *filter, uint64_t *total_out,
                            void (*each)(void *data, const stressor_session_row *row), void *data)
{
    (void)control;
    assert_int_equal(offset, 50);
    assert_int_equal(limit, TABLE_LIMIT);
    assert_string_equal(filter, "bob");
    stressor_session_row row = {.size = sizeof row,
                                .running = 1,
                                .number = 51,
                                .id = "t51",
                                .user = "<b>bob",
                                .path = "main/1/login",
                                .activities = 7,
                                .errors = 2};
    each(data, &row);
    row.last_error = "expected \"x\"";
    each(data, &row);
    *total_out = 52;
    return 0;
}

static int32_t busy(const stressor_control *control, uint64_t offset, uint64_t limit,
                    const char *filter, uint64_t *total_out,
                    void (*each)(void *data, const stressor_session_row *row), void *data)
{
    (void)control, (void)offset, (void)limit, (void)filter, (void)total_out, (void)each, (void)data;
    return STRESSOR_ELIMIT;
}

static void sessions_are_those_of_the_host(void **state)
{
    (void)state;
    struct memory_sink m = {0};
    stressor_control control = {.size = sizeof control, .sessions_page = two_sessions};
    const struct table_query q = {.offset = 50, .limit = 1000, .filter = "bob", .sort = ""};
    assert_int_equal(table_sessions(&control, &q, memory_sink_take, &m), 0);
    json_t *root = parse(&m);
    assert_int_equal(total(root), 52);
    assert_string_equal(json_string_value(member(root, 0, "user")), "<b>bob");
    assert_true(json_is_null(member(root, 0, "last_error")));
    assert_string_equal(json_string_value(member(root, 1, "last_error")), "expected \"x\"");
    json_decref(root);
    control.sessions_page = busy;
    assert_int_equal(table_sessions(&control, &q, memory_sink_take, &m), STRESSOR_ELIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(monitored_activities_come_first),
        cmocka_unit_test(the_figures_are_those_of_the_snapshot),
        cmocka_unit_test(a_sequence_tells_its_net_rate),
        cmocka_unit_test(ten_thousand_rows_are_handed_out_in_parts),
        cmocka_unit_test(names_and_types_are_searched_in_any_case),
        cmocka_unit_test(rows_are_sorted_by_any_figure),
        cmocka_unit_test(a_figure_that_does_not_exist_is_an_error),
        cmocka_unit_test(sessions_are_those_of_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
