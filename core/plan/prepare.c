#include "plan/compile.h"

#include <string.h>

/* What the plugins make of their places. */

/* What prepare may see: of what holds macros only the state says anything. */
static const stressor_value *constant_args(struct compile *c, const struct plan_place *p)
{
    if (!p->has_templates)
        return p->args;
    stressor_value *args = compile_alloc(c, p->args_count * sizeof *args);
    for (uint32_t i = 0; args != NULL && i < p->args_count; i++)
        args[i] = p->states[i] == STRESSOR_ARG_TEMPLATE ? stressor_null() : p->args[i];
    return args;
}

static bool prepare_place(struct compile *c, struct plan_place *p, uint32_t flags)
{
    if (!registry_use(c->registry, p->plugin))
        return diag_error(c->diag, &p->at, "plugin '%s' of %s did not start (the log says why)",
                          p->plugin->desc->name, p->type->name);
    if (p->code.prepare != NULL) {
        struct compile_prepare call = {
            .pub = {.size = sizeof call.pub,
                    .flags = flags,
                    .wants = p->wants,
                    .args_count = p->args_count,
                    .host = c->plan->host,
                    .plan = c->plan,
                    .plugin = p->plugin->data,
                    .args = constant_args(c, p),
                    .states = p->states,
                    .type = p->type},
            .compile = c,
            .place = p,
        };
        if (call.pub.args == NULL)
            return false;
        size_t before = diag_errors(c->diag);
        if (p->code.prepare(&call.pub) < 0) {
            if (diag_errors(c->diag) == before)
                diag_error(c->diag, &p->at, "plugin '%s' refused %s", p->plugin->desc->name,
                           p->type->name);
            return false;
        }
        p->data = call.pub.place;
    }
    p->prepared = true;
    return true;
}

/* One instance of each type, whose arguments come with each call. */
static bool prepare_dynamic(struct compile *c)
{
    struct stressor_plan *plan = c->plan;
    size_t count = 0;
    registry_open_all(c->registry);
    compile_late_settings(c);
    while (registry_activity_at(c->registry, count, NULL) != NULL)
        count++;
    plan->script_language = compile_script_language(c);
    plan->dynamic = compile_alloc(c, count * sizeof *plan->dynamic);
    if (plan->dynamic == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct plan_place *p = &plan->dynamic[plan->dynamic_count];
        p->type = registry_activity_at(c->registry, i, &p->plugin);
        p->code = compile_type_code(p->type);
        p->args_count = p->type->args_count;
        p->args = compile_alloc(c, p->args_count * sizeof *p->args);
        p->states = compile_alloc(c, p->args_count);
        p->label = p->name = p->type->name;
        p->ignore_timing = (p->code.flags & STRESSOR_ACTIVITY_IGNORE_TIMING) != 0;
        p->wants = STRESSOR_WANT_TEXT | STRESSOR_WANT_VALUE | STRESSOR_WANT_INFO;
        if (p->args == NULL || p->states == NULL ||
            !compile_row(c, p, false, STRESSOR_PHASE_MAIN, STRESSOR_ROW_CALLED, &p->row))
            return diag_error(c->diag, NULL, "out of memory");
        if (!prepare_place(c, p, STRESSOR_PREPARE_DYNAMIC))
            return false;
        plan->dynamic_count++;
    }
    return true;
}

static bool shows_context(const struct stressor_plan *plan)
{
    for (size_t s = 0; s < plan->sequences_count; s++)
        for (uint32_t i = 0; i < plan->sequences[s].count; i++)
            if ((plan->sequences[s].places[i].exec_flags & STRESSOR_EXEC_DEBUG) != 0)
                return true;
    return false;
}

void compile_prepare_all(struct compile *c)
{
    static const char last_result[] = "last_result";
    if (shows_context(c->plan) &&
        names_add(c->plan->variables, last_result, sizeof last_result - 1) < 0)
        diag_error(c->diag, NULL, "out of memory");
    bool kept = names_find(c->plan->variables, last_result, sizeof last_result - 1) >= 0;
    for (size_t s = 0; s < c->plan->sequences_count; s++) {
        struct plan_sequence *seq = &c->plan->sequences[s];
        for (uint32_t i = 0; i < seq->count; i++)
            if (seq->places[i].type != NULL) {
                seq->places[i].wants |= kept ? (uint32_t)STRESSOR_WANT_VALUE : 0;
                prepare_place(c, &seq->places[i], 0);
            }
    }
    if (c->plan->will_call)
        prepare_dynamic(c);
}

int32_t plan_problem(stressor_prepare *place, int32_t arg, const char *text, uint64_t length)
{
    struct compile_prepare *call = (struct compile_prepare *)(void *)place;
    const struct plan_place *p = call->place;
    if (arg >= 0 && (uint32_t)arg < p->args_count && p->arg_places != NULL)
        diag_error(call->compile->diag, &p->arg_places[arg], "argument '%s' of %s: %.*s",
                   p->type->args[arg]->name, p->type->name, (int)length, text);
    else
        diag_error(call->compile->diag, &p->at, "%s: %.*s", p->type->name, (int)length, text);
    return STRESSOR_EINVAL;
}

int32_t plan_will_call(stressor_prepare *place)
{
    place->plan->will_call = true;
    return STRESSOR_OK;
}
