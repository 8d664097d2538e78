#include "cli/plugin_source.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/plugin.h"
#include "cli/process.h"
#include "cli/text.h"

#define DESCRIPTORS    16 /* that a walk through a tree may use */
#define ENTRIES_MAX    20000
#define UNPACKED_MAX   (UINT64_C(256) << 20) /* bytes */
#define SAID_COLUMNS   200                   /* of a line of tar's */
#define CMAKELISTS     "CMakeLists.txt"
#define INSTALL_FOLDER "/stressor/plugins/"

/* Names as they are, one a line, with what cannot be printed escaped. */
#define TAR_LIST                                                                                   \
    "tar", "--list", "--gzip", "--force-local", "--absolute-names", "--quoting-style=escape",      \
        "--warning=no-unknown-keyword"

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), n = strlen(end);
    return length > n && strcmp(text + length - n, end) == 0;
}

/* Names in archives may be of any length. To be freed; NULL: out of memory. */
static char *shortened(const char *text, size_t length)
{
    char *shown = text_clean(text, length, "\\n");
    if (shown != NULL)
        text_cut_middle(shown, SAID_COLUMNS);
    return shown;
}

/* What tar said, line by line. */
static void put_lines(const char *text, size_t length)
{
    while (length > 0) {
        const char *end = memchr(text, '\n', length);
        const size_t line = end != NULL ? (size_t)(end - text) : length;
        char *shown = shortened(text, line);
        fprintf(stderr, "%s\n", shown != NULL ? shown : "");
        free(shown);
        text += line + (end != NULL);
        length -= line + (end != NULL);
    }
}

/* What a tool said; compilers' words are theirs. */
static void put_said(const char *tool, const char *text, size_t length)
{
    if (strcmp(tool, "tar") == 0)
        put_lines(text, length);
    else
        fwrite(text, 1, length, stderr);
}

/* Runs a tool; what it says is shown where it fails: all of it with `merge`, else what it wrote to
 * standard error. Returns the exit code. */
static int run_tool(const char *const *argv, const char *doing, bool merge, struct process *out)
{
    const struct process_limits limits = {.merge = merge};
    char how[200];
    if (!process_run(argv, &limits, out))
        return plugin_failed("cannot run %s: %s", argv[0], strerror(errno));
    if (process_succeeded(out))
        return COMMAND_FINE;
    if (out->stopped)
        return COMMAND_STOPPED;
    process_describe(out, &limits, how, sizeof how);
    if (merge)
        put_said(argv[0], out->output, out->output_length);
    else
        put_said(argv[0], out->errors, out->errors_length);
    return plugin_failed("%s failed: %s %s", doing, argv[0], how);
}

static int use_tool(const char *const *argv, const char *doing)
{
    struct process out;
    int code = run_tool(argv, doing, true, &out);
    process_finish(&out);
    return code;
}

/* --- archives ---------------------------------------------------------------------------- */

/* The names that `tar -t` prints, one a line. NULL: none leaves the folder. */
static const char *wrong_name(char *names, char **bad)
{
    char *rest = NULL;
    for (char *name = strtok_r(names, "\n", &rest); name != NULL;
         name = strtok_r(NULL, "\n", &rest)) {
        size_t length = strlen(name);
        if (name[0] == '/' || strncmp(name, "../", 3) == 0 || strcmp(name, "..") == 0 ||
            strstr(name, "/../") != NULL || (length > 2 && strcmp(name + length - 3, "/..") == 0)) {
            *bad = name;
            return name[0] == '/' ? "an absolute path" : "a name that leaves its folder";
        }
    }
    return NULL;
}

