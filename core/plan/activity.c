#include "plan/compile.h"

#include <string.h>

#include "base/suggest.h"
#include "config/yaml.h"

/* One activity: from a map in the file to a place in the plan. */

static const char *const activity_key[] = {"activity", NULL};

static void unknown_activity(struct compile *c, const struct node *at)
{
    struct suggest near;
    suggest_init(&near, at->text, at->length);
    registry_suggest_activities(c->registry, &near);
    struct buf folders;
    buf_init(&folders, 4096);
    const char *folder;
    for (size_t i = 0; (folder = registry_folder(c->registry, i)) != NULL; i++)
        buf_printf(&folders, "%s%s", i > 0 ? ", " : "", folder);
    if (near.best != NULL)
        diag_error(
            c->diag, &at->at,
            "unknown activity type '%s'; did you mean '%.*s'? (plugins are looked for in %s)",
            at->text, (int)near.best_length, near.best, folders.data);
    else
        diag_error(c->diag, &at->at,
                   "unknown activity type '%s': no plugin that was found offers it (looked in %s)",
                   at->text, folders.data);
    buf_finish(&folders);
}

static struct node *text_node(struct compile *c, const struct place *at, const char *text,
                              size_t length)
{
    struct node *n = compile_alloc(c, sizeof *n);
    char *copy = arena_copy(&c->plan->arena, text, length);
    if (n == NULL || copy == NULL)
        return NULL;
    n->kind = NODE_SCALAR;
    n->at = *at;
    n->weight = 1;
    n->text = copy;
    n->length = length;
    if (!yaml_scalar(copy, length, &n->scalar))
        n->scalar = stressor_string_n(copy, length);
    return n;
}

/* The map of an activity macro: what stands beside it, and the positions under their names. */
static struct node *macro_map(struct compile *c, const struct node *map, const struct node *at,
                              const stressor_macro *macro, const struct macro_call *call)
{
    size_t names = 0;
    while (macro->args != NULL && macro->args[names] != NULL)
        names++;
    if (call->args_count > names || call->args_count < macro->args_required) {
        diag_error(c->diag, &at->at, "$%s takes %u to %zu arguments, found %zu", macro->name,
                   macro->args_required, names, call->args_count);
        return NULL;
    }
    struct node *out = compile_alloc(c, sizeof *out);
    struct node_entry *entries =
        compile_alloc(c, (map->count + call->args_count) * sizeof *entries);
    if (out == NULL || entries == NULL)
        return NULL;
    *out = *map;
    out->entries = entries;
    memcpy(entries, map->entries, map->count * sizeof *entries);
    for (size_t i = 0; i < call->args_count; i++) {
        if (node_get(map, macro->args[i]) != NULL) {
            diag_error(c->diag, &node_entry(map, macro->args[i])->key->at,
                       "argument '%s' is given by $%s too", macro->args[i], macro->name);
            return NULL;
        }
        entries[out->count].key = text_node(c, &at->at, macro->args[i], strlen(macro->args[i]));
        entries[out->count].value = text_node(c, &at->at, call->args[i].text, call->args[i].length);
        if (entries[out->count].key == NULL || entries[out->count].value == NULL)
            return NULL;
        out->count++;
    }
    return out;
}

static void bad_macro(struct compile *c, const struct node *at, const struct macro_call *call,
                      const stressor_macro *macro)
{
    struct suggest near;
    if (macro != NULL) {
        diag_error(c->diag, &at->at, "$%s does not stand for an activity", macro->name);
        return;
    }
    suggest_init(&near, call->name, call->name_length);
    size_t count = registry_count(c->registry);
    for (size_t i = 0; i < count; i++) {
        const stressor_plugin *desc = registry_plugin(c->registry, i)->desc;
        for (uint32_t k = 0; k < desc->macros_count; k++)
            if (desc->macros[k]->kind == STRESSOR_MACRO_ACTIVITY)
                suggest_offer(&near, desc->macros[k]->name, strlen(desc->macros[k]->name));
    }
    diag_error(c->diag, &at->at, "unknown macro '$%.*s'%s%s%s", (int)call->name_length, call->name,
               near.best != NULL ? "; did you mean '$" : "", near.best != NULL ? near.best : "",
               near.best != NULL ? "'?" : "");
}

/* Finds the type, and replaces `*map` where a macro stands for it. */
static const stressor_activity_type *find_type(struct compile *c, struct node **map,
                                               struct plugin **plugin)
{
    const struct node *n = node_get(*map, "activity");
    if (n == NULL) {
        diag_error(c->diag, &(*map)->at, "missing key 'activity' (the type, such as GetRequest)");
        return NULL;
    }
    if (n->kind != NODE_SCALAR || n->scalar.type != STRESSOR_STRING) {
        diag_error(c->diag, &n->at, "key 'activity': expected the name of a type, found %s",
                   node_kind_text(n));
        return NULL;
    }
    struct macro_call call;
    const stressor_activity_type *type;
    switch (macro_call_parse(n->text, n->length, &call)) {
    case MACRO_CALL_NONE:
        type = registry_activity(c->registry, n->text, n->length, plugin);
        if (type == NULL)
            unknown_activity(c, n);
        return type;
    case MACRO_CALL_TRAILING:
        diag_error(c->diag, &n->at, "unexpected text after the macro in '%s'", n->text);
        return NULL;
    case MACRO_CALL_OPEN: diag_error(c->diag, &n->at, "missing ')' in '%s'", n->text); return NULL;
    case MACRO_CALL_TOO_MANY:
        diag_error(c->diag, &n->at, "too many arguments in '%s'", n->text);
        return NULL;
    case MACRO_CALL_YES: break;
    }
    struct plugin *owner;
    const stressor_macro *macro = registry_macro(c->registry, call.name, call.name_length, &owner);
    if (macro == NULL || macro->kind != STRESSOR_MACRO_ACTIVITY) {
        bad_macro(c, n, &call, macro);
        return NULL;
    }
    type = registry_activity(c->registry, macro->activity, strlen(macro->activity), plugin);
    if (type == NULL) {
        diag_error(c->diag, &n->at, "$%s stands for the type '%s', which no plugin offers",
                   macro->name, macro->activity);
        return NULL;
    }
    *map = macro_map(c, *map, n, macro, &call);
    return *map != NULL ? type : NULL;
}

