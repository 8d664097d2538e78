#include "cli/live_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

#include "cli/figure.h"
#include "cli/text.h"

#define NS_PER_S INT64_C(1000000000)

#define RED    "\033[31m"
#define YELLOW "\033[33m"
#define GREEN  "\033[32m"
#define BOLD   "\033[1m"
#define DIM    "\033[2m"
#define PLAIN  "\033[0m"

enum {
    BAR_LEAST = 8, /* a narrower bar is left out */
    BAR_MOST = 40,
    STAGE_WIDTH = 10, /* of the longest word */
    INDENT = 2,
    GAP = 3,
    TEXT_MAX = 160,
};

/* A line under way: whatever is put into it, it does not become wider than `room` says. */
struct line {
    FILE *out;
    size_t room; /* columns that are left */
    bool colour;
};

static void put(struct line *l, const char *colour, const char *text)
{
    char cut[4 * TEXT_MAX];
    if (l->room == 0)
        return;
    snprintf(cut, sizeof cut, "%s", text);
    text_cut_end(cut, l->room);
    size_t width = text_width(cut);
    l->room -= width < l->room ? width : l->room;
    bool coloured = l->colour && colour != NULL;
    fprintf(l->out, "%s%s%s", coloured ? colour : "", cut, coloured ? PLAIN : "");
}

static void put_spaces(struct line *l, size_t count)
{
    count = count < l->room ? count : l->room;
    fprintf(l->out, "%*s", (int)count, "");
    l->room -= count;
}

/* --- stage, bar and times -----------------------------------------------------------------------
 */

static bool is_warming_up(const stressor_snapshot *s, int64_t elapsed_ns)
{
    return elapsed_ns < s->warmup_ns;
}

static const char *stage_word(const stressor_snapshot *s, int64_t elapsed_ns)
{
    switch (s->stage) {
    case STRESSOR_STAGE_STOPPING: return "stopping";
    case STRESSOR_STAGE_DONE: return "finishing";
    default: break;
    }
    if (is_warming_up(s, elapsed_ns))
        return "warming up";
    return s->stage == STRESSOR_STAGE_STARTING ? "starting" : "running";
}

static bool is_expected(const stressor_snapshot *s)
{
    return s->expected_ns > 0 &&
           (s->stage == STRESSOR_STAGE_STARTING || s->stage == STRESSOR_STAGE_RUNNING);
}

static void put_bar(struct line *l, size_t inner, double share)
{
    char bar[BAR_MOST + 1];
    size_t full = (size_t)(share * (double)inner);
    memset(bar, '=', full);
    if (full < inner) {
        bar[full] = '>';
        memset(bar + full + 1, ' ', inner - full - 1);
    }
    bar[inner] = '\0';
    put(l, DIM, "[");
    put(l, GREEN, bar);
    put(l, DIM, "]");
}

/* In whole seconds: more digits would be restless. */
static void span_text(int64_t ns, char out[FIGURE_SIZE])
{
    if (ns < 60 * NS_PER_S)
        snprintf(out, FIGURE_SIZE, "%d s", (int)(ns / NS_PER_S));
    else
        figure_span(ns / NS_PER_S * NS_PER_S, out);
}

/* "45 s of 1m40s" */
static void times_text(const stressor_snapshot *s, int64_t elapsed_ns, char out[TEXT_MAX])
{
    char elapsed[FIGURE_SIZE];
    char expected[FIGURE_SIZE];
    span_text(elapsed_ns, elapsed);
    span_text(s->expected_ns + NS_PER_S / 2, expected);
    /* As wide in each second, so that the bar keeps its length. */
    snprintf(out, TEXT_MAX, "%*s of %s", (int)strlen(expected), elapsed, expected);
}

/* The bar stands between stage and times, or where there is no room for that below them. Returns
 * the lines that were written. */
static size_t write_progress(struct line *l, const stressor_snapshot *s, int64_t elapsed_ns,
                             size_t lines)
{
    char times[TEXT_MAX];
    char percent[16];
    size_t room = l->room;
    const char *word = stage_word(s, elapsed_ns);
    double share = (double)elapsed_ns / (double)s->expected_ns;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    times_text(s, elapsed_ns, times);
    snprintf(percent, sizeof percent, "%3.0f %%", share * 100);
    size_t taken = STAGE_WIDTH + 1 + strlen("[] ") + strlen(percent) + 2 + text_width(times);
    bool beside = room >= taken + BAR_LEAST;
    size_t inner = beside ? room - taken : room > INDENT + 12 ? room - INDENT - 12 : 0;
    inner = inner < BAR_MOST ? inner : BAR_MOST;
    put(l, BOLD, word);
    put_spaces(l, beside ? STAGE_WIDTH - strlen(word) + 1 : 2);
    if (!beside) {
        put(l, NULL, times);
        fputc('\n', l->out);
        if (lines < 2 || inner < BAR_LEAST)
            return 1;
        l->room = room;
        put_spaces(l, INDENT);
    }
    put_bar(l, inner, share);
    put_spaces(l, 1);
    put(l, NULL, percent);
    put_spaces(l, beside ? 2 : 0);
    put(l, NULL, beside ? times : "");
    fputc('\n', l->out);
    return beside ? 1 : 2;
}

