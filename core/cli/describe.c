#include "cli/describe.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* In the order in which they are named. */
static const struct {
    uint32_t bit;
    const char *name;
} type_names[] = {
    {STRESSOR_ARG_BOOL, "true or false"}, {STRESSOR_ARG_INT, "whole number"},
    {STRESSOR_ARG_FLOAT, "number"},       {STRESSOR_ARG_STRING, "string"},
    {STRESSOR_ARG_REGEX, "regex"},        {STRESSOR_ARG_DURATION, "duration"},
    {STRESSOR_ARG_PATH, "path"},          {STRESSOR_ARG_XPATH, "XPath"},
    {STRESSOR_ARG_LIST, "list"},          {STRESSOR_ARG_MAP, "map"},
    {STRESSOR_ARG_NULL, "null"},
};

static const char *text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static bool is_any(uint32_t types)
{
    return (types & STRESSOR_ARG_ANY) == STRESSOR_ARG_ANY;
}

/* Joined by " or "; returns what stands before the next one. */
static const char *print_types(FILE *out, uint32_t types, const char *between)
{
    if (is_any(types)) {
        fprintf(out, "%sany value", between);
        return " or ";
    }
    /* A whole number is a number. */
    if ((types & STRESSOR_ARG_FLOAT) != 0)
        types &= ~(uint32_t)STRESSOR_ARG_INT;
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++) {
        if ((types & type_names[i].bit) == 0)
            continue;
        fprintf(out, "%s%s", between, type_names[i].name);
        between = " or ";
    }
    return between;
}

static void print_items(FILE *out, const stressor_arg *arg)
{
    const char *keys = arg->keys == STRESSOR_ARG_PATH    ? "path: "
                       : arg->keys == STRESSOR_ARG_XPATH ? "XPath: "
                                                         : "";
    if (*keys == '\0' && arg->items == 0)
        return;
    fprintf(out, " of (%s", keys);
    print_types(out, arg->items != 0 ? arg->items : (uint32_t)STRESSOR_ARG_ANY, "");
    fputc(')', out);
}

void describe_arg_types(FILE *out, const stressor_arg *arg)
{
    const uint32_t containers = STRESSOR_ARG_LIST | STRESSOR_ARG_MAP;
    if (is_any(arg->types)) {
        print_types(out, arg->types, "");
        return;
    }
    const char *between = print_types(out, arg->types & ~(containers | STRESSOR_ARG_NULL), "");
    if ((arg->types & containers) != 0) {
        between = print_types(out, arg->types & containers, between);
        print_items(out, arg);
    }
    print_types(out, arg->types & STRESSOR_ARG_NULL, between);
}

static void print_limits(FILE *out, const stressor_arg *arg)
{
    const char *seconds = (arg->types & STRESSOR_ARG_DURATION) != 0 ? " seconds" : "";
    if (arg->fallback != NULL)
        fprintf(out, "        default: %s\n", arg->fallback);
    if (arg->choices != NULL) {
        fputs("        one of:", out);
        for (const char *const *c = arg->choices; *c != NULL; c++)
            fprintf(out, " %s%s", *c, c[1] != NULL ? "," : "");
        fputc('\n', out);
    }
    if (arg->min < 0 || arg->min > 0 || arg->max < 0 || arg->max > 0)
        fprintf(out, "        from %.15g to %.15g%s\n", arg->min, arg->max, seconds);
    if (arg->pattern != NULL)
        fprintf(out, "        must be: %s\n",
                arg->pattern_help != NULL ? arg->pattern_help : arg->pattern);
}

static void print_arg(FILE *out, const char *section, const stressor_arg *arg)
{
    fprintf(out, "    %s%s%s: ", section, *section != '\0' ? "." : "", arg->name);
    describe_arg_types(out, arg);
    if ((arg->flags & STRESSOR_ARG_REQUIRED) != 0)
        fputs(", required", out);
    if ((arg->flags & STRESSOR_ARG_STATIC) != 0)
        fputs(", without macros", out);
    if ((arg->flags & STRESSOR_ARG_RAW) != 0)
        fputs(", macros are left as they stand", out);
    if ((arg->flags & STRESSOR_ARG_SECRET) != 0)
        fputs(", never shown", out);
    fputc('\n', out);
    if (*text_or_empty(arg->help) != '\0')
        fprintf(out, "        %s\n", arg->help);
    print_limits(out, arg);
}

static void print_group(FILE *out, const stressor_arg_group *group)
{
    fprintf(out, "    %s of",
            group->kind == STRESSOR_GROUP_EXACTLY_ONE ? "exactly one" : "at most one");
    for (const char *const *name = group->names; *name != NULL; name++)
        fprintf(out, " %s%s", *name, name[1] != NULL ? "," : "");
    fputc('\n', out);
}

