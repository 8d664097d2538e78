#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/schema_json.h"
#include "cli/text.h"

/* One argument. */

#define TEXTS                                                                                      \
    ((uint32_t)STRESSOR_ARG_STRING | STRESSOR_ARG_REGEX | STRESSOR_ARG_PATH | STRESSOR_ARG_XPATH)
#define NUMBERS ((uint32_t)STRESSOR_ARG_INT | STRESSOR_ARG_FLOAT)

enum { TEXT_MAX = 4096 };

/* A range that ends beyond it has no end. */
#define LIMIT 9e15

/* A pattern or a description that grows; what does not fit is left away. */
struct piece {
    char text[TEXT_MAX];
    size_t used;
    bool full;
};

static void piece_put(struct piece *p, const char *text)
{
    size_t length = strlen(text);
    p->full |= p->used + length >= sizeof p->text;
    if (p->full)
        return;
    memcpy(p->text + p->used, text, length + 1);
    p->used += length;
}

json_t *schema_json_text(struct schema_json *s, const char *text)
{
    json_t *out = json_string(text);
    char *clean = out == NULL ? text_clean(text, strlen(text), " ") : NULL;
    if (clean != NULL)
        out = json_string(clean);
    free(clean);
    s->failed |= out == NULL;
    return out;
}

void schema_json_put(struct schema_json *s, json_t *object, const char *key, json_t *value)
{
    s->failed |= json_object_set_new(object, key, value) != 0;
}

void schema_json_add(struct schema_json *s, json_t *list, json_t *value)
{
    s->failed |= json_array_append_new(list, value) != 0;
}

json_t *schema_json_pair(struct schema_json *s, const char *key, json_t *value)
{
    json_t *out = json_object();
    schema_json_put(s, out, key, value);
    return out;
}

json_t *schema_json_type(struct schema_json *s, const char *type)
{
    return schema_json_pair(s, "type", schema_json_text(s, type));
}

json_t *schema_json_ref(struct schema_json *s, const char *prefix, const char *name)
{
    char *path = text_format("#/definitions/%s%s", prefix, name);
    json_t *out = path != NULL ? schema_json_pair(s, "$ref", schema_json_text(s, path)) : NULL;
    s->failed |= out == NULL;
    free(path);
    return out;
}

/* --- numbers and texts --------------------------------------------------------------------- */

static json_t *number(double d)
{
    return d == floor(d) && fabs(d) <= LIMIT ? json_integer((json_int_t)d) : json_real(d);
}

static bool has_range(const stressor_arg *arg)
{
    return arg->min < 0 || arg->min > 0 || arg->max < 0 || arg->max > 0;
}

static bool chooses_numbers(const stressor_arg *arg, uint32_t types)
{
    return arg->choices != NULL && (types & NUMBERS) != 0 && (types & TEXTS) == 0;
}

static json_t *numbers(struct schema_json *s, const stressor_arg *arg, uint32_t types,
                       const char *type)
{
    if (chooses_numbers(arg, types)) {
        json_t *list = json_array();
        for (const char *const *c = arg->choices; *c != NULL; c++)
            schema_json_add(s, list, number(strtod(*c, NULL)));
        return schema_json_pair(s, "enum", list);
    }
    json_t *out = schema_json_type(s, type);
    bool duration = (types & STRESSOR_ARG_DURATION) != 0;
    if ((has_range(arg) || duration) && arg->min > -LIMIT)
        schema_json_put(s, out, "minimum", number(arg->min));
    if (has_range(arg) && arg->max < LIMIT)
        schema_json_put(s, out, "maximum", number(arg->max));
    return out;
}

/* Letter case is ignored in choices: "^([gG][eE][tT])$". */
static json_t *choice_pattern(struct schema_json *s, const char *const *choices)
{
    struct piece p = {.used = 0};
    piece_put(&p, "^(");
    for (size_t i = 0; choices[i] != NULL; i++) {
        piece_put(&p, i > 0 ? "|" : "");
        for (const char *c = choices[i]; *c != '\0'; c++) {
            char lower = (char)tolower((unsigned char)*c), upper = (char)toupper((unsigned char)*c);
            const char letter[] = {'[', lower, upper, ']', '\0'};
            const char escaped[] = {'\\', *c, '\0'}, plain[] = {*c, '\0'};
            piece_put(&p, lower != upper                           ? letter
                          : strchr("\\^$.|?*+()[]{}/", *c) != NULL ? escaped
                                                                   : plain);
        }
    }
    piece_put(&p, ")$");
    return schema_json_pair(s, "pattern", schema_json_text(s, p.full ? "" : p.text));
}

