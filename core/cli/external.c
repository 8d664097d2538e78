#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stressor/stressor.h>

#include "cli/command.h"
#include "cli/text.h"

#define PREFIX     "stressor-"
#define NAMES_MAX  64
#define HELP_MAX   200 /* bytes of a line of help */
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-"

/* "<folder of the program>/../libexec/stressor"; false: unknown. */
static bool folder_path(char out[PATH_MAX + 32])
{
    char exe[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0)
        return false;
    exe[n] = '\0';
    char *slash = strrchr(exe, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    snprintf(out, PATH_MAX + 32, "%s/../libexec/stressor", exe);
    return true;
}

/* The first line of stressor-NAME.help, cleaned, to be freed; NULL: there is none. */
static char *read_help(int folder, const char *program)
{
    char line[HELP_MAX], *name = text_format("%s.help", program);
    int fd = name != NULL ? openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    ssize_t n = fd >= 0 ? read(fd, line, sizeof line) : -1;
    if (fd >= 0)
        close(fd);
    free(name);
    if (n <= 0)
        return NULL;
    const char *end = memchr(line, '\n', (size_t)n);
    return text_clean(line, end != NULL ? (size_t)(end - line) : (size_t)n, " ");
}

void command_externals(void (*each)(void *data, const char *name, const char *help), void *data)
{
    char folder[PATH_MAX + 32];
    DIR *dir = folder_path(folder) ? opendir(folder) : NULL;
    if (dir == NULL)
        return;
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        const char *name = e->d_name + strlen(PREFIX);
        if (strncmp(e->d_name, PREFIX, strlen(PREFIX)) == 0 && *name != '\0' &&
            name[strspn(name, NAME_CHARS)] == '\0' &&
            faccessat(dirfd(dir), e->d_name, X_OK, 0) == 0) {
            char *help = read_help(dirfd(dir), e->d_name);
            each(data, name, help != NULL ? help : "");
            free(help);
        }
    }
    closedir(dir);
}

struct names {
    char *list[NAMES_MAX + 1];
    size_t count;
};

static void names_add(void *data, const char *name, const char *help)
{
    (void)help;
    struct names *n = data;
    if (n->count < NAMES_MAX && (n->list[n->count] = strdup(name)) != NULL)
        n->count++;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int command_unknown(const char *name)
{
    struct names n = {.count = 0};
    char all[1024] = "";
    for (size_t i = 0; command_at(i) != NULL; i++)
        names_add(&n, command_at(i)->name, "");
    command_externals(names_add, &n);
    qsort(n.list, n.count, sizeof *n.list, compare);
    for (size_t i = 0; i < n.count; i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "", n.list[i]);
    }
    const char *nearest = stressor_nearest(name, (const char *const *)n.list);
    if (nearest != NULL)
        command_wrong(NULL, "there is no subcommand \"%s\"; did you mean \"%s\"? There are: %s",
                      name, nearest, all);
    else
        command_wrong(NULL, "there is no subcommand \"%s\"; there are: %s", name, all);
    for (size_t i = 0; i < n.count; i++)
        free(n.list[i]);
    return COMMAND_USAGE;
}

int command_external(int argc, char **argv)
{
    char folder[PATH_MAX + 32];
    (void)argc;
    if (argv[0][0] == '\0' || argv[0][strspn(argv[0], NAME_CHARS)] != '\0' || !folder_path(folder))
        return command_unknown(argv[0]);
    char *path = text_format("%s/" PREFIX "%s", folder, argv[0]);
    if (path == NULL) {
        fprintf(stderr, "stressor: out of memory\n");
        return COMMAND_ERRORS;
    }
    const char *name = argv[0];
    /* Ignored signals are inherited. */
    signal(SIGPIPE, SIG_DFL);
    argv[0] = path;
    execv(path, argv);
    int error = errno;
    signal(SIGPIPE, SIG_IGN);
    int code = COMMAND_USAGE;
    if (error == ENOENT || error == ENOTDIR)
        command_unknown(name);
    else {
        fprintf(stderr, "stressor: cannot run %s: %s\n", path, strerror(error));
        code = COMMAND_ERRORS;
    }
    free(path);
    return code;
}
