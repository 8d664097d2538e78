#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/plugin.h"
#include "cli/plugin_clash.h"
#include "cli/plugin_place.h"
#include "cli/plugin_probe.h"
#include "cli/plugin_source.h"
#include "cli/process.h"
#include "cli/text.h"

enum { SYSTEM, FORCE };

static const struct option_spec table[] = {
    {SYSTEM, 0, "system", NULL, "for all users: into the folder of this install of stressor"},
    {FORCE, 0, "force", NULL, "even where it hides what another plugin offers"},
    {0, 0, NULL, NULL, NULL},
};

struct install {
    bool system, force;
    const char *given; /* what the user named */
    struct console console;
    const struct common_options *common;
    json_t *all;  /* the plugins that are there */
    char *folder; /* that it goes into */
    char *stage;  /* a folder in it, for what is not checked yet */
};

/* Texts of one plugin, owned. */
struct names {
    char *staged, *staged_manifest; /* in the stage */
    char *target, *manifest;        /* in the folder */
};

static void names_finish(struct names *n)
{
    free(n->staged);
    free(n->staged_manifest);
    free(n->target);
    free(n->manifest);
}

/* --- checks ------------------------------------------------------------------------------ */

/* A text of the checker, where the copy that it looked into is called as the user calls it. */
static void print_as_given(const struct install *in, const char *line, const char *file)
{
    const char *at;
    while (file[0] != '\0' && (at = strstr(line, file)) != NULL) {
        fprintf(stderr, "%.*s%s", (int)(at - line), line, in->given);
        line = at + strlen(file);
    }
    fprintf(stderr, "%s\n", line);
}

/* The faults that it found; all that it said where it found none and failed all the same. */
static void print_faults(const struct install *in, char *text, const char *file)
{
    static const char fault[] = "FAULT ";
    bool all = strncmp(text, fault, strlen(fault)) != 0 && strstr(text, "\nFAULT ") == NULL;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        if (all || strncmp(line, fault, strlen(fault)) == 0)
            print_as_given(in, line, file);
}

/* What stressor-plugin-check says against it. Where that program is not installed, the look into
 * the plugin that follows has to do. */
static int check_quickly(const struct install *in, const char *file)
{
    const struct process_limits limits = {.seconds = 300, .merge = true};
    char *program = files_beside_program("bin/stressor-plugin-check");
    int code = COMMAND_FINE;
    struct process out = {.output = NULL};
    const char *const argv[] = {program, "--quick", file, NULL};
    if (program != NULL && access(program, X_OK) == 0) {
        if (!process_run(argv, &limits, &out)) {
            code = plugin_failed("cannot run %s: %s", program, strerror(errno));
        } else if (out.stopped) {
            code = COMMAND_STOPPED;
        } else if (!process_succeeded(&out)) {
            print_faults(in, out.output, file);
            code = plugin_failed("%s is refused: stressor-plugin-check has found faults in it",
                                 in->given);
        }
    }
    process_finish(&out);
    free(program);
    return code;
}

/* What the plugin offers, a new reference; NULL: it is refused, which was said. */
static json_t *look_into(struct install *in, const char *file, int *code)
{
    struct plugin_probe probe = {
        .console = &in->console, .common = in->common, .only = file, .folder = in->stage};
    json_t *all = plugin_probe_all(&probe);
    const json_t *plugins = json_object_get(all, "plugins");
    const json_t *refused = json_object_get(all, "refused");
    json_t *found = NULL;
    const char *reason = "it was not found again";
    for (size_t i = 0; i < json_array_size(plugins); i++) {
        json_t *p = json_array_get(plugins, i);
        if (strcmp(plugin_text(p, "path"), file) == 0)
            found = json_incref(p);
    }
    for (size_t i = 0; i < json_array_size(refused); i++) {
        const json_t *r = json_array_get(refused, i);
        if (strcmp(plugin_text(r, "path"), file) == 0)
            reason = plugin_text(r, "reason");
    }
    *code = COMMAND_FINE;
    if (probe.stopped)
        *code = COMMAND_STOPPED;
    else if (all == NULL)
        *code = COMMAND_ERRORS;
    else if (found == NULL)
        *code = plugin_failed("%s is refused: %s", in->given, reason);
    plugin_probe_finish(&probe);
    json_decref(all);
    return found;
}