void describe_activity(FILE *out, const stressor_activity_type *type)
{
    static const struct {
        uint32_t bit;
        const char *text;
    } notes[] = {
        {STRESSOR_ACTIVITY_BLOCKING, "blocks, and so runs on a thread of the pool"},
        {STRESSOR_ACTIVITY_IGNORE_TIMING, "not in the net times, unless ignore_timing is false"},
        {STRESSOR_ACTIVITY_DRY_RUN, "runs in a dry run too"},
    };
    fprintf(out, "activity %s: %s\n", type->name, text_or_empty(type->help));
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        if ((type->flags & notes[i].bit) != 0)
            fprintf(out, "  %s\n", notes[i].text);
    }
    fputs(type->args_count > 0 ? "  arguments:\n" : "  no arguments of its own\n", out);
    for (uint32_t i = 0; i < type->args_count; i++)
        print_arg(out, "", type->args[i]);
    for (uint32_t i = 0; i < type->groups_count; i++)
        print_group(out, type->groups[i]);
    fputs("  arguments of every activity:\n", out);
    const stressor_arg *arg;
    for (size_t i = 0; (arg = stressor_common_arg(i)) != NULL; i++)
        fprintf(out, "    %s: %s\n", arg->name, text_or_empty(arg->help));
}

void describe_macro(FILE *out, const stressor_macro *macro)
{
    fprintf(out, "macro $%s(", macro->name);
    for (uint32_t i = 0; macro->args != NULL && macro->args[i] != NULL; i++) {
        const char *form = i < macro->args_required ? "%s%s" : "%s[%s]";
        fprintf(out, form, i > 0 ? ", " : "", macro->args[i]);
    }
    fprintf(out, "): %s\n", text_or_empty(macro->help));
    if (macro->kind == STRESSOR_MACRO_ACTIVITY)
        fprintf(out, "  stands for the activity %s\n", text_or_empty(macro->activity));
    else if (macro->kind == STRESSOR_MACRO_LOAD_TIME)
        fputs("  expanded once, when the scenario is loaded; must be the whole value\n", out);
    else
        fputs("  expanded anew for each execution\n", out);
}

/* Macros in the users are expanded, though not here. */
static void print_key(FILE *out, const stressor_arg *arg)
{
    stressor_arg key = *arg;
    key.flags &= ~(uint32_t)STRESSOR_ARG_RAW;
    print_arg(out, "", &key);
}

void describe_section(FILE *out, const char *section, stressor_engine *engine)
{
    const stressor_arg *arg;
    fprintf(out, "section %s\n", section);
    for (size_t i = 0; (arg = stressor_section_arg(section, i)) != NULL; i++)
        print_key(out, arg);
    for (size_t i = 0; i < stressor_plugins_count(engine); i++) {
        const stressor_plugin *p = stressor_plugin_at(engine, i)->plugin;
        for (uint32_t k = 0; p != NULL && k < p->settings_count; k++)
            if (strcmp(p->settings[k]->section, section) == 0)
                print_key(out, p->settings[k]->arg);
    }
}

static void print_settings(FILE *out, const stressor_plugin *plugin)
{
    if (plugin->settings_count == 0)
        return;
    fputs("\nsettings in the scenario file\n", out);
    for (uint32_t i = 0; i < plugin->settings_count; i++)
        print_arg(out, text_or_empty(plugin->settings[i]->section), plugin->settings[i]->arg);
}

void describe_reporter(FILE *out, const stressor_reporter_type *r)
{
    bool path = r->path_help != NULL && *r->path_help != '\0';
    fprintf(out, "reporter --report %s%s%s%s: %s\n", r->kind, path ? "[=" : "",
            text_or_empty(r->path_help), path ? "]" : "", text_or_empty(r->help));
    if (r->extension != NULL)
        fprintf(out, "  goes to results.%s where no path is given\n", r->extension);
}

void describe_setting(FILE *out, const stressor_setting *setting, const stressor_plugin *plugin)
{
    fprintf(out, "setting %s of section %s, of the plugin %s %s\n", setting->arg->name,
            text_or_empty(setting->section), plugin->name, text_or_empty(plugin->version));
    print_arg(out, text_or_empty(setting->section), setting->arg);
}

void describe_engine(FILE *out, const stressor_script_engine *engine)
{
    fprintf(out, "script engine %s (%s files) of %s: %s\n", engine->language,
            text_or_empty(engine->extension), text_or_empty(engine->activity),
            text_or_empty(engine->help));
}

void describe_plugin(FILE *out, const stressor_plugin_entry_info *entry)
{
    const stressor_plugin *p = entry->plugin;
    fprintf(out, "plugin %s %s: %s\n", p->name, text_or_empty(p->version), text_or_empty(p->help));
    fprintf(out, "  from %s\n", entry->path != NULL ? entry->path : "the program itself");
    if (p->author != NULL)
        fprintf(out, "  author %s\n", p->author);
    if (p->license != NULL)
        fprintf(out, "  license %s\n", p->license);
    for (uint32_t i = 0; i < p->activities_count; i++) {
        fputc('\n', out);
        describe_activity(out, p->activities[i]);
    }
    for (uint32_t i = 0; i < p->macros_count; i++) {
        fputc('\n', out);
        describe_macro(out, p->macros[i]);
    }
    print_settings(out, p);
    for (uint32_t i = 0; i < p->reporters_count; i++) {
        fputc('\n', out);
        describe_reporter(out, p->reporters[i]);
    }
    for (uint32_t i = 0; i < p->engines_count; i++) {
        fputc('\n', out);
        describe_engine(out, p->engines[i]);
    }
}
