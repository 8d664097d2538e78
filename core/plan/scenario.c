#include "plan/compile.h"

#include <string.h>

#include "base/suggest.h"
#include "config/excerpt.h"

/* The sections `sequences` and `scenario`. */

#define ARG(NAME, ...) static const stressor_arg NAME = {.size = sizeof(stressor_arg), __VA_ARGS__}

ARG(arg_sequence, .name = "sequence", .types = STRESSOR_ARG_STRING,
    .flags = STRESSOR_ARG_REQUIRED | STRESSOR_ARG_STATIC, .help = "name of the sequence");
ARG(arg_repeat, .name = "repeat", .types = STRESSOR_ARG_INT, .min = 0, .max = 9e15, .fallback = "0",
    .help = "how many passes; 0: not given");
ARG(arg_duration, .name = "duration", .types = STRESSOR_ARG_DURATION, .fallback = "0",
    .help = "start passes for so long; 0: not given");

enum entry_arg { SEQUENCE, REPEAT, DURATION, ARGS };
static const stressor_arg *const entry_args[ARGS] = {
    [SEQUENCE] = &arg_sequence, [REPEAT] = &arg_repeat, [DURATION] = &arg_duration};

const stressor_arg *compile_scenario_arg(size_t index)
{
    return index < ARGS ? entry_args[index] : NULL;
}

static uint32_t phase_of(const char *sequence)
{
    if (strcmp(sequence, "init") == 0)
        return STRESSOR_PHASE_INIT;
    if (strcmp(sequence, "end") == 0)
        return STRESSOR_PHASE_END;
    return STRESSOR_PHASE_MAIN;
}

static void compile_sequence(struct compile *c, uint32_t index, struct node *list)
{
    struct plan_sequence *seq = &c->plan->sequences[index];
    if (list->broken)
        return;
    if (list->kind == NODE_SCALAR && list->scalar.type == STRESSOR_NULL) {
        diag_warn(c->diag, &list->at, "sequence '%s' is empty (null)", seq->name);
        return;
    }
    if (list->kind != NODE_LIST) {
        compile_expected(c, list, "sequence '%s': expected a list of activities", seq->name);
        return;
    }
    seq->places = compile_alloc(c, list->count * sizeof *seq->places);
    if (seq->places == NULL)
        return;
    for (size_t i = 0; i < list->count; i++)
        compile_place(c, index, (uint32_t)i, list->items[i], &seq->places[seq->count++]);
}

void compile_sequences(struct compile *c)
{
    struct node *map = compile_section(c, "sequences", true);
    if (map == NULL)
        return;
    struct stressor_plan *plan = c->plan;
    plan->sequences = compile_alloc(c, map->count * sizeof *plan->sequences);
    if (plan->sequences == NULL)
        return;
    for (size_t i = 0; i < map->count; i++) {
        const struct node *key = map->entries[i].key;
        plan->sequences[i].name = key->text;
        plan->sequences[i].phase = phase_of(key->text);
        int32_t number = names_add(c->sequences, key->text, key->length);
        if (number < 0)
            diag_error(c->diag, &key->at, "out of memory");
        else if ((size_t)number != i) /* a null and "" have the same text */
            diag_error(c->diag, &key->at, "sequence '%s' stands here again", key->text);
    }
    plan->sequences_count = map->count;
    for (size_t i = 0; i < map->count; i++)
        compile_sequence(c, (uint32_t)i, map->entries[i].value);
}

static void unknown_sequence(struct compile *c, const struct place *at, const stressor_value *name)
{
    struct stressor_plan *plan = c->plan;
    char shown[EXCERPT_MAX], all[3 * EXCERPT_MAX];
    struct excerpt e;
    struct suggest near;
    excerpt_text(name->as.string.ptr, (size_t)name->as.string.length, shown, sizeof shown);
    excerpt_init(&e, all, sizeof all);
    suggest_init(&near, name->as.string.ptr, (size_t)name->as.string.length);
    /* Behind the last mistake that is shown, nobody looks for a name. */
    size_t count = diag_errors(c->diag) < DIAG_MAX ? plan->sequences_count : 0;
    for (size_t i = 0; i < count; i++) {
        const char *known = plan->sequences[i].name;
        excerpt_put(&e, ", ", i > 0 ? 2 : 0);
        excerpt_put(&e, known, strlen(known));
        suggest_offer(&near, known, strlen(known));
    }
    if (near.best != NULL)
        diag_error(c->diag, at, "unknown sequence %s; did you mean '%s'?", shown, near.best);
    else if (plan->sequences_count > 0)
        diag_error(c->diag, at, "unknown sequence %s; there are: %s", shown, all);
    else if (plan->sequences != NULL) /* else the section's own mistake says it */
        diag_error(c->diag, at, "unknown sequence %s: section 'sequences' is empty", shown);
}

static void find_sequence(struct compile *c, const struct place *at, const stressor_value *name,
                          struct plan_entry *out)
{
    struct stressor_plan *plan = c->plan;
    int32_t found = names_find(c->sequences, name->as.string.ptr, (size_t)name->as.string.length);
    if (found < 0) {
        unknown_sequence(c, at, name);
        return;
    }
    out->sequence = (uint32_t)found;
    out->phase = plan->sequences[found].phase;
    plan->sequences[found].used = true;
    plan->entries_count++;
}

static void compile_entry(struct compile *c, size_t index, struct node *n)
{
    if (n->broken)
        return;
    if (n->kind != NODE_MAP) {
        compile_expected(c, n, "item %zu of section 'scenario': expected {sequence: NAME, …}",
                         index + 1);
        return;
    }
    stressor_value values[ARGS], none;
    memset(values, 0, sizeof values);
    compile_bind_section(c, "scenario", n, entry_args, ARGS, values, SCHEMA_UNKNOWN_WARN, &none);
    if (values[SEQUENCE].type != STRESSOR_STRING)
        return;
    struct plan_entry *out = &c->plan->entries[c->plan->entries_count];
    out->repeat = (uint64_t)values[REPEAT].as.integer;
    out->duration_ns = values[DURATION].as.integer;
    find_sequence(c, &node_get(n, "sequence")->at, &values[SEQUENCE], out);
}

void compile_scenario(struct compile *c)
{
    struct node *list = node_get(c->root, "scenario");
    if (list == NULL) {
        diag_error(c->diag, &c->root->at,
                   "missing section 'scenario': expected a list of {sequence: NAME, …}");
        return;
    }
    if (list->broken)
        return;
    if (list->kind == NODE_LIST ? list->count == 0
                                : list->kind == NODE_SCALAR && list->scalar.type == STRESSOR_NULL) {
        diag_warn(c->diag, &list->at, "section 'scenario' is empty: nothing will be run");
        return;
    }
    if (list->kind != NODE_LIST) {
        compile_expected(c, list, "section 'scenario': expected a list of {sequence: NAME, …}");
        return;
    }
    c->plan->entries = compile_alloc(c, list->count * sizeof *c->plan->entries);
    if (c->plan->entries == NULL)
        return;
    for (size_t i = 0; i < list->count; i++)
        compile_entry(c, i, list->items[i]);
}