static json_t *choices(struct schema_json *s, const char *const *names)
{
    json_t *list = json_array(), *both = json_array();
    for (size_t i = 0; names[i] != NULL; i++)
        schema_json_add(s, list, schema_json_text(s, names[i]));
    schema_json_add(s, both, schema_json_pair(s, "enum", list));
    schema_json_add(s, both, choice_pattern(s, names));
    json_t *out = schema_json_type(s, "string");
    schema_json_put(s, out, "anyOf", both);
    return out;
}

/* Editors know JavaScript's regular expressions, plugins write Python's: only what is the same in
 * both. "(?i)" at the start is spelt out. False: it cannot be said. */
static bool translate(const char *pattern, struct piece *out)
{
    bool any_case = strncmp(pattern, "(?i)", 4) == 0, in_set = false;
    piece_put(out, "^(?:");
    for (const char *c = pattern + (any_case ? 4 : 0); *c != '\0'; c++) {
        const char plain[] = {*c, '\0'};
        char lower = (char)tolower((unsigned char)*c), upper = (char)toupper((unsigned char)*c);
        const char both[] = {'[', lower, upper, ']', '\0'};
        if (*c == '\\') {
            const char escape[] = {'\\', c[1], '\0'};
            if (c[1] == '\0' || strchr("AZabBuUNxgk", c[1]) != NULL || isdigit((unsigned char)c[1]))
                return false;
            piece_put(out, escape);
            c++;
            continue;
        }
        if (*c == '(' && c[1] == '?' && strchr(":=!", c[2]) == NULL)
            return false;
        if (any_case && lower != upper) {
            if (in_set)
                return false;
            piece_put(out, both);
            continue;
        }
        in_set = in_set ? *c != ']' : *c == '[';
        piece_put(out, plain);
    }
    piece_put(out, ")");
    return !out->full;
}

static json_t *texts(struct schema_json *s, const stressor_arg *arg)
{
    struct piece pattern = {.used = 0};
    if (arg->choices != NULL)
        return choices(s, arg->choices);
    json_t *out = schema_json_type(s, "string");
    if (arg->pattern != NULL && translate(arg->pattern, &pattern))
        schema_json_put(s, out, "pattern", schema_json_text(s, pattern.text));
    if ((arg->flags & STRESSOR_ARG_STATIC) != 0 && (arg->flags & STRESSOR_ARG_RAW) == 0)
        schema_json_put(s, out, "not", schema_json_ref(s, "", "macro"));
    return out;
}

/* --- values -------------------------------------------------------------------------------- */

static bool is_any(uint32_t types)
{
    return types == 0 || (types & STRESSOR_ARG_ANY) == STRESSOR_ARG_ANY;
}

static bool takes_macros(const stressor_arg *arg)
{
    return (arg->flags & ((uint32_t)STRESSOR_ARG_STATIC | STRESSOR_ARG_RAW)) == 0;
}

static json_t *alternatives(struct schema_json *s, const stressor_arg *arg, uint32_t types,
                            bool inside);

/* What is in a list or a map; in containers in it anything goes. */
static json_t *container(struct schema_json *s, const stressor_arg *arg, const char *type,
                         const char *key, bool inside)
{
    json_t *out = schema_json_type(s, type);
    if (!inside && !is_any(arg->items))
        schema_json_put(s, out, key,
                        schema_json_pair(s, "anyOf", alternatives(s, arg, arg->items, true)));
    return out;
}

