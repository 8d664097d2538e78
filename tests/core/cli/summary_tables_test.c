/*
 * The tables of activities, resources and metrics.
 */
#include "summary_text.h"

static void each_activity_has_a_row_and_monitored_ones_come_first(void **state)
{
    (void)state;
    stressor_row rows[] = {
        make_row("login", STRESSOR_PHASE_INIT, 10, 100000),
        make_row("page", STRESSOR_PHASE_MAIN, 1000, 10000),
        make_row("never", STRESSOR_PHASE_MAIN, 0, 0),
        make_row("logout", STRESSOR_PHASE_END, 1, 2 * S),
    };
    const stressor_row *list[] = {&rows[0], &rows[1], &rows[2], &rows[3]};
    stressor_snapshot s = quiet_run();
    rows[1].flags = STRESSOR_ROW_MONITORED;
    rows[1].errors = 3;
    s.rows = list;
    s.rows_count = 4;
    check_contains(&s,
                   "\n"
                   "      Activity  Phase  Count  Errors  Per s      Min     Mean      p50      p90"
                   "      p95      p99    p99.9      Max\n"
                   "  *!  page             1,000       3    100  10.0 µs  5.01 ms  5.00 ms  9.00 ms"
                   "  9.50 ms  9.90 ms  9.99 ms  10.0 ms\n"
                   "\n"
                   "      login     init      10       0          100 µs   550 µs   500 µs   900 µs"
                   "  1.00 ms  1.00 ms  1.00 ms  1.00 ms\n"
                   "      logout    end        1       0         2.00 s   2.00 s   2.00 s   2.00 s "
                   "  2.00 s   2.00 s   2.00 s   2.00 s\n"
                   "\n"
                   "  * monitored   ! most errors\n"
                   "  1 activity was never executed\n"
                   "\n");
    free_rows(rows, 4);
}

static void types_that_no_script_called_are_not_said_to_be_idle(void **state)
{
    (void)state;
    stressor_row rows[] = {make_row("GetRequest", STRESSOR_PHASE_MAIN, 0, 0),
                           make_row("Sleep", STRESSOR_PHASE_MAIN, 0, 0),
                           make_row("page", STRESSOR_PHASE_MAIN, 0, 0)};
    rows[0].flags = STRESSOR_ROW_CALLED;
    rows[1].flags = STRESSOR_ROW_CALLED | STRESSOR_ROW_IGNORE_TIMING;
    const stressor_row *list[] = {&rows[0], &rows[1], &rows[2]};
    stressor_snapshot s = quiet_run();
    s.rows = list;
    s.rows_count = 3;
    check_contains(&s, "\n\n  1 activity was never executed\n");
    s.rows_count = 2;
    char *text = render(&s, &plain);
    assert_null(strstr(text, "never executed"));
    assert_null(strstr(text, "Activity"));
    free(text);
    free_rows(rows, 3);
}

static void long_names_are_cut_in_the_middle(void **state)
{
    (void)state;
    char name[101];
    memset(name, 'x', 100);
    name[0] = 'a';
    name[99] = 'z';
    name[100] = '\0';
    stressor_row row = make_row(name, STRESSOR_PHASE_MAIN, 1, MS);
    const stressor_row *list[] = {&row};
    stressor_snapshot s = quiet_run();
    s.rows = list;
    s.rows_count = 1;
    char *text = render(&s, &plain);
    assert_non_null(
        strstr(text, "  axxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxxxxxxz  "));
    free(text);
    free_rows(&row, 1);
}

static char *row_line(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    assert_non_null(at);
    const char *from = at;
    while (from > text && from[-1] != '\n')
        from--;
    return strndup(from, strcspn(from, "\n"));
}

static void check_row(const char *text, const char *name, const char *expected)
{
    char *line = row_line(text, name);
    assert_string_equal(line, expected);
    free(line);
}