/* The plugin that a file holds, among those that are there; NULL: none. */
static const json_t *plugin_of(const struct install *in, const char *path)
{
    const json_t *plugins = json_object_get(in->all, "plugins");
    for (size_t i = 0; i < json_array_size(plugins); i++) {
        const json_t *p = json_array_get(plugins, i);
        if (strcmp(plugin_text(p, "path"), path) == 0)
            return p;
    }
    return NULL;
}

static int check_clashes(const struct install *in, const json_t *plugin, const char *target)
{
    const json_t *old = plugin_of(in, target);
    if (old != NULL && strcmp(plugin_text(old, "name"), plugin_text(plugin, "name")) != 0 &&
        !in->force)
        return plugin_failed("%s holds the plugin %s; --force replaces it", target,
                             plugin_text(old, "name"));
    size_t clashes = plugin_clash_print(plugin, in->all, target);
    if (clashes == 0)
        return COMMAND_FINE;
    if (in->force) {
        fprintf(stderr, "stressor: of these, the plugin whose folder is searched first wins\n");
        return COMMAND_FINE;
    }
    return plugin_failed("%s is refused: %s would share these names; --force installs it "
                         "nevertheless",
                         in->given, plugin_text(plugin, "name"));
}

/* --- one plugin -------------------------------------------------------------------------- */

static int stage(struct install *in, const char *file, struct names *n)
{
    char why[200];
    if (!plugin_place_trusted(file, why, sizeof why))
        return plugin_failed("%s is refused: %s", in->given, why);
    n->staged = text_format("%s/staged.so", in->stage);
    n->staged_manifest = text_format("%s/staged.manifest", in->stage);
    if (n->staged == NULL || n->staged_manifest == NULL)
        return plugin_failed("out of memory");
    unlink(n->staged);
    unlink(n->staged_manifest);
    if (!files_copy(file, n->staged, 0644))
        return plugin_failed("cannot copy %s to %s: %s", file, in->folder, strerror(errno));
    return COMMAND_FINE;
}

/* A manifest that cannot be written is no loss: without it the plugin is loaded each time. */
static void write_manifest(const struct names *n)
{
    if (plugin_manifest_write(n->staged) == COMMAND_FINE)
        chmod(n->staged_manifest, 0644);
}

static int put(const struct names *n)
{
    if (!files_replace(n->staged, n->target))
        return plugin_failed("cannot write %s: %s", n->target, strerror(errno));
    if (access(n->staged_manifest, F_OK) != 0)
        unlink(n->manifest);
    else if (!files_replace(n->staged_manifest, n->manifest))
        return plugin_failed("cannot write %s: %s", n->manifest, strerror(errno));
    return COMMAND_FINE;
}

static void print_done(const json_t *plugin, const json_t *old, const struct names *n)
{
    const char *name = plugin_text(plugin, "name"), *version = plugin_text(plugin, "version");
    const char *before = old != NULL ? plugin_text(old, "version") : "";
    printf("%s %s: %s\n", name, version, plugin_text(plugin, "help"));
    plugin_print_offer(plugin);
    printf("    %-10s %s\n", "in", n->target);
    if (old == NULL)
        printf("installed\n");
    else if (strcmp(before, version) == 0)
        printf("installed, in place of another build of %s\n", version);
    else
        printf("installed, in place of %s %s\n", plugin_text(old, "name"), before);
}

/* What `plugins` of a scenario compares: numbers with dots between them, then what a release is
 * called beyond them. */
static bool is_comparable(const char *version)
{
    regex_t form;
    if (regcomp(&form, "^[0-9]{1,9}([.][0-9]{1,9}){0,7}([-+][0-9A-Za-z_.+-]*)?$",
                REG_EXTENDED | REG_NOSUB) != 0)
        return true; /* out of memory: nobody is warned */
    bool fits = regexec(&form, version, 0, NULL, 0) == 0;
    regfree(&form);
    return fits;
}

static void warn_of_version(const json_t *plugin)
{
    const char *version = plugin_text(plugin, "version");
    if (!is_comparable(version))
        fprintf(stderr,
                "stressor: no scenario can require a version of %s: \"%s\" cannot be compared, "
                "a version such as 1.2.3 can\n",
                plugin_text(plugin, "name"), version);
}

