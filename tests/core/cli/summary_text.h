/*
 * summary_text -- the summary of a small run as text, for the tests of its parts.
 */
#ifndef TESTS_CLI_SUMMARY_TEXT_H
#define TESTS_CLI_SUMMARY_TEXT_H

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <stressor/stressor.h>

#include "cli/summary.h"
#include "stats/histogram.h"

#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)

static const struct summary_style plain = {.width = 0};

static stressor_resources resources = {.size = sizeof resources,
                                       .workers = 2,
                                       .cpu_user_ns = 1200 * MS,
                                       .cpu_system_ns = 30 * MS,
                                       .peak_bytes = 34100000};

static stressor_sequence_row main_sequence = {.size = sizeof main_sequence,
                                              .name = "main",
                                              .passes = 500,
                                              .sum_ns = 20 * S,
                                              .net_ns = 10 * S};
static const stressor_sequence_row *sequences[] = {&main_sequence};

/* Ten seconds of 1,234 activities without an error. */
static inline stressor_snapshot quiet_run(void)
{
    return (stressor_snapshot){
        .size = sizeof(stressor_snapshot),
        .stage = STRESSOR_STAGE_DONE,
        .name = "quickstart",
        .base_url = "http://127.0.0.1:8080",
        .started_wall_ns = INT64_C(1700000000) * S,
        .ended_wall_ns = INT64_C(1700000010) * S,
        .elapsed_ns = 10 * S,
        .net_ns = 9870 * MS,
        .activities = 1234,
        .activities_all = 1234,
        .sessions_planned = 10,
        .sessions_started = 10,
        .sessions_done = 10,
        .passes = 500,
        .sequences = sequences,
        .sequences_count = 1,
        .resources = &resources,
    };
}

static inline stressor_row make_row(const char *name, uint32_t phase, uint64_t count,
                                    int64_t least_ns)
{
    stressor_row row = {
        .size = sizeof row, .phase = phase, .name = name, .type = "T", .count = count};
    struct stressor_histogram *h = histogram_new();
    assert_non_null(h);
    for (uint64_t i = 0; i < count; i++) {
        int64_t ns = least_ns * (int64_t)(i + 1);
        assert_true(histogram_record(h, ns));
        row.sum_ns += ns;
        row.max_ns = ns;
    }
    row.min_ns = count > 0 ? least_ns : 0;
    row.total = h;
    return row;
}

static inline void free_rows(stressor_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        histogram_free((struct stressor_histogram *)(uintptr_t)rows[i].total);
}

/* The result is to be freed. */
/* gcc 12, when it has this inline, takes what open_memstream makes for a local. */
__attribute__((noinline)) static char *render(const stressor_snapshot *s,
                                              const struct summary_style *style)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_true(summary_write(out, s, style));
    fclose(out);
    return text;
}

static inline void check(const stressor_snapshot *s, const struct summary_style *style,
                         const char *expected)
{
    char *text = render(s, style);
    assert_string_equal(text, expected);
    free(text);
}

static inline void check_contains(const stressor_snapshot *s, const char *part)
{
    char *text = render(s, &plain);
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, text);
    free(text);
}

/* The setup of a group: where local time is an hour ahead. */
static inline int summary_setup(void **state)
{
    (void)state;
    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("TZ", "XXX-1", 1);
    tzset();
    return 0;
}

#endif
