#include "base/value.h"

#include <math.h>
#include <string.h>

#include "base/container.h"
#include "base/number.h"

const char *value_type_name(uint32_t type)
{
    static const char *const names[] = {
        [STRESSOR_NULL] = "null",     [STRESSOR_BOOL] = "boolean", [STRESSOR_INT] = "integer",
        [STRESSOR_DOUBLE] = "number", [STRESSOR_STRING] = "text",  [STRESSOR_LIST] = "list",
        [STRESSOR_MAP] = "map",
    };
    return type < sizeof names / sizeof names[0] ? names[type] : "unknown";
}

bool value_is_digits(const char *text, size_t length)
{
    size_t first = length != 0 && text[0] == '-';
    if (length == first || length > VALUE_NUMERAL_MAX || text[first] == '0')
        return false;
    for (size_t i = first; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

bool value_is_numeral(const stressor_value *v)
{
    return v->type == STRESSOR_STRING && (v->flags & VALUE_NUMERAL) != 0 &&
           value_is_digits(v->as.string.ptr, (size_t)v->as.string.length);
}

const stressor_value *value_at(const stressor_value *list, uint64_t index)
{
    if (list->type != STRESSOR_LIST || index >= list->as.list.count)
        return NULL;
    return &list->as.list.ptr->items[index];
}

const stressor_value *value_entry(const stressor_value *map, uint64_t index, const char **key,
                                  uint64_t *key_length)
{
    if (map->type != STRESSOR_MAP || index >= map->as.map.count)
        return NULL;
    const struct map_entry *e = &map->as.map.ptr->entries[index];
    if (key != NULL)
        *key = e->key;
    if (key_length != NULL)
        *key_length = e->length;
    return &e->value;
}

bool value_has_secret(const stressor_value *v)
{
    const struct container_head *head = container_head(v);
    return ((v->flags | (head != NULL ? head->holds : 0)) & STRESSOR_SECRET) != 0;
}

/* Not by converting the integer, which would round it. */
static bool integer_equals_double(int64_t i, double d)
{
    if (!(d >= -0x1p63 && d < 0x1p63))
        return false;
    int64_t whole = (int64_t)d;
    return whole == i && (double)whole == d;
}

static bool numeral_equals_double(const stressor_value *numeral, double d)
{
    double own;
    return isfinite(d) && value_is_numeral(numeral) &&
           number_double(numeral->as.string.ptr, (size_t)numeral->as.string.length, &own) &&
           own == d;
}

static bool strings_equal(const stressor_value *a, const stressor_value *b)
{
    if (((a->flags | b->flags) & VALUE_TEMPLATE) != 0)
        return ((a->flags ^ b->flags) & VALUE_TEMPLATE) == 0 &&
               a->as.string.ptr == b->as.string.ptr;
    if (value_is_numeral(a) != value_is_numeral(b))
        return false;
    uint64_t length = a->as.string.length;
    return length == b->as.string.length &&
           (length == 0 || memcmp(a->as.string.ptr, b->as.string.ptr, (size_t)length) == 0);
}

static bool lists_equal(const stressor_value *a, const stressor_value *b)
{
    if (a->as.list.count != b->as.list.count)
        return false;
    for (uint64_t i = 0; i < a->as.list.count; i++) {
        if (!value_equal(&a->as.list.ptr->items[i], &b->as.list.ptr->items[i]))
            return false;
    }
    return true;
}

static bool maps_equal(const stressor_value *a, const stressor_value *b)
{
    if (a->as.map.count != b->as.map.count)
        return false;
    for (uint64_t i = 0; i < a->as.map.count; i++) {
        const struct map_entry *e = &a->as.map.ptr->entries[i];
        const stressor_value *other = value_get(b, e->key, e->length);
        if (other == NULL || !value_equal(&e->value, other))
            return false;
    }
    return true;
}

bool value_equal(const stressor_value *a, const stressor_value *b)
{
    if (a->type == STRESSOR_INT && b->type == STRESSOR_DOUBLE)
        return integer_equals_double(a->as.integer, b->as.real);
    if (a->type == STRESSOR_DOUBLE && b->type == STRESSOR_INT)
        return integer_equals_double(b->as.integer, a->as.real);
    if (a->type == STRESSOR_STRING && b->type == STRESSOR_DOUBLE)
        return numeral_equals_double(a, b->as.real);
    if (a->type == STRESSOR_DOUBLE && b->type == STRESSOR_STRING)
        return numeral_equals_double(b, a->as.real);
    if (a->type != b->type)
        return false;
    switch ((enum stressor_type)a->type) {
    case STRESSOR_NULL: return true;
    case STRESSOR_BOOL: return (a->as.integer != 0) == (b->as.integer != 0);
    case STRESSOR_INT: return a->as.integer == b->as.integer;
    case STRESSOR_DOUBLE: return a->as.real == b->as.real;
    case STRESSOR_STRING: return strings_equal(a, b);
    case STRESSOR_LIST: return lists_equal(a, b);
    case STRESSOR_MAP: return maps_equal(a, b);
    }
    return false;
}