static json_t *alternatives(struct schema_json *s, const stressor_arg *arg, uint32_t types,
                            bool inside)
{
    static const struct {
        uint32_t type;
        const char *name, *text;
    } scalars[] = {
        {STRESSOR_ARG_FLOAT, "number", "number_text"},
        {STRESSOR_ARG_INT, "integer", "integer_text"},
        {STRESSOR_ARG_DURATION, "number", "duration_text"},
    };
    json_t *out = json_array();
    bool text = (types & TEXTS) != 0;
    if (text)
        schema_json_add(s, out, texts(s, arg));
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
        if ((types & scalars[i].type) == 0)
            continue;
        schema_json_add(s, out, numbers(s, arg, types, scalars[i].name));
        if (!text)
            schema_json_add(s, out, schema_json_ref(s, "", scalars[i].text));
    }
    if ((types & STRESSOR_ARG_BOOL) != 0)
        schema_json_add(s, out, schema_json_type(s, "boolean"));
    if ((types & STRESSOR_ARG_BOOL) != 0 && !text)
        schema_json_add(s, out, schema_json_ref(s, "", "boolean_text"));
    if ((types & STRESSOR_ARG_LIST) != 0)
        schema_json_add(s, out, container(s, arg, "array", "items", inside));
    if ((types & STRESSOR_ARG_MAP) != 0)
        schema_json_add(s, out, container(s, arg, "object", "additionalProperties", inside));
    bool absent = !inside && (arg->flags & STRESSOR_ARG_REQUIRED) == 0;
    if (absent || (types & STRESSOR_ARG_NULL) != 0)
        schema_json_add(s, out, schema_json_type(s, "null"));
    if (takes_macros(arg))
        schema_json_add(s, out, schema_json_ref(s, "", "macro"));
    schema_json_add(s, out, schema_json_ref(s, "", "loaded"));
    return out;
}

/* --- the whole ----------------------------------------------------------------------------- */

static json_t *description(struct schema_json *s, const stressor_arg *arg)
{
    struct piece p = {.used = 0};
    piece_put(&p, arg->help != NULL ? arg->help : "");
    if (arg->pattern_help != NULL) {
        piece_put(&p, p.used > 0 ? "; must be " : "must be ");
        piece_put(&p, arg->pattern_help);
    }
    if ((arg->types & STRESSOR_ARG_DURATION) != 0)
        piece_put(&p, "; seconds, or a text such as 500ms, 1h30m");
    if ((arg->flags & STRESSOR_ARG_STATIC) != 0)
        piece_put(&p, "; no macros");
    if ((arg->flags & STRESSOR_ARG_RAW) != 0)
        piece_put(&p, "; macros are not expanded");
    return schema_json_text(s, p.text);
}

/* The default is written as in YAML, which reads as JSON unless it is a text without quotes. */
static json_t *fallback(struct schema_json *s, const char *text)
{
    json_error_t error;
    json_t *out = json_loads(text, JSON_DECODE_ANY, &error);
    size_t length = strlen(text);
    if (out != NULL)
        return out;
    /* Where a number finds no memory, jansson gives no error at all. */
    s->failed |= json_error_code(&error) == json_error_out_of_memory || error.text[0] == '\0';
    if (length >= 2 && *text == '\'' && text[length - 1] == '\'') {
        char *inner = strndup(text + 1, length - 2);
        out = inner != NULL ? schema_json_text(s, inner) : NULL;
        free(inner);
        s->failed |= out == NULL;
        return out;
    }
    return schema_json_text(s, text);
}

json_t *schema_json_arg(struct schema_json *s, const stressor_arg *arg)
{
    json_t *out = schema_json_pair(s, "description", description(s, arg));
    if (arg->fallback != NULL)
        schema_json_put(s, out, "default", fallback(s, arg->fallback));
    if (!is_any(arg->types))
        schema_json_put(s, out, "anyOf", alternatives(s, arg, arg->types, false));
    return out;
}

json_t *schema_json_given(struct schema_json *s, const stressor_arg *arg)
{
    json_t *names = json_array();
    schema_json_add(s, names, schema_json_text(s, arg->name));
    json_t *out = schema_json_pair(s, "required", names);
    if ((arg->types & STRESSOR_ARG_NULL) == 0) {
        json_t *no = schema_json_pair(s, "not", schema_json_type(s, "null"));
        schema_json_put(s, out, "properties", schema_json_pair(s, arg->name, no));
    }
    return out;
}
