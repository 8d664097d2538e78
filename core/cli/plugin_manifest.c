#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/plugin.h"
#include "cli/text.h"

enum {
    WRITTEN = 77,    /* exit code of the child that has written all */
    TIME_MAX_S = 30, /* for loading a plugin */
};

static void tell(const char *path, const char *what)
{
    char *clean = text_clean(what, strlen(what), "\\n");
    fprintf(stderr, "stressor: plugin %s: %s\n", path, clean != NULL ? clean : "out of memory");
    free(clean);
}

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

/* Whatever the plugin does when it is loaded happens to this process alone. */
static void child(const char *path, int fd)
{
    char error[4096] = "";
    alarm(TIME_MAX_S);
    int32_t status = stressor_plugin_manifest(path, write_all, &fd, error, sizeof error);
    if (status == STRESSOR_EINVAL)
        tell(path, error);
    else if (status < 0)
        fprintf(stderr, "stressor: cannot write the manifest: %s\n", strerror(errno));
    _exit(status == STRESSOR_OK ? WRITTEN : COMMAND_ERRORS);
}

/* False: it was said why. */
static bool fill(const char *path, int fd)
{
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        child(path, fd);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (pid < 0)
        fprintf(stderr, "stressor: cannot start a process: %s\n", strerror(errno));
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        tell(path, "it is still being loaded after 30 s");
    else if (WIFSIGNALED(status))
        fprintf(stderr, "stressor: plugin %s: it crashed while it was loaded: %s\n", path,
                strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) != WRITTEN && WEXITSTATUS(status) != COMMAND_ERRORS)
        tell(path, "it ended the process while it was loaded");
    return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == WRITTEN;
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
    char *rough = text_format("%s.XXXXXX", manifest);
    int fd = rough != NULL ? mkstemp(rough) : -1;
    if (fd < 0) {
        fprintf(stderr, "stressor: cannot write %s: %s\n", manifest, strerror(errno));
        free(rough);
        return COMMAND_ERRORS;
    }
    bool fine = fill(path, fd);
    if (fine && (!give_mode(fd) || rename(rough, manifest) != 0)) {
        fprintf(stderr, "stressor: cannot write %s: %s\n", manifest, strerror(errno));
        fine = false;
    }
    close(fd);
    if (!fine)
        unlink(rough);
    free(rough);
    return fine ? COMMAND_FINE : COMMAND_ERRORS;
}

int plugin_manifest_write(const char *file)
{
    char *path = realpath(file, NULL);
    if (path == NULL) {
        fprintf(stderr, "stressor: cannot open %s: %s\n", file, strerror(errno));
        return COMMAND_ERRORS;
    }
    int code = COMMAND_ERRORS;
    char *manifest = text_format("%.*s.manifest", (int)(strlen(file) - strlen(".so")), file);
    if (manifest == NULL)
        fprintf(stderr, "stressor: out of memory\n");
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
