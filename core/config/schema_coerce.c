#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/duration.h"
#include "base/number.h"
#include "base/path.h"
#include "base/regex.h"
#include "base/suggest.h"
#include "config/schema_private.h"
#include "config/yaml.h"

/* A value inside the one that is coerced. */
struct spot {
    const struct schema_coercion *c;
    const struct schema_step *step; /* NULL: the value itself */
    const struct node *node;        /* may be NULL */
    uint32_t types;
};

static bool coerce(const struct spot *s, stressor_value *v);

static void put_steps(const struct schema_step *step, struct buf *out)
{
    if (step == NULL)
        return;
    put_steps(step->outer, out);
    if (step->key != NULL)
        buf_printf(out, "'%.*s': ", step->key_length < 80 ? (int)step->key_length : 80, step->key);
    else
        buf_printf(out, "item %llu: ", (unsigned long long)step->index + 1);
}

/* Tells a mistake; always false. */
static bool tell(const struct spot *s, const char *problem)
{
    struct buf steps;
    const struct schema_coercion *c = s->c;
    if (s->node != NULL && s->node->broken)
        return false;
    buf_init(&steps, 4096);
    put_steps(s->step, &steps);
    if (c->diag != NULL)
        diag_error(c->diag, s->node != NULL ? &s->node->at : c->at, "%s '%s' of %s: %s%s",
                   schema_noun(c->what), c->arg->name, c->what, steps.data, problem);
    else if (c->why != NULL)
        buf_printf(c->why, "%s%s", steps.data, problem);
    buf_finish(&steps);
    return false;
}

/* "expected …, found …"; `hint` may be NULL. */
static bool refuse(const struct spot *s, const stressor_value *v, const char *expected,
                   const char *hint)
{
    struct buf text;
    buf_init(&text, 8192);
    buf_printf(&text, "expected %s, found ", expected);
    schema_found_text(v, s->node, (s->c->arg->flags & STRESSOR_ARG_SECRET) != 0, &text);
    if (hint != NULL)
        buf_printf(&text, "; %s", hint);
    tell(s, text.data);
    buf_finish(&text);
    return false;
}

static bool refuse_type(const struct spot *s, const stressor_value *v)
{
    struct buf expected;
    bool number = v->type == STRESSOR_INT || v->type == STRESSOR_DOUBLE || v->type == STRESSOR_BOOL;
    buf_init(&expected, 4096);
    schema_expected_text(s->types, s->step == NULL ? s->c->arg->items : 0, &expected);
    refuse(s, v, expected.data,
           number && (s->types & SCHEMA_TEXTS) != 0 ? "put it in quotes if it is text" : NULL);
    buf_finish(&expected);
    return false;
}

static bool has_range(const stressor_arg *arg)
{
    return arg->min != 0 || arg->max != 0;
}

static bool check_range(const struct spot *s, const stressor_value *v, double number,
                        const char *what)
{
    const stressor_arg *arg = s->c->arg;
    bool duration = (s->types & STRESSOR_ARG_DURATION) != 0;
    char expected[128], low[32], high[32];
    const char *unit = duration ? " s" : "";
    if (!has_range(arg)) {
        if (!duration || number >= 0)
            return true;
        return refuse(s, v, "a duration that is not negative", NULL);
    }
    if (number >= arg->min && number <= arg->max)
        return true;
    value_double_text(arg->min, low);
    value_double_text(arg->max, high);
    for (char *text = low; text != NULL; text = text == low ? high : NULL) {
        char *point = strstr(text, ".0");
        if (point != NULL && point[2] == '\0')
            *point = '\0';
    }
    if (arg->max >= 1e15)
        snprintf(expected, sizeof expected, "%s of at least %s%s", what, low, unit);
    else
        snprintf(expected, sizeof expected, "%s from %s to %s%s", what, low, high, unit);
    return refuse(s, v, expected, NULL);
}

/* Without a suggestion: a number is not misspelt. */
static bool check_number_choice(const struct spot *s, const stressor_value *v, double number)
{
    const char *const *choices = s->c->arg->choices;
    double choice;
    if (!schema_chooses_numbers(s->c->arg, s->types))
        return true;
    struct buf expected;
    buf_init(&expected, 4096);
    buf_puts(&expected, "one of");
    bool found = false;
    for (size_t i = 0; choices[i] != NULL && !found; i++) {
        found = number_double(choices[i], strlen(choices[i]), &choice) && choice >= number &&
                choice <= number;
        buf_printf(&expected, "%s %s", i > 0 ? "," : "", choices[i]);
    }
    if (!found)
        refuse(s, v, expected.data, NULL);
    buf_finish(&expected);
    return found;
}