static size_t write_head(struct line *l, const stressor_snapshot *s, int64_t elapsed_ns,
                         size_t lines)
{
    char elapsed[FIGURE_SIZE];
    if (lines == 0)
        return 0;
    if (is_expected(s))
        return write_progress(l, s, elapsed_ns, lines);
    span_text(elapsed_ns, elapsed);
    put(l, s->stage == STRESSOR_STAGE_STOPPING ? YELLOW : BOLD, stage_word(s, elapsed_ns));
    put_spaces(l, 2);
    put(l, NULL, elapsed);
    fputc('\n', l->out);
    return 1;
}

/* --- figures ------------------------------------------------------------------------------------
 */

enum { FIELDS_MAX = 8 };

struct field {
    const char *colour;
    char text[TEXT_MAX];
};

static uint64_t activities(const stressor_snapshot *s)
{
    return s->activities > 0 ? s->activities : s->activities_all;
}

static uint32_t failed_thresholds(const stressor_snapshot *s)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->thresholds_count; i++)
        count += s->thresholds[i]->state == STRESSOR_THRESHOLD_FAILED;
    return count;
}

static uint32_t broken_thresholds(const stressor_snapshot *s)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->thresholds_count; i++)
        count += s->thresholds[i]->broken;
    return count;
}

static void errors_text(uint64_t errors, char out[FIGURE_SIZE])
{
    if (errors == 0)
        snprintf(out, FIGURE_SIZE, "no errors");
    else
        figure_counted(errors, "error", "errors", out);
}

/* Returns how many there are. */
static size_t collect(const stressor_snapshot *s, int64_t elapsed_ns,
                      struct field fields[FIELDS_MAX])
{
    char a[FIGURE_SIZE];
    char b[FIGURE_SIZE];
    struct field *f = fields;
    const stressor_recent *recent = s->recent;
    figure_count(s->sessions_running, a);
    figure_counted(s->sessions_planned, "session", "sessions", b);
    snprintf((f++)->text, TEXT_MAX, "%s of %s", a, b);
    if (recent != NULL && recent->duration_ns > 0 && recent->activities > 0) {
        figure_rate(recent->activities, recent->duration_ns, a);
        snprintf((f++)->text, TEXT_MAX, "%s", a);
        figure_time(recent->p95_ns, a);
        snprintf((f++)->text, TEXT_MAX, "p95 %s", a);
    }
    if (!is_warming_up(s, elapsed_ns)) {
        figure_counted(activities(s), "activity", "activities", a);
        snprintf((f++)->text, TEXT_MAX, "%s", a);
    }
    errors_text(s->errors, a);
    f->colour = s->errors > 0 ? RED : NULL;
    snprintf((f++)->text, TEXT_MAX, "%s", a);
    if (failed_thresholds(s) > 0) {
        figure_counted(failed_thresholds(s), "threshold", "thresholds", a);
        f->colour = RED;
        snprintf((f++)->text, TEXT_MAX, "%s failed", a);
    }
    if (broken_thresholds(s) > 0) {
        figure_counted(broken_thresholds(s), "threshold", "thresholds", a);
        f->colour = YELLOW;
        snprintf((f++)->text, TEXT_MAX, "%s broken so far", a);
    }
    if (s->trust != NULL && s->trust->verdict == STRESSOR_UNTRUSTED) {
        f->colour = YELLOW;
        snprintf((f++)->text, TEXT_MAX, "not to be trusted");
    }
    return (size_t)(f - fields);
}

/* As many fields in a line as fit. Returns the lines that were written. */
static size_t write_fields(struct line *l, const struct field *fields, size_t count, size_t room,
                           size_t lines)
{
    size_t at = 0;
    size_t written = 0;
    while (at < count && written < lines) {
        l->room = room;
        put_spaces(l, INDENT);
        put(l, fields[at].colour, fields[at].text);
        while (++at < count && text_width(fields[at].text) + GAP <= l->room) {
            put_spaces(l, GAP);
            put(l, fields[at].colour, fields[at].text);
        }
        fputc('\n', l->out);
        written++;
    }
    return written;
}

/* --- the slowest --------------------------------------------------------------------------------
 */

static bool has_interval(const stressor_row *row)
{
    return row->interval != NULL && row->interval_count > 0;
}

