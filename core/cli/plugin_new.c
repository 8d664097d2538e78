#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <stressor/stressor.h>

#include "cli/files.h"
#include "cli/plugin.h"
#include "cli/plugin_probe.h"
#include "cli/process.h"
#include "cli/text.h"

#define NAME_MAX_BYTES 50
#define TEMPLATE_MAX   (64 << 10) /* bytes of a file */
#define RESULT_MAX     (256 << 10)
#define LOWER          "abcdefghijklmnopqrstuvwxyz"
#define UPPER          "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS         "0123456789"

enum { ACTIVITY };

static const struct option_spec table[] = {
    {ACTIVITY, 0, "activity", "TYPE", "the activity type; else made of NAME"},
    {0, 0, NULL, NULL, NULL},
};

/* What stands between two "@" in the files of the template. */
struct words {
    char name[NAME_MAX_BYTES + 1];
    char type[NAME_MAX_BYTES + 1];
    char id[NAME_MAX_BYTES + 1]; /* the name as C can say it */
    char year[8];
};

/* --- names ------------------------------------------------------------------------------- */

/* "my-plugin" to "MyPlugin". */
static void make_type(const char *name, char *type)
{
    bool begins = true;
    for (; *name != '\0'; name++) {
        if (*name == '-' || *name == '_') {
            begins = true;
            continue;
        }
        *type++ = (char)(begins && *name >= 'a' ? *name - 'a' + 'A' : *name);
        begins = false;
    }
    *type = '\0';
}

static bool name_fits(const char *text, const char *first, const char *all)
{
    return text[0] != '\0' && strchr(first, text[0]) != NULL && text[strspn(text, all)] == '\0' &&
           strlen(text) <= NAME_MAX_BYTES;
}

static int read_words(const struct command *self, const char *name, const char *type,
                      struct words *w)
{
    if (!name_fits(name, LOWER, LOWER DIGITS "-_"))
        return command_wrong(self->name,
                             "\"%s\" is no NAME for a plugin: a lower-case letter, then lower-case "
                             "letters, digits, '-' and '_', at most %d",
                             name, NAME_MAX_BYTES);
    if (type != NULL && !name_fits(type, UPPER, UPPER LOWER DIGITS))
        return command_wrong(self->name,
                             "\"%s\" is no TYPE of activity: an upper-case letter, then letters "
                             "and digits, at most %d, such as SendMail",
                             type, NAME_MAX_BYTES);
    snprintf(w->name, sizeof w->name, "%s", name);
    snprintf(w->id, sizeof w->id, "%s", name);
    for (char *c = w->id; *c != '\0'; c++)
        *c = *c == '-' ? '_' : *c;
    if (type != NULL)
        snprintf(w->type, sizeof w->type, "%s", type);
    else
        make_type(name, w->type);
    time_t now = time(NULL);
    struct tm date;
    if (localtime_r(&now, &date) == NULL || strftime(w->year, sizeof w->year, "%Y", &date) == 0)
        snprintf(w->year, sizeof w->year, "2026");
    return COMMAND_FINE;
}

/* A name that is taken would keep the plugin from being installed. */
static int check_taken(const struct command *self, const struct words *w, const json_t *all)
{
    const json_t *plugins = json_object_get(all, "plugins");
    for (size_t i = 0; i < json_array_size(plugins); i++) {
        const json_t *p = json_array_get(plugins, i);
        if (strcmp(plugin_text(p, "name"), w->name) == 0)
            return command_wrong(self->name,
                                 "there is a plugin %s already: %s; choose another NAME", w->name,
                                 plugin_text(p, "path"));
        const json_t *types = json_object_get(p, "activities");
        for (size_t k = 0; k < json_array_size(types); k++) {
            if (strcmp(json_string_value(json_array_get(types, k)), w->type) == 0)
                return command_wrong(self->name,
                                     "the plugin %s offers an activity type %s already; choose "
                                     "another with --activity",
                                     plugin_text(p, "name"), w->type);
        }
    }
    return COMMAND_FINE;
}

/* --- files ------------------------------------------------------------------------------- */

static const char *word(const struct words *w, const char *name, size_t length)
{
    const struct {
        const char *name, *value;
    } known[] = {{"NAME", w->name}, {"TYPE", w->type}, {"ID", w->id}, {"YEAR", w->year}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].name) == length && memcmp(known[i].name, name, length) == 0)
            return known[i].value;
    }
    return NULL;
}

/* The text with its words put in; false: it does not fit. */
static bool fill_in(const struct words *w, const char *from, char *to, size_t room)
{
    while (*from != '\0') {
        size_t length = *from == '@' ? strcspn(from + 1, "@\n") : 0;
        const char *value = *from == '@' ? word(w, from + 1, length) : NULL;
        size_t n = value != NULL ? strlen(value) : 1;
        if (n >= room)
            return false;
        memcpy(to, value != NULL ? value : from, n);
        to += n;
        room -= n;
        from += value != NULL ? length + 2 : 1;
    }
    *to = '\0';
    return true;
}

