#include "plan/compile.h"

#include <string.h>

#include "config/excerpt.h"

/* Any key of `config` may be a variable of the scenario's own: one that is nearly a setting, and
 * that nothing in the file reads, was rather meant for it. */

enum {
    KEYS_MAX = 1000, /* each is compared with all settings */
    NEAR_MAX = 8     /* each is looked for in all of the file */
};

struct looked {
    unsigned keys, near; /* so far */
};

static bool is_known(const struct compile *c, const struct node *key, struct suggest *near)
{
    const stressor_arg *arg;
    const char *name;
    suggest_init(near, key->text, key->length);
    for (size_t i = 0; (arg = plan_section_arg("config", i)) != NULL; i++) {
        if (strcmp(arg->name, key->text) == 0)
            return true;
        suggest_offer(near, arg->name, strlen(arg->name));
    }
    for (size_t i = 0; (name = registry_setting_name(c->registry, "config", i)) != NULL; i++) {
        if (strcmp(name, key->text) == 0)
            return true;
        suggest_offer(near, name, strlen(name));
    }
    return false;
}

/* In a macro, a script, or anything else that is text. */
static bool is_said(const struct node *n, const struct node *key)
{
    bool said = n->kind == NODE_SCALAR && n->text != NULL &&
                memmem(n->text, n->length, key->text, key->length) != NULL;
    for (size_t i = 0; i < n->count && n->kind != NODE_SCALAR && !said; i++)
        said = is_said(n->kind == NODE_LIST ? n->items[i] : n->entries[i].value, key);
    return said;
}

static void check(struct compile *c, const struct node *key, struct looked *looked)
{
    struct suggest near;
    if (looked->keys++ >= KEYS_MAX || is_known(c, key, &near) || near.best == NULL ||
        looked->near++ >= NEAR_MAX || is_said(c->root, key))
        return;
    char shown[EXCERPT_MAX];
    excerpt_text(key->text, key->length, shown, sizeof shown);
    diag_warn(c->diag, &key->at,
              "%s is no setting, and a variable that nothing in the file reads; did you mean "
              "'%.*s'?",
              shown, (int)near.best_length, near.best);
}

static void check_all(struct compile *c, const struct node *map, struct looked *looked)
{
    for (size_t i = 0; map != NULL && map->kind == NODE_MAP && i < map->count; i++)
        check(c, map->entries[i].key, looked);
}

void compile_misspelt(struct compile *c)
{
    struct looked looked = {0, 0};
    check_all(c, c->overrides, &looked);
    check_all(c, node_get(c->root, "config"), &looked);
}
