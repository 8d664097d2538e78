#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/plugin.h"
#include "cli/process.h"
#include "cli/text.h"

/* Exit codes of the child, which a plugin is not likely to end it with. */
enum {
    WRITTEN = 77, /* all of it */
    TOLD = 78,    /* why not */
};

static const struct process_limits limits = {.seconds = 60, .cpu_seconds = 30, .merge = true};

/* What the child is to do. */
struct work {
    const char *path; /* of the plugin */
    int fd;           /* where its manifest goes */
};

static int32_t write_all(void *data, const char *bytes, uint64_t length)
{
    const int *fd = data;
    while (length > 0) {
        ssize_t written = write(*fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return STRESSOR_ESYSTEM;
        bytes += written;
        length -= (uint64_t)written;
    }
    return STRESSOR_OK;
}

static int be_child(void *data)
{
    struct work *w = data;
    char error[4096] = "";
    int32_t status = stressor_plugin_manifest(w->path, write_all, &w->fd, error, sizeof error);
    if (status == STRESSOR_EINVAL)
        plugin_failed("plugin %s: %s", w->path, error);
    else if (status < 0)
        plugin_failed("cannot write the manifest of %s: %s", w->path, strerror(errno));
    return status == STRESSOR_OK ? WRITTEN : TOLD;
}

/* Whatever the plugin does when it is loaded happens to a process of its own. Returns the exit
 * code; what is wrong was said. */
static int fill(const char *path, int fd)
{
    struct work work = {path, fd};
    struct process p;
    char how[200];
    if (!process_fork(be_child, &work, &limits, &p)) {
        plugin_failed("cannot start a process to load %s: %s", path, strerror(errno));
        return COMMAND_ERRORS;
    }
    int code = p.stopped ? COMMAND_STOPPED : COMMAND_ERRORS;
    bool ended = WIFEXITED(p.status) && !p.late && !p.stopped;
    if (ended && WEXITSTATUS(p.status) == WRITTEN)
        code = COMMAND_FINE;
    else
        fwrite(p.output, 1, p.output_length, stderr);
    bool told = ended && WEXITSTATUS(p.status) == TOLD;
    if (told && p.output_length == 0)
        snprintf(how, sizeof how, "closed the descriptors of the process");
    else
        process_describe(&p, &limits, how, sizeof how);
    if (code == COMMAND_ERRORS && (!told || p.output_length == 0))
        plugin_failed("plugin %s: it %s while it was loaded", path, how);
    process_finish(&p);
    return code;
}

/* As if by open with 0666. */
static bool give_mode(int fd)
{
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(fd, 0666 & ~mask) == 0;
}

static int write_beside(const char *path, const char *manifest)
{
    process_hold_signals();
    char *rough = text_format("%s.XXXXXX", manifest);
    int fd = rough != NULL ? mkstemp(rough) : -1;
    if (fd < 0) {
        plugin_failed("cannot write %s: %s", manifest, strerror(errno));
        free(rough);
        return COMMAND_ERRORS;
    }
    int code = fill(path, fd);
    if (code == COMMAND_FINE && (!give_mode(fd) || rename(rough, manifest) != 0)) {
        plugin_failed("cannot write %s: %s", manifest, strerror(errno));
        code = COMMAND_ERRORS;
    }
    close(fd);
    if (code != COMMAND_FINE)
        unlink(rough);
    free(rough);
    return code;
}

int plugin_manifest_write(const char *file)
{
    char *path = realpath(file, NULL);
    if (path == NULL) {
        plugin_failed("cannot open %s: %s", file, strerror(errno));
        return COMMAND_ERRORS;
    }
    int code = COMMAND_ERRORS;
    char *manifest = text_format("%.*s.manifest", (int)(strlen(file) - strlen(".so")), file);
    if (manifest == NULL)
        plugin_failed("out of memory");
    else
        code = write_beside(path, manifest);
    free(manifest);
    free(path);
    return code;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    int first = command_options(self, argc, argv, NULL, NULL, common, &code);
    if (first < 0)
        return code;
    if (first == argc)
        return command_wrong(self->name, "say which FILE.so");
    if (first + 1 < argc)
        return command_wrong(self->name, "\"%s\" is too many", argv[first + 1]);
    const char *file = argv[first];
    size_t length = strlen(file);
    if (length <= strlen(".so") || strcmp(file + length - strlen(".so"), ".so") != 0)
        return command_wrong(self->name, "\"%s\" is no FILE.so", file);
    return plugin_manifest_write(file);
}

const struct command plugin_manifest = {
    .name = "plugin manifest",
    .usage = "FILE.so",
    .help = "Writes FILE.manifest, which tells what a plugin offers",
    .details =
        "With the manifest beside it, a plugin is opened only when something that it offers is\n"
        "used. It holds for this very build. stressor_add_plugin writes it after linking.\n",
    .hidden = true,
    .run = run,
};
