#include "plan/compile.h"

#include <string.h>

#include "base/suggest.h"
#include "config/excerpt.h"
#include "plan/threshold_line.h"

/* The section `thresholds`. */

enum { THRESHOLDS_MAX = 200 };

#define A_LINE "a line such as 'p95 < 300ms' or 'errors < 1%%'"

/* Where a name is looked for: the names of activities, types, sequences, in this order. */
static const char *name_at(const struct stressor_plan *plan, size_t *sequence, uint32_t *place,
                           bool of_type)
{
    for (; *sequence < plan->sequences_count; ++*sequence, *place = 0)
        for (const struct plan_sequence *seq = &plan->sequences[*sequence]; *place < seq->count;) {
            const struct plan_place *p = &seq->places[(*place)++];
            if (p->type != NULL)
                return of_type ? p->type->name : p->name;
        }
    return NULL;
}

struct search {
    const char *name;
    size_t length;
    enum threshold_subject subject;
    const char *found;      /* NULL: not yet */
    struct suggest *offers; /* NULL: names are compared, else offered */
};

/* Labels of places ("main/1/GetRequest") are found, but not offered. True: enough. */
static bool look_at(struct search *s, enum threshold_subject subject, const char *name)
{
    if (s->offers != NULL) {
        if (subject != THRESHOLD_ROWS || strchr(name, '/') == NULL)
            suggest_offer(s->offers, name, strlen(name));
        return false;
    }
    if (strlen(name) != s->length || memcmp(name, s->name, s->length) != 0)
        return false;
    s->subject = subject;
    s->found = name;
    return true;
}

static void go_through(const struct stressor_plan *plan, struct search *s)
{
    const char *name;
    for (int of_type = 0; of_type < 2; of_type++) {
        size_t sequence = 0;
        uint32_t place = 0;
        while ((name = name_at(plan, &sequence, &place, of_type)) != NULL)
            if (look_at(s, of_type ? THRESHOLD_TYPE : THRESHOLD_ROWS, name))
                return;
    }
    for (size_t i = 0; i < plan->dynamic_count; i++)
        if (look_at(s, THRESHOLD_TYPE, plan->dynamic[i].type->name))
            return;
    for (size_t i = 0; i < plan->sequences_count; i++)
        if (look_at(s, THRESHOLD_SEQUENCE, plan->sequences[i].name))
            return;
}

static bool find_name(struct compile *c, const struct place *at, const struct threshold_line *line,
                      struct threshold *out)
{
    struct search s = {.name = line->name, .length = line->name_length};
    struct suggest near;
    char shown[EXCERPT_MAX];
    go_through(c->plan, &s);
    if (s.found != NULL) {
        out->subject = s.subject;
        out->name = s.found;
        return true;
    }
    suggest_init(&near, line->name, line->name_length);
    s.offers = &near;
    if (diag_errors(c->diag) < DIAG_MAX) /* behind the last that is shown, nobody looks */
        go_through(c->plan, &s);
    excerpt_text(line->name, line->name_length, shown, sizeof shown);
    if (near.best != NULL)
        return diag_error(c->diag, at,
                          "threshold, character %zu: no activity, type or sequence is called %s; "
                          "did you mean '%s'?",
                          line->name_at, shown, near.best);
    return diag_error(c->diag, at,
                      "threshold, character %zu: no activity, type or sequence is called %s",
                      line->name_at, shown);
}

/* Is there any activity that a line without a name is about? */
static bool has_net(const struct stressor_plan *plan)
{
    const uint32_t apart = STRESSOR_ROW_IGNORE_TIMING | STRESSOR_ROW_CALLED;
    for (size_t i = 0; i < plan->rows_count; i++)
        if (plan->rows[i].phase == STRESSOR_PHASE_MAIN && (plan->rows[i].flags & apart) == 0)
            return true;
    return false;
}

static bool is_about(const struct threshold *t, const struct plan_place *p)
{
    if (p->type == NULL)
        return false;
    return strcmp(t->subject == THRESHOLD_TYPE ? p->type->name : p->name, t->name) == 0;
}

