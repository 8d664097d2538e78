#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/describe.h"
#include "cli/describe_markdown.h"
#include "cli/text.h"

enum { MARKDOWN };

static const struct option_spec table[] = {
    {MARKDOWN, 0, "markdown", NULL, "info: print the tables of the documentation"},
    {0, 0, NULL, NULL, NULL},
};

static void print_clean(const char *format, const char *text)
{
    char *clean = text_clean(text, strlen(text), "\\n");
    printf(format, clean != NULL ? clean : "?");
    free(clean);
}

/* One line of things that share a title; nothing where there are none. */
struct line {
    const char *title;
    bool begun;
};

static void line_add(struct line *l, const char *before, const char *name)
{
    if (l->begun)
        fputs(", ", stdout);
    else
        printf("    %-10s ", l->title);
    l->begun = true;
    printf("%s%s", before, name);
}

static void line_end(const struct line *l)
{
    if (l->begun)
        fputc('\n', stdout);
}

static void print_offer(const stressor_plugin *p)
{
    struct line activities = {.title = "activities"};
    struct line macros = {.title = "macros"};
    struct line settings = {.title = "settings"};
    struct line reporters = {.title = "reporters"};
    struct line engines = {.title = "engines"};
    for (uint32_t i = 0; i < p->activities_count; i++)
        line_add(&activities, "", p->activities[i]->name);
    line_end(&activities);
    for (uint32_t i = 0; i < p->macros_count; i++)
        line_add(&macros, "$", p->macros[i]->name);
    line_end(&macros);
    for (uint32_t i = 0; i < p->settings_count; i++) {
        bool config = strcmp(p->settings[i]->section, "config") == 0;
        line_add(&settings, config ? "config." : "sessions.", p->settings[i]->arg->name);
    }
    line_end(&settings);
    for (uint32_t i = 0; i < p->reporters_count; i++)
        line_add(&reporters, "", p->reporters[i]->kind);
    line_end(&reporters);
    for (uint32_t i = 0; i < p->engines_count; i++)
        line_add(&engines, "", p->engines[i]->language);
    line_end(&engines);
}

static void print_refused(stressor_engine *engine, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const stressor_plugin_entry_info *e = stressor_plugin_at(engine, i);
        if (e->refused == 0)
            continue;
        print_clean("refused: %s", e->path != NULL ? e->path : "(without a file)");
        print_clean(": %s\n", e->reason != NULL ? e->reason : "for no reason given");
    }
}

static void print_folders(stressor_engine *engine)
{
    puts("looked in:");
    for (size_t i = 0; stressor_plugin_folder(engine, i) != NULL; i++)
        print_clean("  %s\n", stressor_plugin_folder(engine, i));
}

static int list(stressor_engine *engine, bool verbose)
{
    size_t count = stressor_plugins_count(engine);
    size_t refused = 0;
    for (size_t i = 0; i < count; i++) {
        const stressor_plugin_entry_info *e = stressor_plugin_at(engine, i);
        if (e->refused != 0) {
            refused++;
            continue;
        }
        printf("%s %s: %s\n", e->plugin->name, e->plugin->version != NULL ? e->plugin->version : "",
               e->plugin->help != NULL ? e->plugin->help : "");
        print_offer(e->plugin);
        print_clean("    from       %s\n", e->path != NULL ? e->path : "the program itself");
    }
    if (count > refused)
        putchar('\n');
    printf("%zu plugin%s, %zu refused%s\n", count - refused, count - refused == 1 ? "" : "s",
           refused, refused > 0 && !verbose ? " (--verbose says why)" : "");
    if (verbose)
        print_refused(engine, count);
    if (verbose || count == refused)
        print_folders(engine);
    return COMMAND_FINE;
}

/* Where a name leads to; the first that fits wins, as when a scenario is loaded. */
struct found {
    const stressor_plugin_entry_info *entry;
    const stressor_activity_type *activity;
    const stressor_macro *macro;
    const stressor_reporter_type *reporter;
};

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

