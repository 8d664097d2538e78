#include "reports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_sink.h"
#include "sample.h"

/* A control whose file is memory. */
static struct memory_sink file;
static int32_t open_status;
static int32_t kept; /* -1: not closed */

static int32_t file_open(const stressor_control *control, const char *path, stressor_file **out)
{
    (void)control;
    assert_string_equal(path, "x.csv");
    kept = -1;
    *out = (stressor_file *)(void *)&file;
    return open_status;
}

static int32_t file_write(stressor_file *f, const char *bytes, uint64_t length)
{
    return memory_sink_take(f, bytes, length);
}

static int32_t file_close(stressor_file *f, int32_t keep)
{
    assert_ptr_equal(f, &file);
    kept = keep;
    return 0;
}

static const stressor_control control = {.size = sizeof control,
                                         .file_open = file_open,
                                         .file_write = file_write,
                                         .file_close = file_close};

static void *open_report(struct reports *plugin)
{
    void *report = NULL;
    *plugin = (struct reports){sample_host(), sample_api()};
    assert_int_equal(report_csv.open(plugin, &control, "x.csv", &report), 0);
    return report;
}

static int reset(void **state)
{
    (void)state;
    free(file.text);
    file = (struct memory_sink){0};
    open_status = 0;
    return 0;
}

static void each_second_has_lines_of_what_happened_in_it(void **state)
{
    (void)state;
    struct reports plugin;
    struct sample *s = sample_new(SAMPLE_PLAIN);
    void *report = open_report(&plugin);
    stressor_snapshot first = *sample_snapshot(s);
    stressor_row row = *first.rows[0];
    const stressor_row *rows[] = {&row};
    first.rows = rows;
    first.rows_count = 1;
    first.elapsed_ns = 1000000000;
    row.count = 2;
    row.errors = 1;
    row.sum_ns = 1502000;
    report_csv.tick(report, &first);
    report_csv.tick(report, &first);
    first.elapsed_ns = 2500000000;
    row.count = 3;
    row.sum_ns += 5;
    row.interval = NULL;
    assert_int_equal(report_csv.end(report, &first), 0);
    report_csv.close(report);
    assert_string_equal(
        file.text, "time,elapsed_s,phase,activity,type,count,errors,mean_ms,p50_ms,p90_ms,p95_ms,"
                   "p99_ms,max_ms\r\n"
                   "2024-01-31T12:00:01.123Z,1,main,\"login\",\"http\",2,1,0.751,0.002,1.5,1.5,1.5,"
                   "1.5\r\n"
                   "2024-01-31T12:00:02.623Z,2.5,main,\"login\",\"http\",1,0,0.000005,,,,,\r\n");
    assert_int_equal(kept, 1);
    sample_free(s);
}

static void cells_are_no_formulas_and_stay_in_their_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *cell;
    } cases[] = {{"=1+1\",x", "\"'=1+1\"\",x\""}, {"+1", "\"'+1\""},       {"-1", "\"'-1\""},
                 {"@SUM(A1)", "\"'@SUM(A1)\""},   {"\tx", "\"'\tx\""},     {"a=1", "\"a=1\""},
                 {"a\r\nb", "\"a\r\nb\""},        {"\xff,", "\"\uFFFD,\""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reports plugin;
        struct sample *s = sample_new(SAMPLE_PLAIN);
        stressor_snapshot only = *sample_snapshot(s);
        stressor_row row = *only.rows[0];
        const stressor_row *rows[] = {&row};
        only.rows = rows;
        only.rows_count = 1;
        row.name = cases[i].name;
        reset(NULL);
        void *report = open_report(&plugin);
        assert_int_equal(report_csv.end(report, &only), 0);
        report_csv.close(report);
        const char *cell = strstr(file.text, "main,");
        assert_non_null(cell);
        assert_memory_equal(cell + 5, cases[i].cell, strlen(cases[i].cell));
        sample_free(s);
    }
}

static void a_file_that_cannot_be_written_is_not_kept(void **state)
{
    (void)state;
    struct reports plugin;
    struct sample *s = sample_new(SAMPLE_PLAIN);
    void *report = open_report(&plugin);
    file.status = STRESSOR_ESYSTEM;
    report_csv.tick(report, sample_snapshot(s));
    assert_int_equal(report_csv.end(report, sample_snapshot(s)), STRESSOR_ESYSTEM);
    report_csv.close(report);
    assert_int_equal(kept, 0);
    sample_free(s);
}

static void a_report_without_an_end_is_not_kept(void **state)
{
    (void)state;
    struct reports plugin;
    void *report = open_report(&plugin);
    report_csv.close(report);
    assert_int_equal(kept, 0);
}

static void a_file_that_does_not_open_fails_the_report(void **state)
{
    (void)state;
    struct reports plugin = {sample_host(), sample_api()};
    void *report = NULL;
    open_status = STRESSOR_ESYSTEM;
    assert_int_equal(report_csv.open(&plugin, &control, "x.csv", &report), STRESSOR_ESYSTEM);
    assert_null(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_second_has_lines_of_what_happened_in_it, reset),
        cmocka_unit_test_setup(cells_are_no_formulas_and_stay_in_their_quotes, reset),
        cmocka_unit_test_setup(a_file_that_cannot_be_written_is_not_kept, reset),
        cmocka_unit_test_setup(a_report_without_an_end_is_not_kept, reset),
        cmocka_unit_test_setup(a_file_that_does_not_open_fails_the_report, reset),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    reset(NULL);
    return failed;
}
