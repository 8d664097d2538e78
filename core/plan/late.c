#include "plan/compile.h"

#include <string.h>

/* Settings of plugins that were opened only after the sections had been bound: none of their keys
 * stands there, else they would have been opened for it. */

/* One section's, bound to nothing. */
struct late {
    const stressor_arg **args;
    stressor_value *values;
    uint8_t *states;
    struct place *places;
    size_t count;
};

/* In compile.settled; 0: no plugin has settings there. */
static unsigned bit_of(const char *section)
{
    return strcmp(section, "config") == 0 ? 1 : strcmp(section, "sessions") == 0 ? 2 : 0;
}

void compile_settled(struct compile *c, const char *section)
{
    size_t count = registry_count(c->registry);
    for (size_t i = 0; i < count; i++)
        if (registry_plugin(c->registry, i)->desc != NULL)
            c->settled[i] |= (uint8_t)bit_of(section);
}

static bool collect(struct compile *c, const char *section, struct late *out)
{
    struct plugin *owner;
    size_t all = 0;
    while (registry_setting(c->registry, section, all, NULL) != NULL)
        all++;
    *out = (struct late){
        .args = compile_alloc(c, all * sizeof *out->args),
        .values = compile_alloc(c, all * sizeof *out->values),
        .states = compile_alloc(c, all * sizeof *out->states),
        .places = compile_alloc(c, all * sizeof *out->places),
    };
    if (out->args == NULL || out->values == NULL || out->states == NULL || out->places == NULL)
        return false;
    for (size_t i = 0; i < all; i++) {
        const stressor_setting *s = registry_setting(c->registry, section, i, &owner);
        if ((c->settled[owner->index] & bit_of(section)) == 0)
            out->args[out->count++] = s->arg;
    }
    return true;
}

/* Puts what they fall back to behind the values that are there. */
static void add_values(struct compile *c, const struct late *late, stressor_value *values)
{
    struct stressor_builder b;
    builder_init(&b, &c->plan->arena);
    builder_map(&b);
    const char *key;
    uint64_t length;
    const stressor_value *v;
    for (uint64_t i = 0; (v = value_entry(values, i, &key, &length)) != NULL; i++) {
        builder_key(&b, key, (size_t)length);
        builder_value(&b, v);
    }
    for (size_t i = 0; i < late->count; i++) {
        if (late->states[i] == STRESSOR_ARG_ABSENT)
            continue;
        builder_key(&b, late->args[i]->name, strlen(late->args[i]->name));
        builder_value(&b, &late->values[i]);
    }
    builder_end(&b);
    stressor_value all;
    if (builder_finish(&b, &all) == STRESSOR_OK)
        *values = all;
    else
        diag_error(c->diag, NULL, "out of memory");
}

static void settle(struct compile *c, const char *section, stressor_value *values)
{
    struct late late;
    if (!collect(c, section, &late) || late.count == 0)
        return;
    const struct node *map = node_get(c->root, section);
    const struct node none = {.kind = NODE_MAP, .at = map != NULL ? map->at : c->root->at};
    const struct schema_table table = {late.args, late.count, late.values, late.states,
                                       late.places};
    const char *what = arena_printf(&c->plan->arena, "section '%s'", section);
    if (what == NULL)
        diag_error(c->diag, NULL, "out of memory");
    else if (schema_bind(&table, 1, &none, NULL, SCHEMA_UNKNOWN_FINE, what, &c->scope,
                         &c->plan->arena))
        add_values(c, &late, values);
    compile_settled(c, section);
}

void compile_late_settings(struct compile *c)
{
    settle(c, "config", &c->plan->config_settings);
    settle(c, "sessions", &c->plan->session_settings);
}
