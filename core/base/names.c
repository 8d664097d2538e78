#include "base/names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct name {
    const char *text;
    size_t length;
    uint64_t hash;
};

/* `slots` is a hash table of a power of two, open addressing; a slot holds number + 1. */
struct names {
    struct arena arena;
    struct name *list;
    size_t count, capacity;
    uint32_t *slots;
    size_t slots_count;
};

enum { NAMES_FIRST = 64 };

struct names *names_new(void)
{
    struct names *n = calloc(1, sizeof *n);
    if (n != NULL)
        arena_init(&n->arena, 1024, 0);
    return n;
}

void names_free(struct names *n)
{
    if (n == NULL)
        return;
    arena_finish(&n->arena);
    free(n->list);
    free(n->slots);
    free(n);
}

/* FNV-1a. */
static uint64_t hash_of(const char *text, size_t length)
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001B3);
    return h ^ h >> 32;
}

/* The slot where the text is, or else the free one where it belongs. */
static size_t slot_of(const struct names *n, const char *text, size_t length, uint64_t hash)
{
    size_t mask = n->slots_count - 1, at = (size_t)hash & mask;
    for (; n->slots[at] != 0; at = (at + 1) & mask) {
        const struct name *name = &n->list[n->slots[at] - 1];
        if (name->hash == hash && name->length == length &&
            (length == 0 || memcmp(name->text, text, length) == 0))
            break;
    }
    return at;
}

/* Room for one more, in the list and in a table at most half full. */
static bool names_grow(struct names *n)
{
    if (n->count == n->capacity) {
        size_t capacity = n->capacity != 0 ? n->capacity * 2 : NAMES_FIRST;
        struct name *list = realloc(n->list, capacity * sizeof *list);
        if (list == NULL)
            return false;
        n->list = list;
        n->capacity = capacity;
    }
    if (n->count * 2 < n->slots_count)
        return true;
    size_t slots_count = n->capacity * 2;
    uint32_t *slots = calloc(slots_count, sizeof *slots);
    if (slots == NULL)
        return false;
    free(n->slots);
    n->slots = slots;
    n->slots_count = slots_count;
    for (size_t i = 0; i < n->count; i++) {
        const struct name *name = &n->list[i];
        n->slots[slot_of(n, name->text, name->length, name->hash)] = (uint32_t)i + 1;
    }
    return true;
}

int32_t names_find(const struct names *n, const char *text, size_t length)
{
    if (n->slots_count == 0)
        return -1;
    size_t at = slot_of(n, text, length, hash_of(text, length));
    return (int32_t)n->slots[at] - 1;
}

int32_t names_add(struct names *n, const char *text, size_t length)
{
    int32_t known = names_find(n, text, length);
    if (known >= 0)
        return known;
    if (n->count >= INT32_MAX || !names_grow(n))
        return -1;
    struct name name = {arena_copy(&n->arena, text, length), length, hash_of(text, length)};
    if (name.text == NULL)
        return -1;
    size_t at = slot_of(n, text, length, name.hash);
    n->list[n->count] = name;
    n->slots[at] = (uint32_t)++n->count;
    return (int32_t)n->count - 1;
}

size_t names_count(const struct names *n)
{
    return n->count;
}

const char *names_text(const struct names *n, int32_t number, size_t *length)
{
    if (length != NULL)
        *length = n->list[number].length;
    return n->list[number].text;
}
