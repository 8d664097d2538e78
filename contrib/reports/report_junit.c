/*
 * report_junit -- the results as tests, for the servers of continuous integration: the run itself,
 * each threshold, and each monitored activity.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <common/markup.h>
#include <common/words.h>

#include "reports.h"

#define GROUPS_MOST 10 /* error groups told of an activity */

/* One document; the first walk only counts. */
struct suite {
    struct out *out; /* NULL: count */
    const stressor_snapshot *s;
    uint64_t tests, failures, skipped;
};

enum outcome { PASSED, FAILED, SKIPPED };

static void put_case(struct suite *t, const char *class, const char *name, int64_t time_ns,
                     enum outcome outcome)
{
    t->tests++;
    t->failures += outcome == FAILED;
    t->skipped += outcome == SKIPPED;
    if (t->out == NULL)
        return;
    out_text(t->out, "    <testcase classname=\"");
    markup_text(t->out, t->s->name != NULL ? t->s->name : "stressor");
    out_char(t->out, '.');
    out_text(t->out, class);
    out_char(t->out, '"');
    markup_attribute(t->out, "name", name);
    out_text(t->out, " time=\"");
    out_decimal(t->out, time_ns, 9);
    out_text(t->out, outcome == PASSED ? "\"/>\n" : "\">\n");
}

/* The element that says why, open for more text. Only within a test case that did not pass. */
static void begin_why(struct suite *t, const char *element, const char *type, const char *message)
{
    out_text(t->out, "      <");
    out_text(t->out, element);
    if (type != NULL)
        markup_attribute(t->out, "type", type);
    markup_attribute(t->out, "message", message);
    out_char(t->out, '>');
}

static void end_why(struct suite *t, const char *element)
{
    out_text(t->out, "</");
    out_text(t->out, element);
    out_text(t->out, ">\n    </testcase>\n");
}

/* Why the figures are not to be trusted, a line each. */
static void put_reasons(struct suite *t)
{
    const stressor_trust *trust = t->s->trust;
    for (uint32_t i = 0; trust != NULL && i < trust->reasons_count; i++) {
        out_char(t->out, '\n');
        markup_text(t->out, trust->reasons[i]);
    }
    if (trust != NULL && trust->reasons_count > 0)
        out_char(t->out, '\n');
}

static void put_run(struct suite *t)
{
    const stressor_snapshot *s = t->s;
    bool pending = s->verdict == STRESSOR_VERDICT_NONE;
    bool passed = s->verdict == STRESSOR_VERDICT_PASSED;
    const char *element = pending ? "skipped" : "failure";
    put_case(t, "run", "run", s->elapsed_ns, pending ? SKIPPED : passed ? PASSED : FAILED);
    if (t->out == NULL || passed)
        return;
    char text[128];
    if (pending)
        snprintf(text, sizeof text, "the run has not ended");
    else if (s->verdict == STRESSOR_VERDICT_STOPPED)
        snprintf(text, sizeof text, "stopped by the user");
    else if (s->verdict == STRESSOR_VERDICT_THRESHOLD)
        snprintf(text, sizeof text, "a threshold failed");
    else if (s->verdict == STRESSOR_VERDICT_UNTRUSTED)
        snprintf(text, sizeof text, "the figures are not to be trusted");
    else
        snprintf(text, sizeof text, "%" PRIu64 " %s", s->errors,
                 s->errors == 1 ? "error" : "errors");
    begin_why(t, element, pending ? NULL : word_verdict(s->verdict), text);
    if (s->verdict == STRESSOR_VERDICT_UNTRUSTED)
        put_reasons(t);
    end_why(t, element);
}

static void put_threshold(struct suite *t, const stressor_threshold_row *row)
{
    enum outcome outcome = row->state == STRESSOR_THRESHOLD_PASSED   ? PASSED
                           : row->state == STRESSOR_THRESHOLD_FAILED ? FAILED
                                                                     : SKIPPED;
    put_case(t, "thresholds", row->text, 0, outcome);
    if (t->out == NULL || outcome == PASSED)
        return;
    const char *element = outcome == FAILED ? "failure" : "skipped";
    begin_why(t, element, outcome == FAILED ? "threshold" : NULL,
              row->actual != NULL ? row->actual : "no sample");
    markup_text(t->out, row->text);
    out_text(t->out, ": ");
    markup_text(t->out, row->actual != NULL ? row->actual : "no sample");
    out_text(t->out, ", samples: ");
    out_count(t->out, row->samples);
    if (row->failed_ns > 0) {
        out_text(t->out, ", failed after ");
        out_decimal(t->out, row->failed_ns / 1000000, 3);
        out_text(t->out, " s");
    }
    end_why(t, element);
}