static int unknown(stressor_engine *engine, const char *name)
{
    bool macro = *name == '$';
    const char **names = calloc(collect(engine, macro, NULL) + 1, sizeof *names);
    const char *nearest = NULL;
    if (names != NULL) {
        collect(engine, macro, names);
        nearest = stressor_nearest(macro ? name + 1 : name, names);
    }
    free(names);
    if (nearest != NULL)
        return command_wrong("plugin", "no plugin offers \"%s\"; did you mean \"%s%s\"?", name,
                             macro ? "$" : "", nearest);
    return command_wrong("plugin",
                         "no plugin, activity, macro or kind of report is called \"%s\"; "
                         "\"stressor plugin list\" shows all",
                         name);
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
    else
        describe_plugin(stdout, f->entry);
    if (f->activity != NULL || f->macro != NULL || f->reporter != NULL)
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

static int info(stressor_engine *engine, const char *name, bool markdown)
{
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

static int check_words(const struct command *self, int count, char *const *words)
{
    static const char *const names[] = {"info", "list", NULL};
    if (count == 0)
        return command_wrong(self->name, "say what to do: list, or info NAME");
    bool is_info = strcmp(words[0], "info") == 0;
    if (!is_info && strcmp(words[0], "list") != 0) {
        const char *nearest = stressor_nearest(words[0], names);
        return command_wrong(self->name, "there is no \"plugin %s\"; %s%s%s", words[0],
                             nearest != NULL ? "did you mean \"" : "there are list and info",
                             nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
    }
    int most = is_info ? 2 : 1;
    if (count > most)
        return command_wrong(self->name, "\"%s\" is too many", words[most]);
    if (is_info && count < 2)
        return command_wrong(self->name, "info wants a NAME: of a plugin, an activity, a macro, or "
                                         "a kind of report");
    return COMMAND_FINE;
}

static int with_engine(char *const *words, const struct common_options *common,
                       struct console *console, bool markdown)
{
    /* What was refused is counted, and told by --verbose: the log need not say it again. */
    console->level =
        common->verbose > 1 ? STRESSOR_LOG_TRACE : common_options_level(common, STRESSOR_LOG_ERROR);
    if (common->verbose == 1)
        console->level = STRESSOR_LOG_ERROR;
    const stressor_engine_options options = {
        .size = sizeof options,
        .log_level = console->level,
        .log = console_log,
        .log_data = console,
        .plugin_paths = common->plugin_paths,
    };
    stressor_engine *engine = stressor_engine_new(&options);
    if (engine == NULL)
        return COMMAND_ERRORS;
    int code = strcmp(words[0], "list") == 0 ? list(engine, common->verbose > 0)
                                             : info(engine, words[1], markdown);
    stressor_engine_free(engine);
    return code;
}

static bool take(void *data, int id, const char *value)
{
    bool *markdown = data;
    (void)value;
    *markdown |= id == MARKDOWN;
    return true;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    bool markdown = false;
    struct console console;
    int first = command_options(self, argc, argv, take, &markdown, common, &code);
    if (first < 0)
        return code;
    code = check_words(self, argc - first, argv + first);
    if (code != COMMAND_FINE)
        return code;
    if (!console_open(&console, common))
        return COMMAND_USAGE;
    code = with_engine(argv + first, common, &console, markdown);
    if (!console_close(&console))
        code = command_worse(code, COMMAND_ERRORS);
    return code;
}

const struct command command_plugin = {
    .name = "plugin",
    .usage = "list | info [--markdown] NAME",
    .help = "Shows the plugins that are found, and what they offer",
    .details =
        "list shows each plugin: name, version, what it offers, and its file; with --verbose\n"
        "also the folders that were searched, and each file that was refused, with the reason.\n"
        "info NAME describes a plugin, an activity type such as GetRequest, a macro such as\n"
        "'$sleep', a kind of report such as json, or the keys of the section config, sessions or\n"
        "scenario.\n",
    .options = table,
    .run = run,
};
