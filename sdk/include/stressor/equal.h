/*
 * equal.h -- whether two values are the same, as the scenario language means it: 1 equals 1.0, true
 * equals nothing but true, maps are equal in any order. For expectations such as assert_json.
 */
#ifndef STRESSOR_EQUAL_H
#define STRESSOR_EQUAL_H

#include <stdlib.h>
#include <string.h>

#include <stressor/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 1: they are equal, 0: they are not; not a number is equal to nothing. Reads the values only, as
 * deep as they are nested. [any] */
static inline int stressor_equal(const stressor_host *host, const stressor_value *a,
                                 const stressor_value *b);

/* The integer is not converted, which would round it. */
static inline int stressor_equal_mixed(int64_t integer, double real)
{
    if (!(real >= -9223372036854775808.0 && real < 9223372036854775808.0))
        return 0;
    int64_t whole = (int64_t)real;
    return whole == integer && (double)whole >= real && (double)whole <= real;
}

static inline int stressor_equal_lists(const stressor_host *host, const stressor_value *a,
                                       const stressor_value *b)
{
    if (a->as.list.count != b->as.list.count)
        return 0;
    for (uint64_t i = 0; i < a->as.list.count; i++)
        if (!stressor_equal(host, host->list_at(a, i), host->list_at(b, i)))
            return 0;
    return 1;
}

static inline int stressor_equal_maps(const stressor_host *host, const stressor_value *a,
                                      const stressor_value *b)
{
    if (a->as.map.count != b->as.map.count)
        return 0;
    for (uint64_t i = 0; i < a->as.map.count; i++) {
        const char *key = NULL;
        uint64_t length = 0;
        const stressor_value *value = host->map_at(a, i, &key, &length);
        const stressor_value *other = host->map_get(b, key, length);
        if (other == NULL || !stressor_equal(host, value, other))
            return 0;
    }
    return 1;
}

/* An integer beyond 64 bits, as JSON brings it, is the text of its digits with a flag of the
 * host's: a number, and equal to the double nearest to it. */
static inline int stressor_equal_digits(const stressor_value *digits, double real)
{
    char text[1024];
    uint64_t length = digits->as.string.length;
    if ((digits->flags & ~STRESSOR_SECRET) == 0 || length == 0 || length >= sizeof text ||
        !(real >= -1.7976931348623157e308 && real <= 1.7976931348623157e308))
        return 0;
    memcpy(text, digits->as.string.ptr, (size_t)length);
    text[length] = '\0';
    double own = strtod(text, NULL);
    return own >= real && own <= real;
}

static inline int stressor_equal(const stressor_host *host, const stressor_value *a,
                                 const stressor_value *b)
{
    if (a->type == STRESSOR_INT && b->type == STRESSOR_DOUBLE)
        return stressor_equal_mixed(a->as.integer, b->as.real);
    if (a->type == STRESSOR_DOUBLE && b->type == STRESSOR_INT)
        return stressor_equal_mixed(b->as.integer, a->as.real);
    if (a->type == STRESSOR_STRING && b->type == STRESSOR_DOUBLE)
        return stressor_equal_digits(a, b->as.real);
    if (a->type == STRESSOR_DOUBLE && b->type == STRESSOR_STRING)
        return stressor_equal_digits(b, a->as.real);
    if (a->type != b->type)
        return 0;
    switch (a->type) {
    case STRESSOR_NULL: return 1;
    case STRESSOR_BOOL:
    case STRESSOR_INT: return a->as.integer == b->as.integer;
    case STRESSOR_DOUBLE: return a->as.real >= b->as.real && a->as.real <= b->as.real;
    case STRESSOR_STRING:
        return ((a->flags ^ b->flags) & ~STRESSOR_SECRET) == 0 &&
               a->as.string.length == b->as.string.length &&
               (a->as.string.length == 0 ||
                memcmp(a->as.string.ptr, b->as.string.ptr, (size_t)a->as.string.length) == 0);
    case STRESSOR_LIST: return stressor_equal_lists(host, a, b);
    case STRESSOR_MAP: return stressor_equal_maps(host, a, b);
    default: return 0;
    }
}

#ifdef __cplusplus
}
#endif

#endif