static void what_counts_stands_first_and_the_worst_are_marked(void **state)
{
    (void)state;
    stressor_row rows[] = {
        make_row("warm", STRESSOR_PHASE_WARMUP, 10, S),
        make_row("fast", STRESSOR_PHASE_MAIN, 100, MS),
        make_row("slow", STRESSOR_PHASE_MAIN, 10, 20 * MS),
        make_row("pause", STRESSOR_PHASE_MAIN, 10, S),
        make_row("inner", STRESSOR_PHASE_MAIN, 10, S),
        make_row("unused", STRESSOR_PHASE_MAIN, 0, 0),
        make_row("warm", STRESSOR_PHASE_MAIN, 0, 0), /* executed in the warm-up only */
    };
    const stressor_row *list[] = {&rows[0], &rows[1], &rows[2], &rows[3],
                                  &rows[4], &rows[5], &rows[6]};
    stressor_snapshot s = quiet_run();
    const struct summary_style narrow = {.width = 80};
    rows[0].errors = 2;
    s.errors = 9;
    rows[1].errors = 4;
    rows[2].errors = 3;
    rows[3].flags = STRESSOR_ROW_IGNORE_TIMING;
    rows[4].flags = STRESSOR_ROW_CALLED;
    rows[4].errors = 3;
    rows[5].flags = STRESSOR_ROW_CALLED;
    s.warmup_ns = 2 * S;
    s.measured_ns = 8 * S;
    s.rows = list;
    s.rows_count = 7;
    s.activities = 110;
    s.activities_all = 140;
    char *text = render(&s, &narrow);
    check_row(text, "Activity",
              "     Activity  Phase    Count  Errors  Per s      p50      p95      p99      Max");
    check_row(text, "fast",
              "  !  fast                 100       4  12.50  50.0 ms  95.0 ms  99.0 ms   100 ms");
    check_row(text, "slow",
              "  ~  slow                  10       3   1.25   100 ms   200 ms   200 ms   200 ms");
    check_row(text, "pause",
              "     pause                 10       0   1.25  5.00 s   10.0 s   10.0 s   10.0 s");
    check_row(text, "warm ",
              "     warm      warm-up     10       2   5.00  5.00 s   10.0 s   10.0 s   10.0 s");
    assert_true(strstr(text, "inner") < strstr(text, "warm "));
    assert_non_null(strstr(text, "\n  ! most errors   ~ slowest by p95\n"));
    assert_null(strstr(text, "never executed"));
    assert_non_null(strstr(text, "  run time           10.0 s, 8.00 s without the warm-up\n"));
    assert_non_null(strstr(
        text, "  activities         110, 13.8/s; 140 with untimed ones, warm-up and calls of"));
    assert_non_null(
        strstr(text, "  errors             9 (2 in the warm-up); 3 calls of scripts failed\n"));
    assert_non_null(strstr(text, ": 9 errors (2 in the warm-up) in 130 activities\n"));
    free(text);
    free_rows(rows, 7);
}

static void rows_of_one_name_and_phase_are_told_apart(void **state)
{
    (void)state;
    stressor_row rows[] = {
        make_row("ok", STRESSOR_PHASE_MAIN, 3, S),    make_row("ok", STRESSOR_PHASE_MAIN, 7, MS),
        make_row("pause", STRESSOR_PHASE_MAIN, 1, S), make_row("ok", STRESSOR_PHASE_INIT, 1, S),
        make_row("nap", STRESSOR_PHASE_INIT, 1, S),   make_row("nap", STRESSOR_PHASE_INIT, 2, S),
        make_row("T", STRESSOR_PHASE_MAIN, 1, S),     make_row("T", STRESSOR_PHASE_MAIN, 2, S),
        make_row("T", STRESSOR_PHASE_MAIN, 4, S),     make_row("gone", STRESSOR_PHASE_MAIN, 0, S),
        make_row("gone", STRESSOR_PHASE_MAIN, 5, S),
    };
    enum { COUNT = sizeof rows / sizeof *rows };
    const stressor_row *list[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        list[i] = &rows[i];
    rows[0].flags = rows[2].flags = rows[3].flags = rows[4].flags = STRESSOR_ROW_IGNORE_TIMING;
    rows[10].flags = STRESSOR_ROW_IGNORE_TIMING;
    rows[7].flags = STRESSOR_ROW_CALLED;
    rows[8].flags = STRESSOR_ROW_CALLED | STRESSOR_ROW_IGNORE_TIMING;
    stressor_snapshot s = quiet_run();
    s.rows = list;
    s.rows_count = COUNT;
    char *text = render(&s, &plain);
    static const char *const begins[] = {
        "     ok        untimed              3 ", "     ok                             7 ",
        "     pause                          1 ", "     ok        init                 1 ",
        "     nap       init, untimed        1 ", "     nap       init                 2 ",
        "  ~  T                              1 ", "     T         called               2 ",
        "     T         called, untimed      4 ", "     gone                           5 "};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (strstr(text, begins[i]) == NULL)
            fail_msg("no line begins like \"%s\" in:\n%s", begins[i], text);
    }
    free(text);
    free_rows(rows, COUNT);
}

static void the_worst_have_colours_too(void **state)
{
    (void)state;
    stressor_row rows[] = {make_row("fast", STRESSOR_PHASE_MAIN, 1, MS),
                           make_row("slow", STRESSOR_PHASE_MAIN, 1, S)};
    const stressor_row *list[] = {&rows[0], &rows[1]};
    stressor_snapshot s = quiet_run();
    const struct summary_style coloured = {.width = 60, .colour = true};
    rows[0].errors = 1;
    s.rows = list;
    s.rows_count = 2;
    char *text = render(&s, &coloured);
    check_row(text, "fast ",
              "  \033[1;31m!\033[0m  fast          1       \033[1;31m1\033[0m  1.00 ms  1.00 ms  "
              "1.00 ms");
    check_row(
        text, "slow ",
        "  \033[1;33m~\033[0m  slow          1       0  1.00 s   \033[1;33m1.00 s\033[0m   1.00 s");
    free(text);
    free_rows(rows, 2);
}

