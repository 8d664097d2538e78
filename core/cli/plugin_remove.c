#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/plugin.h"
#include "cli/plugin_place.h"
#include "cli/plugin_probe.h"
#include "cli/process.h"
#include "cli/text.h"

enum { SYSTEM };
enum { MANIFEST_MAX = 1 << 20 }; /* bytes */

static const struct option_spec table[] = {
    {SYSTEM, 0, "system", NULL, "from the folder of this install of stressor, for all users"},
    {0, 0, NULL, NULL, NULL},
};

static bool lies_in(const char *path, const char *folder)
{
    const char *slash = strrchr(path, '/');
    return folder != NULL && slash != NULL && strlen(folder) == (size_t)(slash - path) &&
           strncmp(path, folder, strlen(folder)) == 0;
}

/* The file of the plugin of that name in a folder; else, as a plugin may be refused, the file
 * NAME.so. To be freed; NULL: neither. */
static char *find(const json_t *all, const char *name, const char *folder)
{
    const json_t *plugins = json_object_get(all, "plugins");
    for (size_t i = 0; i < json_array_size(plugins); i++) {
        const json_t *p = json_array_get(plugins, i);
        if (strcmp(plugin_text(p, "name"), name) == 0 && lies_in(plugin_text(p, "path"), folder))
            return strdup(plugin_text(p, "path"));
    }
    char *path =
        folder != NULL && strchr(name, '/') == NULL ? text_format("%s/%s.so", folder, name) : NULL;
    if (path != NULL && access(path, F_OK) == 0)
        return path;
    free(path);
    return NULL;
}

static int remove_file(const char *name, const char *path)
{
    char *manifest = text_format("%.*s.manifest", (int)(strlen(path) - strlen(".so")), path);
    int code = COMMAND_FINE;
    if (unlink(path) != 0)
        code = plugin_failed("cannot remove %s: %s", path, strerror(errno));
    else if (manifest != NULL && unlink(manifest) != 0 && errno != ENOENT)
        code = plugin_failed("cannot remove %s: %s", manifest, strerror(errno));
    else
        printf("removed %s: %s\n", name, path);
    free(manifest);
    return code;
}

/* Does the file's manifest say that it is the plugin of that name? */
static bool manifest_names(const char *path, const char *name)
{
    char *file = text_format("%.*s.manifest", (int)(strlen(path) - strlen(".so")), path);
    size_t length = 0;
    char *text = file != NULL ? files_read(file, MANIFEST_MAX, &length) : NULL;
    json_t *manifest = text != NULL ? json_loadb(text, length, 0, NULL) : NULL;
    bool names = strcmp(plugin_text(manifest, "name"), name) == 0;
    json_decref(manifest);
    free(text);
    free(file);
    return names;
}

/* A plugin of the user's that install has put there is known without a look at any plugin. False:
 * it is not. */
static bool remove_known(const char *name, int *code)
{
    char *folder = plugin_place_user();
    char *path =
        folder != NULL && strchr(name, '/') == NULL ? text_format("%s/%s.so", folder, name) : NULL;
    bool known = path != NULL && access(path, F_OK) == 0 && manifest_names(path, name);
    if (known)
        *code = remove_file(name, path);
    free(path);
    free(folder);
    return known;
}

/* Why it is not where it was looked for. */
static int not_found(const struct command *self, const json_t *all, const char *name, bool system)
{
    const json_t *plugins = json_object_get(all, "plugins");
    const char *names[101] = {NULL};
    size_t count = 0;
    char *user = plugin_place_user();
    char *other = find(all, name, system ? user : plugin_place_system(all));
    free(user);
    if (other != NULL) {
        int code =
            system
                ? plugin_failed("%s is yours alone, in %s: remove it without --system", name, other)
                : plugin_failed("%s is installed for all users, in %s: --system removes it", name,
                                other);
        free(other);
        return code;
    }
    for (size_t i = 0; i < json_array_size(plugins) && count < 100; i++) {
        const json_t *p = json_array_get(plugins, i);
        names[count++] = plugin_text(p, "name");
        if (strcmp(plugin_text(p, "name"), name) == 0)
            return plugin_failed("%s is in %s, where \"plugin install\" does not put plugins: it "
                                 "is not removed",
                                 name, plugin_text(p, "path"));
    }
    const char *nearest = stressor_nearest(name, names);
    if (nearest != NULL)
        return command_wrong(self->name, "no plugin \"%s\" is installed; did you mean \"%s\"?",
                             name, nearest);
    return command_wrong(self->name, "no plugin \"%s\" is installed", name);
}

static bool take(void *data, int id, const char *value)
{
    bool *system = data;
    (void)id;
    (void)value;
    *system = true;
    return true;
}

static int remove_plugin(const struct command *self, const json_t *all, const char *name,
                         bool system)
{
    char *user = plugin_place_user();
    char *path = find(all, name, system ? plugin_place_system(all) : user);
    int code = path != NULL ? remove_file(name, path) : not_found(self, all, name, system);
    free(path);
    free(user);
    return code;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    bool system = false;
    struct console console;
    int first = command_options(self, argc, argv, take, &system, common, &code);
    if (first < 0)
        return code;
    if (first == argc)
        return command_wrong(self->name, "it wants the NAME of an installed plugin");
    if (argc - first > 1)
        return command_wrong(self->name, "\"%s\" is too many", argv[first + 1]);
    if (!system && remove_known(argv[first], &code))
        return code;
    if (!console_open(&console, common))
        return COMMAND_USAGE;
    struct plugin_probe probe = {.console = &console, .common = common};
    json_t *all = plugin_probe_all(&probe);
    if (all == NULL)
        code = probe.stopped ? COMMAND_STOPPED : COMMAND_ERRORS;
    else
        code = remove_plugin(self, all, argv[first], system);
    json_decref(all);
    plugin_probe_finish(&probe);
    if (!console_close(&console))
        code = command_worse(code, COMMAND_ERRORS);
    return code;
}

const struct command plugin_remove = {
    .name = "plugin remove",
    .usage = "[--system] NAME",
    .help = "Removes an installed plugin",
    .details = "Only from the folder that \"plugin install\" uses, with its manifest.\n",
    .options = table,
    .run = run,
};
