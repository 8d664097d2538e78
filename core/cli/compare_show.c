#include "cli/compare_show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/table.h"
#include "cli/text.h"

/* Where cells go: a table, or, with none, Markdown at once. */
struct sheet {
    FILE *out;
    struct table *table;
    bool markdown;
    bool failed;
};

static const struct table_column columns[] = {
    {"", TABLE_LEFT},       {"Activity", TABLE_NAME}, {"Phase", TABLE_LEFT},
    {"Count", TABLE_RIGHT}, {"Errors", TABLE_RIGHT},  {"Rate", TABLE_RIGHT},
    {"Mean", TABLE_RIGHT},  {"p50", TABLE_RIGHT},     {"p95", TABLE_RIGHT},
    {"p99", TABLE_RIGHT},   {"Max", TABLE_RIGHT},     {"p95 A", TABLE_UNIT},
    {"p95 B", TABLE_UNIT},  {"", TABLE_LEFT},
};
#define COLUMNS (sizeof columns / sizeof *columns)

/* What a narrow terminal has no room for: mean, max, p50, both p95, p99, rate, count, note, phase.
 */
static const size_t droppable[] = {6, 10, 7, 11, 12, 9, 5, 3, 13, 2};

static const char *const figure_names[FIGURE_KINDS] = {
    [RESULT_MEAN] = "mean", [RESULT_P50] = "p50",   [RESULT_P95] = "p95",      [RESULT_P99] = "p99",
    [RESULT_MAX] = "max",   [FIGURE_RATE] = "rate", [FIGURE_ERRORS] = "errors"};

/* --- text ------------------------------------------------------------------------------------ */

/* What has a meaning in Markdown, or in the HTML that it becomes. */
static void put_markdown(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else {
            if (strchr("\\`*_[]|#~!>", *text) != NULL)
                fputc('\\', out);
            fputc(*text, out);
        }
    }
}

/* Text from a file, made fit to be shown. */
static void put_clean(struct sheet *s, const char *text)
{
    char *clean = text_clean(text, strlen(text), " ");
    s->failed = s->failed || clean == NULL;
    if (clean != NULL && s->markdown)
        put_markdown(s->out, clean);
    else if (clean != NULL)
        fputs(clean, s->out);
    free(clean);
}

static void cell(struct sheet *s, const char *text)
{
    char *clean = text_clean(text, strlen(text), " ");
    s->failed = s->failed || clean == NULL;
    if (clean != NULL && s->markdown) {
        fputc(' ', s->out);
        put_markdown(s->out, clean);
        fputs(" |", s->out);
    } else if (clean != NULL) {
        table_cell(s->table, clean);
    }
    free(clean);
}

static void begin_row(struct sheet *s)
{
    if (s->markdown)
        fputs("\n|", s->out);
    else
        table_row(s->table);
}

/* --- cells ----------------------------------------------------------------------------------- */

static void change_text(double before, double now, char out[FIGURE_SIZE])
{
    double change = before > 0 ? 100.0 * (now - before) / before : 0;
    if (!(before > 0) && now > 0)
        snprintf(out, FIGURE_SIZE, "from 0");
    else if (fabs(change) < 0.05)
        snprintf(out, FIGURE_SIZE, "0 %%");
    else
        snprintf(out, FIGURE_SIZE, fabs(change) < 999.5 ? "%+.1f %%" : "%+.3g %%", change);
}

static void count_cell(struct sheet *s, const struct pair *p)
{
    char a[FIGURE_SIZE], b[FIGURE_SIZE], text[2 * FIGURE_SIZE + 8];
    figure_count(p->a != NULL ? p->a->count : 0, a);
    figure_count(p->b != NULL ? p->b->count : 0, b);
    snprintf(text, sizeof text, strcmp(a, b) == 0 ? "%s" : "%s → %s", a, b);
    cell(s, text);
}

static void errors_cell(struct sheet *s, const struct pair *p)
{
    char text[64];
    double a = p->a != NULL ? error_percent(p->a) : 0;
    double b = p->b != NULL ? error_percent(p->b) : 0;
    if (p->a == NULL || p->b == NULL || fabs(a - b) < 0.005)
        snprintf(text, sizeof text, "%.2f %%", p->b != NULL ? b : a);
    else
        snprintf(text, sizeof text, "%.2f → %.2f %%", a, b);
    cell(s, text);
}

