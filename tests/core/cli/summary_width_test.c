/*
 * How wide the summary is: on no terminal of 40 columns or more wider than that.
 */
#include <wchar.h>

#include "cli/text.h"
#include "summary_text.h"

enum { ROWS = 8, GROUPS = 22, METRICS = 3, THRESHOLDS = 3 };

/* A run with all that a summary can tell. */
struct everything {
    stressor_row rows[ROWS];
    const stressor_row *row_list[ROWS];
    stressor_error_group groups[GROUPS];
    const stressor_error_group *group_list[GROUPS];
    stressor_metric_row metrics[METRICS];
    const stressor_metric_row *metric_list[METRICS];
    stressor_threshold_row thresholds[THRESHOLDS];
    const stressor_threshold_row *threshold_list[THRESHOLDS];
    stressor_snapshot snapshot;
};

static void add_rows(struct everything *e)
{
    static const struct {
        const char *name;
        uint32_t phase;
        uint32_t flags;
        int64_t least_ns;
    } rows[ROWS] = {
        {"checkout/payment/confirm", STRESSOR_PHASE_MAIN, STRESSOR_ROW_MONITORED, S},
        {"search", STRESSOR_PHASE_MAIN, STRESSOR_ROW_MONITORED, MS},
        {"search", STRESSOR_PHASE_MAIN, STRESSOR_ROW_IGNORE_TIMING, MS},
        {"検索結果 ページ 検索結果 ページ", STRESSOR_PHASE_MAIN, 0, 12345},
        {"checkout/payment/confirm", STRESSOR_PHASE_WARMUP, 0, MS},
        {"log in", STRESSOR_PHASE_INIT, 0, MS},
        {"log in", STRESSOR_PHASE_INIT, STRESSOR_ROW_CALLED | STRESSOR_ROW_IGNORE_TIMING, MS},
        {"never", STRESSOR_PHASE_END, 0, 0},
    };
    for (size_t i = 0; i < ROWS; i++) {
        e->rows[i] = make_row(rows[i].name, rows[i].phase, i + 1 < ROWS ? 50 : 0, rows[i].least_ns);
        e->rows[i].flags = rows[i].flags;
        e->row_list[i] = &e->rows[i];
    }
    e->rows[0].errors = 49;
    e->rows[1].count = 1234567;
    e->rows[4].errors = 7;
    e->snapshot.rows = e->row_list;
    e->snapshot.rows_count = ROWS;
}

static void add_errors(struct everything *e)
{
    static char kinds[GROUPS][16];
    for (size_t i = 0; i < GROUPS; i++) {
        snprintf(kinds[i], sizeof kinds[i], "status %zu", 400 + i);
        e->groups[i] = (stressor_error_group){.size = sizeof *e->groups,
                                              .category = STRESSOR_ASSERTION,
                                              .kind = kinds[i],
                                              .row = "checkout/payment/confirm",
                                              .example = "t03 main/2 (a.yaml:7:5): got another",
                                              .count = 100000 - i};
        e->group_list[i] = &e->groups[i];
    }
    e->groups[1].kind = "a kind that has a name of many words";
    e->groups[2].phase = STRESSOR_PHASE_WARMUP;
    e->snapshot.errors = 2199769;
    e->snapshot.error_groups = e->group_list;
    e->snapshot.error_groups_count = GROUPS;
    e->snapshot.error_groups_dropped = 1234567;
}

static void add_metrics(struct everything *e)
{
    e->metrics[0] = (stressor_metric_row){.size = sizeof *e->metrics,
                                          .name = "http.connections_reused",
                                          .unit = "1",
                                          .value = 12345678};
    e->metrics[1] = (stressor_metric_row){
        .size = sizeof *e->metrics, .name = "http.received", .unit = "By", .value = 5000000};
    e->metrics[2] = (stressor_metric_row){.size = sizeof *e->metrics,
                                          .name = "http.time_to_first_byte",
                                          .unit = "ns",
                                          .histogram = e->rows[0].total};
    for (size_t i = 0; i < METRICS; i++)
        e->metric_list[i] = &e->metrics[i];
    e->snapshot.metrics = e->metric_list;
    e->snapshot.metrics_count = METRICS;
}

static void add_thresholds(struct everything *e)
{
    e->thresholds[0] = (stressor_threshold_row){.size = sizeof *e->thresholds,
                                                .text = "p95 of search < 300ms for 10s",
                                                .actual = "312 ms",
                                                .state = STRESSOR_THRESHOLD_FAILED,
                                                .failed_ns = 75 * S,
                                                .aborted = 1};
    e->thresholds[1] = (stressor_threshold_row){.size = sizeof *e->thresholds,
                                                .text = "errors == 0%",
                                                .actual = "0 %",
                                                .state = STRESSOR_THRESHOLD_PASSED};
    e->thresholds[2] = (stressor_threshold_row){
        .size = sizeof *e->thresholds,
        .text = "max of an-activity-whose-name-is-longer-than-a-line < 1s",
        .actual = "no sample: the warm-up of 1m15s was longer than the run"};
    for (size_t i = 0; i < THRESHOLDS; i++)
        e->threshold_list[i] = &e->thresholds[i];
    e->snapshot.thresholds = e->threshold_list;
    e->snapshot.thresholds_count = THRESHOLDS;
}

