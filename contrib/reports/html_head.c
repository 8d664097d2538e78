#include "html_head.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <common/words.h>

enum { THRESHOLDS_MOST = 200, THRESHOLDS_BYTES = 50000, SENTENCES_MOST = 10 };

/* --- verdict ------------------------------------------------------------------------------- */

static void put_counted(struct html *h, uint64_t n, const char *one, const char *many)
{
    char figure[FIGURE_SIZE];
    figure_count(n, figure);
    html_put(h, figure);
    html_put(h, " ");
    html_put(h, n == 1 ? one : many);
}

static uint64_t warmup_errors(const stressor_snapshot *s)
{
    uint64_t errors = 0;
    for (uint32_t i = 0; i < s->rows_count; i++)
        if (s->rows[i]->phase == STRESSOR_PHASE_WARMUP)
            errors += s->rows[i]->errors;
    return errors;
}

/* "3,758 errors (816 in the warm-up)" */
static void put_errors(struct html *h)
{
    char figure[FIGURE_SIZE];
    uint64_t warmup = warmup_errors(h->s);
    put_counted(h, h->s->errors, "error", "errors");
    if (warmup == 0)
        return;
    figure_count(warmup, figure);
    html_put(h, " (");
    html_put(h, figure);
    html_put(h, " in the warm-up)");
}

static bool untrusted(const stressor_snapshot *s)
{
    return s->trust != NULL && s->trust->verdict == STRESSOR_UNTRUSTED;
}

static uint32_t thresholds_in(const stressor_snapshot *s, uint32_t state)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->thresholds_count; i++)
        n += s->thresholds[i]->state == state;
    return n;
}

static void put_headline(struct html *h)
{
    const stressor_snapshot *s = h->s;
    switch (s->verdict) {
    case STRESSOR_VERDICT_PASSED:
        html_put(h, untrusted(s) ? "Passed, but not to be trusted" : "Passed");
        break;
    case STRESSOR_VERDICT_STOPPED: html_put(h, "Stopped by the user"); break;
    case STRESSOR_VERDICT_THRESHOLD:
        html_put(h, "Failed: ");
        out_count(&h->out, thresholds_in(s, STRESSOR_THRESHOLD_FAILED));
        html_put(h, " of ");
        put_counted(h, s->thresholds_count, "threshold", "thresholds");
        break;
    case STRESSOR_VERDICT_ERRORS:
        html_put(h, "Failed: ");
        put_errors(h);
        break;
    case STRESSOR_VERDICT_UNTRUSTED: html_put(h, "Failed: not to be trusted"); break;
    default: html_put(h, "Not finished: "); html_put(h, word_stage(s->stage));
    }
}

/* Why it ended, unless it went to its end. */
static void put_end(struct html *h)
{
    const char *reason = h->s->stop_reason;
    if (reason == NULL)
        return;
    if (strcmp(reason, "threshold") == 0) {
        html_put(h, " A failed threshold ended it early.");
    } else if (strcmp(reason, "stopped") == 0) {
        html_put(h, " The user ended it early.");
    } else {
        html_put(h, " The limit ");
        html_text(h, reason, HTML_NAME_MOST);
        html_put(h, " ended it early.");
    }
}

static void put_sentences(struct html *h, const char *const *texts, uint32_t count)
{
    if (count == 0)
        return;
    html_put(h, "<ul>");
    for (uint32_t i = 0; i < count && i < SENTENCES_MOST; i++) {
        html_put(h, "<li>");
        html_text(h, texts[i], HTML_TEXT_MOST);
        html_put(h, "</li>");
    }
    html_put(h, "</ul>");
}

static void put_trust(struct html *h, const stressor_trust *t)
{
    char late[FIGURE_SIZE], limit[FIGURE_SIZE];
    if (t == NULL)
        return;
    figure_time(t->lateness_p99_ns, late);
    figure_time(t->lateness_limit_ns, limit);
    if (t->verdict == STRESSOR_UNTRUSTED) {
        html_put(h, "<div class=\"trust bad\" id=\"trust\"><strong>Do not trust these figures:"
                    "</strong> they tell of the load generator, not of the target.");
    } else if (t->verdict == STRESSOR_TRUSTED) {
        html_put(h, "<div class=\"trust\" id=\"trust\"><strong>The figures can be trusted:"
                    "</strong> the load generator was late by ");
        html_put(h, late);
        html_put(h, " at most in 99 % of its steps; ");
        html_put(h, limit);
        html_put(h, " would be too much.");
    } else {
        html_put(h, "<div class=\"trust\" id=\"trust\">Too little has happened to say whether the "
                    "figures can be trusted.");
    }
    put_sentences(h, t->reasons, t->reasons_count);
    if (t->notes_count > 0)
        html_put(h, "<p>For information:</p>");
    put_sentences(h, t->notes, t->notes_count);
    html_put(h, "</div>\n");
}