static void change_cell(struct sheet *s, const struct pair *p, enum figure_kind kind)
{
    char text[FIGURE_SIZE] = "";
    if (pair_compares(p))
        change_text(limit_figure(p->a, kind), limit_figure(p->b, kind), text);
    cell(s, text);
}

static void p95_cell(struct sheet *s, const struct result_row *row)
{
    char text[FIGURE_SIZE] = "";
    if (row != NULL && row->count > 0)
        figure_time(row->ns[RESULT_P95], text);
    cell(s, text);
}

static const char *note_of(const struct pair *p)
{
    if (p->a == NULL)
        return "new";
    if (p->b == NULL)
        return "gone";
    if (!pair_compares(p))
        return p->a->count > 0 ? "not executed in B" : "not executed in A";
    return pair_has_few(p) ? "few samples" : "";
}

/* To be freed. NULL: out of memory, which is remembered. */
static char *phase_text(struct sheet *s, const struct pair *p)
{
    const struct twin row = row_twin(pair_row(p));
    char *text = p->twin ? twin_text(&row) : strdup(row.phase);
    s->failed = s->failed || text == NULL;
    return text;
}

static void phase_cell(struct sheet *s, const struct pair *p)
{
    char *text = phase_text(s, p);
    cell(s, text != NULL ? text : "");
    free(text);
}

static void put_row(struct sheet *s, const struct pair *p)
{
    static const enum figure_kind kinds[] = {FIGURE_RATE,
                                             (enum figure_kind)RESULT_MEAN,
                                             (enum figure_kind)RESULT_P50,
                                             (enum figure_kind)RESULT_P95,
                                             (enum figure_kind)RESULT_P99,
                                             (enum figure_kind)RESULT_MAX};
    const struct result_row *row = pair_row(p);
    begin_row(s);
    cell(s, p->broken ? "!" : "");
    cell(s, row->name);
    phase_cell(s, p);
    count_cell(s, p);
    errors_cell(s, p);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        change_cell(s, p, kinds[i]);
    p95_cell(s, p->a);
    p95_cell(s, p->b);
    cell(s, note_of(p));
}

static void put_rows(struct sheet *s, const struct comparison *c)
{
    if (c->only == NULL)
        put_row(s, &c->total);
    for (size_t i = 0; i < c->pairs_count; i++)
        put_row(s, &c->pairs[i]);
}

/* --- lines ----------------------------------------------------------------------------------- */

static const char *verdict_text(const char *verdict)
{
    static const char *const texts[][2] = {{"stopped", "stopped by the user"},
                                           {"threshold", "failed by a threshold"},
                                           {"errors", "failed by errors"},
                                           {"untrusted", "failed: not to be trusted"},
                                           {"none", "not over"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(verdict, texts[i][0]) == 0)
            return texts[i][1];
    }
    return verdict;
}

static void put_file(struct sheet *s, const char *letter, const struct results *r)
{
    fprintf(s->out, s->markdown ? "- **%s** " : "%s  ", letter);
    put_clean(s, r->path);
    const char *const texts[] = {r->name, r->tag, r->started, verdict_text(r->verdict)};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i] == NULL || *texts[i] == '\0')
            continue;
        fputs(i == 0 ? ": " : ", ", s->out);
        put_clean(s, texts[i]);
    }
    fputc('\n', s->out);
}

static void put_warnings(struct sheet *s, const struct comparison *c)
{
    const char *bullet = s->markdown ? "- " : "";
    const struct results *const both[] = {c->a, c->b};
    for (size_t i = 0; i < 2; i++) {
        char letter = (char)('A' + (int)i);
        if (both[i]->trust != NULL && strcmp(both[i]->trust, "untrusted") == 0)
            fprintf(s->out, "%s%c is not to be trusted: the generator was the bottleneck\n", bullet,
                    letter);
        if (both[i]->dry_run)
            fprintf(s->out, "%s%c is a dry run\n", bullet, letter);
    }
    if (c->a->name != NULL && c->b->name != NULL && strcmp(c->a->name, c->b->name) != 0)
        fprintf(s->out, "%sThe runs have different names\n", bullet);
}

