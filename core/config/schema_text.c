/*
 * The words for types and values in messages.
 */
#include <string.h>

#include "config/excerpt.h"
#include "config/schema_private.h"

static const struct type_words {
    uint32_t type;
    const char *one;      /* "integer" */
    const char *many;     /* "integers" */
    const char *expected; /* "an integer" */
} type_words[] = {
    {STRESSOR_ARG_BOOL, "boolean", "booleans", "true or false"},
    {STRESSOR_ARG_INT, "integer", "integers", "an integer"},
    {STRESSOR_ARG_FLOAT, "number", "numbers", "a number"},
    {STRESSOR_ARG_STRING, "text", "texts", "text"},
    {STRESSOR_ARG_REGEX, "regular expression", "regular expressions", "a regular expression"},
    {STRESSOR_ARG_DURATION, "duration", "durations", "a duration such as 1.5 or 500ms"},
    {STRESSOR_ARG_PATH, "path", "paths", "a path such as items[0].id"},
    {STRESSOR_ARG_XPATH, "XPath expression", "XPath expressions", "an XPath expression"},
    {STRESSOR_ARG_LIST, "list", "lists", "a list"},
    {STRESSOR_ARG_MAP, "map", "maps", "a map"},
    {STRESSOR_ARG_NULL, "null", "nulls", "null"},
};

enum { TYPES = sizeof type_words / sizeof *type_words };

enum form { FORM_ONE, FORM_MANY, FORM_EXPECTED };

static const char *word(const struct type_words *w, enum form form)
{
    return form == FORM_ONE ? w->one : form == FORM_MANY ? w->many : w->expected;
}

/* Every integer is a number. */
static uint32_t without_doubles(uint32_t types)
{
    return (types & STRESSOR_ARG_FLOAT) != 0 ? types & ~(uint32_t)STRESSOR_ARG_INT : types;
}

static void put_types(uint32_t types, uint32_t items, enum form form, struct buf *out)
{
    if (schema_takes_any(types)) {
        buf_puts(out, form == FORM_MANY ? "any values" : "any value");
        return;
    }
    uint32_t left = without_doubles(types);
    const char *between = "";
    for (size_t i = 0; i < TYPES; i++) {
        if ((left & type_words[i].type) == 0)
            continue;
        left &= ~type_words[i].type;
        buf_printf(out, "%s%s", between, word(&type_words[i], form));
        uint32_t type = type_words[i].type;
        if ((type == STRESSOR_ARG_LIST || type == STRESSOR_ARG_MAP) && items != 0 &&
            !schema_takes_any(items)) {
            buf_puts(out, " of ");
            put_types(items, 0, FORM_MANY, out);
        }
        between = (left & (left - 1)) == 0 ? " or " : ", ";
    }
}

void schema_type_text(const stressor_arg *arg, struct buf *out)
{
    put_types(arg->types, arg->items, FORM_ONE, out);
}

void schema_expected_text(uint32_t types, uint32_t items, struct buf *out)
{
    put_types(types, items, FORM_EXPECTED, out);
}

const char *schema_noun(const char *what)
{
    return strchr(what, ' ') != NULL ? "key" : "argument";
}

static const char *kind_of(const stressor_value *v)
{
    switch (v->type) {
    case STRESSOR_NULL: return "null";
    case STRESSOR_BOOL: return "the boolean ";
    case STRESSOR_INT: return "the integer ";
    case STRESSOR_DOUBLE: return "the number ";
    case STRESSOR_STRING: return value_is_numeral(v) ? "the number " : "text ";
    case STRESSOR_LIST: return "a list ";
    default: return "a map ";
    }
}

void schema_found_text(const stressor_value *v, const struct node *n, bool hide, struct buf *out)
{
    char shown[EXCERPT_MAX];
    buf_puts(out, kind_of(v));
    if (v->type == STRESSOR_NULL)
        return;
    if (hide || value_has_secret(v)) {
        buf_puts(out, "***");
        return;
    }
    if (n != NULL) {
        node_excerpt(n, shown, sizeof shown);
    } else {
        struct buf text;
        struct excerpt e;
        buf_init(&text, 0);
        value_text(v, VALUE_TEXT_MASK | VALUE_TEXT_QUOTE, &text);
        excerpt_init(&e, shown, sizeof shown);
        excerpt_put(&e, text.data, text.length);
        buf_finish(&text);
    }
    buf_puts(out, shown);
}