/* The row of a name in a phase: places that share it merge. */
static bool find_row(struct compile *c, const struct plan_place *p, bool monitored, uint32_t phase,
                     uint32_t extra, uint32_t *row)
{
    struct stressor_plan *plan = c->plan;
    uint32_t flags = extra | (p->ignore_timing ? (uint32_t)STRESSOR_ROW_IGNORE_TIMING : 0);
    char *key = arena_printf(&plan->arena, "%u/%u/%s", phase, flags, p->name);
    int32_t found = key != NULL ? names_add(plan->row_keys, key, strlen(key)) : -1;
    if (found < 0)
        return false;
    *row = (uint32_t)found;
    if ((size_t)found == plan->rows_count) {
        if (plan->rows_count == plan->rows_room) {
            size_t room = plan->rows_room > 0 ? 2 * plan->rows_room : 64;
            struct row_info *rows = arena_alloc(&plan->arena, room * sizeof *rows);
            if (rows == NULL)
                return false;
            if (plan->rows_count > 0)
                memcpy(rows, plan->rows, plan->rows_count * sizeof *rows);
            plan->rows = rows;
            plan->rows_room = room;
        }
        plan->rows[plan->rows_count++] = (struct row_info){p->name, p->type->name, phase, flags};
    }
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

bool compile_place(struct compile *c, uint32_t sequence, uint32_t index, struct node *n,
                   struct plan_place *out)
{
    struct stressor_plan *plan = c->plan;
    const struct plan_sequence *seq = &plan->sequences[sequence];
    memset(out, 0, sizeof *out);
    out->at = n->at;
    out->sequence = sequence;
    if (n->kind != NODE_MAP)
        return diag_error(
            c->diag, &n->at,
            "sequence '%s', item %u: expected a map with the key 'activity', found %s", seq->name,
            index + 1, node_kind_text(n));
    struct plugin *plugin;
    const stressor_activity_type *type = find_type(c, &n, &plugin);
    if (type == NULL)
        return false;
    out->type = type;
    out->plugin = plugin;
    stressor_value common[COMMON_ARGS];
    uint8_t states[COMMON_ARGS];
    struct place places[COMMON_ARGS];
    if (!bind_args(c, out, n, common, states, places) ||
        !compile_common(c, common, states, places, &out->common))
        return false;
    out->ignore_timing = (type->flags & STRESSOR_ACTIVITY_IGNORE_TIMING) != 0;
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
        !find_row(c, out, common[COMMON_MONITOR].as.integer != 0, seq->phase, 0, &out->row))
        return diag_error(c->diag, &n->at, "out of memory");
    return true;
}

/* --- prepare ------------------------------------------------------------------------------ */

static bool prepare_place(struct compile *c, struct plan_place *p, uint32_t flags)
{
    if (p->type == NULL || !registry_use(c->registry, p->plugin))
        return p->type == NULL ||
               diag_error(c->diag, &p->at, "plugin '%s' of %s did not start (the log says why)",
                          p->plugin->desc->name, p->type->name);
    if (p->type->prepare != NULL) {
        struct compile_prepare call = {
            .pub = {.size = sizeof call.pub,
                    .flags = flags,
                    .wants = p->wants,
                    .args_count = p->args_count,
                    .host = c->plan->host,
                    .plan = c->plan,
                    .plugin = p->plugin->data,
                    .args = p->args,
                    .states = p->states},
            .compile = c,
            .place = p,
        };
        size_t before = diag_errors(c->diag);
        if (p->type->prepare(&call.pub) < 0) {
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
    struct plugin *owner;
    while (registry_activity_at(c->registry, count, &owner) != NULL)
        count++;
    plan->dynamic = compile_alloc(c, count * sizeof *plan->dynamic);
    if (plan->dynamic == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct plan_place *p = &plan->dynamic[plan->dynamic_count];
        p->type = registry_activity_at(c->registry, i, &p->plugin);
        p->args_count = p->type->args_count;
        p->args = compile_alloc(c, p->args_count * sizeof *p->args);
        p->states = compile_alloc(c, p->args_count);
        p->label = p->name = p->type->name;
        p->ignore_timing = (p->type->flags & STRESSOR_ACTIVITY_IGNORE_TIMING) != 0;
        p->wants = STRESSOR_WANT_TEXT | STRESSOR_WANT_VALUE | STRESSOR_WANT_INFO;
        if (p->args == NULL || p->states == NULL ||
            !find_row(c, p, false, STRESSOR_PHASE_MAIN, STRESSOR_ROW_CALLED, &p->row))
            return diag_error(c->diag, NULL, "out of memory");
        if (!prepare_place(c, p, STRESSOR_PREPARE_DYNAMIC))
            return false;
        plan->dynamic_count++;
    }
    return true;
}

void compile_prepare_all(struct compile *c)
{
    for (size_t s = 0; s < c->plan->sequences_count; s++) {
        struct plan_sequence *seq = &c->plan->sequences[s];
        for (uint32_t i = 0; i < seq->count; i++)
            prepare_place(c, &seq->places[i], 0);
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
