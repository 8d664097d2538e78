#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/schema_json.h"
#include "cli/text.h"

/* Activities: a definition for each type and for each macro that stands for one. */

json_t *schema_json_loadable(struct schema_json *s, json_t *body)
{
    json_t *out = schema_json_pair(s, "if", schema_json_type(s, "string"));
    schema_json_put(s, out, "then", schema_json_ref(s, "", "loaded"));
    schema_json_put(s, out, "else", body);
    return out;
}

/* The i-th place among the names of a macro's positions; negative: it is none. */
static int position(const stressor_macro *macro, const char *name)
{
    for (int i = 0; macro != NULL && macro->args != NULL && macro->args[i] != NULL; i++)
        if (strcmp(macro->args[i], name) == 0)
            return i;
    return -1;
}

static const stressor_arg *find_arg(const stressor_activity_type *type, const char *name)
{
    for (uint32_t i = 0; i < type->args_count; i++)
        if (strcmp(type->args[i]->name, name) == 0)
            return type->args[i];
    return NULL;
}

/* Nothing is known of a group whose members may be among a macro's positions. */
static json_t *group(struct schema_json *s, const stressor_activity_type *type,
                     const stressor_arg_group *g, const stressor_macro *macro)
{
    json_t *one = json_array(), *any = json_array();
    bool known = true;
    for (const char *const *name = g->names; *name != NULL; name++) {
        const stressor_arg *arg = find_arg(type, *name);
        known = known && arg != NULL && position(macro, *name) < 0;
        if (arg == NULL)
            continue;
        schema_json_add(s, one, schema_json_given(s, arg));
        schema_json_add(s, any, schema_json_given(s, arg));
    }
    if (g->kind == STRESSOR_GROUP_AT_MOST_ONE)
        schema_json_add(s, one, schema_json_pair(s, "not", schema_json_pair(s, "anyOf", any)));
    else
        json_decref(any);
    if (known)
        return schema_json_pair(s, "oneOf", one);
    json_decref(one);
    return NULL;
}

static json_t *properties(struct schema_json *s, const stressor_activity_type *type,
                          const stressor_macro *macro)
{
    json_t *out = schema_json_pair(s, "activity", json_object());
    const stressor_arg *arg;
    for (uint32_t i = 0; i < type->args_count; i++) {
        int at = position(macro, type->args[i]->name);
        if (at < 0 || (uint32_t)at >= macro->args_required)
            schema_json_put(s, out, type->args[i]->name, schema_json_arg(s, type->args[i]));
    }
    for (size_t i = 0; (arg = stressor_common_arg(i)) != NULL; i++)
        schema_json_put(s, out, arg->name, schema_json_ref(s, "argument.", arg->name));
    return out;
}

/* The map of an activity, or of a macro that stands for its type. */
static json_t *activity(struct schema_json *s, const stressor_activity_type *type,
                        const stressor_macro *macro)
{
    const char *help = macro != NULL ? macro->help : type->help;
    json_t *out = schema_json_type(s, "object"), *required = json_array(), *groups = json_array();
    schema_json_add(s, required, schema_json_text(s, "activity"));
    for (uint32_t i = 0; i < type->args_count; i++)
        if ((type->args[i]->flags & STRESSOR_ARG_REQUIRED) != 0 &&
            position(macro, type->args[i]->name) < 0)
            schema_json_add(s, required, schema_json_text(s, type->args[i]->name));
    for (uint32_t i = 0; i < type->groups_count; i++) {
        json_t *rule = group(s, type, type->groups[i], macro);
        if (rule != NULL)
            schema_json_add(s, groups, rule);
    }
    schema_json_put(s, out, "description", schema_json_text(s, help != NULL ? help : ""));
    schema_json_put(s, out, "properties", properties(s, type, macro));
    schema_json_put(s, out, "required", required);
    schema_json_put(s, out, "additionalProperties", json_false());
    if (json_array_size(groups) > 0)
        schema_json_put(s, out, "allOf", groups);
    else
        json_decref(groups);
    return out;
}

/* --- which one it is ----------------------------------------------------------------------- */

/* What is known of all of them, as it is collected. */
struct kinds {
    json_t *names;  /* of the types */
    json_t *helps;  /* of each */
    json_t *calls;  /* patterns of the macros */
    json_t *chosen; /* if this type or macro, then its definition */
};

static void choose(struct schema_json *s, struct kinds *k, json_t *is, const char *prefix,
                   const char *name)
{
    json_t *names = json_array();
    schema_json_add(s, names, schema_json_text(s, "activity"));
    json_t *test = schema_json_pair(s, "properties", schema_json_pair(s, "activity", is));
    schema_json_put(s, test, "required", names);
    json_t *rule = schema_json_pair(s, "if", test);
    schema_json_put(s, rule, "then", schema_json_ref(s, prefix, name));
    schema_json_add(s, k->chosen, rule);
}