/* The three results of reading a number: it becomes `*v`. */
static bool become_int(const struct spot *s, stressor_value *v, int64_t number)
{
    if (!check_range(s, v, (double)number, "an integer") ||
        !check_number_choice(s, v, (double)number))
        return false;
    uint32_t flags = v->flags & STRESSOR_SECRET;
    *v = stressor_int(number);
    v->flags = flags;
    return true;
}

static bool become_double(const struct spot *s, stressor_value *v, double number)
{
    if (isnan(number))
        return refuse_type(s, v);
    if (!check_range(s, v, number, "a number") || !check_number_choice(s, v, number))
        return false;
    uint32_t flags = v->flags & STRESSOR_SECRET;
    *v = stressor_double(number);
    v->flags = flags;
    return true;
}

static bool become_duration(const struct spot *s, stressor_value *v, int64_t ns)
{
    if (!check_range(s, v, (double)ns / 1e9, "a duration"))
        return false;
    uint32_t flags = v->flags & STRESSOR_SECRET;
    *v = stressor_int(ns);
    v->flags = flags;
    return true;
}

static bool coerce_int(const struct spot *s, stressor_value *v)
{
    int64_t number = v->as.integer, ns;
    if ((s->types & STRESSOR_ARG_INT) != 0)
        return become_int(s, v, number);
    if ((s->types & STRESSOR_ARG_FLOAT) != 0)
        return become_double(s, v, (double)number);
    if ((s->types & STRESSOR_ARG_DURATION) != 0 && !__builtin_mul_overflow(number, NS_PER_S, &ns))
        return become_duration(s, v, ns);
    return refuse_type(s, v);
}

static bool coerce_double(const struct spot *s, stressor_value *v)
{
    double number = v->as.real;
    int64_t ns;
    if ((s->types & STRESSOR_ARG_FLOAT) != 0)
        return become_double(s, v, number);
    if ((s->types & STRESSOR_ARG_DURATION) != 0 && duration_from_seconds(number, &ns))
        return become_duration(s, v, ns);
    if ((s->types & STRESSOR_ARG_INT) != 0 && number >= -0x1p63 && number < 0x1p63 &&
        number == floor(number))
        return become_int(s, v, (int64_t)number);
    return refuse_type(s, v);
}

/* Text where a number or a boolean is wanted: as $env gives it. */
static bool coerce_numeric_text(const struct spot *s, stressor_value *v)
{
    const char *text = v->as.string.ptr;
    size_t length = (size_t)v->as.string.length;
    int64_t integer;
    double real;
    stressor_value scalar;
    if ((s->types & STRESSOR_ARG_INT) != 0 && number_int(text, length, &integer))
        return become_int(s, v, integer);
    if ((s->types & STRESSOR_ARG_FLOAT) != 0 && number_double(text, length, &real))
        return become_double(s, v, real);
    if ((s->types & STRESSOR_ARG_DURATION) != 0 && duration_parse(text, length, &integer))
        return become_duration(s, v, integer);
    if ((s->types & STRESSOR_ARG_BOOL) != 0 && length > 0 && yaml_scalar(text, length, &scalar) &&
        scalar.type == STRESSOR_BOOL) {
        scalar.flags = v->flags;
        *v = scalar;
        return true;
    }
    return refuse_type(s, v);
}

static bool check_regex(const struct spot *s, const stressor_value *v)
{
    char error[200] = "";
    struct stressor_regex *r =
        regex_new(v->as.string.ptr, (size_t)v->as.string.length, 0, error, sizeof error);
    if (r == NULL)
        return refuse(s, v, "a regular expression", error);
    regex_free(r);
    return true;
}

/* `s->node` is the node of the path itself, which may be a key. */
static bool check_path(const struct spot *s, const stressor_value *v)
{
    const char *error = "out of memory";
    struct stressor_path *p = path_new(v->as.string.ptr, (size_t)v->as.string.length, &error);
    if (p == NULL)
        return refuse(s, v, "a path such as items[0].id", error);
    path_free(p);
    return true;
}