static void put_error_groups(struct suite *t, const stressor_row *row)
{
    unsigned told = 0;
    for (uint32_t i = 0; i < t->s->error_groups_count && told < GROUPS_MOST; i++) {
        const stressor_error_group *g = t->s->error_groups[i];
        if (g->row == NULL || row->name == NULL || g->phase != row->phase ||
            strcmp(g->row, row->name) != 0)
            continue;
        told++;
        out_char(t->out, '\n');
        out_count(t->out, g->count);
        out_text(t->out, " × ");
        out_text(t->out, word_category(g->category));
        out_char(t->out, ' ');
        markup_text(t->out, g->kind);
        out_text(t->out, ": ");
        markup_text(t->out, g->example);
    }
    if (told > 0)
        out_char(t->out, '\n');
}

static void put_activity(struct suite *t, const stressor_row *row)
{
    enum outcome outcome = row->count == 0 ? SKIPPED : row->errors > 0 ? FAILED : PASSED;
    int64_t mean_ns = row->count > 0 ? row->sum_ns / (int64_t)row->count : 0;
    char class[32];
    char text[64];
    snprintf(class, sizeof class, "activities%s%s", row->phase == STRESSOR_PHASE_MAIN ? "" : ".",
             row->phase == STRESSOR_PHASE_MAIN ? "" : word_phase(row->phase));
    put_case(t, class, row->name, mean_ns, outcome);
    if (t->out == NULL || outcome == PASSED)
        return;
    if (outcome == SKIPPED) {
        begin_why(t, "skipped", NULL, "never executed");
        end_why(t, "skipped");
        return;
    }
    snprintf(text, sizeof text, "%" PRIu64 " of %" PRIu64 " failed", row->errors, row->count);
    begin_why(t, "failure", "errors", text);
    put_error_groups(t, row);
    end_why(t, "failure");
}

static void put_cases(struct suite *t)
{
    put_run(t);
    for (uint32_t i = 0; i < t->s->thresholds_count; i++)
        put_threshold(t, t->s->thresholds[i]);
    for (uint32_t i = 0; i < t->s->rows_count; i++) {
        const stressor_row *row = t->s->rows[i];
        if ((row->flags & STRESSOR_ROW_MONITORED) != 0 && row->phase != STRESSOR_PHASE_WARMUP)
            put_activity(t, row);
    }
}

static void put_property(struct out *o, const char *name, const char *value)
{
    if (value == NULL)
        return;
    out_text(o, "      <property");
    markup_attribute(o, "name", name);
    markup_attribute(o, "value", value);
    out_text(o, "/>\n");
}

static void put_properties(struct out *o, const stressor_snapshot *s)
{
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, s->seed);
    out_text(o, "    <properties>\n");
    put_property(o, "stressor", s->version);
    put_property(o, "tag", s->tag);
    put_property(o, "details", s->details);
    put_property(o, "base_url", s->base_url);
    put_property(o, "seed", seed);
    if (s->trust != NULL)
        put_property(o, "trust", word_trust(s->trust->verdict));
    out_text(o, "    </properties>\n");
}

static void put_number(struct out *o, const char *name, uint64_t n)
{
    out_char(o, ' ');
    out_text(o, name);
    out_text(o, "=\"");
    out_count(o, n);
    out_char(o, '"');
}

static int32_t render(void *plugin, const stressor_snapshot *s, stressor_sink sink, void *data)
{
    struct out out;
    struct suite t = {.s = s};
    char when[WHEN_SIZE];
    (void)plugin;
    put_cases(&t);
    out_begin(&out, sink, data);
    out_text(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite");
    markup_attribute(&out, "name", s->name != NULL ? s->name : "stressor");
    out_text(&out, " package=\"stressor\" id=\"0\" hostname=\"localhost\"");
    when_utc(s->started_wall_ns, when);
    when[strcspn(when, ".")] = '\0'; /* readers take neither fractions nor zones */
    markup_attribute(&out, "timestamp", when);
    put_number(&out, "tests", t.tests);
    put_number(&out, "failures", t.failures);
    put_number(&out, "errors", 0);
    put_number(&out, "skipped", t.skipped);
    out_text(&out, " time=\"");
    out_decimal(&out, s->elapsed_ns, 9);
    out_text(&out, "\">\n");
    put_properties(&out, s);
    t = (struct suite){.out = &out, .s = s};
    put_cases(&t);
    out_text(&out, "    <system-out/>\n    <system-err/>\n  </testsuite>\n</testsuites>\n");
    return out_finish(&out);
}

const stressor_reporter_type report_junit = {
    .size = sizeof report_junit,
    .kind = "junit",
    .help = "Thresholds and monitored activities as tests, for continuous integration",
    .path_help = "FILE",
    .extension = "xml",
    .render = render,
};
