/*
 * value -- lists and maps behind stressor_value, and what the core does with values.
 *
 * Containers are immutable once built and live in an arena or in a block (value_pack). Flags
 * beside STRESSOR_SECRET are the core's own:
 *
 *   VALUE_TEMPLATE   a string whose as.string.ptr is a `const struct template *`, to be expanded
 *                    when it is read (as.string.length is 0)
 *   VALUE_TEMPLATES  a container with such a string somewhere inside
 *   VALUE_NUMERAL    a string that is the digits of an integer beyond 64 bits: a number, but for
 *                    whoever does not look at the flag
 *
 * The first two never cross to a plugin, which may hand back the third with another text: ask
 * value_is_numeral. A container that holds a secret has STRESSOR_SECRET only if
 * all of it is one; maskers look at every element. Depth (VALUE_DEPTH_MAX) and unfolded size have
 * ceilings that hold through borrowed containers too (STRESSOR_ELIMIT).
 */
#ifndef CORE_BASE_VALUE_H
#define CORE_BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/value.h>

#include "base/arena.h"
#include "base/buf.h"

#define VALUE_TEMPLATE  0x10000u
#define VALUE_TEMPLATES 0x20000u
#define VALUE_NUMERAL   0x40000u

enum {
    VALUE_DEPTH_MAX = 2048,   /* of containers in containers */
    VALUE_NUMERAL_MAX = 1000, /* bytes of a numeral */
};

const char *value_type_name(uint32_t type); /* "null", "boolean", "integer", "number", "text", … */

/* An optional minus and digits, as JSON writes an integer but 0; VALUE_NUMERAL_MAX at most. */
bool value_is_digits(const char *text, size_t length);
bool value_is_numeral(const stressor_value *v);

const stressor_value *value_at(const stressor_value *list, uint64_t index);
/* `key` and `key_length` may be NULL. */
const stressor_value *value_entry(const stressor_value *map, uint64_t index, const char **key,
                                  uint64_t *key_length);
/* NULL when absent, or when `map` is not a map. With duplicate keys the last one. Quick for
 * large maps too. */
const stressor_value *value_get(const stressor_value *map, const char *key, uint64_t length);

/* Equal as the scenario language means it: 1 equals 1.0; true equals only true; maps in any
 * order. Integers and doubles are compared exactly; a numeral and a double are equal where the
 * double is the nearest to it. */
bool value_equal(const stressor_value *a, const stressor_value *b);

enum value_text_flag {
    VALUE_TEXT_MASK = 0x1,  /* secrets become "***", headers in maps that hold them too */
    VALUE_TEXT_QUOTE = 0x2, /* a string at the top is quoted too, as inside a list */
};
/* Appends the text form ("Text of a value"): strings as they are, 1.0, 1e+20, True, None,
 * {'a': [1, 'x']}. Returns whether a secret went into it: never with VALUE_TEXT_MASK. Stops when
 * the buffer has failed; what was written until then stays. */
bool value_text(const stressor_value *v, unsigned flags, struct buf *out);
/* Shortest digits that read back as the same double, as Python's repr: "1.0", "1e+20", "inf". */
void value_double_text(double d, char out[32]);
bool value_has_secret(const stressor_value *v);

/* A deep copy in an arena. False: out of memory. */
bool value_copy(struct arena *a, const stressor_value *in, stressor_value *out);
/* A deep copy in one malloc'ed block, `*block`, to be freed by free(); NULL for values that need
 * none (numbers, empty strings). False: out of memory. */
bool value_pack(const stressor_value *in, stressor_value *out, void **block);
/* Marks a value and all in it (copied where needed, in `a`) as a secret. */
bool value_make_secret(struct arena *a, stressor_value *v);

/*
 * The builder: events in, an immutable value out, as in sdk plugin.h `build`. Memory comes from
 * the arena. An error sticks; builder_finish tells it.
 */
struct builder_frame;
struct builder_item;
struct stressor_builder {
    struct arena *arena;
    struct builder_frame *top;
    struct builder_item *spare; /* to be used again */
    stressor_value root;
    int error; /* enum stressor_error of plugin.h */
    unsigned depth;
    bool has_root;
};

void builder_init(struct stressor_builder *b, struct arena *a);
void builder_list(struct stressor_builder *b);
void builder_map(struct stressor_builder *b);
void builder_key(struct stressor_builder *b, const char *key, size_t length); /* copied */
void builder_value(struct stressor_builder *b,
                   const stressor_value *v); /* strings copied; containers and templates borrowed */
void builder_end(struct stressor_builder *b);
int builder_finish(struct stressor_builder *b, stressor_value *out);

#endif
