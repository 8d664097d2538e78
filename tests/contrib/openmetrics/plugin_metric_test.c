#include "plugin_metric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_sink.h"
#include "sample.h"

/* The lines of the metrics' types; to be freed. */
static char *types_of(const stressor_metric_row *const *metrics, uint32_t count)
{
    struct memory_sink m = {0};
    struct memory_sink types = {0};
    struct out out;
    const stressor_snapshot s = {.size = sizeof s, .metrics = metrics, .metrics_count = count};
    out_begin(&out, memory_sink_take, &m);
    plugin_metrics_put(&out, sample_api(), &s);
    assert_int_equal(out_finish(&out), 0);
    for (const char *at = m.text; at != NULL && (at = strstr(at, "# TYPE ")) != NULL;) {
        at += strlen("# TYPE ");
        memory_sink_take(&types, at, strcspn(at, "\n") + 1);
    }
    free(m.text);
    return types.text;
}

static void names_that_are_the_same_get_their_number_and_keep_their_place(void **state)
{
    (void)state;
    static const stressor_metric_row rows[] = {
        {.size = sizeof *rows, .name = "db.wait", .unit = "1"},
        {.size = sizeof *rows, .name = "zoo", .unit = "1"},
        {.size = sizeof *rows, .name = "db_wait", .unit = "1"},
        {.size = sizeof *rows, .name = "db.wait", .unit = "ns"},
        {.size = sizeof *rows, .name = "db wait_total", .unit = "1"},
        {.size = sizeof *rows, .name = "ape", .unit = "1"},
    };
    const stressor_metric_row *list[] = {&rows[0], &rows[1], &rows[2],
                                         &rows[3], &rows[4], &rows[5]};
    char *types = types_of(list, 6);
    assert_string_equal(types, "stressor_plugin_db_wait gauge\n"
                               "stressor_plugin_zoo gauge\n"
                               "stressor_plugin2_db_wait gauge\n"
                               "stressor_plugin_db_wait_seconds gauge\n"
                               "stressor_plugin4_db_wait gauge\n"
                               "stressor_plugin_ape gauge\n");
    free(types);
}

static void without_metrics_nothing_is_written(void **state)
{
    (void)state;
    assert_null(types_of(NULL, 0));
}

static void many_metrics_of_one_name_are_all_told_apart(void **state)
{
    (void)state;
    enum { MANY = 2000 };
    static const stressor_metric_row row = {.size = sizeof row, .name = "same", .unit = "1"};
    const stressor_metric_row **list = calloc(MANY, sizeof *list);
    assert_non_null(list);
    for (size_t i = 0; i < MANY; i++)
        list[i] = &row;
    char *types = types_of(list, MANY), *at = types;
    free(list);
    assert_memory_equal(types, "stressor_plugin_same gauge\n", 27);
    for (unsigned i = 1; i < MANY; i++) {
        char expected[64];
        at = strchr(at, '\n') + 1;
        snprintf(expected, sizeof expected, "stressor_plugin%u_same gauge\n", i);
        assert_memory_equal(at, expected, strlen(expected));
    }
    free(types);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_are_the_same_get_their_number_and_keep_their_place),
        cmocka_unit_test(without_metrics_nothing_is_written),
        cmocka_unit_test(many_metrics_of_one_name_are_all_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
