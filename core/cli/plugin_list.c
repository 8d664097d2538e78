#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plugin.h"
#include "cli/text.h"

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

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    struct console console;
    int first = command_options(self, argc, argv, NULL, NULL, common, &code);
    if (first < 0)
        return code;
    if (first < argc)
        return command_wrong(self->name, "\"%s\" is too many", argv[first]);
    if (!console_open(&console, common))
        return COMMAND_USAGE;
    stressor_engine *engine = plugin_engine(&console, common);
    code = engine == NULL ? COMMAND_ERRORS : list(engine, common->verbose > 0);
    stressor_engine_free(engine);
    if (!console_close(&console))
        code = command_worse(code, COMMAND_ERRORS);
    return code;
}

const struct command plugin_list = {
    .name = "plugin list",
    .usage = "[--verbose]",
    .help = "Shows the plugins that are found, and what they offer",
    .details =
        "Each plugin with its name, version, what it offers, and its file; with --verbose also\n"
        "the folders that were searched, and each file that was refused, with the reason.\n",
    .run = run,
};
