#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/plugin.h"
#include "cli/plugin_probe.h"

enum { NAMES };

static const struct option_spec table[] = {
    {NAMES, 0, "names", "[=KIND]", "for programs: names only, sorted, one a line"},
    {0, 0, NULL, NULL, NULL},
};

/* What --names lists, and whether it does so where no KIND is given. */
static const struct {
    const char *kind;
    bool usual;
} names[] = {
    {"plugins", true},   {"activities", true}, {"macros", true},
    {"reporters", true}, {"settings", false},  {NULL, false},
};

struct choice {
    bool names;
    const char *kind; /* NULL: the usual ones */
};

static bool take(void *data, int id, const char *value)
{
    struct choice *choice = data;
    (void)id;
    choice->names = true;
    choice->kind = value;
    for (size_t i = 0; names[i].kind != NULL; i++) {
        if (value == NULL || strcmp(value, names[i].kind) == 0)
            return true;
    }
    command_wrong("plugin list",
                  "--names=%s: KIND is plugins, activities, macros, reporters or settings", value);
    return false;
}

/* One name of `kind` that a plugin has; NULL past the last. */
static const char *name_at(const json_t *plugin, const char *kind, size_t i)
{
    if (strcmp(kind, "plugins") == 0)
        return i == 0 ? plugin_text(plugin, "name") : NULL;
    return json_string_value(json_array_get(json_object_get(plugin, kind), i));
}

/* Into `out` unless it is NULL. Returns how many there are. */
static size_t collect(const json_t *plugins, const struct choice *choice, const char **out)
{
    size_t count = 0;
    for (size_t k = 0; names[k].kind != NULL; k++) {
        if (choice->kind != NULL ? strcmp(choice->kind, names[k].kind) != 0 : !names[k].usual)
            continue;
        for (size_t p = 0; p < json_array_size(plugins); p++) {
            const json_t *plugin = json_array_get(plugins, p);
            const char *name;
            for (size_t i = 0; (name = name_at(plugin, names[k].kind, i)) != NULL; i++, count++) {
                if (out != NULL)
                    out[count] = name;
            }
        }
    }
    return count;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int print_names(const json_t *all, const struct choice *choice)
{
    const json_t *plugins = json_object_get(all, "plugins");
    size_t count = collect(plugins, choice, NULL);
    const char **sorted = calloc(count + 1, sizeof *sorted);
    if (sorted == NULL)
        return plugin_failed("out of memory");
    collect(plugins, choice, sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(sorted[i], sorted[i - 1]) != 0)
            puts(sorted[i]);
    }
    free(sorted);
    return COMMAND_FINE;
}

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
    for (size_t i = 0; i < json_array_size(folders); i++) {
        const char *folder = json_string_value(json_array_get(folders, i));
        printf("  %s%s\n", folder, access(folder, F_OK) == 0 ? "" : " (not there)");
    }
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
    struct choice choice = {.names = false};
    int first = command_options(self, argc, argv, take, &choice, common, &code);
    if (first < 0)
        return code;
    if (first < argc)
        return command_wrong(self->name, "\"%s\" is too many", argv[first]);
    if (!console_open(&console, common))
        return COMMAND_USAGE;
    struct plugin_probe probe = {.console = &console, .common = common};
    json_t *all = plugin_probe_all(&probe);
    if (all != NULL && choice.names)
        code = print_names(all, &choice);
    else if (all != NULL)
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
    .usage = "[--verbose | --names[=KIND]]",
    .help = "Shows the plugins that are found, and what they offer",
    .details =
        "Each plugin with its name, version, what it offers, and its file; with --verbose also\n"
        "the folders that were searched, and each file that was refused, with the reason. Each is\n"
        "loaded in another process: one that crashes is refused too.\n"
        "\n"
        "With --names: plugins, activities, macros (with their $) and kinds of reports, together;\n"
        "KIND, one of plugins, activities, macros, reporters and settings, chooses.\n",
    .options = table,
    .run = run,
};
