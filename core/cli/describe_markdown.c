#include "cli/describe_markdown.h"

#include <stdbool.h>
#include <string.h>

#include "cli/describe.h"

static void put_escaped(FILE *out, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '|')
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void put_head(FILE *out, const char *what)
{
    fprintf(out, "| %s | type | default | meaning |\n| --- | --- | --- | --- |\n", what);
}

static void put_default(FILE *out, const stressor_arg *arg)
{
    if ((arg->flags & STRESSOR_ARG_REQUIRED) != 0)
        fputs("required", out);
    else if (arg->fallback != NULL)
        fprintf(out, "`%s`", arg->fallback);
}

static void put_limits(FILE *out, const stressor_arg *arg)
{
    const char *seconds = (arg->types & STRESSOR_ARG_DURATION) != 0 ? " seconds" : "";
    bool ranged = arg->min < 0 || arg->min > 0 || arg->max < 0 || arg->max > 0;
    if (arg->choices != NULL) {
        fputs("; one of", out);
        for (const char *const *c = arg->choices; *c != NULL; c++)
            fprintf(out, " `%s`%s", *c, c[1] != NULL ? "," : "");
    }
    if (ranged && arg->max >= 1e9)
        fprintf(out, "; at least %.15g%s", arg->min, seconds);
    else if (ranged)
        fprintf(out, "; from %.15g to %.15g%s", arg->min, arg->max, seconds);
    if (arg->pattern_help != NULL) {
        fputs("; must be ", out);
        put_escaped(out, arg->pattern_help);
    }
    if ((arg->flags & STRESSOR_ARG_STATIC) != 0)
        fputs("; no macros", out);
    if ((arg->flags & STRESSOR_ARG_RAW) != 0)
        fputs("; macros are not expanded", out);
    if ((arg->flags & STRESSOR_ARG_SECRET) != 0)
        fputs("; never shown", out);
}

static void put_row(FILE *out, const stressor_arg *arg)
{
    fprintf(out, "| `%s` | ", arg->name);
    describe_arg_types(out, arg);
    fputs(" | ", out);
    put_default(out, arg);
    fputs(" | ", out);
    put_escaped(out, arg->help);
    put_limits(out, arg);
    fputs(" |\n", out);
}

void markdown_activity(FILE *out, const stressor_activity_type *type)
{
    if (type->args_count == 0) {
        fputs("It has no arguments of its own.\n", out);
        return;
    }
    put_head(out, "argument");
    for (uint32_t i = 0; i < type->args_count; i++)
        put_row(out, type->args[i]);
    for (uint32_t i = 0; i < type->groups_count; i++) {
        const stressor_arg_group *g = type->groups[i];
        fprintf(out, "\n%s of",
                g->kind == STRESSOR_GROUP_EXACTLY_ONE ? "Exactly one" : "At most one");
        for (const char *const *name = g->names; *name != NULL; name++)
            fprintf(out, " `%s`%s", *name, name[1] != NULL ? "," : " may be given.\n");
    }
}

void markdown_macro(FILE *out, const stressor_macro *macro)
{
    fprintf(out, "`$%s(", macro->name);
    for (uint32_t i = 0; macro->args != NULL && macro->args[i] != NULL; i++)
        fprintf(out, i < macro->args_required ? "%s%s" : "%s[%s]", i > 0 ? ", " : "",
                macro->args[i]);
    fputs(")`: ", out);
    put_escaped(out, macro->help);
    fputc('\n', out);
}

void markdown_plugin(FILE *out, const stressor_plugin *plugin)
{
    for (uint32_t i = 0; i < plugin->activities_count; i++) {
        const stressor_activity_type *type = plugin->activities[i];
        fprintf(out, "%s### `%s`\n\n", i > 0 ? "\n" : "", type->name);
        put_escaped(out, type->help);
        fputs("\n\n", out);
        markdown_activity(out, type);
    }
    for (uint32_t i = 0; i < plugin->macros_count; i++) {
        fputc('\n', out);
        markdown_macro(out, plugin->macros[i]);
    }
}

/* Macros in the users are expanded, though not here. */
static void put_key(FILE *out, const stressor_arg *arg)
{
    stressor_arg key = *arg;
    key.flags &= ~(uint32_t)STRESSOR_ARG_RAW;
    put_row(out, &key);
}

void markdown_section(FILE *out, const char *section, stressor_engine *engine)
{
    const stressor_arg *arg;
    put_head(out, "key");
    for (size_t i = 0; (arg = stressor_section_arg(section, i)) != NULL; i++)
        put_key(out, arg);
    for (size_t i = 0; i < stressor_plugins_count(engine); i++) {
        const stressor_plugin *p = stressor_plugin_at(engine, i)->plugin;
        for (uint32_t k = 0; p != NULL && k < p->settings_count; k++)
            if (strcmp(p->settings[k]->section, section) == 0)
                put_key(out, p->settings[k]->arg);
    }
}

void markdown_common(FILE *out)
{
    const stressor_arg *arg;
    put_head(out, "argument");
    for (size_t i = 0; (arg = stressor_common_arg(i)) != NULL; i++)
        put_row(out, arg);
}