/* Does the scenario, or may a script, run anything that the line is about? */
static bool is_reached(const struct stressor_plan *plan, const struct threshold *t)
{
    for (size_t s = 0; s < plan->sequences_count; s++) {
        const struct plan_sequence *seq = &plan->sequences[s];
        if (!seq->used)
            continue;
        if (t->subject == THRESHOLD_SEQUENCE && strcmp(seq->name, t->name) == 0)
            return true;
        for (uint32_t i = 0; t->subject != THRESHOLD_SEQUENCE && i < seq->count; i++)
            if (is_about(t, &seq->places[i]))
                return true;
    }
    for (size_t i = 0; t->subject != THRESHOLD_SEQUENCE && i < plan->dynamic_count; i++)
        if (is_about(t, &plan->dynamic[i]))
            return true;
    return false;
}

static void warn_unreached(struct compile *c, const struct place *at, const struct threshold *t)
{
    char shown[EXCERPT_MAX];
    excerpt_text(t->name, strlen(t->name), shown, sizeof shown);
    diag_warn(c->diag, at,
              "threshold: it will fail for want of a sample: no entry of 'scenario' runs %s%s",
              t->subject == THRESHOLD_SEQUENCE ? "sequence " : "a sequence with ", shown);
}

static void warn(struct compile *c, const struct place *at, const struct threshold *t)
{
    if (t->abort && !threshold_can_abort(t))
        diag_warn(c->diag, at,
                  "threshold: 'abort' does nothing here without 'for', as waiting may be all that "
                  "is missing");
    if (t->subject == THRESHOLD_NET && !has_net(c->plan))
        diag_warn(c->diag, at,
                  "threshold: it will fail for want of a sample: outside 'init' and 'end' all "
                  "activities ignore timing; name those that it is about");
    /* An entry with a mistake may be the one that runs it; without any entry that is told. */
    if (t->name != NULL && c->plan->entries_count > 0 && diag_errors(c->diag) == 0 &&
        !is_reached(c->plan, t))
        warn_unreached(c, at, t);
}

static bool compile_line(struct compile *c, const struct place *at, const char *text, size_t length,
                         struct threshold *out)
{
    struct threshold_line line;
    struct buf why;
    buf_init(&why, 4096);
    bool good = threshold_line_parse(text, length, &line, &why);
    if (!good)
        diag_error(c->diag, at, "threshold, %s", why.data);
    buf_finish(&why);
    *out = line.is;
    out->subject = THRESHOLD_NET;
    if (good && line.name != NULL)
        good = find_name(c, at, &line, out);
    out->text = arena_copy(&c->plan->arena, text, length);
    if (out->text == NULL)
        return diag_error(c->diag, NULL, "out of memory");
    if (good)
        warn(c, at, out);
    return good;
}

static void compile_item(struct compile *c, struct node *n, size_t index)
{
    struct stressor_plan *plan = c->plan;
    stressor_value v;
    if (n->broken)
        return;
    if (n->kind != NODE_SCALAR || n->scalar.type != STRESSOR_STRING) {
        compile_expected(c, n, "item %zu of section 'thresholds': expected " A_LINE, index + 1);
        return;
    }
    if (compile_text_now(c, "threshold", n, &v) &&
        compile_line(c, &n->at, v.as.string.ptr, (size_t)v.as.string.length,
                     &plan->thresholds[plan->thresholds_count]))
        plan->thresholds_count++;
}

void compile_thresholds(struct compile *c)
{
    struct node *list = node_get(c->root, "thresholds");
    if (list == NULL || list->broken ||
        (list->kind == NODE_SCALAR && list->scalar.type == STRESSOR_NULL))
        return;
    if (list->kind != NODE_LIST) {
        compile_expected(c, list,
                         "section 'thresholds': expected a list of lines such as 'p95 < 300ms'");
        return;
    }
    if (list->count > THRESHOLDS_MAX) {
        diag_error(c->diag, &list->at, "section 'thresholds': expected at most %d lines, found %zu",
                   (int)THRESHOLDS_MAX, list->count);
        return;
    }
    c->plan->thresholds = compile_alloc(c, list->count * sizeof *c->plan->thresholds);
    for (size_t i = 0; c->plan->thresholds != NULL && i < list->count; i++)
        compile_item(c, list->items[i], i);
}