static void resources_of_the_run_the_machine_and_watched_processes_are_told(void **state)
{
    (void)state;
    const stressor_process_row processes[] = {
        {.size = sizeof *processes,
         .name = "stressor",
         .cpu_max = 0.98,
         .memory_max_bytes = 38400000,
         .descriptors = 12},
        {.size = sizeof *processes,
         .name = "nginx",
         .cpu_max = 1.5,
         .memory_max_bytes = 5000000,
         .descriptors = 1234,
         .read_bytes = 1000,
         .written_bytes = 2000000},
        {.size = sizeof *processes, .name = "none", .reason = "no process is called 'none'"},
    };
    const stressor_process_row *list[] = {&processes[0], &processes[1], &processes[2]};
    const stressor_process_point own = {.size = sizeof own, .cpu = 0.5, .descriptors = 40};
    const stressor_process_point *points_of[] = {&own};
    const stressor_point points[] = {
        {.size = sizeof *points,
         .to_ns = S,
         .machine_cpu = 1,
         .processes = points_of,
         .processes_count = 1},
        {.size = sizeof *points,
         .from_ns = S,
         .to_ns = 4 * S,
         .machine_cpu = 2,
         .processes = points_of,
         .processes_count = 1},
    };
    const stressor_point *series[] = {&points[0], &points[1]};
    const stressor_machine machine = {.size = sizeof machine,
                                      .cpus = 2,
                                      .cpu_max = 2,
                                      .memory_bytes = 8000000000,
                                      .memory_available_bytes = 5000000000,
                                      .received_bytes = 10000000,
                                      .sent_bytes = 500};
    stressor_snapshot s = quiet_run();
    s.processes = list;
    s.processes_count = 3;
    s.points = series;
    s.points_count = 2;
    s.machine = &machine;
    check_contains(
        &s, "\n"
            "  Resources          CPU  CPU most  Memory most  Descriptors     Read  Written  "
            "Received   Sent\n"
            "  stressor          50 %      98 %      38.4 MB           40     0 B      0 B\n"
            "  nginx              0 %     150 %      5.00 MB        1,234  1.00 kB  2.00 MB\n"
            "  machine, 2 CPUs  175 %     200 %      3.00 GB                                  10.0 "
            "MB  500 B\n"
            "  none: no process is called 'none'\n"
            "\n");
    s.processes_count = 1;
    s.elapsed_ns = S / 2;
    char *text = render(&s, &plain);
    assert_null(strstr(text, "Resources"));
    free(text);
}

static void metrics_of_a_plugin_that_did_nothing_are_left_out(void **state)
{
    (void)state;
    stressor_metric_row metrics[] = {
        {.size = sizeof *metrics, .name = "http.requests", .unit = "1"},
        {.size = sizeof *metrics, .name = "dav.requests", .unit = "1"},
        {.size = sizeof *metrics, .name = "dav.locks", .unit = "1", .value = 1},
    };
    const stressor_metric_row *list[] = {&metrics[0], &metrics[1], &metrics[2]};
    stressor_snapshot s = quiet_run();
    s.metrics = list;
    s.metrics_count = 3;
    char *text = render(&s, &plain);
    assert_null(strstr(text, "http."));
    assert_non_null(
        strstr(text, "\n  Metric        Value\n  dav.requests      0\n  dav.locks         1\n"));
    s.metrics_count = 1;
    free(text);
    text = render(&s, &plain);
    assert_null(strstr(text, "Metric"));
    free(text);
}

static void metrics_of_plugins_have_a_table_of_their_own(void **state)
{
    (void)state;
    stressor_row row = make_row("h", STRESSOR_PHASE_MAIN, 100, MS);
    stressor_metric_row metrics[] = {
        {.size = sizeof *metrics, .name = "http.connections", .unit = "1", .value = 1234},
        {.size = sizeof *metrics, .name = "http.received", .unit = "By", .value = 5000000},
        {.size = sizeof *metrics, .name = "http.wait", .unit = "ns", .histogram = row.total},
    };
    const stressor_metric_row *list[] = {&metrics[0], &metrics[1], &metrics[2]};
    stressor_snapshot s = quiet_run();
    s.metrics = list;
    s.metrics_count = 3;
    check_contains(&s, "  Metric            Count     Value      p50      p99     Max\n"
                       "  http.connections         1,234\n"
                       "  http.received             5.00 MB\n"
                       "  http.wait           100            50.0 ms  99.0 ms  100 ms\n");
    free_rows(&row, 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_activity_has_a_row_and_monitored_ones_come_first),
        cmocka_unit_test(types_that_no_script_called_are_not_said_to_be_idle),
        cmocka_unit_test(long_names_are_cut_in_the_middle),
        cmocka_unit_test(what_counts_stands_first_and_the_worst_are_marked),
        cmocka_unit_test(rows_of_one_name_and_phase_are_told_apart),
        cmocka_unit_test(the_worst_have_colours_too),
        cmocka_unit_test(resources_of_the_run_the_machine_and_watched_processes_are_told),
        cmocka_unit_test(metrics_of_a_plugin_that_did_nothing_are_left_out),
        cmocka_unit_test(metrics_of_plugins_have_a_table_of_their_own),
    };
    return cmocka_run_group_tests(tests, summary_setup, NULL);
}