static stressor_process_row processes[] = {
    {.size = sizeof *processes,
     .name = "stressor",
     .cpu_max = 0.98,
     .memory_max_bytes = 38400000,
     .descriptors = 12},
    {.size = sizeof *processes,
     .name = "a-process-of-a-long-name",
     .cpu_max = 1.5,
     .memory_max_bytes = 5000000},
    {.size = sizeof *processes, .name = "none", .reason = "no process is called 'none'"},
};
static const stressor_process_row *process_list[] = {&processes[0], &processes[1], &processes[2]};
static const stressor_machine machine = {.size = sizeof machine,
                                         .cpus = 128,
                                         .cpu_max = 100,
                                         .memory_bytes = 8000000000,
                                         .memory_available_bytes = 5000000000,
                                         .received_bytes = 10000000,
                                         .sent_bytes = 500};

static const char *const reasons[] = {"the lateness of its workers was 75 ms at p99, above 5 ms"};
static stressor_trust trust = {
    .size = sizeof trust, .verdict = STRESSOR_UNTRUSTED, .reasons = reasons, .reasons_count = 1};

static struct everything *all_of_it(void)
{
    struct everything *e = calloc(1, sizeof *e);
    assert_non_null(e);
    e->snapshot = quiet_run();
    e->snapshot.name = "the shop by night, with all of its customers";
    e->snapshot.base_url = "http://shop.example.com:8080/a/path/that/no/narrow/line/can/hold";
    e->snapshot.warmup_ns = 2 * S;
    e->snapshot.measured_ns = 8 * S;
    e->snapshot.activities_all = 1250000;
    e->snapshot.cancelled = 12345;
    e->snapshot.abandoned = 3;
    e->snapshot.processes = process_list;
    e->snapshot.processes_count = 3;
    e->snapshot.machine = &machine;
    e->snapshot.trust = &trust;
    e->snapshot.verdict = STRESSOR_VERDICT_ERRORS;
    add_rows(e);
    add_errors(e);
    add_metrics(e);
    add_thresholds(e);
    return e;
}

static void free_all(struct everything *e)
{
    free_rows(e->rows, ROWS);
    free(e);
}

static void check_width(const char *text, size_t width)
{
    while (*text != '\0') {
        char *line = strndup(text, strcspn(text, "\n"));
        assert_non_null(line);
        if (text_width(line) > width)
            fail_msg("wider than %zu columns: \"%s\"", width, line);
        text += strlen(line) + 1;
        free(line);
    }
}

static void no_line_is_wider_than_a_terminal_of_40_columns_or_more(void **state)
{
    (void)state;
    struct everything *e = all_of_it();
    for (size_t width = 40; width <= 200; width++) {
        const struct summary_style style = {.width = width};
        char *text = render(&e->snapshot, &style);
        check_width(text, width);
        free(text);
    }
    free_all(e);
}

static void check_part(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void on_40_columns_names_phases_counts_and_errors_are_left(void **state)
{
    (void)state;
    const struct summary_style narrow = {.width = 40};
    stressor_row rows[] = {
        make_row("checkout/payment/confirm", STRESSOR_PHASE_MAIN, 50, MS),
        make_row("checkout/payment/confirm", STRESSOR_PHASE_MAIN, 50, S),
        make_row("log in", STRESSOR_PHASE_INIT, 50, MS),
    };
    const stressor_row *list[] = {&rows[0], &rows[1], &rows[2]};
    stressor_snapshot s = quiet_run();
    rows[0].flags = STRESSOR_ROW_MONITORED;
    rows[0].errors = 49;
    rows[1].flags = STRESSOR_ROW_IGNORE_TIMING;
    s.rows = list;
    s.rows_count = 3;
    char *text = render(&s, &narrow);
    check_part(text, "\n"
                     "      Activity    Phase    Count  Errors\n"
                     "  *!  check…firm              50      49\n"
                     "      check…firm  untimed     50       0\n"
                     "\n"
                     "      log in      init        50       0\n");
    free(text);
    free_rows(rows, 3);
}

static void facts_are_broken_at_words_below_where_they_begin(void **state)
{
    (void)state;
    const struct summary_style narrow = {.width = 40};
    struct everything *e = all_of_it();
    char *text = render(&e->snapshot, &narrow);
    check_part(text, "  name               the shop by night,\n"
                     "                     with all of its\n"
                     "                     customers\n");
    check_part(text, "  base URL\n"
                     "      http://shop.example.com:8080/a/pa\n"
                     "      th/that/no/narrow/line/can/hold\n");
    free(text);
    free_all(e);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_is_wider_than_a_terminal_of_40_columns_or_more),
        cmocka_unit_test(on_40_columns_names_phases_counts_and_errors_are_left),
        cmocka_unit_test(facts_are_broken_at_words_below_where_they_begin),
    };
    return cmocka_run_group_tests(tests, summary_setup, NULL);
}
