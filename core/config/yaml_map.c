#include "config/yaml_map.h"

#include <stdlib.h>
#include <string.h>

/* One entry on its way into the map. */
struct candidate {
    struct node_entry entry;
    const char *name;
    size_t length;
    size_t order;
    bool merged;
};

struct merge {
    struct candidate *all;
    size_t count;
    size_t capacity;
    struct yaml_map_limits *limits;
    enum yaml_map_result result;
};

static void offer(struct merge *m, const struct node_entry *entry, bool merged)
{
    if (m->result != YAML_MAP_OK)
        return;
    if (merged && ++m->limits->nodes > NODE_WEIGHT_MAX) {
        m->result = YAML_MAP_TOO_BIG;
        return;
    }
    if (m->count == m->capacity) {
        size_t capacity = m->capacity == 0 ? 16 : m->capacity * 2;
        struct candidate *more = realloc(m->all, capacity * sizeof *more);
        if (more == NULL) {
            m->result = YAML_MAP_NOMEM;
            return;
        }
        m->all = more;
        m->capacity = capacity;
    }
    struct candidate *c = &m->all[m->count];
    *c = (struct candidate){.entry = *entry, .order = m->count, .merged = merged};
    c->name = node_key_name(entry->key, &c->length);
    m->count++;
}

static void offer_map(struct merge *m, const struct node *from)
{
    for (size_t i = 0; i < from->count; i++)
        offer(m, &from->entries[i], true);
}

static bool is_merge(const struct node *key)
{
    return !key->quoted && key->kind == NODE_SCALAR && key->length == 2 &&
           memcmp(key->text, "<<", 2) == 0;
}

/* Of a list the first map has the last word. */
static void offer_merge(struct merge *m, const struct node *from, struct diag *d)
{
    if (from->kind == NODE_MAP) {
        offer_map(m, from);
    } else if (from->kind == NODE_LIST) {
        for (size_t i = from->count; i-- > 0;)
            if (from->items[i]->kind == NODE_MAP)
                offer_map(m, from->items[i]);
            else if (!from->items[i]->broken)
                diag_error(d, &from->items[i]->at, "'<<' merges maps, found %s",
                           node_kind_text(from->items[i]));
    } else {
        diag_error(d, &from->at, "'<<' merges a map or a list of maps, found %s",
                   node_kind_text(from));
    }
}

static int by_name(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    int c = memcmp(a->name, b->name, a->length < b->length ? a->length : b->length);
    if (c != 0)
        return c;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static int by_order(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool same_name(const struct candidate *a, const struct candidate *b)
{
    return a->length == b->length && memcmp(a->name, b->name, a->length) == 0;
}

/* Leaves one candidate of each name, in the order in which names first appeared. */
static void drop_duplicates(struct merge *m, struct diag *d)
{
    qsort(m->all, m->count, sizeof *m->all, by_name);
    size_t kept = 0;
    for (size_t i = 0; i < m->count; i++) {
        struct candidate *c = &m->all[i];
        struct candidate *before = kept > 0 ? &m->all[kept - 1] : NULL;
        if (before == NULL || !same_name(before, c)) {
            m->all[kept++] = *c;
            continue;
        }
        if (!before->merged && !c->merged)
            diag_warn(d, &c->entry.key->at,
                      "key '%.*s' stands here again (first in line %u); the last one counts",
                      c->length < 80 ? (int)c->length : 80, c->name, before->entry.key->at.line);
        before->entry = c->entry;
        before->merged = c->merged;
    }
    m->count = kept;
    qsort(m->all, m->count, sizeof *m->all, by_order);
}

static void store(struct merge *m, struct node *map, struct arena *a)
{
    map->entries = arena_alloc(a, m->count * sizeof *map->entries);
    if (map->entries == NULL) {
        m->result = YAML_MAP_NOMEM;
        return;
    }
    for (size_t i = 0; i < m->count; i++)
        map->entries[i] = m->all[i].entry;
    map->count = m->count;
}

enum yaml_map_result yaml_map_finish(struct node *map, struct node *const *pairs, size_t count,
                                     struct yaml_map_limits *limits, struct arena *a,
                                     struct diag *d)
{
    struct merge m = {.limits = limits};
    for (size_t i = 0; i + 1 < count; i += 2)
        if (is_merge(pairs[i]) && !pairs[i + 1]->broken)
            offer_merge(&m, pairs[i + 1], d);
    for (size_t i = 0; i + 1 < count; i += 2)
        if (!is_merge(pairs[i]) && !pairs[i]->broken)
            offer(&m, &(struct node_entry){pairs[i], pairs[i + 1]}, false);
    if (m.result == YAML_MAP_OK && m.count > 1)
        drop_duplicates(&m, d);
    if (m.result == YAML_MAP_OK)
        store(&m, map, a);
    free(m.all);
    return m.result;
}
