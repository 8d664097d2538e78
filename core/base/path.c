#include "base/path.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

enum {
    INDEX_DIGITS_MAX = 15,
    SHOWN_KEYS_MAX = 8,
    SHOWN_VALUE_MAX = 120, /* bytes */
    RANKED_KEYS_MAX = 1000,
};

struct path_part {
    const char *key; /* NULL: an index */
    size_t length;
    int64_t index;
};

struct stressor_path {
    size_t count;
    struct path_part parts[];
};

static const char *const too_long = "the path has too many parts";

/* Reads "[N]", of which the '[' is there. */
static const char *index_parse(const char **at, const char *end, struct path_part *out)
{
    const char *p = *at + 1;
    bool negative = p < end && *p == '-';
    if (negative)
        p++;
    const char *digits = p;
    int64_t n = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        if (p - digits == INDEX_DIGITS_MAX)
            return "the index in brackets is too large";
        n = n * 10 + (*p - '0');
    }
    if (p == end)
        return "a '[' without its ']'";
    if (*p != ']' || p == digits)
        return "only a whole number may stand in brackets";
    out->key = NULL;
    out->length = 0;
    out->index = negative ? -n : n;
    *at = p + 1;
    return NULL;
}

static const char *key_parse(const char **at, const char *end, struct path_part *out)
{
    const char *p = *at;
    while (p < end && *p != '.' && *p != '[')
        p++;
    if (p == *at)
        return "a part of the path is empty";
    out->key = *at;
    out->length = (size_t)(p - *at);
    out->index = 0;
    *at = p;
    return NULL;
}

/* Cuts the text into parts that point into it. NULL, or what is wrong. */
static const char *parts_parse(const char *text, size_t length, struct path_part *parts,
                               size_t *count)
{
    const char *at = text, *end = text + length;
    *count = 0;
    if (length == 0)
        return "the path is empty";
    for (;;) {
        if (*count == PATH_PARTS_MAX)
            return too_long;
        struct path_part *part = &parts[(*count)++];
        bool bracket = at < end && *at == '[';
        const char *wrong = (bracket ? index_parse : key_parse)(&at, end, part);
        if (wrong != NULL)
            return wrong;
        if (at == end)
            return NULL;
        if (*at == '.')
            at++;
        else if (*at != '[')
            return "after a ']' comes '.', '[' or the end";
    }
}

struct stressor_path *path_new(const char *text, size_t length, const char **error)
{
    const char *unused;
    if (error == NULL)
        error = &unused;
    struct path_part parts[PATH_PARTS_MAX];
    size_t count = 0;
    *error = parts_parse(text, length, parts, &count);
    if (*error != NULL)
        return NULL;
    size_t size = sizeof(struct stressor_path) + count * sizeof *parts;
    struct stressor_path *p = length > SIZE_MAX - size ? NULL : malloc(size + length);
    if (p == NULL)
        return *error = "out of memory", NULL;
    char *copy = (char *)&p->parts[count];
    memcpy(copy, text, length);
    memcpy(p->parts, parts, count * sizeof *parts);
    p->count = count;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].key != NULL)
            p->parts[i].key = copy + (parts[i].key - text);
    }
    return p;
}

void path_free(struct stressor_path *p)
{
    free(p);
}

static const stressor_value *step(const struct path_part *part, const stressor_value *v)
{
    if (part->key != NULL)
        return value_get(v, part->key, part->length);
    if (v->type != STRESSOR_LIST)
        return NULL;
    int64_t index = part->index < 0 ? part->index + (int64_t)v->as.list.count : part->index;
    return index < 0 ? NULL : value_at(v, (uint64_t)index);
}

static void show_value(const stressor_value *v, struct buf *why)
{
    struct buf shown;
    buf_init(&shown, SHOWN_VALUE_MAX);
    value_text(v, VALUE_TEXT_MASK | VALUE_TEXT_QUOTE, &shown);
    buf_put(why, shown.data, shown.length);
    if (shown.failed)
        buf_puts(why, "\xE2\x80\xA6");
    buf_finish(&shown);
}

static void show_key(const char *key, size_t length, struct buf *why)
{
    stressor_value v = stressor_string_n(key, length);
    show_value(&v, why);
}

struct ranked {
    const char *key;
    uint64_t length;
    size_t cost;
};

/* Keeps the nearest ones, nearest first; of equals those that came first. */
static size_t rank(struct ranked *best, size_t count, struct ranked r)
{
    size_t at = count;
    while (at > 0 && best[at - 1].cost > r.cost)
        at--;
    if (at == SHOWN_KEYS_MAX)
        return count;
    if (count == SHOWN_KEYS_MAX)
        count--;
    memmove(best + at + 1, best + at, (count - at) * sizeof *best);
    best[at] = r;
    return count + 1;
}

static void show_keys(const struct path_part *part, const stressor_value *map, struct buf *why)
{
    uint64_t total = map->as.map.count;
    struct ranked best[SHOWN_KEYS_MAX];
    size_t count = 0;
    for (uint64_t i = 0; i < total && i < RANKED_KEYS_MAX; i++) {
        struct ranked r;
        value_entry(map, i, &r.key, &r.length);
        r.cost = suggest_cost(part->key, part->length, r.key, (size_t)r.length);
        count = rank(best, count, r);
    }
    for (size_t i = 0; i < count; i++) {
        buf_puts(why, i == 0 ? "; there are " : ", ");
        show_key(best[i].key, (size_t)best[i].length, why);
    }
    if (total > count)
        buf_printf(why, " and %" PRIu64 " more", total - count);
}

static void explain(const struct path_part *part, const stressor_value *v, struct buf *why)
{
    if (part->key == NULL) {
        buf_printf(why, "no item [%" PRId64 "] in ", part->index);
        show_value(v, why);
        if (v->type == STRESSOR_LIST)
            buf_printf(why, "; there are %" PRIu64 " items", v->as.list.count);
        else
            buf_printf(why, ", which is no list");
        return;
    }
    buf_puts(why, "no key ");
    show_key(part->key, part->length, why);
    buf_puts(why, " in ");
    show_value(v, why);
    if (v->type == STRESSOR_MAP)
        show_keys(part, v, why);
    else
        buf_printf(why, ", which is no map");
}

const stressor_value *path_get(const struct stressor_path *p, const stressor_value *root,
                               struct buf *why)
{
    const stressor_value *v = root;
    for (size_t i = 0; i < p->count; i++) {
        const stressor_value *next = step(&p->parts[i], v);
        if (next == NULL) {
            if (why != NULL)
                explain(&p->parts[i], v, why);
            return NULL;
        }
        v = next;
    }
    return v;
}
