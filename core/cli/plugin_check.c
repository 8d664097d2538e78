#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/plugin.h"
#include "cli/plugin_probe.h"

enum { SEED, ACTIVITY, QUICK };

/* Handed on to the program as they are. */
static const struct option_spec table[] = {
    {SEED, 0, "seed", "N", "of what it makes up, to see the same again"},
    {ACTIVITY, 0, "activity", "TYPE", "look at this activity type only"},
    {QUICK, 0, "quick", NULL, "leave out what takes long"},
    {0, 0, NULL, NULL, NULL},
};

struct question {
    const char *seed, *activity;
    bool quick;
};

static bool take(void *data, int id, const char *value)
{
    struct question *q = data;
    switch (id) {
    case SEED: q->seed = value; break;
    case ACTIVITY: q->activity = value; break;
    default: q->quick = true; break;
    }
    return true;
}

/* Becomes the program. Returns only if it cannot. */
static int become(const char *file, const struct question *q)
{
    const char *argv[8];
    size_t n = 0;
    char *program = files_beside_program("bin/stressor-plugin-check");
    if (program == NULL)
        return plugin_failed("cannot find stressor-plugin-check: %s", strerror(errno));
    argv[n++] = program;
    if (q->seed != NULL) {
        argv[n++] = "--seed";
        argv[n++] = q->seed;
    }
    if (q->activity != NULL) {
        argv[n++] = "--activity";
        argv[n++] = q->activity;
    }
    if (q->quick)
        argv[n++] = "--quick";
    argv[n++] = file;
    argv[n] = NULL;
    signal(SIGPIPE, SIG_DFL);
    /* execv does not write to its words; C cannot say so. */
    char *words[8];
    memcpy(words, argv, sizeof words);
    execv(program, words);
    int code = plugin_failed("cannot run %s: %s", program, strerror(errno));
    free(program);
    return code;
}

static bool is_path(const char *name)
{
    size_t length = strlen(name);
    return strchr(name, '/') != NULL || (length > 3 && strcmp(name + length - 3, ".so") == 0);
}

/* The file of an installed plugin, one that is refused too, as it may need the check most. NULL:
 * there is none. */
static const char *find(const json_t *all, const char *name)
{
    const json_t *plugins = json_object_get(all, "plugins");
    const json_t *refused = json_object_get(all, "refused");
    for (size_t i = 0; i < json_array_size(plugins); i++) {
        const json_t *p = json_array_get(plugins, i);
        if (strcmp(plugin_text(p, "name"), name) == 0)
            return plugin_text(p, "path");
    }
    for (size_t i = 0; i < json_array_size(refused); i++) {
        const char *path = plugin_text(json_array_get(refused, i), "path");
        const char *slash = strrchr(path, '/');
        size_t length = strlen(name);
        if (slash != NULL && strncmp(slash + 1, name, length) == 0 &&
            strcmp(slash + 1 + length, ".so") == 0)
            return path;
    }
    return NULL;
}

static int check_installed(const struct command *self, const char *name, const struct question *q,
                           struct common_options *common)
{
    struct console console;
    if (!console_open(&console, common))
        return COMMAND_USAGE;
    struct plugin_probe probe = {.console = &console, .common = common};
    json_t *all = plugin_probe_all(&probe);
    const char *found = all != NULL ? find(all, name) : NULL;
    char *file = found != NULL ? strdup(found) : NULL;
    int code = COMMAND_FINE;
    if (all == NULL)
        code = probe.stopped ? COMMAND_STOPPED : COMMAND_ERRORS;
    else if (found == NULL)
        code = command_wrong(self->name,
                             "no plugin \"%s\" is installed; a file is named by its path", name);
    else if (file == NULL || *file == '\0')
        code = plugin_failed("the plugin %s has no file", name);
    json_decref(all);
    plugin_probe_finish(&probe);
    console_close(&console);
    if (code == COMMAND_FINE)
        code = become(file, q);
    free(file);
    return code;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    struct question q = {.quick = false};
    int first = command_options(self, argc, argv, take, &q, common, &code);
    if (first < 0)
        return code;
    if (first == argc)
        return command_wrong(self->name, "it wants a FILE.so, or the NAME of an installed plugin");
    if (argc - first > 1)
        return command_wrong(self->name, "\"%s\" is too many", argv[first + 1]);
    if (!is_path(argv[first]))
        return check_installed(self, argv[first], &q, common);
    if (access(argv[first], R_OK) != 0)
        return command_wrong(self->name, "cannot read %s: %s", argv[first], strerror(errno));
    return become(argv[first], &q);
}

const struct command plugin_check = {
    .name = "plugin check",
    .usage = "[OPTION]... FILE.so|NAME",
    .help = "Puts a plugin through its paces, and tells its faults",
    .details =
        "In processes of its own: what the plugin exports, its tables, how it ends executions, on\n"
        "which thread, after a cancel, while memory runs out, and with arguments of all kinds,\n"
        "which takes up to a minute. Exit code: 0 fine, 1 faults, 2 wrong usage. The program\n"
        "stressor-plugin-check does it; run by itself it also takes --try, activities to begin\n"
        "with, and --with, other plugins to load beside it.\n",
    .options = table,
    .run = run,
};
