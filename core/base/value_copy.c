#include <stdlib.h>
#include <string.h>

#include "base/container.h"
#include "base/value.h"

/* Where the copies of boxes and of bytes go. */
struct space {
    char *boxes;
    char *bytes;
};

static void space_needed(const stressor_value *v, size_t *boxes, size_t *bytes)
{
    const struct container_head *head = container_head(v);
    *boxes = head != NULL ? (size_t)head->boxes : 0;
    *bytes = head != NULL ? (size_t)head->bytes : 0;
    if (v->type == STRESSOR_STRING && v->as.string.length != 0)
        *bytes = (size_t)v->as.string.length + 1;
}

static const char *lay_bytes(const char *from, uint64_t length, struct space *s)
{
    if (length == 0)
        return "";
    char *to = s->bytes;
    memcpy(to, from, (size_t)length);
    to[length] = '\0';
    s->bytes += length + 1;
    return to;
}

static void *lay_box(const void *from, size_t size, struct space *s)
{
    void *to = s->boxes;
    memcpy(to, from, size);
    s->boxes += size;
    return to;
}

static void lay_value(stressor_value *v, struct space *s);

static void lay_list(stressor_value *v, struct space *s)
{
    uint64_t count = v->as.list.count;
    stressor_list *box = lay_box(v->as.list.ptr, list_box_size(count), s);
    for (uint64_t i = 0; i < count; i++)
        lay_value(&box->items[i], s);
    v->as.list.ptr = box;
}

static void lay_map(stressor_value *v, struct space *s)
{
    uint64_t count = v->as.map.count;
    stressor_map *box = lay_box(v->as.map.ptr, map_box_size(count), s);
    for (uint64_t i = 0; i < count; i++) {
        box->entries[i].key = lay_bytes(box->entries[i].key, box->entries[i].length, s);
        lay_value(&box->entries[i].value, s);
    }
    v->as.map.ptr = box;
}

/* Makes `*v`, which points to the originals, point to copies. */
static void lay_value(stressor_value *v, struct space *s)
{
    if (v->type == STRESSOR_STRING && (v->flags & VALUE_TEMPLATE) == 0)
        v->as.string.ptr = lay_bytes(v->as.string.ptr, v->as.string.length, s);
    else if (v->type == STRESSOR_LIST && v->as.list.count != 0)
        lay_list(v, s);
    else if (v->type == STRESSOR_MAP && v->as.map.count != 0)
        lay_map(v, s);
}

bool value_copy(struct arena *a, const stressor_value *in, stressor_value *out)
{
    size_t boxes, bytes;
    space_needed(in, &boxes, &bytes);
    struct space s = {NULL, NULL};
    if (boxes + bytes != 0) {
        s.boxes = arena_alloc(a, boxes + bytes);
        if (s.boxes == NULL)
            return false;
        s.bytes = s.boxes + boxes;
    }
    *out = *in;
    lay_value(out, &s);
    return true;
}

bool value_pack(const stressor_value *in, stressor_value *out, void **block)
{
    size_t boxes, bytes;
    space_needed(in, &boxes, &bytes);
    struct space s = {NULL, NULL};
    *block = NULL;
    if (boxes + bytes != 0) {
        *block = s.boxes = malloc(boxes + bytes);
        if (s.boxes == NULL)
            return false;
        s.bytes = s.boxes + boxes;
    }
    *out = *in;
    lay_value(out, &s);
    return true;
}

static void mark_secret(stressor_value *v, struct space *s)
{
    v->flags |= STRESSOR_SECRET;
    if (container_head(v) == NULL)
        return;
    if (v->type == STRESSOR_LIST) {
        stressor_list *box = lay_box(v->as.list.ptr, list_box_size(v->as.list.count), s);
        box->head.holds |= STRESSOR_SECRET;
        for (uint64_t i = 0; i < v->as.list.count; i++)
            mark_secret(&box->items[i], s);
        v->as.list.ptr = box;
    } else {
        stressor_map *box = lay_box(v->as.map.ptr, map_box_size(v->as.map.count), s);
        box->head.holds |= STRESSOR_SECRET;
        for (uint64_t i = 0; i < v->as.map.count; i++)
            mark_secret(&box->entries[i].value, s);
        v->as.map.ptr = box;
    }
}

bool value_make_secret(struct arena *a, stressor_value *v)
{
    const struct container_head *head = container_head(v);
    struct space s = {NULL, NULL};
    if (head != NULL && (s.boxes = arena_alloc(a, (size_t)head->boxes)) == NULL)
        return false;
    mark_secret(v, &s);
    return true;
}