static void define(struct schema_json *s, const char *prefix, const char *name, json_t *value)
{
    char *key = text_format("%s%s", prefix, name);
    if (key == NULL) {
        s->failed = true;
        json_decref(value);
        return;
    }
    schema_json_put(s, s->definitions, key, value);
    free(key);
}

static bool is_defined(const struct schema_json *s, const char *prefix, const char *name)
{
    char key[512];
    snprintf(key, sizeof key, "%s%s", prefix, name);
    return json_object_get(s->definitions, key) != NULL;
}

/* Of two with one name the first counts. */
static void add_type(struct schema_json *s, struct kinds *k, const stressor_activity_type *type)
{
    if (is_defined(s, "activity.", type->name))
        return;
    define(s, "activity.", type->name, activity(s, type, NULL));
    schema_json_add(s, k->names, schema_json_text(s, type->name));
    schema_json_add(s, k->helps, schema_json_text(s, type->help != NULL ? type->help : ""));
    choose(s, k, schema_json_pair(s, "const", schema_json_text(s, type->name)), "activity.",
           type->name);
}

static const stressor_activity_type *find_type(stressor_engine *engine, const char *name)
{
    for (size_t i = 0; i < stressor_plugins_count(engine); i++) {
        const stressor_plugin *p = stressor_plugin_at(engine, i)->plugin;
        for (uint32_t k = 0; p != NULL && k < p->activities_count; k++)
            if (strcmp(p->activities[k]->name, name) == 0)
                return p->activities[k];
    }
    return NULL;
}

static void add_macro(struct schema_json *s, struct kinds *k, const stressor_macro *macro)
{
    const stressor_activity_type *type =
        macro->activity != NULL ? find_type(s->engine, macro->activity) : NULL;
    if (macro->kind != STRESSOR_MACRO_ACTIVITY || type == NULL ||
        is_defined(s, "macro.", macro->name))
        return;
    bool needs = macro->args_required > 0;
    char *pattern =
        text_format("^\\$%s\\(%s[\\s\\S]*\\)\\s*$", macro->name, needs ? "\\s*(?![\\s)])" : "");
    if (pattern == NULL) {
        s->failed = true;
        return;
    }
    define(s, "macro.", macro->name, activity(s, type, macro));
    json_t *is = schema_json_type(s, "string");
    schema_json_put(s, is, "pattern", schema_json_text(s, pattern));
    schema_json_add(s, k->calls, json_incref(is));
    choose(s, k, is, "macro.", macro->name);
    free(pattern);
}

static json_t *activity_key(struct schema_json *s, struct kinds *k)
{
    json_t *names = schema_json_pair(s, "enum", k->names);
    schema_json_put(s, names, "enumDescriptions", k->helps);
    json_t *all = json_array();
    schema_json_add(s, all, names);
    for (size_t i = 0; i < json_array_size(k->calls); i++)
        schema_json_add(s, all, json_incref(json_array_get(k->calls, i)));
    schema_json_add(s, all, schema_json_ref(s, "", "loaded"));
    json_decref(k->calls);
    json_t *out = schema_json_pair(s, "description",
                                   schema_json_text(s, "its type, or a macro that stands for one"));
    schema_json_put(s, out, "anyOf", all);
    return out;
}

void schema_json_activities(struct schema_json *s)
{
    struct kinds k = {json_array(), json_array(), json_array(), json_array()};
    const stressor_arg *arg;
    for (size_t i = 0; (arg = stressor_common_arg(i)) != NULL; i++)
        define(s, "argument.", arg->name, schema_json_arg(s, arg));
    for (size_t i = 0; i < stressor_plugins_count(s->engine); i++) {
        const stressor_plugin *p = stressor_plugin_at(s->engine, i)->plugin;
        for (uint32_t n = 0; p != NULL && n < p->activities_count; n++)
            add_type(s, &k, p->activities[n]);
        for (uint32_t n = 0; p != NULL && n < p->macros_count; n++)
            add_macro(s, &k, p->macros[n]);
    }
    json_t *body = schema_json_type(s, "object"), *required = json_array();
    schema_json_add(s, required, schema_json_text(s, "activity"));
    schema_json_put(s, body, "required", required);
    schema_json_put(s, body, "properties", schema_json_pair(s, "activity", activity_key(s, &k)));
    if (json_array_size(k.chosen) > 0)
        schema_json_put(s, body, "allOf", k.chosen);
    else
        json_decref(k.chosen);
    schema_json_put(s, s->definitions, "activity", schema_json_loadable(s, body));
}
