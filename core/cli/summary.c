#include "cli/summary.h"

#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/summary_parts.h"
#include "cli/text.h"

#define NAMED_MAX 3

void summary_put(FILE *out, const struct summary_style *style, const char *colour, const char *text)
{
    if (style->colour)
        fprintf(out, "%s%s%s", colour, text, SUMMARY_PLAIN);
    else
        fputs(text, out);
}

/* Of a run that goes on: what would become of it. */
static uint32_t verdict(const stressor_snapshot *s)
{
    if (s->verdict != STRESSOR_VERDICT_NONE)
        return s->verdict;
    if (s->stop_reason != NULL && strcmp(s->stop_reason, "stopped") == 0)
        return STRESSOR_VERDICT_STOPPED;
    return s->errors > 0 ? STRESSOR_VERDICT_ERRORS : STRESSOR_VERDICT_PASSED;
}

/* " by a threshold (p95 < 300ms)" */
static void write_failed_thresholds(FILE *out, const stressor_snapshot *s)
{
    uint32_t failed = 0;
    for (uint32_t i = 0; i < s->thresholds_count; i++)
        failed += s->thresholds[i]->state == STRESSOR_THRESHOLD_FAILED;
    if (failed == 0)
        return;
    fprintf(out, failed == 1 ? " by a threshold" : " by %u thresholds", failed);
    uint32_t named = 0;
    for (uint32_t i = 0; i < s->thresholds_count && named < NAMED_MAX; i++) {
        const stressor_threshold_row *t = s->thresholds[i];
        if (t->state != STRESSOR_THRESHOLD_FAILED)
            continue;
        char *clean = text_clean(t->text, strlen(t->text), " ");
        fprintf(out, "%s%s", named++ == 0 ? " (" : "; ", clean != NULL ? clean : "?");
        free(clean);
    }
    if (failed > named)
        fprintf(out, "; and %u more", failed - named);
    fputc(')', out);
}

static void write_reason(FILE *out, const stressor_snapshot *s)
{
    if (s->stop_reason == NULL || verdict(s) == STRESSOR_VERDICT_STOPPED)
        return;
    if (strcmp(s->stop_reason, "threshold") == 0) {
        fputs(" (it stopped the run)", out);
        return;
    }
    char *reason = text_clean(s->stop_reason, strlen(s->stop_reason), " ");
    fprintf(out, " (%s was reached)", reason != NULL ? reason : "a limit");
    free(reason);
}

static bool is_untrusted(const stressor_snapshot *s)
{
    return s->trust != NULL && s->trust->verdict == STRESSOR_UNTRUSTED;
}

/* Has a run that went well an exit code that says otherwise? */
static bool is_spoilt(const stressor_snapshot *s, const struct summary_style *style)
{
    return style->reports_failed > 0 || (style->strict && is_untrusted(s));
}

/* ", but a report failed" */
static void write_spoilt(FILE *out, const stressor_snapshot *s, const struct summary_style *style)
{
    bool well = verdict(s) == STRESSOR_VERDICT_PASSED || verdict(s) == STRESSOR_VERDICT_UNTRUSTED;
    const char *but = well ? "but " : "";
    if (style->reports_failed == 1)
        fprintf(out, ", %sa report failed", but);
    else if (style->reports_failed > 1)
        fprintf(out, ", %s%zu reports failed", but, style->reports_failed);
    if (style->strict && is_untrusted(s))
        fprintf(out, ", %sthe figures are not to be trusted",
                style->reports_failed == 0 ? but : "and ");
}

/* What follows the word: "FAILED: 3 errors in 50 activities" without "FAILED". */
static void write_account(FILE *out, const stressor_snapshot *s, const struct summary_style *style)
{
    char activities[FIGURE_SIZE];
    char errors[FIGURE_SIZE];
    char warmup[SUMMARY_WARMUP_SIZE];
    uint64_t count = summary_executed(s);
    figure_counted(count, "activity", "activities", activities);
    figure_counted(s->errors, "error", "errors", errors);
    summary_warmup_errors(s, warmup);
    if (verdict(s) == STRESSOR_VERDICT_THRESHOLD)
        write_failed_thresholds(out, s);
    if (count == 0)
        fprintf(out, ": no activity was executed, %s", s->errors > 0 ? errors : "no errors");
    else if (s->errors > 0)
        fprintf(out, ": %s%s in %s", errors, warmup, activities);
    else
        fprintf(out, ": %s, no errors", activities);
    write_reason(out, s);
    if (s->warmup_ns > 0 && s->measured_ns == 0 && !s->dry_run)
        fputs(" (nothing was measured: the warm-up was longer than the run)", out);
    fputs(s->dry_run ? " (dry run: nothing was sent)" : "", out);
    write_spoilt(out, s, style);
}

static bool write_verdict(FILE *out, const stressor_snapshot *s, const struct summary_style *style)
{
    static const struct {
        const char *word;
        const char *colour;
    } verdicts[] = {
        [STRESSOR_VERDICT_PASSED] = {"PASSED", SUMMARY_GREEN},
        [STRESSOR_VERDICT_STOPPED] = {"STOPPED by the user", SUMMARY_YELLOW},
        [STRESSOR_VERDICT_THRESHOLD] = {"FAILED", SUMMARY_RED},
        [STRESSOR_VERDICT_ERRORS] = {"FAILED", SUMMARY_RED},
        [STRESSOR_VERDICT_UNTRUSTED] = {"FAILED", SUMMARY_RED},
    };
    char *account = NULL;
    size_t length = 0;
    uint32_t v = verdict(s);
    v = v < sizeof verdicts / sizeof *verdicts ? v : STRESSOR_VERDICT_ERRORS;
    if (v == STRESSOR_VERDICT_PASSED && is_spoilt(s, style))
        v = STRESSOR_VERDICT_ERRORS;
    FILE *text = open_memstream(&account, &length);
    if (text == NULL)
        return false;
    write_account(text, s, style);
    bool ok = fclose(text) == 0;
    if (ok) {
        summary_put(out, style, verdicts[v].colour, verdicts[v].word);
        text_wrap(out, account, strlen(verdicts[v].word), 2, style->width);
    }
    free(account);
    return ok;
}

static bool is_long(const stressor_snapshot *s, const struct summary_style *style)
{
    return !style->brief || s->errors > 0 || verdict(s) == STRESSOR_VERDICT_THRESHOLD ||
           is_untrusted(s);
}

bool summary_write(FILE *out, const stressor_snapshot *s, const struct summary_style *style)
{
    bool ok = write_verdict(out, s, style);
    if (!style->brief) {
        fputc('\n', out);
        ok = ok && summary_write_facts(out, s, style->width) && summary_write_rows(out, s, style) &&
             summary_write_metrics(out, s, style->width) && summary_write_resources(out, s, style);
    }
    ok = ok && summary_write_errors(out, s, style->width) &&
         summary_write_thresholds(out, s, style) && summary_write_trust(out, s, style);
    if (is_long(s, style)) {
        fputc('\n', out);
        ok = ok && write_verdict(out, s, style);
    }
    return ok && ferror(out) == 0;
}
