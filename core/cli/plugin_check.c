#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/plugin.h"
#include "cli/plugin_probe.h"

enum { SEED, ACTIVITY, TRY, WITH, QUICK };
enum { HANDED_MAX = 160 }; /* words; more than the program takes of any option */

/* Handed on to the program as they are. */
static const struct option_spec table[] = {
    {SEED, 0, "seed", "N", "of what it makes up, to see the same again"},
    {ACTIVITY, 0, "activity", "TYPE", "look at this activity type only"},
    {TRY, 0, "try", "YAML", "an activity that it can run; may be given again"},
    {WITH, 0, "with", "FILE.so", "load another plugin beside it; may be given again"},
    {QUICK, 0, "quick", NULL, "leave out what takes long"},
    {0, 0, NULL, NULL, NULL},
};

/* The words of the program, which `take` fills from the second on. */
struct question {
    const char *words[HANDED_MAX + 3];
    size_t count;
    bool too_many;
};

static bool take(void *data, int id, const char *value)
{
    static const char *const names[] = {[SEED] = "--seed",
                                        [ACTIVITY] = "--activity",
                                        [TRY] = "--try",
                                        [WITH] = "--with",
                                        [QUICK] = "--quick"};
    struct question *q = data;
    if (q->count + 2 > HANDED_MAX) {
        q->too_many = true;
        return true;
    }
    q->words[q->count++] = names[id];
    if (value != NULL)
        q->words[q->count++] = value;
    return true;
}

/* Becomes the program. Returns only if it cannot. */
static int become(const char *file, struct question *q)
{
    char *program = files_beside_program("bin/stressor-plugin-check");
    if (program == NULL)
        return plugin_failed("cannot find stressor-plugin-check: %s", strerror(errno));
    q->words[0] = program;
    q->words[q->count++] = "--"; /* the file may begin with a dash */
    q->words[q->count++] = file;
    signal(SIGPIPE, SIG_DFL);
    /* execv does not write to its words; C cannot say so. */
    char *words[sizeof q->words / sizeof *q->words];
    memcpy(words, q->words, sizeof words);
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

static int check_installed(const struct command *self, const char *name, struct question *q,
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
    struct question q = {.count = 1};
    int first = command_options(self, argc, argv, take, &q, common, &code);
    if (first < 0)
        return code;
    if (q.too_many)
        return command_wrong(self->name, "these are too many options");
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
        "which takes up to a minute. Exit code: 0 fine, 1 faults, 2 wrong usage. --try\n"
        "'{activity: Hello, who: you}' begins with that activity; --with names such as the plugin\n"
        "that declares the type of its script engine.\n",
    .options = table,
    .run = run,
};