static int install_checked(struct install *in, const json_t *plugin, struct names *n)
{
    const char *name = plugin_text(plugin, "name");
    n->target = text_format("%s/%s.so", in->folder, name);
    n->manifest = text_format("%s/%s.manifest", in->folder, name);
    if (n->target == NULL || n->manifest == NULL)
        return plugin_failed("out of memory");
    const json_t *old = plugin_of(in, n->target);
    if (old != NULL && files_same(n->staged, n->target)) {
        printf("%s %s is installed already, in %s\n", name, plugin_text(plugin, "version"),
               n->target);
        return COMMAND_FINE;
    }
    int code = check_clashes(in, plugin, n->target);
    if (code != COMMAND_FINE)
        return code;
    write_manifest(n);
    code = put(n);
    if (code == COMMAND_FINE) {
        print_done(plugin, old, n);
        warn_of_version(plugin);
    }
    return code;
}

static int install_file(struct install *in, const char *file)
{
    struct names names = {.staged = NULL};
    json_t *plugin = NULL;
    int code = stage(in, file, &names);
    if (code == COMMAND_FINE)
        plugin = look_into(in, names.staged, &code);
    if (code == COMMAND_FINE)
        code = check_quickly(in, names.staged);
    if (code == COMMAND_FINE)
        code = install_checked(in, plugin, &names);
    json_decref(plugin);
    names_finish(&names);
    return code;
}

/* --- all --------------------------------------------------------------------------------- */

static int choose_folder(struct install *in)
{
    struct plugin_probe probe = {.console = &in->console, .common = in->common};
    in->all = plugin_probe_all(&probe);
    bool stopped = probe.stopped;
    plugin_probe_finish(&probe);
    if (in->all == NULL)
        return stopped ? COMMAND_STOPPED : COMMAND_ERRORS;
    const char *system = plugin_place_system(in->all);
    in->folder = !in->system ? plugin_place_user() : system != NULL ? strdup(system) : NULL;
    if (in->folder == NULL)
        return plugin_failed("there is no folder to install in%s",
                             in->system ? "" : ": HOME is not set");
    int code = plugin_place_open(in->folder, in->system);
    if (code != COMMAND_FINE)
        return code;
    char *real = realpath(in->folder, NULL);
    if (real != NULL) {
        free(in->folder);
        in->folder = real;
    }
    in->stage = files_make_temporary(in->folder, ".install-");
    return in->stage != NULL
               ? COMMAND_FINE
               : plugin_failed("cannot make a folder in %s: %s", in->folder, strerror(errno));
}

static int install_all(struct install *in)
{
    struct plugin_source source = {.work = NULL};
    process_hold_signals();
    int code = choose_folder(in);
    if (code == COMMAND_FINE)
        code = plugin_source_open(&source, in->given);
    for (size_t i = 0; i < source.count && code == COMMAND_FINE; i++)
        code = install_file(in, source.files[i]);
    plugin_source_close(&source);
    files_remove_tree(in->stage);
    json_decref(in->all);
    free(in->folder);
    free(in->stage);
    return code;
}

static bool take(void *data, int id, const char *value)
{
    struct install *in = data;
    (void)value;
    in->system |= id == SYSTEM;
    in->force |= id == FORCE;
    return true;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    struct install in = {.common = common};
    int first = command_options(self, argc, argv, take, &in, common, &code);
    if (first < 0)
        return code;
    if (first == argc)
        return command_wrong(self->name, "it wants a PATH: of a plugin.so, a source folder, or a "
                                         ".tar.gz of one");
    if (argc - first > 1)
        return command_wrong(self->name, "\"%s\" is too many", argv[first + 1]);
    in.given = argv[first];
    if (!console_open(&in.console, common))
        return COMMAND_USAGE;
    code = install_all(&in);
    if (!console_close(&in.console))
        code = command_worse(code, COMMAND_ERRORS);
    return code;
}

const struct command plugin_install = {
    .name = "plugin install",
    .usage = "[--system] [--force] PATH",
    .help = "Installs a plugin, once it is checked",
    .details =
        "PATH is a built plugin.so, a source folder with CMakeLists.txt, or a .tar.gz of one; the\n"
        "latter two are built with cmake, which runs what they say: trust them first. The plugin\n"
        "is checked in a process of its own. It goes to $XDG_DATA_HOME/stressor/plugins\n"
        "(~/.local/share/stressor/plugins). An older one of its name there is replaced.\n",
    .options = table,
    .run = run,
};
