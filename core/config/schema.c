#include "config/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "config/excerpt.h"
#include "config/schema_private.h"
#include "config/yaml.h"

/* A state while binding: no entry for it yet. */
enum { STATE_UNSEEN = 0xff };

/* The binding of one map. */
struct binding {
    const struct schema_table *tables;
    size_t tables_count;
    const struct node *map;
    enum schema_unknown unknown;
    const char *what;
    const struct template_scope *scope;
    struct arena *arena;
};

static void reset(const struct binding *b)
{
    for (size_t t = 0; t < b->tables_count; t++)
        for (size_t i = 0; i < b->tables[t].count; i++) {
            b->tables[t].values[i] = stressor_null();
            b->tables[t].states[i] = STATE_UNSEEN;
            b->tables[t].places[i] = b->map != NULL ? b->map->at : (struct place){0};
        }
}

static bool is_skipped(const char *const *skip, const struct node *key)
{
    for (; skip != NULL && *skip != NULL; skip++)
        if (strlen(*skip) == key->length && memcmp(*skip, key->text, key->length) == 0)
            return true;
    return false;
}

static const struct schema_table *find(const struct binding *b, const struct node *key, size_t *at)
{
    for (size_t t = 0; t < b->tables_count; t++)
        for (size_t i = 0; i < b->tables[t].count; i++) {
            const char *name = b->tables[t].args[i]->name;
            if (strncmp(name, key->text, key->length) == 0 && name[key->length] == '\0' &&
                memchr(key->text, '\0', key->length) == NULL) {
                *at = i;
                return &b->tables[t];
            }
        }
    return NULL;
}

static bool report_unknown(const struct binding *b, const struct node *key)
{
    char shown[EXCERPT_MAX], hint[128] = "";
    struct suggest near;
    struct diag *d = b->scope->diag;
    if (b->unknown == SCHEMA_UNKNOWN_FINE)
        return true;
    suggest_init(&near, key->text, key->length);
    for (size_t t = 0; t < b->tables_count; t++)
        for (size_t i = 0; i < b->tables[t].count; i++)
            suggest_offer(&near, b->tables[t].args[i]->name, strlen(b->tables[t].args[i]->name));
    if (near.best != NULL)
        snprintf(hint, sizeof hint, "; did you mean '%s'?", near.best);
    excerpt_text(key->text, key->length, shown, sizeof shown);
    if (b->unknown == SCHEMA_UNKNOWN_ERROR)
        return diag_error(d, &key->at, "unknown %s %s of %s%s", schema_noun(b->what), shown,
                          b->what, hint);
    diag_warn(d, &key->at, "unknown %s %s of %s is ignored%s", schema_noun(b->what), shown, b->what,
              hint);
    return true;
}

/* The value of one argument; leaves its state unseen when it counts as not given. */
static bool bind_value(const struct binding *b, const struct schema_table *t, size_t i,
                       const struct node *n)
{
    const stressor_arg *arg = t->args[i];
    struct diag *d = b->scope->diag;
    stressor_value v;
    t->places[i] = n->at;
    t->states[i] = STRESSOR_ARG_ABSENT;
    if (n->broken ||
        !template_node_value(b->scope, b->arena, n, (arg->flags & STRESSOR_ARG_RAW) != 0, &v))
        return false;
    if (schema_is_absent(arg, &v)) {
        t->states[i] = STATE_UNSEEN;
        return true;
    }
    bool macros = (v.flags & (VALUE_TEMPLATE | VALUE_TEMPLATES)) != 0;
    if (macros && (arg->flags & STRESSOR_ARG_STATIC) != 0)
        return diag_error(d, &n->at,
                          "%s '%s' of %s is needed before the run: it must not hold macros",
                          schema_noun(b->what), arg->name, b->what);
    struct schema_coercion c = {
        .arg = arg, .arena = b->arena, .diag = d, .what = b->what, .at = &n->at, .partial = macros};
    if (!schema_coerce_as(&c, &v, n))
        return false;
    t->values[i] = v;
    t->states[i] = macros ? STRESSOR_ARG_TEMPLATE : STRESSOR_ARG_CONSTANT;
    return true;
}

static bool bind_entry(const struct binding *b, const struct node_entry *e)
{
    size_t i;
    const struct schema_table *t = find(b, e->key, &i);
    return t != NULL ? bind_value(b, t, i, e->value) : report_unknown(b, e->key);
}

static bool report_missing(const struct binding *b, const stressor_arg *arg, const struct place *at)
{
    struct buf type;
    buf_init(&type, 1024);
    schema_type_text(arg, &type);
    diag_error(b->scope->diag, at, "missing %s '%s' of %s (%s)%s%s", schema_noun(b->what),
               arg->name, b->what, type.data, arg->help != NULL ? ": " : "",
               arg->help != NULL ? arg->help : "");
    buf_finish(&type);
    return false;
}