/* One file of the template, NAME.in; other names are left alone. */
static bool write_file(const struct words *w, const char *template, const char *name,
                       const char *folder)
{
    char target[NAME_MAX + 1] = "";
    size_t length = strlen(name);
    if (length <= 3 || strcmp(name + length - 3, ".in") != 0)
        return true;
    char *from = text_format("%s/%s", template, name);
    char *bare = text_format("%.*s", (int)(length - 3), name);
    char *text = from != NULL ? files_read(from, TEMPLATE_MAX, &length) : NULL;
    char *result = text != NULL ? malloc(RESULT_MAX) : NULL;
    errno = text != NULL && result == NULL ? ENOMEM : errno;
    char *to = NULL;
    bool fine = bare != NULL && fill_in(w, bare, target, sizeof target) && result != NULL &&
                fill_in(w, text, result, RESULT_MAX) &&
                (to = text_format("%s/%s", folder, target)) != NULL &&
                files_write(to, result, strlen(result), 0644);
    if (!fine)
        plugin_failed("cannot write %s/%s: %s", w->name, *target != '\0' ? target : name,
                      strerror(errno));
    free(from);
    free(bare);
    free(text);
    free(result);
    free(to);
    return fine;
}

static bool write_all(const struct words *w, const char *template, const char *folder)
{
    DIR *dir = opendir(template);
    size_t count = 0;
    bool fine = true;
    if (dir == NULL) {
        plugin_failed("cannot read the template %s: %s%s", template, strerror(errno),
                      errno == ENOENT ? "; it comes with the headers (Debian: libstressor-dev)"
                                      : "");
        return false;
    }
    for (const struct dirent *e = readdir(dir); e != NULL && fine; e = readdir(dir)) {
        fine = write_file(w, template, e->d_name, folder);
        count++;
    }
    closedir(dir);
    return fine && count > 0;
}

/* Never onto something that is there; not all file systems can promise that. */
static bool give_name(const char *folder, const char *name)
{
    if (chmod(folder, 0755) != 0)
        return false;
    if (renameat2(AT_FDCWD, folder, AT_FDCWD, name, RENAME_NOREPLACE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && rename(folder, name) == 0;
}

/* In a folder that gets its name when all is in it. */
static int write_folder(const struct words *w, const char *template)
{
    char *folder = files_make_temporary(".", ".stressor-new-");
    int code = COMMAND_ERRORS;
    if (folder == NULL)
        return plugin_failed("cannot make a folder here: %s", strerror(errno));
    if (!write_all(w, template, folder))
        code = COMMAND_ERRORS;
    else if (!give_name(folder, w->name))
        plugin_failed("cannot make %s: %s", w->name, strerror(errno));
    else
        code = COMMAND_FINE;
    if (code != COMMAND_FINE)
        files_remove_tree(folder);
    free(folder);
    return code;
}

static void print_next(const struct words *w)
{
    printf("%s: a plugin with the activity type %s. Next:\n\n"
           "    cd %s\n"
           "    cmake -B build && cmake --build build\n"
           "    ctest --test-dir build --output-on-failure\n"
           "    stressor plugin install .\n"
           "    stressor run example\n",
           w->name, w->type, w->name);
}

static int make(const struct words *w)
{
    struct stat st;
    if (lstat(w->name, &st) == 0)
        return plugin_failed("%s is there already; nothing was written", w->name);
    char *template = files_beside_program("share/stressor/template");
    if (template == NULL)
        return plugin_failed("cannot find the template: %s", strerror(errno));
    process_hold_signals();
    int code = write_folder(w, template);
    free(template);
    if (code == COMMAND_FINE)
        print_next(w);
    return code;
}

/* --- the command ------------------------------------------------------------------------- */

static bool take(void *data, int id, const char *value)
{
    const char **type = data;
    (void)id;
    *type = value;
    return true;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    const char *type = NULL;
    struct words words;
    struct console console;
    int first = command_options(self, argc, argv, take, &type, common, &code);
    if (first < 0)
        return code;
    if (first == argc)
        return command_wrong(self->name, "it wants a NAME for the plugin, and for its folder");
    if (argc - first > 1)
        return command_wrong(self->name, "\"%s\" is too many", argv[first + 1]);
    code = read_words(self, argv[first], type, &words);
    if (code != COMMAND_FINE)
        return code;
    if (!console_open(&console, common))
        return COMMAND_USAGE;
    struct plugin_probe probe = {.console = &console, .common = common};
    json_t *all = plugin_probe_all(&probe);
    if (all == NULL)
        code = probe.stopped ? COMMAND_STOPPED : COMMAND_ERRORS;
    else
        code = check_taken(self, &words, all);
    if (code == COMMAND_FINE)
        code = make(&words);
    json_decref(all);
    plugin_probe_finish(&probe);
    if (!console_close(&console))
        code = command_worse(code, COMMAND_ERRORS);
    return code;
}

const struct command plugin_new = {
    .name = "plugin new",
    .usage = "[--activity TYPE] NAME",
    .help = "Begins a plugin: a folder with source, build, test, example",
    .details =
        "The folder NAME is made in the current one. What is in it builds with cmake, passes its\n"
        "tests with ctest, and installs with \"stressor plugin install\". What is there already "
        "is\n"
        "never overwritten.\n",
    .options = table,
    .run = run,
};
