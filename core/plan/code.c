#include "plan/compile.h"

#include <string.h>

#include "base/suggest.h"

struct plan_code compile_type_code(const stressor_activity_type *type)
{
    return (struct plan_code){type->flags, type->prepare, type->release, type->start, type->cancel};
}

/* A constant text argument of the place; NULL: there is none. Lives in the plan. */
static const char *text_arg(struct compile *c, const struct plan_place *p, const char *name,
                            const struct place **at)
{
    for (uint32_t i = 0; i < p->args_count; i++) {
        const stressor_value *v = &p->args[i];
        if (strcmp(p->type->args[i]->name, name) != 0 || p->states[i] != STRESSOR_ARG_CONSTANT ||
            v->type != STRESSOR_STRING)
            continue;
        *at = &p->arg_places[i];
        return arena_copy(&c->plan->arena, v->as.string.ptr, v->as.string.length);
    }
    return NULL;
}

const char *compile_script_language(struct compile *c)
{
    const struct stressor_plan *plan = c->plan;
    int32_t slot = names_find(plan->variables, "script_language", strlen("script_language"));
    if (slot < 0 || (size_t)slot >= plan->slots_set || !plan->is_set[slot])
        return NULL;
    const stressor_value *v = &plan->initial[slot];
    if (v->type != STRESSOR_STRING || (v->flags & VALUE_TEMPLATE))
        return NULL;
    return arena_copy(&c->plan->arena, v->as.string.ptr, v->as.string.length);
}

static bool takes_language(const stressor_activity_type *type)
{
    for (uint32_t i = 0; i < type->args_count; i++)
        if (strcmp(type->args[i]->name, "language") == 0)
            return true;
    return false;
}

static bool use_engine(struct plan_place *p, const stressor_script_engine *engine,
                       struct plugin *plugin)
{
    p->code = (struct plan_code){engine->flags, engine->prepare, engine->release, engine->start,
                                 engine->cancel};
    p->plugin = plugin;
    return true;
}

static bool unknown_language(struct compile *c, const struct plan_place *p, const char *language,
                             const struct place *at)
{
    struct suggest near;
    struct buf all;
    const char *name;
    suggest_init(&near, language, strlen(language));
    buf_init(&all, 1024);
    for (size_t i = 0; (name = registry_language(c->registry, p->type->name, i)) != NULL; i++) {
        suggest_offer(&near, name, strlen(name));
        buf_printf(&all, "%s'%s'", i > 0 ? ", " : "", name);
    }
    diag_error(c->diag, at, "no plugin runs %s for the language '%s' (there %s%s)%s%s%s",
               p->type->name, language, all.length > 0 ? "are " : "is none",
               all.length > 0 ? all.data : "", near.best != NULL ? "; did you mean '" : "",
               near.best != NULL ? near.best : "", near.best != NULL ? "'?" : "");
    buf_finish(&all);
    return false;
}

const char *plan_own_language(const struct plan_place *place, const char *language, size_t length)
{
    const stressor_plugin *desc = place->plugin->desc;
    const char *own = NULL;
    for (uint32_t i = 0; i < desc->engines_count; i++) {
        const stressor_script_engine *e = desc->engines[i];
        if (strcmp(e->activity, place->type->name) != 0)
            continue;
        if (strlen(e->language) == length && memcmp(e->language, language, length) == 0)
            return e->language;
        own = own != NULL ? own : e->language;
    }
    return own;
}

bool compile_code(struct compile *c, struct plan_place *p)
{
    struct plugin *plugin;
    const struct place *at = &p->at;
    p->code = compile_type_code(p->type);
    const char *language = text_arg(c, p, "language", &at);
    const char *path = language == NULL ? text_arg(c, p, "path", &at) : NULL;
    const char *extension = path != NULL ? strrchr(path, '.') : NULL;
    const stressor_script_engine *engine = NULL;
    if (language == NULL && extension != NULL)
        engine = registry_engine(c->registry, p->type->name, NULL, extension, &plugin);
    if (engine != NULL)
        return use_engine(p, engine, plugin);
    if (language == NULL && takes_language(p->type))
        language = compile_script_language(c);
    if (language == NULL)
        return true;
    engine = registry_engine(c->registry, p->type->name, language, NULL, &plugin);
    return engine != NULL ? use_engine(p, engine, plugin) : unknown_language(c, p, language, at);
}
