/*
 * value.h -- the values that arguments, variables and results consist of.
 *
 * A value is 24 bytes, copied by assignment, and never owns what it points to.
 * Strings are UTF-8 or any other bytes, may hold NUL, and need not end in one.
 * Lists and maps are opaque and immutable once built: read them with the host's
 * `list_at`, `map_at`, `map_get`, make them with its builder.
 *
 * How long the bytes behind a value live:
 *
 *     an activity's arguments      until that execution has completed
 *     a context variable           until it is overwritten or its session ends
 *     a value given to the host    the host copies what it keeps
 *
 * Times are STRESSOR_INT in nanoseconds where an argument's type is DURATION.
 * The layout is frozen.
 */
#ifndef STRESSOR_VALUE_H
#define STRESSOR_VALUE_H

#include <stressor/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

enum stressor_type {
    STRESSOR_NULL = 0,
    STRESSOR_BOOL = 1,   /* as.integer is 0 or 1 */
    STRESSOR_INT = 2,    /* as.integer */
    STRESSOR_DOUBLE = 3, /* as.real */
    STRESSOR_STRING = 4, /* as.string */
    STRESSOR_LIST = 5,   /* as.list */
    STRESSOR_MAP = 6     /* as.map, in the order in which it was written */
};

/*
 * The value must not be shown: logs, reports, the monitor and $debug mask it. A text that a
 * secret was inserted into is a secret too. Other flag bits belong to the host: a plugin passes
 * them on as they are and leaves them zero in values of its own.
 */
#define STRESSOR_SECRET 0x1u

typedef struct stressor_list stressor_list;
typedef struct stressor_map stressor_map;

typedef struct stressor_value {
    uint32_t type;  /* enum stressor_type */
    uint32_t flags; /* STRESSOR_SECRET */
    union {
        int64_t integer;
        double real;
        struct {
            const char *ptr;
            uint64_t length; /* in bytes */
        } string;
        struct {
            const stressor_list *ptr;
            uint64_t count; /* of items */
        } list;
        struct {
            const stressor_map *ptr;
            uint64_t count; /* of entries */
        } map;
    } as;
} stressor_value;

static inline stressor_value stressor_null(void)
{
    stressor_value v;
    v.type = STRESSOR_NULL;
    v.flags = 0;
    v.as.string.ptr = NULL;
    v.as.string.length = 0;
    return v;
}

static inline stressor_value stressor_bool(int truth)
{
    stressor_value v = stressor_null();
    v.type = STRESSOR_BOOL;
    v.as.integer = truth != 0;
    return v;
}

static inline stressor_value stressor_int(int64_t number)
{
    stressor_value v = stressor_null();
    v.type = STRESSOR_INT;
    v.as.integer = number;
    return v;
}

static inline stressor_value stressor_double(double number)
{
    stressor_value v = stressor_null();
    v.type = STRESSOR_DOUBLE;
    v.as.real = number;
    return v;
}

/* Borrows the bytes. */
static inline stressor_value stressor_string_n(const char *bytes, size_t length)
{
    stressor_value v = stressor_null();
    v.type = STRESSOR_STRING;
    v.as.string.ptr = bytes;
    v.as.string.length = length;
    return v;
}

/* Borrows the text, which ends in NUL. */
static inline stressor_value stressor_string(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    return stressor_string_n(text, length);
}

static inline int stressor_is(const stressor_value *v, enum stressor_type type)
{
    return v->type == (uint32_t)type;
}

#ifdef __cplusplus
}
#endif

#endif
