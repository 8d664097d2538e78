#include "cli/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/text.h"

static bool write_wrapped(FILE *out, const char *first, const char *text, size_t width)
{
    char *clean = text_clean(text, strlen(text), " ");
    if (clean == NULL)
        return false;
    fputs(first, out);
    text_wrap(out, clean, strlen(first), strlen(first), width);
    free(clean);
    return true;
}

static bool write_all(FILE *out, const char *first, const char *const *texts, uint32_t count,
                      size_t width)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < count; i++)
        ok = write_wrapped(out, first, texts[i], width);
    return ok;
}

static void write_kept_up(FILE *out, const stressor_trust *t, const struct summary_style *style)
{
    char late[FIGURE_SIZE];
    char latest[FIGURE_SIZE];
    char limit[FIGURE_SIZE];
    char text[3 * FIGURE_SIZE + 64];
    figure_span(t->lateness_p99_ns, late);
    figure_span(t->lateness_max_ns, latest);
    figure_span(t->lateness_limit_ns, limit);
    snprintf(text, sizeof text, ": the generator was late by %s at p99, %s at most (limit %s)",
             late, latest, limit);
    summary_put(out, style, SUMMARY_GREEN, "Trusted");
    text_wrap(out, text, strlen("Trusted"), 2, style->width);
}

bool summary_write_trust(FILE *out, const stressor_snapshot *s, const struct summary_style *style)
{
    const stressor_trust *t = s->trust;
    bool untrusted = t != NULL && t->verdict == STRESSOR_UNTRUSTED;
    if (t == NULL || (style->brief && !untrusted) ||
        (t->verdict == STRESSOR_TRUST_UNKNOWN && t->notes_count == 0))
        return true;
    fputc('\n', out);
    if (untrusted) {
        summary_put(out, style, SUMMARY_RED, "NOT TRUSTED");
        text_wrap(out, ": these figures may tell of this machine, not of the target",
                  strlen("NOT TRUSTED"), 2, style->width);
    } else if (t->verdict == STRESSOR_TRUSTED) {
        write_kept_up(out, t, style);
    }
    return write_all(out, "  - ", t->reasons, t->reasons_count, style->width) &&
           (style->brief || write_all(out, "  Note: ", t->notes, t->notes_count, style->width));
}