/* In small letters, as much as fits: the case of a choice does not count. */
static size_t lower(const char *text, size_t length, char out[64])
{
    size_t used = length < 64 ? length : 64;
    for (size_t i = 0; i < used; i++)
        out[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
    return used;
}

static bool refuse_choice(const struct spot *s, const stressor_value *v)
{
    struct suggest near;
    struct buf expected, hint;
    char word[64], other[64];
    const char *const *choices = s->c->arg->choices, *best = NULL;
    suggest_init(&near, word, lower(v->as.string.ptr, (size_t)v->as.string.length, word));
    buf_init(&expected, 4096);
    buf_init(&hint, 4096);
    buf_puts(&expected, "one of");
    for (size_t i = 0; choices[i] != NULL; i++) {
        size_t before = near.best_cost;
        buf_printf(&expected, "%s '%s'", i > 0 ? "," : "", choices[i]);
        suggest_offer(&near, other, lower(choices[i], strlen(choices[i]), other));
        if (near.best_cost != before)
            best = choices[i];
    }
    if (best != NULL)
        buf_printf(&hint, "did you mean '%s'?", best);
    refuse(s, v, expected.data, best != NULL ? hint.data : NULL);
    buf_finish(&expected);
    buf_finish(&hint);
    return false;
}

/* What reaches the plugin is spelt as the plugin spells it. */
static bool check_choice(const struct spot *s, stressor_value *v)
{
    size_t length = (size_t)v->as.string.length;
    for (const char *const *choice = s->c->arg->choices; *choice != NULL; choice++)
        if (strlen(*choice) == length && strncasecmp(*choice, v->as.string.ptr, length) == 0) {
            v->as.string.ptr = *choice;
            return true;
        }
    return refuse_choice(s, v);
}

static bool coerce_text(const struct spot *s, stressor_value *v)
{
    const stressor_arg *arg = s->c->arg;
    const char *text = v->as.string.ptr;
    size_t length = (size_t)v->as.string.length;
    if ((s->types & SCHEMA_TEXTS) == 0)
        return coerce_numeric_text(s, v);
    if ((s->types & SCHEMA_TEXTS) == STRESSOR_ARG_REGEX && !check_regex(s, v))
        return false;
    if ((s->types & SCHEMA_TEXTS) == STRESSOR_ARG_PATH && !check_path(s, v))
        return false;
    if (arg->choices != NULL && !check_choice(s, v))
        return false;
    if (arg->pattern != NULL && !schema_pattern_matches(arg->pattern, text, length))
        return refuse(s, v, arg->pattern_help != NULL ? arg->pattern_help : arg->pattern, NULL);
    return true;
}

static bool same(const stressor_value *a, const stressor_value *b)
{
    if (a->type != b->type || a->flags != b->flags)
        return false;
    switch (a->type) {
    case STRESSOR_NULL: return true;
    case STRESSOR_BOOL:
    case STRESSOR_INT: return a->as.integer == b->as.integer;
    case STRESSOR_DOUBLE: return memcmp(&a->as.real, &b->as.real, sizeof a->as.real) == 0;
    default:
        return a->as.string.ptr == b->as.string.ptr && a->as.string.length == b->as.string.length;
    }
}

/* A container's inside: one item after the other. */
struct walk {
    const struct spot *outer;
    const stressor_value *in;
    bool map;
    uint64_t count;
    struct schema_step step;
    struct spot spot;
};

static struct walk walk_begin(const struct spot *s, const stressor_value *in)
{
    bool map = in->type == STRESSOR_MAP;
    return (struct walk){
        .outer = s, .in = in, .map = map, .count = map ? in->as.map.count : in->as.list.count};
}

static const struct node *child_node(const struct walk *w, uint64_t i)
{
    const struct node *n = w->outer->node;
    if (n == NULL || n->kind != (w->map ? NODE_MAP : NODE_LIST) || n->count != w->count)
        return NULL;
    return w->map ? n->entries[i].value : n->items[i];
}

/* Item `i`, copied to `*v`. */
static void walk_to(struct walk *w, uint64_t i, stressor_value *v)
{
    const stressor_value *item;
    w->step = (struct schema_step){.outer = w->outer->step, .index = i};
    if (w->map)
        item = value_entry(w->in, i, &w->step.key, &w->step.key_length);
    else
        item = value_at(w->in, i);
    *v = item != NULL ? *item : stressor_null();
    w->spot = (struct spot){w->outer->c, &w->step, child_node(w, i), w->outer->c->arg->items};
}

/* Map keys are checked, never changed. */
static bool walk_check_key(const struct walk *w, uint64_t i)
{
    const struct node *n = w->map && w->spot.node != NULL ? w->outer->node->entries[i].key : NULL;
    stressor_value key = stressor_string_n(w->step.key, (size_t)w->step.key_length);
    if (!w->map || w->outer->c->arg->keys != STRESSOR_ARG_PATH)
        return true;
    return check_path(&(struct spot){w->outer->c, w->outer->step, n, STRESSOR_ARG_PATH}, &key);
}

static bool walk_check(struct walk *w, bool *changed)
{
    bool fine = true;
    for (uint64_t i = 0; i < w->count && (fine || w->outer->c->diag != NULL); i++) {
        stressor_value before, v;
        walk_to(w, i, &v);
        fine &= walk_check_key(w, i);
        before = v;
        fine &= coerce(&w->spot, &v);
        *changed |= !same(&before, &v);
    }
    return fine;
}

static bool walk_rebuild(struct walk *w, stressor_value *v)
{
    struct stressor_builder b;
    builder_init(&b, w->outer->c->arena);
    if (w->map)
        builder_map(&b);
    else
        builder_list(&b);
    for (uint64_t i = 0; i < w->count; i++) {
        stressor_value item;
        walk_to(w, i, &item);
        if (!coerce(&w->spot, &item))
            return false;
        if (w->map)
            builder_key(&b, w->step.key, (size_t)w->step.key_length);
        builder_value(&b, &item);
    }
    builder_end(&b);
    uint32_t secret = v->flags & STRESSOR_SECRET;
    if (builder_finish(&b, v) != 0)
        return tell(w->outer, "out of memory");
    v->flags |= secret;
    return true;
}

static bool coerce_container(const struct spot *s, stressor_value *v)
{
    const stressor_arg *arg = s->c->arg;
    bool changed = false;
    if (s->step != NULL || ((arg->items == 0 || schema_takes_any(arg->items)) && arg->keys == 0))
        return true; /* what is in an inner container is not declared */
    stressor_value in = *v;
    struct walk w = walk_begin(s, &in);
    if (!walk_check(&w, &changed))
        return false;
    return !changed || s->c->partial || walk_rebuild(&w, v);
}

static bool coerce(const struct spot *s, stressor_value *v)
{
    if (s->types == 0 || schema_takes_any(s->types) || (v->flags & VALUE_TEMPLATE) != 0)
        return true;
    switch (v->type) {
    case STRESSOR_NULL: return (s->types & STRESSOR_ARG_NULL) != 0 || refuse_type(s, v);
    case STRESSOR_BOOL: return (s->types & STRESSOR_ARG_BOOL) != 0 || refuse_type(s, v);
    case STRESSOR_INT: return coerce_int(s, v);
    case STRESSOR_DOUBLE: return coerce_double(s, v);
    case STRESSOR_STRING: return coerce_text(s, v);
    case STRESSOR_LIST:
        return (s->types & STRESSOR_ARG_LIST) != 0 ? coerce_container(s, v) : refuse_type(s, v);
    default: return (s->types & STRESSOR_ARG_MAP) != 0 ? coerce_container(s, v) : refuse_type(s, v);
    }
}

static bool is_secret_key(const stressor_arg *arg, const char *key, uint64_t length)
{
    for (const char *const *k = arg->secret_keys; *k != NULL; k++)
        if (strlen(*k) == length && strncasecmp(*k, key, (size_t)length) == 0)
            return true;
    return false;
}

/* Marks the values of the map's secret keys. False: out of memory. */
static bool mark_secret_keys(const struct schema_coercion *c, stressor_value *v)
{
    const char *key;
    uint64_t length, secrets = 0;
    if (v->type != STRESSOR_MAP || (v->flags & VALUE_TEMPLATE) != 0)
        return true;
    for (uint64_t i = 0; i < v->as.map.count; i++)
        if (value_entry(v, i, &key, &length) != NULL)
            secrets += is_secret_key(c->arg, key, length);
    if (secrets == 0)
        return true;
    struct stressor_builder b;
    builder_init(&b, c->arena);
    builder_map(&b);
    for (uint64_t i = 0; i < v->as.map.count; i++) {
        stressor_value item = *value_entry(v, i, &key, &length);
        if (is_secret_key(c->arg, key, length) && !value_make_secret(c->arena, &item))
            return false;
        builder_key(&b, key, (size_t)length);
        builder_value(&b, &item);
    }
    builder_end(&b);
    uint32_t flags = v->flags;
    if (builder_finish(&b, v) != 0)
        return false;
    v->flags |= flags;
    return true;
}

bool schema_is_absent(const stressor_arg *arg, const stressor_value *v)
{
    return v->type == STRESSOR_NULL && (arg->types & STRESSOR_ARG_NULL) == 0 &&
           !schema_takes_any(arg->types);
}

bool schema_coerce_as(const struct schema_coercion *c, stressor_value *v, const struct node *n)
{
    struct spot s = {c, NULL, n, c->arg->types};
    if (!coerce(&s, v))
        return false;
    if ((c->arg->flags & STRESSOR_ARG_SECRET) != 0 && !value_make_secret(c->arena, v))
        return tell(&s, "out of memory");
    if (STRESSOR_HAS(c->arg, secret_keys) && c->arg->secret_keys != NULL && !mark_secret_keys(c, v))
        return tell(&s, "out of memory");
    return true;
}

bool schema_coerce(const stressor_arg *arg, stressor_value *v, struct arena *a, bool *absent,
                   struct buf *why)
{
    struct schema_coercion c = {.arg = arg, .arena = a, .why = why};
    *absent = schema_is_absent(arg, v);
    return *absent || schema_coerce_as(&c, v, NULL);
}