/* The lines of `tar -tv`: "drwxr-xr-x 0/0 SIZE DATE TIME NAME". */
static const char *wrong_line(char *lines, char **bad)
{
    uint64_t total = 0;
    size_t count = 0;
    char *rest = NULL;
    for (char *line = strtok_r(lines, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        uint64_t size = 0;
        *bad = line;
        if (line[0] == 'l' || line[0] == 'h')
            return "a link";
        if (line[0] != '-' && line[0] != 'd')
            return "neither a file nor a folder";
        if (sscanf(line, "%*s %*s %" SCNu64, &size) != 1)
            return "an entry that cannot be understood";
        total += size <= UNPACKED_MAX ? size : UNPACKED_MAX + 1;
        if (++count > ENTRIES_MAX || total > UNPACKED_MAX)
            return "one too many: it is larger than 256 MiB or has more than 20000 entries";
    }
    return count > 0 ? NULL : "nothing";
}

static int check_archive(const char *path, const char *const *argv,
                         const char *(*wrong)(char *text, char **bad))
{
    struct process out;
    char *bad = NULL;
    int code = run_tool(argv, "reading the archive", false, &out);
    const char *reason = code == COMMAND_FINE ? wrong(out.output, &bad) : NULL;
    char *shown = reason != NULL && bad != NULL ? shortened(bad, strlen(bad)) : NULL;
    if (reason != NULL)
        code = plugin_failed("%s is refused: it holds %s%s%s", path, reason,
                             shown != NULL ? ": " : "", shown != NULL ? shown : "");
    free(shown);
    process_finish(&out);
    return code;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The folder with CMakeLists.txt: this one, or the only one in it. To be freed; NULL: neither. */
static char *find_project(const char *folder)
{
    char *found = strdup(folder);
    for (int depth = 0; depth < 2 && found != NULL; depth++) {
        char *list = text_format("%s/" CMAKELISTS, found);
        bool is_here = list != NULL && access(list, F_OK) == 0;
        free(list);
        if (is_here)
            return found;
        struct dirent **entries = NULL;
        int count = scandir(found, &entries, is_visible, alphasort);
        char *below = count == 1 ? text_format("%s/%s", found, entries[0]->d_name) : NULL;
        for (int i = 0; i < count; i++)
            free(entries[i]);
        free(entries);
        free(found);
        found = below;
    }
    free(found);
    return NULL;
}

/* To `work`/source. */
static int unpack(const char *path, const char *work)
{
    char *file = text_format("--file=%s", path);
    char *folder = text_format("%s/source", work);
    int code = COMMAND_ERRORS;
    if (file == NULL || folder == NULL || mkdir(folder, 0700) != 0) {
        plugin_failed("cannot unpack %s: %s", path, strerror(errno));
    } else {
        const char *const names[] = {TAR_LIST, file, NULL};
        const char *const lines[] = {TAR_LIST, "--verbose", "--numeric-owner", file, NULL};
        const char *const all[] = {"tar",
                                   "--extract",
                                   "--gzip",
                                   "--force-local",
                                   file,
                                   "--no-same-owner",
                                   "--no-same-permissions",
                                   "--directory",
                                   folder,
                                   NULL};
        code = check_archive(path, lines, wrong_line);
        if (code == COMMAND_FINE)
            code = check_archive(path, names, wrong_name);
        if (code == COMMAND_FINE)
            code = use_tool(all, "unpacking");
    }
    free(file);
    free(folder);
    return code;
}

/* --- building ---------------------------------------------------------------------------- */

/* For nftw, which hands nothing on. */
static struct plugin_source *collecting;
static const char *collecting_below;

static int collect_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)at;
    struct plugin_source *s = collecting;
    if (type != FTW_F || !ends_with(path, ".so") || strstr(path, collecting_below) == NULL ||
        s->count == PLUGIN_SOURCE_FILES_MAX)
        return 0;
    s->files[s->count] = strdup(path);
    s->count += s->files[s->count] != NULL;
    return 0;
}

/* What was built: as it would be installed, else wherever it was built. */
static int collect(struct plugin_source *s, const char *path, const char *stage, const char *build)
{
    collecting = s;
    collecting_below = INSTALL_FOLDER;
    nftw(stage, collect_one, DESCRIPTORS, FTW_PHYS);
    collecting_below = "/";
    if (s->count == 0)
        nftw(build, collect_one, DESCRIPTORS, FTW_PHYS);
    if (s->count > 0)
        return COMMAND_FINE;
    return plugin_failed("%s builds no plugin: there is no .so; see stressor_add_plugin", path);
}

