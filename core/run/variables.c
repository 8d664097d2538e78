#include "run/session.h"

#include <stdlib.h>
#include <string.h>

/* The context: what the plan starts with, and on top what the session has set itself. */

const stressor_value *variables_get(const struct stressor_session *s, uint32_t slot)
{
    const struct stressor_plan *plan = s->worker->run->plan;
    if (s->own[slot])
        return &s->variables[slot].value;
    return plan->is_set[slot] ? &plan->initial[slot] : NULL;
}

static struct named_variable *find_named(const struct stressor_session *s, const char *name,
                                         size_t length)
{
    struct named_variable *n = s->named;
    while (n != NULL && (n->length != length || memcmp(n->name, name, length) != 0))
        n = n->next;
    return n;
}

const stressor_value *variables_find(const struct stressor_session *s, const char *name,
                                     size_t length)
{
    int32_t slot = names_find(s->worker->run->plan->variables, name, length);
    if (slot >= 0)
        return variables_get(s, (uint32_t)slot);
    const struct named_variable *n = find_named(s, name, length);
    return n != NULL ? &n->variable.value : NULL;
}

static bool overwrite(struct variable *v, const stressor_value *value, struct exec *x)
{
    struct exec *reader = v->block != NULL && x != NULL ? exec_reader(x) : NULL;
    struct buried *old = reader != NULL ? arena_alloc(reader->arena, sizeof *old) : NULL;
    stressor_value copy;
    void *block;
    if ((reader != NULL && old == NULL) || !value_pack(value, &copy, &block))
        return false;
    if (reader != NULL) {
        *old = (struct buried){reader->buried, v->block};
        reader->buried = old;
    } else {
        free(v->block);
    }
    v->value = copy;
    v->block = block;
    return true;
}

bool variables_set(struct stressor_session *s, uint32_t slot, const stressor_value *v,
                   struct exec *x)
{
    if (!overwrite(&s->variables[slot], v, x))
        return false;
    s->own[slot] = true;
    return true;
}

bool variables_store(struct stressor_session *s, const char *name, size_t length,
                     const stressor_value *v, struct exec *x)
{
    int32_t slot = names_find(s->worker->run->plan->variables, name, length);
    if (slot >= 0)
        return variables_set(s, (uint32_t)slot, v, x);
    struct named_variable *n = find_named(s, name, length);
    if (n != NULL)
        return overwrite(&n->variable, v, x);
    n = calloc(1, sizeof *n + length + 1);
    if (n == NULL || !overwrite(&n->variable, v, x)) {
        free(n);
        return false;
    }
    memcpy(n->name, name, length);
    n->length = length;
    struct named_variable **last = &s->named;
    while (*last != NULL)
        last = &(*last)->next;
    *last = n;
    return true;
}

static void set_core(struct stressor_session *s, enum plan_slot slot, stressor_value v)
{
    s->variables[slot].value = v; /* borrowed: it lives as long as the session */
    s->own[slot] = true;
}

void variables_init(struct stressor_session *s)
{
    const struct stressor_run *run = s->worker->run;
    const struct stressor_plan *plan = run->plan;
    if (!plan->keeps_session_id)
        set_core(s, PLAN_SLOT_SESSION_ID, stressor_string(s->id));
    if (!plan->keeps_user)
        set_core(s, PLAN_SLOT_USER, plan->users[(s->number - 1) % plan->users_count]);
    set_core(s, PLAN_SLOT_DRY_RUN, stressor_bool(run->dry_run));
    set_core(s, PLAN_SLOT_VERBOSE, stressor_int(run->verbose));
    if (plan->last_result_slot >= 0)
        set_core(s, (enum plan_slot)plan->last_result_slot, stressor_null());
}

void variables_finish(struct stressor_session *s)
{
    for (uint32_t i = 0; i < s->worker->run->plan->slots_count; i++)
        free(s->variables[i].block);
    for (struct named_variable *n = s->named, *next; n != NULL; n = next) {
        next = n->next;
        free(n->variable.block);
        free(n);
    }
}

void variables_each(const struct stressor_session *s,
                    void (*each)(void *data, const char *name, uint64_t length,
                                 const stressor_value *value),
                    void *data)
{
    const struct stressor_plan *plan = s->worker->run->plan;
    for (uint32_t i = 0; i < plan->slots_count; i++) {
        const stressor_value *v = variables_get(s, i);
        size_t length;
        const char *name = names_text(plan->variables, (int32_t)i, &length);
        if (v != NULL)
            each(data, name, length, v);
    }
    for (const struct named_variable *n = s->named; n != NULL; n = n->next)
        each(data, n->name, n->length, &n->variable.value);
}
