#include "plan/compile.h"

#include <string.h>

#include "base/suggest.h"
#include "config/excerpt.h"
#include "config/macro_call.h"
#include "config/yaml.h"

/* Which type an activity is of: by its name, or by a macro that stands for it. */

/* " (looked in FOLDER, FOLDER)". Where section `plugins` has said that a plugin is missing, what it
 * would offer is unknown at each place, and the folders there would be noise. */
static void put_folders(struct compile *c, const char *what, struct buf *out)
{
    const char *folder;
    if (c->plugin_missing)
        return;
    buf_printf(out, " (%s ", what);
    for (size_t i = 0; (folder = registry_folder(c->registry, i)) != NULL; i++)
        buf_printf(out, "%s%s", i > 0 ? ", " : "", folder);
    buf_puts(out, registry_folder(c->registry, 0) != NULL ? ")" : "no folder)");
}

static void unknown_type(struct compile *c, const struct node *at)
{
    char shown[EXCERPT_MAX];
    struct suggest near;
    struct buf text;
    excerpt_text(at->text, at->length, shown, sizeof shown);
    suggest_init(&near, at->text, at->length);
    registry_suggest_activities(c->registry, &near);
    buf_init(&text, 8192);
    if (near.best != NULL)
        buf_printf(&text, "; did you mean '%.*s'?", (int)near.best_length, near.best);
    else
        buf_puts(&text, ": no plugin offers it");
    put_folders(c, near.best != NULL ? "plugins are looked for in" : "looked in", &text);
    diag_error(c->diag, &at->at, "unknown activity type %s%s", shown, text.data);
    buf_finish(&text);
}

static struct node *text_node(struct compile *c, const struct place *at, const char *text,
                              size_t length)
{
    struct node *n = compile_alloc(c, sizeof *n);
    char *copy = arena_copy(&c->plan->arena, text, length);
    if (n != NULL && copy == NULL)
        diag_error(c->diag, at, "out of memory");
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

static bool check_args(struct compile *c, const struct node *at, const stressor_macro *macro,
                       const struct macro_call *call)
{
    struct buf why;
    buf_init(&why, 4096);
    bool fits = macro_call_fits(call, macro, &why) || diag_error(c->diag, &at->at, "%s", why.data);
    buf_finish(&why);
    return fits;
}

/* The map of an activity macro: what stands beside it, and the positions under their names. */
static struct node *macro_map(struct compile *c, const struct node *map, const struct node *at,
                              const stressor_macro *macro, const struct macro_call *call)
{
    if (!check_args(c, at, macro, call))
        return NULL;
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
                       "argument '%s' is given twice: by $%s too", macro->args[i], macro->name);
            return NULL;
        }
        struct node_entry *e = &entries[out->count];
        e->key = text_node(c, &at->at, macro->args[i], strlen(macro->args[i]));
        e->value = text_node(c, &at->at, call->args[i].text, call->args[i].length);
        if (e->key == NULL || e->value == NULL)
            return NULL;
        out->count++;
    }
    return out;
}

static void unknown_macro(struct compile *c, const struct node *at, const char *name, size_t length)
{
    char shown[EXCERPT_MAX];
    struct excerpt e;
    struct suggest near;
    excerpt_init(&e, shown, sizeof shown);
    excerpt_put(&e, name, length);
    suggest_init(&near, name, length);
    suggest_offer(&near, "load", strlen("load"));
    suggest_offer(&near, "env", strlen("env"));
    registry_open_all(c->registry); /* to know which stand for activities */
    size_t count = registry_count(c->registry);
    for (size_t i = 0; i < count; i++) {
        const stressor_plugin *desc = registry_plugin(c->registry, i)->desc;
        for (uint32_t k = 0; desc != NULL && k < desc->macros_count; k++)
            if (desc->macros[k]->kind == STRESSOR_MACRO_ACTIVITY)
                suggest_offer(&near, desc->macros[k]->name, strlen(desc->macros[k]->name));
    }
    if (near.best != NULL)
        diag_error(c->diag, &at->at, "unknown macro '$%s'; did you mean '$%s'?", shown, near.best);
    else
        diag_error(c->diag, &at->at, "unknown macro '$%s': no plugin offers it", shown);
}