static int build_in(struct plugin_source *s, const char *path, const char *project,
                    const char *prefix, char *const folders[3])
{
    const char *const configure[] = {"cmake",
                                     "-S",
                                     project,
                                     "-B",
                                     folders[0],
                                     "-DCMAKE_BUILD_TYPE=Release",
                                     "-DBUILD_TESTING=OFF",
                                     prefix,
                                     NULL};
    const char *const build[] = {"cmake", "--build", folders[0], NULL};
    /* Where an install rule names an absolute folder, it is below the stage all the same. */
    const char *const install[] = {"cmake",     "-E",       "env",      folders[2], "cmake",
                                   "--install", folders[0], "--prefix", "/usr",     NULL};
    int code = use_tool(configure, "configuring the plugin");
    if (code == COMMAND_FINE)
        code = use_tool(build, "building the plugin");
    if (code == COMMAND_FINE)
        code = use_tool(install, "building the plugin");
    return code == COMMAND_FINE ? collect(s, path, folders[1], folders[0]) : code;
}

static int build(struct plugin_source *s, const char *path, const char *project)
{
    char *root = files_beside_program("");
    char *prefix = text_format("-DCMAKE_PREFIX_PATH=%s", root != NULL ? root : "/usr");
    char *folders[3] = {text_format("%s/build", s->work), text_format("%s/stage", s->work),
                        text_format("DESTDIR=%s/stage", s->work)};
    int code = COMMAND_ERRORS;
    if (prefix == NULL || folders[0] == NULL || folders[1] == NULL || folders[2] == NULL)
        plugin_failed("out of memory");
    else
        code = build_in(s, path, project, prefix, folders);
    for (size_t i = 0; i < 3; i++)
        free(folders[i]);
    free(prefix);
    free(root);
    return code;
}

/* --- what was given ---------------------------------------------------------------------- */

static int open_archive(struct plugin_source *s, const char *path)
{
    int code = unpack(path, s->work);
    char *folder = text_format("%s/source", s->work);
    char *project = code == COMMAND_FINE && folder != NULL ? find_project(folder) : NULL;
    if (project != NULL)
        code = build(s, path, project);
    else if (code == COMMAND_FINE)
        code = plugin_failed(
            "%s holds no " CMAKELISTS ", neither at its top nor in its only folder", path);
    free(project);
    free(folder);
    return code;
}

static int open_folder(struct plugin_source *s, const char *path)
{
    char *list = text_format("%s/" CMAKELISTS, path);
    bool there = list != NULL && access(list, R_OK) == 0;
    free(list);
    if (!there)
        return command_wrong("plugin install", "%s is no source folder: it has no " CMAKELISTS,
                             path);
    return build(s, path, path);
}

int plugin_source_open(struct plugin_source *s, const char *path)
{
    struct stat st;
    *s = (struct plugin_source){.work = NULL};
    if (stat(path, &st) != 0)
        return command_wrong("plugin install", "cannot open %s: %s", path, strerror(errno));
    bool archive = ends_with(path, ".tar.gz") || ends_with(path, ".tgz");
    if (S_ISREG(st.st_mode) && ends_with(path, ".so")) {
        s->files[0] = realpath(path, NULL);
        s->count = s->files[0] != NULL;
        return s->count > 0 ? COMMAND_FINE
                            : plugin_failed("cannot open %s: %s", path, strerror(errno));
    }
    if (!S_ISDIR(st.st_mode) && !(S_ISREG(st.st_mode) && archive))
        return command_wrong("plugin install",
                             "%s is neither a plugin.so, nor a source folder, nor a .tar.gz of one",
                             path);
    s->work = files_make_temporary(files_temporary(), "stressor-");
    if (s->work == NULL)
        return plugin_failed("cannot make a folder in %s: %s", files_temporary(), strerror(errno));
    return archive ? open_archive(s, path) : open_folder(s, path);
}

void plugin_source_close(struct plugin_source *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->files[i]);
    files_remove_tree(s->work);
    free(s->work);
    *s = (struct plugin_source){.work = NULL};
}
