/*
 * Is a plugin's table of arguments itself well formed?
 */
#include <string.h>

#include "base/number.h"
#include "base/regex.h"
#include "config/schema_private.h"

enum { GROUP_NAMES_MIN = 2 };

static bool is_name(const char *name)
{
    if (name == NULL || *name == '\0')
        return false;
    for (const char *s = name; *s != '\0'; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '_' ||
              (s > name && ((*s >= '0' && *s <= '9') || *s == '-' || *s == '.'))))
            return false;
    return true;
}

static const char *types_problem(const stressor_arg *arg)
{
    const uint32_t flags =
        STRESSOR_ARG_REQUIRED | STRESSOR_ARG_STATIC | STRESSOR_ARG_RAW | STRESSOR_ARG_SECRET;
    if (arg->types == 0)
        return "it takes no type at all";
    if ((arg->types & ~SCHEMA_KNOWN) != 0 || (arg->items & ~SCHEMA_KNOWN) != 0)
        return "it has a type that this host does not know";
    if (arg->keys != 0 && arg->keys != STRESSOR_ARG_PATH && arg->keys != STRESSOR_ARG_XPATH)
        return "its keys must be PATH or XPATH, or 0";
    if ((arg->flags & ~flags) != 0)
        return "it has a flag that this host does not know";
    if ((arg->types & STRESSOR_ARG_DURATION) != 0 &&
        (arg->types & (STRESSOR_ARG_INT | STRESSOR_ARG_FLOAT)) != 0 &&
        !schema_takes_any(arg->types))
        return "a duration and a plain number cannot be told apart";
    return NULL;
}

static bool choices_fit(const stressor_arg *arg, uint32_t types)
{
    double number;
    if (!schema_chooses_numbers(arg, types))
        return true;
    for (const char *const *c = arg->choices; *c != NULL; c++)
        if (!number_double(*c, strlen(*c), &number))
            return false;
    return true;
}

static const char *limits_problem(const stressor_arg *arg)
{
    if (!(arg->min <= arg->max))
        return "its range is empty";
    if (arg->choices != NULL && arg->choices[0] == NULL)
        return "its list of choices is empty";
    if (!choices_fit(arg, arg->types) || !choices_fit(arg, arg->items))
        return "one of its choices is no number";
    if ((arg->flags & STRESSOR_ARG_REQUIRED) != 0 && arg->fallback != NULL)
        return "it is required, so its default is never used";
    return NULL;
}

static bool check_pattern(const stressor_arg *arg, struct buf *why)
{
    char error[200] = "";
    if (arg->pattern == NULL)
        return true;
    struct stressor_regex *r =
        regex_new(arg->pattern, strlen(arg->pattern), REGEX_AT_START, error, sizeof error);
    if (r == NULL)
        buf_printf(why, "argument '%s': its pattern does not compile: %s", arg->name, error);
    regex_free(r);
    return r != NULL;
}

static bool check_fallback(const stressor_arg *arg, struct buf *why)
{
    struct arena a;
    stressor_value v;
    arena_init(&a, 1024, 1 << 20);
    bool fine = schema_fallback(arg, &a, &v);
    arena_finish(&a);
    if (!fine) {
        buf_printf(why, "argument '%s': its default '%s' is not ", arg->name, arg->fallback);
        schema_type_text(arg, why);
    }
    return fine;
}

static bool check_arg(const stressor_arg *const *args, size_t i, struct buf *why)
{
    const stressor_arg *arg = args[i];
    if (arg == NULL || !STRESSOR_HAS(arg, pattern_help) || !is_name(arg->name)) {
        buf_printf(why, "argument %zu has no proper name or size", i + 1);
        return false;
    }
    for (size_t k = 0; k < i; k++)
        if (strcmp(args[k]->name, arg->name) == 0) {
            buf_printf(why, "argument '%s' is declared twice", arg->name);
            return false;
        }
    const char *problem = types_problem(arg);
    if (problem == NULL)
        problem = limits_problem(arg);
    if (problem != NULL) {
        buf_printf(why, "argument '%s': %s", arg->name, problem);
        return false;
    }
    return check_pattern(arg, why) && check_fallback(arg, why);
}

static bool is_declared(const stressor_arg *const *args, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(args[i]->name, name) == 0)
            return true;
    return false;
}

static bool check_group(const stressor_arg *const *args, size_t count, const stressor_arg_group *g,
                        struct buf *why)
{
    size_t names = 0;
    if (g == NULL || !STRESSOR_HAS(g, names) || g->names == NULL ||
        (g->kind != STRESSOR_GROUP_AT_MOST_ONE && g->kind != STRESSOR_GROUP_EXACTLY_ONE)) {
        buf_puts(why, "a group of arguments has no proper size, kind or names");
        return false;
    }
    for (; g->names[names] != NULL; names++)
        if (!is_declared(args, count, g->names[names])) {
            buf_printf(why, "a group names '%s', which is no argument", g->names[names]);
            return false;
        }
    if (names < GROUP_NAMES_MIN)
        buf_puts(why, "a group needs two arguments at least");
    return names >= GROUP_NAMES_MIN;
}

bool schema_check(const stressor_arg *const *args, size_t count,
                  const stressor_arg_group *const *groups, size_t groups_count, struct buf *why)
{
    for (size_t i = 0; i < count; i++)
        if (!check_arg(args, i, why))
            return false;
    for (size_t i = 0; i < groups_count; i++)
        if (!check_group(args, count, groups[i], why))
            return false;
    return true;
}
