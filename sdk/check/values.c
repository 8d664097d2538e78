#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* Values of the types that a schema declares, as YAML in flow style. */

enum { DEPTH_MAX = 3, LONG_TEXT = 5000, ARGS_MAX = 256, PLAIN = 1, WILD = 2 };

const char value_context[] = "context:\n"
                             "  v_text: some text\n"
                             "  v_int: 7\n"
                             "  v_big: 9223372036854775807\n"
                             "  v_real: -1.5\n"
                             "  v_null: null\n"
                             "  v_list: [1, two, {three: 3}]\n"
                             "  v_map: {a: 1, b: [x, \"y\"]}\n"
                             "  v_bytes: \"a\\0b\\x01\"\n";

/* splitmix64 (Steele, Lea, Flood 2014) */
uint64_t random_next(struct random *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t random_below(struct random *r, uint64_t n)
{
    return random_next(r) % n;
}

#define PICK(R, LIST) ((LIST)[random_below((R), sizeof(LIST) / sizeof *(LIST))])

/* --- text ------------------------------------------------------------------------------------ */

/* What does not fit is left out: memory is the checker's own here. */
void text_add(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        return;
    if (t->room - t->length <= (size_t)length) {
        size_t room = (t->length + (size_t)length + 1) * 2;
        char *grown = realloc(t->bytes, room);
        if (grown == NULL)
            return;
        t->bytes = grown;
        t->room = room;
    }
    va_start(args, format);
    vsnprintf(t->bytes + t->length, t->room - t->length, format, args);
    va_end(args);
    t->length += (size_t)length;
}

void text_reset(struct text *t)
{
    free(t->bytes);
    *t = (struct text){0};
}

/* --- scalars --------------------------------------------------------------------------------- */

static void put_int(struct text *out, const stressor_arg *arg, struct random *r, int wildness)
{
    static const char *const wild[] = {"-1",
                                       "2147483647",
                                       "-2147483649",
                                       "4294967296",
                                       "9223372036854775807",
                                       "-9223372036854775808",
                                       "65536",
                                       "'12'",
                                       "255"};
    bool range = arg->min < arg->max;
    if (range && (wildness < WILD || random_below(r, 2) == 0)) {
        double edges[] = {arg->min, arg->max, arg->min + 1 < arg->max ? arg->min + 1 : arg->min};
        double number = PICK(r, edges);
        if (number > -9e18 && number < 9e18)
            text_add(out, "%lld", (long long)number);
        else
            text_add(out, "1");
    } else if (wildness < WILD || random_below(r, 2) == 0) {
        text_add(out, "%u", (unsigned)random_below(r, 4));
    } else {
        text_add(out, "%s", PICK(r, wild));
    }
}

static void put_float(struct text *out, const stressor_arg *arg, struct random *r, int wildness)
{
    static const char *const plain[] = {"0.5", "1.0", "2", "0"};
    static const char *const wild[] = {"-0.0", "1.0e+308", "-1.0e+308", "5.0e-324",
                                       ".inf", ".nan",     "'2.5'",     "-1.5"};
    if (arg->min < arg->max && random_below(r, 2) == 0)
        text_add(out, "%.6f", random_below(r, 2) == 0 ? arg->min : arg->max);
    else
        text_add(out, "%s", wildness < WILD ? PICK(r, plain) : PICK(r, wild));
}

static void put_duration(struct text *out, const stressor_arg *arg, struct random *r, int wildness)
{
    static const char *const plain[] = {"0.01", "10ms", "1", "0.5"};
    static const char *const wild[] = {"0",        "1ms",  "1h30m", "30d",
                                       "0.000001", "1e-9", "'5'",   "60s"};
    if (arg->min < arg->max && random_below(r, 2) == 0)
        text_add(out, "%.6f", random_below(r, 2) == 0 ? arg->min : arg->max);
    else
        text_add(out, "%s", wildness < WILD ? PICK(r, plain) : PICK(r, wild));
}

/* Where a pattern wants something, one of the plain ones may do; no address leads anywhere. */
static void put_text(struct text *out, const stressor_arg *arg, struct random *r, int wildness)
{
    static const char *const plain[] = {
        "a",         "hello world", "/",        "http://127.0.0.1:1/",
        "127.0.0.1", "127.0.0.1:1", "x=1",      "1",
        "name",      "A",           "select 1", "true",
        "/a/b.c",    "file.txt"};
    static const char *const wild[] = {"",
                                       "a\\0b",
                                       "\\u00e4\\u20ac\\U0001f600",
                                       "\\xff\\xfe",
                                       "%s%n%d",
                                       "'; -- \\\"",
                                       "{\\\"a\\\": [1]}",
                                       "$(",
                                       "\\n\\r\\t",
                                       "../../x",
                                       "$unknown(1)"};
    if (arg->pattern == NULL && wildness == WILD && random_below(r, 16) == 0) {
        text_add(out, "\"%0*d\"", LONG_TEXT, 0);
        return;
    }
    bool is_plain = wildness < WILD || random_below(r, 2) == 0;
    text_add(out, "\"%s\"", is_plain ? PICK(r, plain) : PICK(r, wild));
}

static void put_macro(struct text *out, struct random *r)
{
    static const char *const macros[] = {"$(v_text)", "$(v_int)",     "$(v_big)",   "$(v_real)",
                                         "$(v_null)", "$(v_list)",    "$(v_map)",   "$(v_bytes)",
                                         "$(nobody)", "$(user.name)", "x$(v_list)", "$(v_map.a)"};
    text_add(out, "\"%s\"", PICK(r, macros));
}

/* --- values ---------------------------------------------------------------------------------- */

static void put_value(struct text *out, const stressor_arg *arg, uint32_t types, struct random *r,
                      int wildness, int depth);

/* What stands in a list or a map of this argument: its own range and choices hold there too. */
static void put_items(struct text *out, const stressor_arg *arg, bool is_map, struct random *r,
                      int wildness, int depth)
{
    static const char *const keys[] = {"a", "name", "x-y", "\"two words\"", "\"\"", "items.[0].id"};
    uint64_t count = depth < DEPTH_MAX ? random_below(r, wildness == WILD ? 5 : 3) : 0;
    uint32_t types = arg->items != 0 ? arg->items : STRESSOR_ARG_ANY;
    text_add(out, "%s", is_map ? "{" : "[");
    for (uint64_t i = 0; i < count; i++) {
        text_add(out, "%s", i > 0 ? ", " : "");
        if (is_map && arg->keys == STRESSOR_ARG_PATH)
            text_add(out, "k%u.[0]: ", (unsigned)i);
        else if (is_map && arg->keys == STRESSOR_ARG_XPATH)
            text_add(out, "//a[%u]: ", (unsigned)i + 1);
        else if (is_map)
            text_add(out, "%s: ", keys[i % (wildness == WILD ? 6 : 3)]);
        put_value(out, arg, types, r, wildness, depth + 1);
    }
    text_add(out, "%s", is_map ? "}" : "]");
}

static uint32_t pick_type(uint32_t types, struct random *r)
{
    uint32_t bits[32], count = 0;
    for (uint32_t bit = 1; bit <= STRESSOR_ARG_XPATH; bit <<= 1)
        if (types & bit)
            bits[count++] = bit;
    return count > 0 ? bits[random_below(r, count)] : STRESSOR_ARG_STRING;
}

static void put_value(struct text *out, const stressor_arg *arg, uint32_t types, struct random *r,
                      int wildness, int depth)
{
    static const char *const regexes[] = {".", "a+", "^x", "(?i)ok|no", "\\\\d{1,3}", "[^a]*$"};
    uint32_t type = pick_type(types, r);
    if (wildness == WILD && !(arg->flags & STRESSOR_ARG_STATIC) && random_below(r, 5) == 0) {
        put_macro(out, r);
        return;
    }
    if (arg->choices != NULL && type != STRESSOR_ARG_LIST && type != STRESSOR_ARG_MAP) {
        size_t count = 0;
        while (arg->choices[count] != NULL)
            count++;
        text_add(out, "%s", arg->choices[random_below(r, count > 0 ? count : 1)]);
        return;
    }
    switch (type) {
    case STRESSOR_ARG_BOOL: text_add(out, random_below(r, 2) ? "true" : "false"); break;
    case STRESSOR_ARG_INT: put_int(out, arg, r, wildness); break;
    case STRESSOR_ARG_FLOAT: put_float(out, arg, r, wildness); break;
    case STRESSOR_ARG_LIST: put_items(out, arg, false, r, wildness, depth); break;
    case STRESSOR_ARG_MAP: put_items(out, arg, true, r, wildness, depth); break;
    case STRESSOR_ARG_NULL: text_add(out, "null"); break;
    case STRESSOR_ARG_REGEX: text_add(out, "\"%s\"", PICK(r, regexes)); break;
    case STRESSOR_ARG_DURATION: put_duration(out, arg, r, wildness); break;
    case STRESSOR_ARG_PATH: text_add(out, "\"items.[0].id\""); break;
    case STRESSOR_ARG_XPATH: text_add(out, "\"//a[@href]\""); break;
    default: put_text(out, arg, r, wildness); break;
    }
}

/* --- activities ------------------------------------------------------------------------------ */

static bool is_needed(const stressor_arg *arg, struct random *r, int wildness)
{
    if (arg->flags & STRESSOR_ARG_REQUIRED)
        return wildness < WILD || random_below(r, 20) != 0;
    return wildness == PLAIN || (wildness == WILD && random_below(r, 5) < 2);
}

/* Of arguments that exclude each other one at most stays. */
static void choose(const struct kind *kind, struct random *r, bool *chosen)
{
    for (uint32_t g = 0; g < kind->groups_count; g++) {
        const stressor_arg_group *group = kind->groups[g];
        uint64_t count = 0;
        while (group->names[count] != NULL)
            count++;
        uint64_t wanted = random_below(r, count > 0 ? count : 1);
        for (uint32_t i = 0; i < kind->args_count; i++)
            for (uint64_t n = 0; n < count; n++)
                if (strcmp(kind->args[i]->name, group->names[n]) == 0)
                    chosen[i] =
                        n == wanted && (chosen[i] || group->kind == STRESSOR_GROUP_EXACTLY_ONE);
    }
}

static void put_script(struct text *out, const struct kind *kind, struct random *r)
{
    static const char *const scripts[] = {"result = 1", "", "result = ", "x = 'a' * 2", "\\n\\n"};
    text_add(out, ", language: %s, script: \"%s\"", kind->language, PICK(r, scripts));
}

/* What put_script says, and the path that excludes it. */
static bool is_of_script(const char *name)
{
    return strcmp(name, "language") == 0 || strcmp(name, "script") == 0 ||
           strcmp(name, "path") == 0;
}

void value_activity(struct text *out, const struct kind *kind, struct random *r, int wildness)
{
    bool chosen[ARGS_MAX] = {false};
    uint32_t count = kind->args_count < ARGS_MAX ? kind->args_count : ARGS_MAX;
    text_add(out, "{activity: %s", kind->name);
    if (kind->language != NULL)
        put_script(out, kind, r);
    for (uint32_t i = 0; i < count; i++)
        chosen[i] = is_needed(kind->args[i], r, wildness);
    choose(kind, r, chosen);
    for (uint32_t i = 0; i < count; i++) {
        if (!chosen[i] || (kind->language != NULL && is_of_script(kind->args[i]->name)))
            continue;
        text_add(out, ", %s: ", kind->args[i]->name);
        put_value(out, kind->args[i], kind->args[i]->types, r, wildness, 0);
    }
    text_add(out, "}");
}

void value_macro(struct text *out, const stressor_macro *macro, struct random *r, int wildness)
{
    static const char *const plain[] = {"1", "0.01", "a", "2026-01-31", "%Y", "x y"};
    static const char *const wild[] = {
        "",         "-1",     "0",         "9223372036854775808", "1e400",
        "$(v_int)", "nan",    "$(v_list)", "$(v_nobody)",         "\\u00e4\\u20ac",
        "a\\0b",    "%s%n%d", "'q'",       "\\xff\\xfe",          "$(v_map)"};
    uint32_t names = 0, count = macro->args_required;
    while (macro->args != NULL && macro->args[names] != NULL)
        names++;
    if (wildness != 0 && names > count)
        count += wildness == PLAIN ? names - count : (uint32_t)random_below(r, names - count + 1);
    bool is_activity = macro->kind == STRESSOR_MACRO_ACTIVITY;
    text_add(out, is_activity ? "{activity: \"$%s(" : "{activity: " TAKE_TYPE ", value: \"$%s(",
             macro->name);
    for (uint32_t i = 0; i < count; i++)
        text_add(out, "%s%s", i > 0 ? ", " : "",
                 wildness < WILD || random_below(r, 2) == 0 ? PICK(r, plain) : PICK(r, wild));
    text_add(out, ")\"}");
}

void value_config(struct text *out, const stressor_plugin *plugin, struct random *r)
{
    for (uint32_t i = 0; i < plugin->settings_count; i++) {
        const stressor_setting *s = plugin->settings[i];
        if (strcmp(s->section, "config") != 0 || random_below(r, 3) != 0)
            continue;
        text_add(out, "  %s: ", s->arg->name);
        put_value(out, s->arg, s->arg->types, r, PLAIN, 0);
        text_add(out, "\n");
    }
}
