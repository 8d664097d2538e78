#include "base/container.h"

#include <stdlib.h>
#include <string.h>

#include <stressor/plugin.h>

const struct container_head *container_head(const stressor_value *v)
{
    if (v->type == STRESSOR_LIST && v->as.list.count != 0)
        return &v->as.list.ptr->head;
    if (v->type == STRESSOR_MAP && v->as.map.count != 0)
        return &v->as.map.ptr->head;
    return NULL;
}

size_t list_box_size(uint64_t count)
{
    return sizeof(stressor_list) + (size_t)count * sizeof(stressor_value);
}

size_t map_box_size(uint64_t count)
{
    size_t size = sizeof(stressor_map) + (size_t)count * sizeof(struct map_entry);
    if (count > MAP_LINEAR_MAX)
        size += ((size_t)count + 1) / 2 * 2 * sizeof(uint32_t);
    return size;
}

stressor_list *list_box_new(struct arena *a, uint64_t count)
{
    return count > CONTAINER_COUNT_MAX ? NULL : arena_alloc(a, list_box_size(count));
}

stressor_map *map_box_new(struct arena *a, uint64_t count)
{
    return count > CONTAINER_COUNT_MAX ? NULL : arena_alloc(a, map_box_size(count));
}

/* Adds a child to the sums. */
static int head_add(struct container_head *h, const stressor_value *child, uint64_t key_length)
{
    const struct container_head *inner = container_head(child);
    uint64_t bytes = key_length != 0 ? key_length + 1 : 0;
    uint32_t depth = 1;
    h->holds |= child->flags;
    if (inner != NULL) {
        h->boxes += inner->boxes;
        bytes += inner->bytes;
        h->holds |= inner->holds;
        depth = inner->depth + 1;
    } else if (value_is_container(child)) {
        depth = 2;
    } else if (child->type == STRESSOR_STRING && child->as.string.length != 0) {
        bytes += child->as.string.length + 1;
    }
    h->bytes += bytes;
    if (depth > h->depth)
        h->depth = depth;
    if (depth > VALUE_DEPTH_MAX || bytes > CONTAINER_BYTES_MAX || h->boxes > CONTAINER_BYTES_MAX ||
        h->bytes > CONTAINER_BYTES_MAX)
        return STRESSOR_ELIMIT;
    return STRESSOR_OK;
}

static uint32_t container_flags(const struct container_head *h)
{
    return (h->holds & (VALUE_TEMPLATE | VALUE_TEMPLATES)) != 0 ? VALUE_TEMPLATES : 0;
}

int list_box_seal(stressor_list *box, uint64_t count, stressor_value *out)
{
    box->head = (struct container_head){.boxes = list_box_size(count), .depth = 1};
    for (uint64_t i = 0; i < count; i++) {
        if (head_add(&box->head, &box->items[i], 0) != STRESSOR_OK)
            return STRESSOR_ELIMIT;
    }
    *out = stressor_null();
    out->type = STRESSOR_LIST;
    out->flags = container_flags(&box->head);
    out->as.list.ptr = box;
    out->as.list.count = count;
    return STRESSOR_OK;
}

static uint32_t *map_index(stressor_map *m, uint64_t count)
{
    return (uint32_t *)(void *)&m->entries[count];
}

static int key_order(const char *a, uint64_t a_length, const char *b, uint64_t b_length)
{
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    return a_length == 0 ? 0 : memcmp(a, b, (size_t)a_length);
}

static int index_order(const void *a, const void *b, void *data)
{
    const struct map_entry *entries = data;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    int order = key_order(entries[i].key, entries[i].length, entries[j].key, entries[j].length);
    return order != 0 ? order : i < j ? -1 : i > j;
}

static void index_sort(stressor_map *m, uint64_t count)
{
    uint32_t *index = map_index(m, count);
    for (uint32_t i = 0; i < count; i++)
        index[i] = i;
    qsort_r(index, (size_t)count, sizeof *index, index_order, m->entries);
}

/* Of entries with the same key the first gets the last one's value, and the others their keys
 * taken away. Returns how many those are. */
static uint64_t duplicates_drop_small(stressor_map *m, uint64_t count)
{
    uint64_t dropped = 0;
    for (uint64_t i = 1; i < count; i++) {
        struct map_entry *e = &m->entries[i];
        for (uint64_t k = 0; k < i; k++) {
            struct map_entry *f = &m->entries[k];
            if (f->key == NULL || key_order(f->key, f->length, e->key, e->length) != 0)
                continue;
            f->value = e->value;
            e->key = NULL;
            dropped++;
            break;
        }
    }
    return dropped;
}

static uint64_t duplicates_drop_sorted(stressor_map *m, uint64_t count)
{
    const uint32_t *index = map_index(m, count);
    uint64_t dropped = 0;
    struct map_entry *first = &m->entries[index[0]];
    for (uint64_t i = 1; i < count; i++) {
        struct map_entry *e = &m->entries[index[i]];
        if (key_order(first->key, first->length, e->key, e->length) != 0) {
            first = e;
            continue;
        }
        first->value = e->value;
        e->key = NULL;
        dropped++;
    }
    return dropped;
}

static uint64_t entries_compact(stressor_map *m, uint64_t count)
{
    uint64_t kept = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (m->entries[i].key != NULL)
            m->entries[kept++] = m->entries[i];
    }
    return kept;
}

int map_box_seal(stressor_map *box, uint64_t count, bool unique, stressor_value *out)
{
    bool large = count > MAP_LINEAR_MAX;
    if (large)
        index_sort(box, count);
    if (!unique && (large ? duplicates_drop_sorted : duplicates_drop_small)(box, count) != 0) {
        count = entries_compact(box, count);
        if (count > MAP_LINEAR_MAX)
            index_sort(box, count);
    }
    box->head = (struct container_head){.boxes = map_box_size(count), .depth = 1};
    for (uint64_t i = 0; i < count; i++) {
        const struct map_entry *e = &box->entries[i];
        if (head_add(&box->head, &e->value, e->length) != STRESSOR_OK)
            return STRESSOR_ELIMIT;
    }
    *out = stressor_null();
    out->type = STRESSOR_MAP;
    out->flags = container_flags(&box->head);
    out->as.map.ptr = box;
    out->as.map.count = count;
    return STRESSOR_OK;
}

static const stressor_value *find_sorted(const stressor_map *m, uint64_t count, const char *key,
                                         uint64_t length)
{
    const uint32_t *index = (const uint32_t *)(const void *)&m->entries[count];
    uint64_t low = 0, high = count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        const struct map_entry *e = &m->entries[index[middle]];
        int order = key_order(key, length, e->key, e->length);
        if (order == 0)
            return &e->value;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const stressor_value *value_get(const stressor_value *map, const char *key, uint64_t length)
{
    if (map->type != STRESSOR_MAP || map->as.map.count == 0)
        return NULL;
    const stressor_map *m = map->as.map.ptr;
    uint64_t count = map->as.map.count;
    if (count > MAP_LINEAR_MAX)
        return find_sorted(m, count, key, length);
    for (uint64_t i = 0; i < count; i++) {
        if (key_order(m->entries[i].key, m->entries[i].length, key, length) == 0)
            return &m->entries[i].value;
    }
    return NULL;
}
