#include "plan/compile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/conceal.h"
#include "base/duration.h"
#include "config/excerpt.h"

/* The configuration as reports show it: as the files have it, macros included, without secrets. */

enum {
    FACTS_MAX = 300,
    FACT_NAME_MAX = 200,  /* bytes */
    FACT_TEXT_MAX = 1000, /* bytes */
    FACT_DEPTH_MAX = 6,   /* of lists and maps in a text */
};

static void add(struct compile *c, const char *section, const char *name, const char *text)
{
    struct stressor_plan *plan = c->plan;
    char shown[FACT_NAME_MAX];
    struct excerpt e;
    if (plan->facts_count == FACTS_MAX)
        return;
    if (plan->facts_count == FACTS_MAX - 1)
        name = text = "\xe2\x80\xa6";
    excerpt_init(&e, shown, sizeof shown);
    excerpt_put(&e, name, strlen(name));
    name = arena_copy(&plan->arena, shown, strlen(shown));
    text = arena_copy(&plan->arena, text, strlen(text));
    if (name == NULL || text == NULL)
        diag_error(c->diag, NULL, "out of memory");
    else
        plan->facts[plan->facts_count++] = (struct plan_fact){section, name, text};
}

/* --- values -------------------------------------------------------------------------------- */

static void put_scalar(struct compile *c, struct excerpt *e, const struct node *n, bool quoted)
{
    struct buf shown;
    if ((n->scalar.flags & STRESSOR_SECRET) != 0) {
        excerpt_put(e, "***", 3);
        return;
    }
    quoted = quoted && n->scalar.type == STRESSOR_STRING;
    buf_init(&shown, 0);
    excerpt_put(e, "'", quoted);
    if (conceal_passwords(n->text, n->length, &shown))
        excerpt_put(e, shown.data, shown.length);
    else if (n->length == 0 && n->scalar.type == STRESSOR_NULL)
        excerpt_put(e, "null", 4);
    else
        excerpt_put(e, n->text, n->length);
    if (quoted)
        excerpt_close(e, '\'');
    if (shown.failed)
        diag_error(c->diag, NULL, "out of memory");
    buf_finish(&shown);
}

static void put_node(struct compile *c, struct excerpt *e, const struct node *n, unsigned depth)
{
    if (n->kind == NODE_SCALAR) {
        put_scalar(c, e, n, depth > 0);
        return;
    }
    bool map = n->kind == NODE_MAP;
    excerpt_put(e, map ? "{" : "[", 1);
    if (depth == FACT_DEPTH_MAX)
        excerpt_put(e, "\xe2\x80\xa6", 3);
    for (size_t i = 0; i < n->count && depth < FACT_DEPTH_MAX && !e->cut; i++) {
        const struct node *key = map ? n->entries[i].key : NULL;
        excerpt_put(e, ", ", i > 0 ? 2 : 0);
        if (key != NULL) {
            excerpt_put(e, key->text, key->length);
            excerpt_put(e, ": ", 2);
        }
        if (key != NULL && conceal_key(key->text, key->length))
            excerpt_put(e, "***", 3);
        else
            put_node(c, e, map ? n->entries[i].value : n->items[i], depth + 1);
    }
    excerpt_close(e, map ? '}' : ']');
}

const char *compile_shown(struct compile *c, const struct node *n)
{
    char text[FACT_TEXT_MAX];
    struct excerpt e;
    excerpt_init(&e, text, sizeof text);
    put_scalar(c, &e, n, false);
    const char *shown = arena_copy(&c->plan->arena, text, strlen(text));
    if (shown == NULL)
        diag_error(c->diag, NULL, "out of memory");
    return shown;
}

