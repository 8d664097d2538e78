#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/describe.h"
#include "cli/describe_markdown.h"
#include "cli/plugin.h"
#include "cli/plugin_probe.h"

enum { MARKDOWN };

static const struct option_spec table[] = {
    {MARKDOWN, 0, "markdown", NULL, "print the tables of the documentation"},
    {0, 0, NULL, NULL, NULL},
};

/* Where a name leads to; the first that fits wins, as when a scenario is loaded. */
struct found {
    const stressor_plugin_entry_info *entry;
    const stressor_activity_type *activity;
    const stressor_macro *macro;
    const stressor_reporter_type *reporter;
    const stressor_setting *setting;
    const stressor_script_engine *engine;
};

/* "base_url" or "config.base_url". */
static bool is_setting(const stressor_setting *s, const char *name)
{
    size_t length = strlen(s->section);
    if (strncmp(name, s->section, length) == 0 && name[length] == '.')
        name += length + 1;
    return strcmp(s->arg->name, name) == 0;
}

static bool look_in(const stressor_plugin_entry_info *e, const char *name, struct found *f)
{
    const stressor_plugin *p = e->plugin;
    bool dollar = *name == '$';
    f->entry = e;
    if (strcmp(p->name, name) == 0)
        return true;
    for (uint32_t i = 0; i < p->activities_count; i++) {
        f->activity = p->activities[i];
        if (strcmp(f->activity->name, name) == 0)
            return true;
    }
    f->activity = NULL;
    for (uint32_t i = 0; dollar && i < p->macros_count; i++) {
        f->macro = p->macros[i];
        if (strcmp(f->macro->name, name + 1) == 0)
            return true;
    }
    f->macro = NULL;
    for (uint32_t i = 0; i < p->reporters_count; i++) {
        f->reporter = p->reporters[i];
        if (strcmp(f->reporter->kind, name) == 0)
            return true;
    }
    f->reporter = NULL;
    for (uint32_t i = 0; i < p->settings_count; i++) {
        f->setting = p->settings[i];
        if (is_setting(f->setting, name))
            return true;
    }
    f->setting = NULL;
    for (uint32_t i = 0; i < p->engines_count; i++) {
        f->engine = p->engines[i];
        if (strcmp(f->engine->language, name) == 0)
            return true;
    }
    f->engine = NULL;
    return false;
}

/* All names that `plugin info` knows, into `names` unless it is NULL; macros need `macros`, the
 * same texts with a "$". Returns how many there are. */
static size_t collect(stressor_engine *engine, bool macros, const char **names)
{
    size_t n = 0;
    for (size_t i = 0; i < stressor_plugins_count(engine); i++) {
        const stressor_plugin *p = stressor_plugin_at(engine, i)->plugin;
        if (p == NULL)
            continue;
        if (!macros) {
            if (names != NULL)
                names[n] = p->name;
            n++;
        }
        for (uint32_t k = 0; k < (macros ? p->macros_count : p->activities_count); k++, n++) {
            if (names != NULL)
                names[n] = macros ? p->macros[k]->name : p->activities[k]->name;
        }
        for (uint32_t k = 0; !macros && k < p->reporters_count; k++, n++) {
            if (names != NULL)
                names[n] = p->reporters[k]->kind;
        }
    }
    return n;
}

/* Is there a file NAME.so that was refused? */
static const stressor_plugin_entry_info *find_refused(stressor_engine *engine, const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < stressor_plugins_count(engine); i++) {
        const stressor_plugin_entry_info *e = stressor_plugin_at(engine, i);
        const char *file = e->path != NULL ? strrchr(e->path, '/') : NULL;
        if (e->refused != 0 && e->reason != NULL && file != NULL &&
            strncmp(file + 1, name, length) == 0 && strcmp(file + 1 + length, ".so") == 0)
            return e;
    }
    return NULL;
}

static int unknown(stressor_engine *engine, const char *name)
{
    const stressor_plugin_entry_info *refused = find_refused(engine, name);
    if (refused != NULL)
        return plugin_failed("the plugin %s is refused: %s", refused->path, refused->reason);
    bool macro = *name == '$';
    const char **names = calloc(collect(engine, macro, NULL) + 1, sizeof *names);
    const char *nearest = NULL;
    if (names != NULL) {
        collect(engine, macro, names);
        nearest = stressor_nearest(macro ? name + 1 : name, names);
    }
    free(names);
    if (nearest != NULL)
        return command_wrong("plugin info", "no plugin offers \"%s\"; did you mean \"%s%s\"?", name,
                             macro ? "$" : "", nearest);
    return command_wrong("plugin info",
                         "no plugin, activity, macro or kind of report is called \"%s\"; "
                         "\"stressor plugin list\" shows all",
                         name);
}

