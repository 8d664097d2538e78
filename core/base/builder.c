#include <string.h>

#include <stressor/plugin.h>

#include "base/container.h"
#include "base/value.h"

/* An item on its way into a container that is still open. */
struct builder_item {
    struct builder_item *next;
    struct map_entry entry;
};

struct builder_frame {
    struct builder_frame *outer;
    struct builder_item *first;
    struct builder_item **last;
    uint64_t count;
    const char *key; /* the one waiting for its value */
    uint64_t key_length;
    bool is_map;
};

void builder_init(struct stressor_builder *b, struct arena *a)
{
    memset(b, 0, sizeof *b);
    b->arena = a;
    b->root = stressor_null();
}

static void *builder_alloc(struct stressor_builder *b, size_t size)
{
    void *p = arena_alloc(b->arena, size);
    if (p == NULL)
        b->error = STRESSOR_ENOMEM;
    return p;
}

static const char *builder_bytes(struct stressor_builder *b, const char *bytes, uint64_t length)
{
    if (length == 0)
        return "";
    const char *p = length > CONTAINER_BYTES_MAX ? NULL : arena_copy(b->arena, bytes, length);
    if (p == NULL)
        b->error = STRESSOR_ENOMEM;
    return p;
}

static void builder_open(struct stressor_builder *b, bool is_map)
{
    if (b->error != 0)
        return;
    bool misplaced = b->top == NULL ? b->has_root : b->top->is_map && b->top->key == NULL;
    if (misplaced || b->depth == VALUE_DEPTH_MAX) {
        b->error = misplaced ? STRESSOR_EINVAL : STRESSOR_ELIMIT;
        return;
    }
    struct builder_frame *f = builder_alloc(b, sizeof *f);
    if (f == NULL)
        return;
    memset(f, 0, sizeof *f);
    f->outer = b->top;
    f->last = &f->first;
    f->is_map = is_map;
    b->top = f;
    b->depth++;
}

void builder_list(struct stressor_builder *b)
{
    builder_open(b, false);
}

void builder_map(struct stressor_builder *b)
{
    builder_open(b, true);
}

void builder_key(struct stressor_builder *b, const char *key, size_t length)
{
    if (b->error != 0)
        return;
    if (b->top == NULL || !b->top->is_map || b->top->key != NULL || (key == NULL && length != 0)) {
        b->error = STRESSOR_EINVAL;
        return;
    }
    b->top->key = builder_bytes(b, key, length);
    b->top->key_length = length;
}

/* Puts a value whose memory is in order where it belongs. */
static void builder_put(struct stressor_builder *b, const stressor_value *v)
{
    struct builder_frame *f = b->top;
    if (f == NULL) {
        if (b->has_root)
            b->error = STRESSOR_EINVAL;
        b->root = *v;
        b->has_root = true;
        return;
    }
    if (f->is_map && f->key == NULL) {
        b->error = STRESSOR_EINVAL;
        return;
    }
    struct builder_item *item = b->spare;
    if (item != NULL)
        b->spare = item->next;
    else if ((item = builder_alloc(b, sizeof *item)) == NULL)
        return;
    item->next = NULL;
    item->entry.key = f->key;
    item->entry.length = f->key_length;
    item->entry.value = *v;
    *f->last = item;
    f->last = &item->next;
    f->count++;
    f->key = NULL;
    f->key_length = 0;
}

void builder_value(struct stressor_builder *b, const stressor_value *v)
{
    if (b->error != 0)
        return;
    stressor_value copy = *v;
    if (v->type > STRESSOR_MAP) {
        b->error = STRESSOR_EINVAL;
        return;
    }
    if (v->type == STRESSOR_STRING && (v->flags & VALUE_TEMPLATE) == 0) {
        if (v->as.string.ptr == NULL && v->as.string.length != 0) {
            b->error = STRESSOR_EINVAL;
            return;
        }
        copy.as.string.ptr = builder_bytes(b, v->as.string.ptr, v->as.string.length);
        if (copy.as.string.ptr == NULL)
            return;
    }
    builder_put(b, &copy);
}

/* Moves the items of the frame into a box; the items can be used again. */
static void builder_close(struct stressor_builder *b, struct builder_frame *f, stressor_value *out)
{
    stressor_list *list = NULL;
    stressor_map *map = NULL;
    if (f->is_map)
        map = map_box_new(b->arena, f->count);
    else
        list = list_box_new(b->arena, f->count);
    if (map == NULL && list == NULL) {
        b->error = STRESSOR_ENOMEM;
        return;
    }
    uint64_t i = 0;
    for (struct builder_item *item = f->first; item != NULL; item = item->next, i++) {
        if (f->is_map)
            map->entries[i] = item->entry;
        else
            list->items[i] = item->entry.value;
    }
    *f->last = b->spare;
    b->spare = f->first;
    b->error =
        f->is_map ? map_box_seal(map, f->count, false, out) : list_box_seal(list, f->count, out);
}

void builder_end(struct stressor_builder *b)
{
    if (b->error != 0)
        return;
    struct builder_frame *f = b->top;
    if (f == NULL || f->key != NULL) {
        b->error = STRESSOR_EINVAL;
        return;
    }
    stressor_value v = stressor_null();
    v.type = f->is_map ? STRESSOR_MAP : STRESSOR_LIST;
    if (f->count != 0)
        builder_close(b, f, &v);
    if (b->error != 0)
        return;
    b->top = f->outer;
    b->depth--;
    builder_put(b, &v);
}

int builder_finish(struct stressor_builder *b, stressor_value *out)
{
    if (b->error == 0 && (b->top != NULL || !b->has_root))
        b->error = STRESSOR_EINVAL;
    if (b->error == 0)
        *out = b->root;
    return b->error;
}
