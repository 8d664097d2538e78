#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/conceal.h"
#include "base/value.h"
#include "config/template.h"
#include "plan/show.h"

/* Values, without their secrets. */

enum { ITEMS_MAX = 1000 /* of one list or map */ };

static const char MASK[] = "\"***\"";

static bool is_duration(const struct show_as *as, bool inside)
{
    if (as->arg == NULL)
        return false;
    uint32_t types = inside ? as->arg->items : as->arg->types;
    return (types & STRESSOR_ARG_DURATION) != 0 &&
           (types & ((uint32_t)STRESSOR_ARG_INT | STRESSOR_ARG_FLOAT)) == 0;
}

/* The text of a string or template. */
static const char *source_of(const stressor_value *v, size_t *length)
{
    if ((v->flags & VALUE_TEMPLATE) != 0)
        return template_source((const struct template *)(const void *)v->as.string.ptr, length);
    *length = (size_t)v->as.string.length;
    return v->as.string.ptr;
}

/* Nothing but `$(name)`: where a secret stands, not the secret. */
static bool is_reference(const stressor_value *v)
{
    size_t length;
    if ((v->flags & VALUE_TEMPLATE) == 0)
        return false;
    const char *text = source_of(v, &length);
    return length > 3 && text[0] == '$' && text[1] == '(' &&
           memchr(text, ')', length) == text + length - 1 &&
           memchr(text + 2, '(', length - 2) == NULL;
}

static bool is_concealed(const stressor_value *v, const struct show_as *as)
{
    if (v->type == STRESSOR_NULL || is_reference(v))
        return false;
    return as->conceal || (v->flags & STRESSOR_SECRET) != 0;
}

static void put_double(struct show *s, double d)
{
    char text[32];
    value_double_text(d, text);
    const char *e = strchr(text, 'e');
    if (strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0 || strcmp(text, "nan") == 0)
        buf_printf(&s->text, "%s.%s", *text == '-' ? "-" : "", text + (*text == '-'));
    else if (e != NULL && strchr(text, '.') == NULL) /* YAML wants a point in it */
        buf_printf(&s->text, "%.*s.0%s", (int)(e - text), text, e);
    else
        buf_puts(&s->text, text);
}

/* What stands on the line of its key, or begins there. */
static void put_atom(struct show *s, unsigned depth, const stressor_value *v,
                     const struct show_as *as, bool inside)
{
    size_t length;
    if (is_concealed(v, as)) {
        buf_puts(&s->text, MASK);
        return;
    }
    switch (v->type) {
    case STRESSOR_NULL: buf_puts(&s->text, "null"); break;
    case STRESSOR_BOOL: buf_puts(&s->text, v->as.integer != 0 ? "true" : "false"); break;
    case STRESSOR_INT:
        if (is_duration(as, inside))
            show_span(&s->text, v->as.integer);
        else
            buf_printf(&s->text, "%" PRId64, v->as.integer);
        break;
    case STRESSOR_DOUBLE: put_double(s, v->as.real); break;
    case STRESSOR_LIST: buf_puts(&s->text, "[]"); break;
    case STRESSOR_MAP: buf_puts(&s->text, "{}"); break;
    default: {
        const char *text = source_of(v, &length);
        show_scalar(s, depth, text, length, false);
    }
    }
}

static bool has_items(const stressor_value *v, const struct show_as *as)
{
    if (is_concealed(v, as))
        return false;
    return (v->type == STRESSOR_LIST && v->as.list.count > 0) ||
           (v->type == STRESSOR_MAP && v->as.map.count > 0);
}

static bool is_secret_key(const stressor_arg *arg, const char *key, size_t length)
{
    bool listed = arg != NULL && STRESSOR_HAS(arg, secret_keys) && arg->secret_keys != NULL;
    for (const char *const *k = listed ? arg->secret_keys : NULL; k != NULL && *k != NULL; k++)
        if (strlen(*k) == length && strncasecmp(*k, key, length) == 0)
            return true;
    return conceal_key(key, length) || conceal_header(key, length);
}

static void put_items(struct show *s, unsigned depth, const stressor_value *v,
                      const struct show_as *as);

static void put_entry(struct show *s, unsigned depth, const char *key, size_t length,
                      const stressor_value *v, const struct show_as *as, bool inside)
{
    show_begin(s, depth);
    show_scalar(s, depth, key, length, true);
    buf_putc(&s->text, ':');
    s->note = as->note;
    if (has_items(v, as)) {
        show_end(s);
        put_items(s, depth + 1, v, as);
        return;
    }
    buf_putc(&s->text, ' ');
    put_atom(s, depth + 1, v, as, inside);
    show_end(s);
}

static void put_items(struct show *s, unsigned depth, const stressor_value *v,
                      const struct show_as *as)
{
    bool map = v->type == STRESSOR_MAP;
    uint64_t count = map ? v->as.map.count : v->as.list.count;
    struct show_as inner = {.arg = as->arg};
    for (uint64_t i = 0; i < count && !show_done(s); i++) {
        const char *key;
        uint64_t length;
        if (i == ITEMS_MAX) {
            char text[64];
            snprintf(text, sizeof text, "\xe2\x80\xa6 %" PRIu64 " in all", count);
            show_note(s, depth, text);
            return;
        }
        if (map) {
            const stressor_value *item = value_entry(v, i, &key, &length);
            inner.conceal = is_secret_key(as->arg, key, (size_t)length);
            put_entry(s, depth, key, (size_t)length, item, &inner, true);
            continue;
        }
        const stressor_value *item = value_at(v, i);
        show_item(s, depth);
        if (has_items(item, &inner)) {
            put_items(s, depth + 1, item, &inner);
            continue;
        }
        s->open = false;
        put_atom(s, depth + 1, item, &inner, true);
        show_end(s);
    }
}

void show_value(struct show *s, unsigned depth, const char *key, const stressor_value *v,
                const struct show_as *as)
{
    put_entry(s, depth, key, strlen(key), v, as, false);
}

void show_head(struct show *s, unsigned depth, const char *key, const char *note)
{
    show_begin(s, depth);
    show_scalar(s, depth, key, strlen(key), true);
    buf_putc(&s->text, ':');
    s->note = note;
    show_end(s);
}

void show_string(struct show *s, unsigned depth, const char *key, const char *text,
                 const char *note)
{
    stressor_value v = stressor_string(text);
    show_value(s, depth, key, &v, &(struct show_as){.note = note});
}

void show_yes(struct show *s, unsigned depth, const char *key, const char *note)
{
    const stressor_value v = stressor_bool(1);
    show_value(s, depth, key, &v, &(struct show_as){.note = note});
}

void show_int(struct show *s, unsigned depth, const char *key, uint64_t number, const char *note)
{
    stressor_value v = stressor_int((int64_t)number);
    show_value(s, depth, key, &v, &(struct show_as){.note = note});
}

void show_duration(struct show *s, unsigned depth, const char *key, int64_t ns, const char *note)
{
    show_begin(s, depth);
    buf_printf(&s->text, "%s: ", key);
    show_span(&s->text, ns);
    s->note = note;
    show_end(s);
}