/* The macros of the core itself. False: it is none of them. */
static bool describe_own(const char *name)
{
    static const struct {
        const char *name, *args, *help;
    } own[] = {
        {"$load", "path", "What another YAML file holds, or for the key script its text"},
        {"$env", "name, [default]", "A variable of the environment, as text"},
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(name, own[i].name) != 0)
            continue;
        printf("macro %s(%s): %s\n", name, own[i].args, own[i].help);
        puts("  expanded once, when the scenario is loaded; must be the whole value\n"
             "  of stressor itself");
        return true;
    }
    return false;
}

static bool is_section(const char *name)
{
    return stressor_section_arg(name, 0) != NULL;
}

static void describe(const struct found *f)
{
    if (f->activity != NULL)
        describe_activity(stdout, f->activity);
    else if (f->macro != NULL)
        describe_macro(stdout, f->macro);
    else if (f->reporter != NULL)
        describe_reporter(stdout, f->reporter);
    else if (f->setting != NULL)
        describe_setting(stdout, f->setting, f->entry->plugin);
    else if (f->engine != NULL)
        describe_engine(stdout, f->engine);
    else
        describe_plugin(stdout, f->entry);
    if (f->activity != NULL || f->macro != NULL || f->reporter != NULL || f->engine != NULL)
        printf("  of the plugin %s %s\n", f->entry->plugin->name,
               f->entry->plugin->version != NULL ? f->entry->plugin->version : "");
}

static void describe_as_markdown(const struct found *f)
{
    if (f->activity != NULL)
        markdown_activity(stdout, f->activity);
    else if (f->macro != NULL)
        markdown_macro(stdout, f->macro);
    else
        markdown_plugin(stdout, f->entry->plugin);
}

struct question {
    const char *name;
    bool markdown;
};

/* [the child] */
static int info(stressor_engine *engine, void *data)
{
    const struct question *q = data;
    const char *name = q->name;
    bool markdown = q->markdown;
    struct found f = {.entry = NULL};
    bool found = false;
    if (markdown && strcmp(name, "arguments") == 0) {
        markdown_common(stdout);
        return COMMAND_FINE;
    }
    for (size_t i = 0; !found && i < stressor_plugins_count(engine); i++) {
        const stressor_plugin_entry_info *e = stressor_plugin_at(engine, i);
        found = e->plugin != NULL && look_in(e, name, &f);
    }
    if (!found && describe_own(name))
        return COMMAND_FINE;
    if (!found && !is_section(name))
        return unknown(engine, name);
    if (!found && markdown)
        markdown_section(stdout, name, engine);
    else if (!found)
        describe_section(stdout, name, engine);
    else if (markdown)
        describe_as_markdown(&f);
    else
        describe(&f);
    return COMMAND_FINE;
}

static bool take(void *data, int id, const char *value)
{
    struct question *q = data;
    (void)value;
    q->markdown |= id == MARKDOWN;
    return true;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    struct question q = {.markdown = false};
    struct console console;
    int first = command_options(self, argc, argv, take, &q, common, &code);
    if (first < 0)
        return code;
    if (first == argc)
        return command_wrong(self->name,
                             "it wants a NAME: of a plugin, an activity, a macro, a "
                             "kind of report, a setting, a script language or a section");
    if (argc - first > 1)
        return command_wrong(self->name, "\"%s\" is too many", argv[first + 1]);
    if (!console_open(&console, common))
        return COMMAND_USAGE;
    struct plugin_probe probe = {.console = &console, .common = common};
    q.name = argv[first];
    code = plugin_probe_run(&probe, info, &q);
    plugin_probe_finish(&probe);
    if (!console_close(&console))
        code = command_worse(code, COMMAND_ERRORS);
    return code;
}

const struct command plugin_info = {
    .name = "plugin info",
    .usage = "[--markdown] NAME",
    .help = "Describes a plugin, or one thing that plugins offer",
    .details =
        "NAME is a plugin, an activity type such as GetRequest, a macro such as '$sleep', a kind\n"
        "of report such as json, a setting such as base_url, a script language such as lua, or a\n"
        "section: config, sessions or scenario, whose keys are told.\n",
    .options = table,
    .run = run,
};