/* A text that begins with '$' and is no call. */
static const stressor_activity_type *no_call(struct compile *c, const struct node *n)
{
    struct plugin *owner;
    const stressor_macro *macro = registry_macro(c->registry, n->text + 1, n->length - 1, &owner);
    char shown[EXCERPT_MAX];
    excerpt_text(n->text, n->length, shown, sizeof shown);
    if (macro != NULL && macro->kind == STRESSOR_MACRO_ACTIVITY) {
        struct buf names;
        buf_init(&names, 1024);
        for (size_t i = 0; macro->args != NULL && macro->args[i] != NULL; i++)
            buf_printf(&names, "%s%s", i > 0 ? ", " : "", macro->args[i]);
        diag_error(c->diag, &n->at, "%s is the name of a macro: it is called as $%s(%s)", shown,
                   macro->name, names.data);
        buf_finish(&names);
    } else {
        diag_error(c->diag, &n->at,
                   "key 'activity': the type is needed before the run, %s is no name of one",
                   shown);
    }
    return NULL;
}

static bool check_call(struct compile *c, const struct node *n, enum macro_call_result result)
{
    char shown[EXCERPT_MAX];
    excerpt_text(n->text, n->length, shown, sizeof shown);
    switch (result) {
    case MACRO_CALL_TRAILING:
        return diag_error(c->diag, &n->at, "a macro must stand alone, but text follows it: %s",
                          shown);
    case MACRO_CALL_OPEN:
        return diag_error(c->diag, &n->at, "missing ')' in %s%s", shown, node_open_hint(n));
    case MACRO_CALL_TOO_MANY: return diag_error(c->diag, &n->at, "too many arguments in %s", shown);
    default: return true;
    }
}

/* A map without the key: is it misspelt, or is a type the key? */
static const stressor_activity_type *no_type(struct compile *c, const struct node *map)
{
    static const char name[] = "activity";
    for (size_t i = 0; i < map->count; i++) {
        const struct node *key = map->entries[i].key;
        struct suggest near;
        struct plugin *owner;
        suggest_init(&near, key->text, key->length);
        suggest_offer(&near, name, strlen(name));
        if (near.best != NULL) {
            diag_error(c->diag, &key->at, "unknown key '%s'; did you mean '%s'?", key->text, name);
            return NULL;
        }
        if (registry_activity(c->registry, key->text, key->length, &owner) != NULL) {
            diag_error(c->diag, &key->at,
                       "missing key 'activity': write {activity: %s, …}, the arguments beside it",
                       key->text);
            return NULL;
        }
    }
    diag_error(c->diag, &map->at, "missing key 'activity': expected {activity: TYPE, …}");
    return NULL;
}

static const stressor_activity_type *called_type(struct compile *c, struct node **map,
                                                 const struct node *n,
                                                 const struct macro_call *call,
                                                 struct plugin **plugin)
{
    struct plugin *owner;
    const stressor_macro *macro =
        registry_macro(c->registry, call->name, call->name_length, &owner);
    if (macro == NULL) {
        unknown_macro(c, n, call->name, call->name_length);
        return NULL;
    }
    if (macro->kind != STRESSOR_MACRO_ACTIVITY) {
        diag_error(c->diag, &n->at, "$%s does not stand for an activity", macro->name);
        return NULL;
    }
    const stressor_activity_type *type =
        registry_activity(c->registry, macro->activity, strlen(macro->activity), plugin);
    if (type == NULL) {
        diag_error(c->diag, &n->at, "$%s stands for the type '%s', which no plugin offers",
                   macro->name, macro->activity);
        return NULL;
    }
    *map = macro_map(c, *map, n, macro, call);
    return *map != NULL ? type : NULL;
}

const stressor_activity_type *compile_type(struct compile *c, struct node **map,
                                           struct plugin **plugin)
{
    const struct node *n = node_get(*map, "activity");
    if (n == NULL)
        return no_type(c, *map);
    if (n->broken)
        return NULL;
    if (n->kind != NODE_SCALAR || n->scalar.type != STRESSOR_STRING || n->length == 0) {
        compile_expected(c, n, "key 'activity': expected the name of a type");
        return NULL;
    }
    struct macro_call call;
    enum macro_call_result result = macro_call_parse(n->text, n->length, &call);
    if (result == MACRO_CALL_NONE && n->text[0] == '$')
        return no_call(c, n);
    if (result != MACRO_CALL_NONE) {
        if (!check_call(c, n, result))
            return NULL;
        return called_type(c, map, n, &call, plugin);
    }
    const stressor_activity_type *type = registry_activity(c->registry, n->text, n->length, plugin);
    if (type == NULL)
        unknown_type(c, n);
    return type;
}