/* What `init`, `end` and the warm-up have left behind is of no interest any more. */
static bool is_candidate(const stressor_row *row)
{
    return row->count > 0 && row->total != NULL &&
           (row->flags & (STRESSOR_ROW_IGNORE_TIMING | STRESSOR_ROW_CALLED)) == 0 &&
           (row->phase == STRESSOR_PHASE_MAIN || has_interval(row));
}

static void insert(struct live_slowest *l, const stressor_row *row, int64_t p95_ns)
{
    size_t at = l->count < LIVE_SLOWEST ? l->count++ : LIVE_SLOWEST - 1;
    while (at > 0 && l->p95_ns[at - 1] < p95_ns) {
        l->rows[at] = l->rows[at - 1];
        l->p95_ns[at] = l->p95_ns[at - 1];
        at--;
    }
    l->rows[at] = row;
    l->p95_ns[at] = p95_ns;
}

void live_find_slowest(const stressor_snapshot *s, struct live_slowest *out)
{
    out->count = 0;
    for (uint32_t i = 0; i < s->rows_count; i++) {
        const stressor_row *row = s->rows[i];
        bool full = out->count == LIVE_SLOWEST;
        /* No percentile is above the maximum, which costs nothing to know. */
        if (!is_candidate(row) || (full && row->max_ns <= out->p95_ns[LIVE_SLOWEST - 1]))
            continue;
        int64_t p95_ns = stressor_percentile(has_interval(row) ? row->interval : row->total, 95);
        if (!full || p95_ns > out->p95_ns[LIVE_SLOWEST - 1])
            insert(out, row, p95_ns);
    }
}

static bool write_slow(struct line *l, const stressor_row *row, int64_t p95_ns, bool first)
{
    char time[FIGURE_SIZE];
    const char *name = row->name != NULL ? row->name : row->type;
    char *clean = text_clean(name, strlen(name), " ");
    if (clean == NULL)
        return false;
    figure_time(p95_ns, time);
    put_spaces(l, INDENT);
    put(l, DIM, first ? "slowest  p95" : "         p95");
    put_spaces(l, 1 + (text_width(time) < 7 ? 7 - text_width(time) : 0));
    put(l, NULL, time);
    put_spaces(l, 2);
    text_cut_middle(clean, l->room > 1 ? l->room : 1);
    put(l, NULL, clean);
    fputc('\n', l->out);
    free(clean);
    return true;
}

/* --- all of it ----------------------------------------------------------------------------------
 */

char *live_view(const stressor_snapshot *s, const struct live_slowest *slowest, int64_t elapsed_ns,
                const struct live_style *style)
{
    char *text = NULL;
    size_t length = 0;
    struct field fields[FIELDS_MAX] = {{NULL, ""}};
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        return NULL;
    bool ok = true;
    size_t room = style->width > 0 ? style->width - 1 : 0;
    size_t left = style->height;
    struct line l = {.out = out, .room = room, .colour = style->colour};
    left -= write_head(&l, s, elapsed_ns, left);
    if (!style->early)
        left -= write_fields(&l, fields, collect(s, elapsed_ns, fields), room, left);
    for (size_t i = 0; ok && i < slowest->count && left > 0; i++, left--) {
        l.room = room;
        ok = write_slow(&l, slowest->rows[i], slowest->p95_ns[i], i == 0);
    }
    ok = fclose(out) == 0 && ok;
    if (!ok) {
        free(text);
        return NULL;
    }
    return text;
}

char *live_line(const stressor_snapshot *s, int64_t elapsed_ns)
{
    char elapsed[FIGURE_SIZE];
    char sessions[FIGURE_SIZE];
    char planned[FIGURE_SIZE];
    char count[FIGURE_SIZE];
    char done[FIGURE_SIZE + 2] = "";
    char errors[FIGURE_SIZE];
    char recent[3 * FIGURE_SIZE] = "";
    span_text(elapsed_ns, elapsed);
    figure_count(s->sessions_running, sessions);
    figure_counted(s->sessions_planned, "session", "sessions", planned);
    if (!is_warming_up(s, elapsed_ns)) {
        figure_counted(activities(s), "activity", "activities", count);
        snprintf(done, sizeof done, ", %s", count);
    }
    errors_text(s->errors, errors);
    if (s->recent != NULL && s->recent->duration_ns > 0 && s->recent->activities > 0) {
        char rate[FIGURE_SIZE];
        char p95[FIGURE_SIZE];
        figure_rate(s->recent->activities, s->recent->duration_ns, rate);
        figure_time(s->recent->p95_ns, p95);
        snprintf(recent, sizeof recent, ", now %s, p95 %s", rate, p95);
    }
    return text_format("%s %s: %s of %s%s%s, %s", stage_word(s, elapsed_ns), elapsed, sessions,
                       planned, done, recent, errors);
}
