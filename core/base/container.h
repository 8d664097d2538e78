/*
 * container -- how lists and maps lie in memory. For the files of value, and json; nobody else.
 *
 * A container is one box: its head, its items or entries, and for a map of more than
 * MAP_LINEAR_MAX entries an index of entry numbers, sorted by key. A box refers to nothing in
 * itself by pointer, so it can be copied by memcpy. Empty containers have no box: ptr is NULL.
 */
#ifndef CORE_BASE_CONTAINER_H
#define CORE_BASE_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

enum { MAP_LINEAR_MAX = 12 };

/* Ceilings: entries of one container, and bytes of one deep copy. What shares a child many times
 * over could otherwise be small in memory and endless to walk. */
#define CONTAINER_COUNT_MAX (UINT64_C(1) << 30)
#define CONTAINER_BYTES_MAX (UINT64_C(1) << 36)

/* Sums over all that is inside, at any depth. */
struct container_head {
    uint64_t boxes; /* bytes of boxes, this one's included, ... */
    uint64_t bytes; /* ... and of strings and keys with a NUL each: the size of a deep copy */
    uint32_t depth; /* 1: holds no container */
    uint32_t holds; /* the flags of all values inside, or-ed */
};

struct stressor_list {
    struct container_head head;
    stressor_value items[];
};

struct map_entry {
    const char *key;
    uint64_t length;
    stressor_value value;
};

struct stressor_map {
    struct container_head head;
    struct map_entry entries[];
};

static inline bool value_is_container(const stressor_value *v)
{
    return v->type == STRESSOR_LIST || v->type == STRESSOR_MAP;
}

/* NULL for an empty one, and for what is no container. */
const struct container_head *container_head(const stressor_value *v);
/* Of the box itself, in bytes; a multiple of 8. */
size_t list_box_size(uint64_t count);
size_t map_box_size(uint64_t count);

/* Boxes to be filled in and then sealed. `count` is at least 1. NULL: out of memory. */
stressor_list *list_box_new(struct arena *a, uint64_t count);
stressor_map *map_box_new(struct arena *a, uint64_t count);
/* Make the value. `unique`: no key occurs twice, that need not be looked for. Negative: an enum
 * stressor_error (STRESSOR_ELIMIT). */
int list_box_seal(stressor_list *box, uint64_t count, stressor_value *out);
int map_box_seal(stressor_map *box, uint64_t count, bool unique, stressor_value *out);

#endif
