#include <stdio.h>
#include <string.h>

#include "cli/plugin.h"
#include "cli/plugin_probe.h"

static const char *path_or(const json_t *entry, const char *otherwise)
{
    const char *path = plugin_text(entry, "path");
    return *path != '\0' ? path : otherwise;
}

static void print_refused(const json_t *refused)
{
    for (size_t i = 0; i < json_array_size(refused); i++) {
        const json_t *e = json_array_get(refused, i);
        const char *reason = plugin_text(e, "reason");
        printf("refused: %s: %s\n", path_or(e, "(without a file)"),
               *reason != '\0' ? reason : "for no reason given");
    }
}

static void print_folders(const json_t *folders)
{
    puts("looked in:");
    for (size_t i = 0; i < json_array_size(folders); i++)
        printf("  %s\n", json_string_value(json_array_get(folders, i)));
}

static void print_all(const json_t *all, bool verbose)
{
    const json_t *plugins = json_object_get(all, "plugins");
    const json_t *refused = json_object_get(all, "refused");
    const size_t count = json_array_size(plugins), bad = json_array_size(refused);
    for (size_t i = 0; i < count; i++) {
        const json_t *p = json_array_get(plugins, i);
        printf("%s %s: %s\n", plugin_text(p, "name"), plugin_text(p, "version"),
               plugin_text(p, "help"));
        plugin_print_offer(p);
        printf("    %-10s %s\n", "from", path_or(p, "the program itself"));
    }
    if (count > 0)
        putchar('\n');
    printf("%zu plugin%s, %zu refused%s\n", count, count == 1 ? "" : "s", bad,
           bad > 0 && !verbose ? " (--verbose says why)" : "");
    if (verbose)
        print_refused(refused);
    if (verbose || count == 0)
        print_folders(json_object_get(all, "folders"));
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
    struct plugin_probe probe = {.console = &console, .common = common};
    json_t *all = plugin_probe_all(&probe);
    if (all != NULL)
        print_all(all, common->verbose > 0);
    else
        code = probe.stopped ? COMMAND_STOPPED : COMMAND_ERRORS;
    json_decref(all);
    plugin_probe_finish(&probe);
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
        "the folders that were searched, and each file that was refused, with the reason. Each is\n"
        "loaded in another process: one that crashes is refused too.\n",
    .run = run,
};