void html_verdict(struct html *h)
{
    const stressor_snapshot *s = h->s;
    char span[FIGURE_SIZE];
    bool passed = s->verdict == STRESSOR_VERDICT_PASSED && !untrusted(s);
    bool failed = s->verdict == STRESSOR_VERDICT_THRESHOLD ||
                  s->verdict == STRESSOR_VERDICT_ERRORS || s->verdict == STRESSOR_VERDICT_UNTRUSTED;
    figure_span(s->elapsed_ns, span);
    html_put(h, "<div class=\"verdict ");
    html_put(h, passed ? "good" : failed ? "bad" : "open");
    html_put(h, "\" id=\"verdict\">\n<p class=\"headline\"><span aria-hidden=\"true\">");
    html_put(h, passed ? "✓" : failed ? "✕" : "■");
    html_put(h, "</span> ");
    put_headline(h);
    html_put(h, "</p>\n<p>");
    put_counted(h, s->activities, "activity", "activities");
    html_put(h, " and ");
    put_errors(h);
    html_put(h, " in ");
    html_put(h, span);
    html_put(h, ".");
    put_end(h);
    if (s->dry_run != 0)
        html_put(h, " A dry run: nothing was sent.");
    html_put(h, "</p>\n</div>\n");
    put_trust(h, s->trust);
}

/* --- key figures --------------------------------------------------------------------------- */

static void begin_tile(struct html *h, const char *id, const char *name)
{
    html_put(h, "<div><dt>");
    html_put(h, name);
    html_put(h, "</dt><dd id=\"");
    html_put(h, id);
    html_put(h, "\">");
}

static void put_percentile_tiles(struct html *h)
{
    static const struct {
        const char *id, *name;
        double percent;
    } tiles[] = {{"key-p50", "p50", 50}, {"key-p95", "p95", 95}, {"key-p99", "p99", 99}};
    for (size_t i = 0; i < sizeof tiles / sizeof *tiles; i++) {
        begin_tile(h, tiles[i].id, tiles[i].name);
        if (h->s->net == NULL || h->api->count(h->s->net) == 0)
            html_put(h, "–");
        else
            html_time(h, h->api->percentile(h->s->net, tiles[i].percent));
        html_put(h, "</dd></div>\n");
    }
}

/* Both take in the warm-up, unlike the count of activities. */
static void put_errors_share(struct html *h)
{
    const stressor_snapshot *s = h->s;
    char figure[FIGURE_SIZE];
    uint64_t warmup = warmup_errors(s);
    html_put(h, " <small>");
    if (s->activities_all > 0) {
        figure_part(s->errors, s->activities_all, figure);
        html_text(h, figure, FIGURE_SIZE);
        html_put(h, " of all executions");
    }
    if (warmup > 0) {
        figure_count(warmup, figure);
        html_put(h, s->activities_all > 0 ? "; " : "");
        html_put(h, figure);
        html_put(h, " in the warm-up");
    }
    html_put(h, "</small>");
}

void html_key_figures(struct html *h)
{
    const stressor_snapshot *s = h->s;
    html_put(h,
             "<section aria-labelledby=\"key-title\">\n<h2 id=\"key-title\" class=\"unseen\">Key "
             "figures</h2>\n<dl class=\"tiles\">\n");
    begin_tile(h, "key-activities", "Activities");
    html_count(h, s->activities);
    html_put(h, "</dd></div>\n");
    begin_tile(h, "key-rate", "Each second");
    html_rate(h, net_per_second(s));
    html_put(h, "</dd></div>\n<div");
    html_put(h, s->errors > 0 ? " class=\"bad\"" : "");
    html_put(h, "><dt>Errors</dt><dd id=\"key-errors\">");
    html_count(h, s->errors);
    if (s->errors > 0)
        put_errors_share(h);
    html_put(h, "</dd></div>\n");
    put_percentile_tiles(h);
    html_put(h, "</dl>\n</section>\n");
}

/* --- the run ------------------------------------------------------------------------------- */

