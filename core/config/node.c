#include "config/node.h"

#include <string.h>

#include "config/excerpt.h"

struct node *node_new_text(struct arena *a, const struct place *at, const char *text, size_t length)
{
    struct node *n = arena_zero(a, sizeof *n);
    if (n == NULL)
        return NULL;
    n->kind = NODE_SCALAR;
    n->quoted = true;
    n->at = *at;
    n->weight = 1;
    n->scalar = stressor_string_n(text, length);
    n->text = text;
    n->length = length;
    return n;
}

const char *node_key_name(const struct node *key, size_t *length)
{
    const char *name = key->text;
    *length = key->length;
    if (key->scalar.type == STRESSOR_BOOL)
        name = key->scalar.as.integer != 0 ? "true" : "false";
    else if (key->scalar.type == STRESSOR_NULL)
        name = "null";
    else
        return name;
    *length = strlen(name);
    return name;
}

const struct node_entry *node_entry(const struct node *map, const char *key)
{
    if (map == NULL || map->kind != NODE_MAP)
        return NULL;
    size_t length = strlen(key);
    for (size_t i = 0; i < map->count; i++) {
        const struct node *k = map->entries[i].key;
        if (k->length == length && memcmp(k->text, key, length) == 0)
            return &map->entries[i];
    }
    return NULL;
}

struct node *node_get(const struct node *map, const char *key)
{
    const struct node_entry *e = node_entry(map, key);
    return e != NULL ? e->value : NULL;
}

const char *node_kind_text(const struct node *n)
{
    if (n->kind == NODE_LIST)
        return "a list";
    if (n->kind == NODE_MAP)
        return "a map";
    switch (n->scalar.type) {
    case STRESSOR_NULL: return "null";
    case STRESSOR_BOOL: return "a boolean";
    case STRESSOR_INT: return "an integer";
    case STRESSOR_DOUBLE: return "a number";
    default: return "text";
    }
}

static void put_scalar(struct excerpt *e, const struct node *n)
{
    if ((n->scalar.flags & STRESSOR_SECRET) != 0) {
        excerpt_put(e, "***", 3);
    } else if (n->scalar.type == STRESSOR_STRING) {
        excerpt_put(e, "'", 1);
        excerpt_put(e, n->text, n->length);
        excerpt_close(e, '\'');
    } else if (n->length == 0) {
        excerpt_put(e, "null", 4);
    } else {
        excerpt_put(e, n->text, n->length);
    }
}

/* What stands under such a key is not for messages, wherever it came to stand. */
static bool is_hidden(const struct node *key)
{
    return key->length == strlen("password") && memcmp(key->text, "password", key->length) == 0;
}

/* Containers within containers within the one at the top are not opened. */
static void put_node(struct excerpt *e, const struct node *n, unsigned depth)
{
    if (n->kind == NODE_SCALAR) {
        put_scalar(e, n);
        return;
    }
    bool map = n->kind == NODE_MAP;
    excerpt_put(e, map ? "{" : "[", 1);
    if (depth > 1 && n->count > 0)
        excerpt_put(e, "\xe2\x80\xa6", 3);
    else
        for (size_t i = 0; i < n->count && !e->cut; i++) {
            if (i > 0)
                excerpt_put(e, ", ", 2);
            if (map) {
                excerpt_put(e, n->entries[i].key->text, n->entries[i].key->length);
                excerpt_put(e, ": ", 2);
            }
            if (map && is_hidden(n->entries[i].key))
                excerpt_put(e, "***", 3);
            else
                put_node(e, map ? n->entries[i].value : n->items[i], depth + 1);
        }
    excerpt_close(e, map ? '}' : ']');
}

void node_excerpt(const struct node *n, char *out, size_t size)
{
    struct excerpt e;
    excerpt_init(&e, out, size);
    put_node(&e, n, 0);
}

void node_describe(const struct node *n, char *out, size_t size)
{
    struct excerpt e;
    const char *kind = node_kind_text(n);
    excerpt_init(&e, out, size);
    if (n->kind == NODE_SCALAR && n->scalar.type == STRESSOR_NULL) {
        excerpt_put(&e, kind, strlen(kind));
        return;
    }
    bool one = n->kind == NODE_SCALAR && n->scalar.type != STRESSOR_STRING;
    if (one) { /* "an integer", but "the integer 5" */
        kind = strchr(kind, ' ') + 1;
        excerpt_put(&e, "the ", strlen("the "));
    }
    excerpt_put(&e, kind, strlen(kind));
    excerpt_put(&e, " ", 1);
    put_node(&e, n, 0);
}

const char *node_open_hint(const struct node *n)
{
    return n->inside ? "; inside { } and [ ] a value that holds a comma must be quoted" : "";
}