/* Does a plugin say that this setting is a secret? */
static bool is_secret_setting(struct compile *c, const char *section, const char *name)
{
    struct plugin *owner;
    for (size_t i = 0; registry_setting(c->registry, section, i, &owner) != NULL; i++) {
        const stressor_arg *arg = registry_setting(c->registry, section, i, &owner)->arg;
        if (strcmp(arg->name, name) == 0)
            return (arg->flags & STRESSOR_ARG_SECRET) != 0 ||
                   (STRESSOR_HAS(arg, secret_keys) && arg->secret_keys != NULL);
    }
    return false;
}

static void add_node(struct compile *c, const char *section, const struct node *key,
                     const struct node *value)
{
    char text[FACT_TEXT_MAX] = "***";
    if (!conceal_key(key->text, key->length) && !is_secret_setting(c, section, key->text)) {
        struct excerpt e;
        excerpt_init(&e, text, sizeof text);
        put_node(c, &e, value, 0);
    }
    add(c, section, key->text, text);
}

/* --- sections ------------------------------------------------------------------------------ */

/* The entries of config or context, those of the command line in the place of the file's. */
static void add_variables(struct compile *c, const char *section)
{
    const struct node *map = node_get(c->root, section);
    for (size_t i = 0; map != NULL && map->kind == NODE_MAP && i < map->count; i++) {
        const struct node_entry *e = &map->entries[i];
        const struct node *over = node_get(c->overrides, e->key->text);
        add_node(c, section, e->key, over != NULL ? over : e->value);
    }
}

static void add_overrides(struct compile *c)
{
    const struct node *config = node_get(c->root, "config"),
                      *context = node_get(c->root, "context");
    for (size_t i = 0; c->overrides != NULL && i < c->overrides->count; i++) {
        const struct node_entry *e = &c->overrides->entries[i];
        if (node_get(config, e->key->text) == NULL && node_get(context, e->key->text) == NULL)
            add_node(c, "config", e->key, e->value);
    }
}

/* Of the users only how many there are. */
static void add_sessions(struct compile *c)
{
    const struct node *map = node_get(c->root, "sessions");
    char text[32];
    snprintf(text, sizeof text, "%zu", c->plan->users_count);
    add(c, "sessions", "users", text);
    snprintf(text, sizeof text, "%" PRIu64, c->plan->sessions_count);
    add(c, "sessions", "count", text);
    for (size_t i = 0; map != NULL && map->kind == NODE_MAP && i < map->count; i++) {
        const struct node_entry *e = &map->entries[i];
        if (strcmp(e->key->text, "users") != 0 && strcmp(e->key->text, "count") != 0)
            add_node(c, "sessions", e->key, e->value);
    }
}

static void add_entry(struct compile *c, const struct plan_entry *entry)
{
    char text[96] = "once", duration[32];
    duration_text(entry->duration_ns, duration);
    if (entry->repeat > 0 && entry->duration_ns > 0)
        snprintf(text, sizeof text, "repeat %" PRIu64 ", duration %s", entry->repeat, duration);
    else if (entry->repeat > 0)
        snprintf(text, sizeof text, "repeat %" PRIu64, entry->repeat);
    else if (entry->duration_ns > 0)
        snprintf(text, sizeof text, "duration %s", duration);
    add(c, "scenario", c->plan->sequences[entry->sequence].name, text);
}

void compile_facts(struct compile *c)
{
    struct stressor_plan *plan = c->plan;
    if (diag_errors(c->diag) > 0)
        return;
    plan->facts = compile_alloc(c, FACTS_MAX * sizeof *plan->facts);
    if (plan->facts == NULL)
        return;
    add_variables(c, "config");
    add_overrides(c);
    add_variables(c, "context");
    add_sessions(c);
    for (size_t i = 0; i < plan->entries_count && plan->facts_count < FACTS_MAX; i++)
        add_entry(c, &plan->entries[i]);
    for (size_t i = 0; i < plan->thresholds_count; i++) {
        char number[32];
        snprintf(number, sizeof number, "%zu", i + 1);
        add(c, "thresholds", number, plan->thresholds[i].text);
    }
}