static void put_span(struct html *h, const char *name, int64_t ns)
{
    char span[FIGURE_SIZE];
    if (ns <= 0)
        return;
    figure_span(ns, span);
    html_fact(h, name, span);
}

static void put_when(struct html *h, const char *name, int64_t wall_ns)
{
    if (wall_ns == 0)
        return;
    html_fact_begin(h, name);
    html_when(h, wall_ns);
    html_fact_end(h);
}

static void put_sessions(struct html *h)
{
    const stressor_snapshot *s = h->s;
    if (s->sessions_planned == 0)
        return;
    html_fact_begin(h, "Sessions");
    html_count(h, s->sessions_planned);
    if (s->sessions_done < s->sessions_planned) {
        html_put(h, " planned, ");
        html_count(h, s->sessions_started);
        html_put(h, " started, ");
        html_count(h, s->sessions_done);
        html_put(h, " done");
    }
    html_fact_end(h);
}

static void put_stopped(struct html *h, const char *name, uint64_t n)
{
    if (n == 0)
        return;
    html_fact_begin(h, name);
    html_count(h, n);
    html_put(h, " activities");
    html_fact_end(h);
}

void html_run(struct html *h)
{
    const stressor_snapshot *s = h->s;
    char seed[FIGURE_SIZE];
    html_section(h, "run", "Run");
    html_put(h, "<dl class=\"facts\">"); /* nothing in it when nothing is known */
    html_fact(h, "Tag", s->tag);
    html_fact(h, "Details", s->details);
    html_fact(h, "Base URL", s->base_url);
    put_when(h, "Started", s->started_wall_ns);
    put_when(h, "Ended", s->ended_wall_ns);
    put_span(h, "Duration", s->elapsed_ns);
    put_span(h, "All sessions started after", s->starting_ns);
    if (s->warmup_ns > 0) {
        put_span(h, "Warm-up", s->warmup_ns);
        put_span(h, "Measured", s->measured_ns);
    }
    put_sessions(h);
    put_stopped(h, "Cancelled by the stop", s->cancelled);
    put_stopped(h, "Did not answer the stop", s->abandoned);
    if (s->seed != 0) {
        snprintf(seed, sizeof seed, "%" PRIu64, s->seed);
        html_fact(h, "Seed", seed);
    }
    html_put(h, "</dl>\n");
    html_section_end(h);
}

/* --- thresholds ---------------------------------------------------------------------------- */

static void put_threshold(struct html *h, const stressor_threshold_row *t)
{
    bool failed = t->state == STRESSOR_THRESHOLD_FAILED;
    html_row_begin(h, failed ? "bad" : NULL);
    html_put(h, failed                                  ? "<span class=\"mark\">✕ failed</span>"
                : t->state == STRESSOR_THRESHOLD_PASSED ? "<span class=\"mark\">✓ passed</span>"
                                                        : "<span class=\"mark\">… pending</span>");
    html_row_head_end(h);
    html_put(h, "<td><code>");
    html_text(h, t->text, HTML_TEXT_MOST);
    html_put(h, "</code></td><td>");
    html_text(h, t->actual != NULL ? t->actual : "no sample", HTML_NAME_MOST);
    if (t->failed_ns > 0) {
        char when[FIGURE_SIZE];
        figure_span(t->failed_ns, when);
        html_put(h, "; failed after ");
        html_put(h, when);
    }
    html_put(h, t->aborted != 0 ? "; stopped the run</td>" : "</td>");
    html_cell_count(h, t->samples);
    html_row_end(h);
}

void html_thresholds(struct html *h)
{
    static const struct html_column columns[] = {
        {"Result", false}, {"Threshold", false}, {"Value", false}, {"Samples", true}};
    const stressor_snapshot *s = h->s;
    struct html_room room;
    uint32_t shown = 0;
    if (s->thresholds_count == 0)
        return;
    html_section(h, "thresholds", "Thresholds");
    html_table(h, "thresholds-table", "Failed ones first; without the warm-up", columns, 4);
    room = html_room(h, THRESHOLDS_MOST, THRESHOLDS_BYTES);
    for (int failed = 1; failed >= 0; failed--)
        for (uint32_t i = 0; i < s->thresholds_count; i++)
            if ((s->thresholds[i]->state == STRESSOR_THRESHOLD_FAILED) == failed &&
                html_take(h, &room)) {
                put_threshold(h, s->thresholds[i]);
                shown++;
            }
    html_table_end(h);
    html_more(h, s->thresholds_count - shown, "threshold", "thresholds");
    html_section_end(h);
}
