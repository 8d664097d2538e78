#include "plan/compile.h"

#include <string.h>

/* One activity: from a map in the file to a place in the plan. */

static const char *const activity_key[] = {"activity", NULL};

static bool make_room(struct stressor_plan *plan)
{
    if (plan->rows_count < plan->rows_room)
        return true;
    size_t room = plan->rows_room > 0 ? 2 * plan->rows_room : 64;
    struct row_info *rows = arena_alloc(&plan->arena, room * sizeof *rows);
    if (rows == NULL)
        return false;
    if (plan->rows_count > 0)
        memcpy(rows, plan->rows, plan->rows_count * sizeof *rows);
    plan->rows = rows;
    plan->rows_room = room;
    return true;
}

bool compile_row(struct compile *c, const struct plan_place *p, bool monitored, uint32_t phase,
                 uint32_t extra, uint32_t *row)
{
    struct stressor_plan *plan = c->plan;
    uint32_t flags = extra | (p->ignore_timing ? (uint32_t)STRESSOR_ROW_IGNORE_TIMING : 0);
    char *key = arena_printf(&plan->arena, "%u/%u/%s", phase, flags, p->name);
    if (key == NULL || !make_room(plan)) /* before the key, as each key has a row */
        return false;
    int32_t found = names_add(plan->row_keys, key, strlen(key));
    if (found < 0)
        return false;
    *row = (uint32_t)found;
    if ((size_t)found == plan->rows_count)
        plan->rows[plan->rows_count++] = (struct row_info){p->name, p->type->name, phase, flags};
    if (monitored)
        plan->rows[*row].flags |= STRESSOR_ROW_MONITORED;
    return true;
}

static bool bind_args(struct compile *c, struct plan_place *p, const struct node *map,
                      stressor_value *common, uint8_t *states, struct place *places)
{
    size_t count = p->type->args_count;
    stressor_value *args = compile_alloc(c, count * sizeof *args);
    uint8_t *arg_states = compile_alloc(c, count);
    struct place *arg_places = compile_alloc(c, count * sizeof *arg_places);
    if (args == NULL || arg_states == NULL || arg_places == NULL)
        return false;
    p->args = args;
    p->states = arg_states;
    p->arg_places = arg_places;
    p->args_count = (uint32_t)count;
    struct schema_table tables[] = {
        {p->type->args, count, args, arg_states, arg_places},
        {common_args, COMMON_ARGS, common, states, places},
    };
    bool good = schema_bind(tables, 2, map, activity_key, SCHEMA_UNKNOWN_ERROR, p->type->name,
                            &c->scope, &c->plan->arena);
    good = schema_check_groups(&tables[0], p->type->groups, p->type->groups_count, map,
                               p->type->name, c->diag) &&
           good;
    for (size_t i = 0; i < count; i++)
        p->has_templates |= arg_states[i] == STRESSOR_ARG_TEMPLATE;
    return good;
}

static uint32_t place_wants(const struct plan_place *p)
{
    uint32_t wants = 0;
    if (p->common.match_text.type != STRESSOR_NULL)
        wants |= STRESSOR_WANT_TEXT | STRESSOR_WANT_VALUE;
    if (p->common.stores_count > 0)
        wants |= STRESSOR_WANT_VALUE;
    if (p->exec_flags & STRESSOR_EXEC_DEBUG)
        wants |=
            STRESSOR_WANT_TEXT | STRESSOR_WANT_VALUE | STRESSOR_WANT_INFO | STRESSOR_WANT_DEBUG;
    return wants;
}

static bool place(struct compile *c, uint32_t sequence, uint32_t index, struct node *n,
                  struct plan_place *out)
{
    struct stressor_plan *plan = c->plan;
    const struct plan_sequence *seq = &plan->sequences[sequence];
    memset(out, 0, sizeof *out);
    out->at = n->at;
    out->sequence = sequence;
    if (n->broken)
        return false;
    if (n->kind != NODE_MAP) {
        compile_expected(c, n, "item %u of sequence '%s': expected {activity: TYPE, …}", index + 1,
                         seq->name);
        return false;
    }
    const stressor_activity_type *type = compile_type(c, &n, &out->plugin);
    if (type == NULL)
        return false;
    out->type = type;
    stressor_value common[COMMON_ARGS];
    uint8_t states[COMMON_ARGS];
    struct place places[COMMON_ARGS];
    if (!bind_args(c, out, n, common, states, places) ||
        !compile_common(c, common, states, places, &out->common))
        return false;
    compile_store_names(c, n);
    if (!compile_code(c, out))
        return false;
    out->ignore_timing = (out->code.flags & STRESSOR_ACTIVITY_IGNORE_TIMING) != 0;
    if (states[COMMON_IGNORE_TIMING] != STRESSOR_ARG_ABSENT)
        out->ignore_timing = common[COMMON_IGNORE_TIMING].as.integer != 0;
    if (common[COMMON_DEBUG].as.integer != 0)
        out->exec_flags |= STRESSOR_EXEC_DEBUG;
    out->has_checks = out->common.match_text.type != STRESSOR_NULL ||
                      out->common.max_time.type != STRESSOR_NULL || out->common.stores_count > 0;
    const stressor_value *name = &common[COMMON_NAME];
    bool named = name->type == STRESSOR_STRING && name->as.string.length > 0;
    if (named)
        out->name = arena_copy(&plan->arena, name->as.string.ptr, name->as.string.length);
    out->label = arena_printf(&plan->arena, "%s/%u/%s", seq->name, index + 1,
                              named && out->name != NULL ? out->name : type->name);
    if (!named)
        out->name = out->label;
    out->wants = place_wants(out);
    if (out->label == NULL || out->name == NULL ||
        !compile_row(c, out, common[COMMON_MONITOR].as.integer != 0, seq->phase, 0, &out->row))
        return diag_error(c->diag, &n->at, "out of memory");
    return true;
}

bool compile_place(struct compile *c, uint32_t sequence, uint32_t index, struct node *n,
                   struct plan_place *out)
{
    if (place(c, sequence, index, n, out))
        return true;
    out->type = NULL;
    out->plugin = NULL;
    return false;
}