static void figure_text(const struct result_row *row, enum figure_kind kind, bool percent,
                        char out[FIGURE_SIZE])
{
    if (row == NULL || row->count == 0)
        snprintf(out, FIGURE_SIZE, "no sample");
    else if (kind == FIGURE_RATE)
        snprintf(out, FIGURE_SIZE, "%.4g/s", row->per_second);
    else if (kind != FIGURE_ERRORS)
        figure_time(row->ns[kind], out);
    else if (percent)
        snprintf(out, FIGURE_SIZE, "%.2f %%", error_percent(row));
    else
        figure_counted(row->errors, "error", "errors", out);
}

/* " (init)" */
static void put_phase(struct sheet *s, const struct pair *p)
{
    char *text = phase_text(s, p);
    if (text != NULL && *text != '\0') {
        fputs(" (", s->out);
        put_clean(s, text);
        fputc(')', s->out);
    }
    free(text);
}

static void put_broken(struct sheet *s, const struct comparison *c, const struct pair *p)
{
    const struct result_row *row = pair_row(p);
    for (int i = 0; i < FIGURE_KINDS; i++) {
        enum figure_kind kind = (enum figure_kind)i;
        const struct limit *l = &c->limits->of[kind];
        char a[FIGURE_SIZE], b[FIGURE_SIZE], change[FIGURE_SIZE] = "";
        if (!pair_breaks(c, p, kind))
            continue;
        figure_text(p->a, kind, l->relative, a);
        figure_text(p->b, kind, l->relative, b);
        fprintf(s->out, "%s%s of ", s->markdown ? "- " : "  ! ", figure_names[kind]);
        put_clean(s, row->name);
        put_phase(s, p);
        fprintf(s->out, ": %s → %s", a, b);
        if (pair_compares(p) && kind != FIGURE_ERRORS) {
            change_text(limit_figure(p->a, kind), limit_figure(p->b, kind), change);
            fprintf(s->out, " (%s)", change);
        }
        fputs(", allowed ", s->out);
        put_clean(s, l->text);
        fputs(pair_has_few(p) ? "; few samples\n" : "\n", s->out);
    }
}

static bool any_limit(const struct comparison *c)
{
    for (int i = 0; i < FIGURE_KINDS; i++)
        if (c->limits->of[i].given)
            return true;
    return false;
}

static void put_end(struct sheet *s, const struct comparison *c)
{
    size_t few = 0;
    for (size_t i = 0; i < c->pairs_count; i++)
        few += pair_has_few(&c->pairs[i]);
    fputc('\n', s->out);
    if (few > 0)
        fprintf(s->out, "%zu %s on fewer than %d samples: differences may be chance\n%s", few,
                few == 1 ? "activity rests" : "activities rest", SAMPLES_FEW,
                s->markdown ? "\n" : "");
    if (!any_limit(c))
        return;
    if (c->broken == 0) {
        fputs("All tolerances hold\n", s->out);
        return;
    }
    fputs(s->markdown ? "**Tolerances are broken:**\n\n" : "Tolerances are broken:\n", s->out);
    if (c->only == NULL)
        put_broken(s, c, &c->total);
    for (size_t i = 0; i < c->pairs_count; i++)
        put_broken(s, c, &c->pairs[i]);
}

bool compare_show_text(FILE *out, const struct comparison *c, size_t width)
{
    struct sheet s = {.out = out, .table = table_new(columns, COLUMNS)};
    put_file(&s, "A", c->a);
    put_file(&s, "B", c->b);
    put_warnings(&s, c);
    fputc('\n', out);
    put_rows(&s, c);
    table_may_drop(s.table, droppable, sizeof droppable / sizeof *droppable, 0);
    bool good = table_write(s.table, out, 0, width);
    table_free(s.table);
    put_end(&s, c);
    return good && !s.failed && ferror(out) == 0;
}

bool compare_show_markdown(FILE *out, const struct comparison *c)
{
    struct sheet s = {.out = out, .markdown = true};
    put_file(&s, "A", c->a);
    put_file(&s, "B", c->b);
    put_warnings(&s, c);
    fputs("\n|", out);
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(out, " %s |", columns[i].title);
    fputs("\n|", out);
    for (size_t i = 0; i < COLUMNS; i++)
        fputs(columns[i].align == TABLE_RIGHT || columns[i].align == TABLE_UNIT ? " --: |"
                                                                                : " --- |",
              out);
    put_rows(&s, c);
    fputc('\n', out);
    put_end(&s, c);
    return !s.failed && ferror(out) == 0;
}