/* What was not given: the default, or absent. */
static bool bind_rest(const struct binding *b, const struct schema_table *t, size_t i)
{
    const stressor_arg *arg = t->args[i];
    if (t->states[i] != STATE_UNSEEN)
        return true;
    t->states[i] = STRESSOR_ARG_ABSENT;
    if ((arg->flags & STRESSOR_ARG_REQUIRED) != 0)
        return report_missing(b, arg, &t->places[i]);
    if (arg->fallback == NULL)
        return true;
    if (!schema_fallback(arg, b->arena, &t->values[i]))
        return diag_error(b->scope->diag, &t->places[i], "%s '%s' of %s: its default is no good",
                          schema_noun(b->what), arg->name, b->what);
    t->states[i] = STRESSOR_ARG_CONSTANT;
    return true;
}

bool schema_bind(const struct schema_table *tables, size_t tables_count, const struct node *map,
                 const char *const *skip, enum schema_unknown unknown, const char *what,
                 const struct template_scope *scope, struct arena *a)
{
    struct binding b = {tables, tables_count, map, unknown, what, scope, a};
    bool fine = true;
    reset(&b);
    if (map != NULL && map->kind == NODE_MAP) {
        for (size_t i = 0; i < map->count; i++)
            if (!is_skipped(skip, map->entries[i].key))
                fine &= bind_entry(&b, &map->entries[i]);
    } else if (map != NULL && map->broken) {
        fine = false;
    } else if (map != NULL && (map->kind == NODE_LIST || map->scalar.type != STRESSOR_NULL)) {
        fine = diag_error(scope->diag, &map->at, "%s must be a map, found %s", what,
                          node_kind_text(map));
    }
    for (size_t t = 0; t < tables_count; t++)
        for (size_t i = 0; i < tables[t].count; i++)
            fine &= bind_rest(&b, &tables[t], i);
    return fine;
}

/* Was it given, and not as a null that counts as absent? */
static bool is_given(const struct schema_table *t, const struct node *map, const char *name)
{
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->args[i]->name, name) != 0)
            continue;
        if (map == NULL)
            return t->states[i] != STRESSOR_ARG_ABSENT;
        const struct node *n = node_get(map, name);
        return n != NULL &&
               (n->kind != NODE_SCALAR || n->broken || !schema_is_absent(t->args[i], &n->scalar));
    }
    return false;
}

static void put_names(const struct schema_table *t, const struct node *map,
                      const stressor_arg_group *g, bool only_given, struct buf *out)
{
    const char *between = "";
    for (const char *const *name = g->names; *name != NULL; name++)
        if (!only_given || is_given(t, map, *name)) {
            buf_printf(out, "%s'%s'", between, *name);
            between = ", ";
        }
}

bool schema_check_groups(const struct schema_table *table, const stressor_arg_group *const *groups,
                         size_t groups_count, const struct node *map, const char *what,
                         struct diag *d)
{
    bool fine = true;
    struct place nowhere = {0};
    const struct place *at = map != NULL ? &map->at : &nowhere;
    for (size_t i = 0; i < groups_count; i++) {
        const stressor_arg_group *g = groups[i];
        size_t given = 0;
        for (const char *const *name = g->names; *name != NULL; name++)
            given += is_given(table, map, *name);
        bool none = given == 0 && g->kind == STRESSOR_GROUP_EXACTLY_ONE;
        if (given == 1 || (given == 0 && !none))
            continue;
        struct buf names;
        buf_init(&names, 4096);
        put_names(table, map, g, !none, &names);
        fine = none ? diag_error(d, at, "%s needs one of the %ss %s", what, schema_noun(what),
                                 names.data)
                    : diag_error(d, at, "%s takes only one of its %ss %s", what, schema_noun(what),
                                 names.data);
        buf_finish(&names);
    }
    return fine;
}

bool schema_fallback(const stressor_arg *arg, struct arena *a, stressor_value *v)
{
    const char *text = arg->fallback;
    size_t length = text != NULL ? strlen(text) : 0;
    bool absent;
    *v = stressor_null();
    if (text == NULL)
        return true;
    if (length >= 2 && (text[0] == '\'' || text[0] == '"') && text[length - 1] == text[0])
        *v = stressor_string_n(text + 1, length - 2);
    else if (strcmp(text, "[]") == 0)
        v->type = STRESSOR_LIST;
    else if (strcmp(text, "{}") == 0)
        v->type = STRESSOR_MAP;
    else if (!yaml_scalar(text, length, v))
        return false;
    return schema_coerce(arg, v, a, &absent, NULL);
}
