#include "browser.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct browser_surroundings browser_look_around(void)
{
    return (struct browser_surroundings){
        .display = getenv("DISPLAY"),
        .wayland_display = getenv("WAYLAND_DISPLAY"),
        .browser = getenv("BROWSER"),
        .no_browser = getenv("STRESSOR_NO_BROWSER"),
        .terminal = isatty(STDERR_FILENO) == 1,
        .root = geteuid() == 0,
    };
}

static bool is_set(const char *text)
{
    return text != NULL && *text != '\0';
}

bool browser_choose(const struct browser_surroundings *around, char *program, size_t size)
{
    const char *browser = around->browser;
    if (is_set(around->no_browser) || around->root || !around->terminal ||
        (!is_set(around->display) && !is_set(around->wayland_display)))
        return false;
    /* BROWSER may also be a list, or a command line: xdg-open knows how to read those. */
    bool plain = is_set(browser) && browser[strcspn(browser, ": %\t'\"\\")] == '\0';
    int length = snprintf(program, size, "%s", plain ? browser : "xdg-open");
    return length > 0 && (size_t)length < size;
}

static int redirect(posix_spawn_file_actions_t *files)
{
    for (int fd = 0; fd < 3; fd++) {
        int status = posix_spawn_file_actions_addopen(files, fd, "/dev/null", O_RDWR, 0);
        if (status != 0)
            return status;
    }
    return posix_spawn_file_actions_addclosefrom_np(files, 3);
}

/* A session of its own, so that Ctrl-C is not for the browser; signals as they are by default. */
static int detach(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    return posix_spawnattr_setflags(
        attributes, (short)(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
}

pid_t browser_open(const char *program, const char *url)
{
    pid_t pid = -1;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    char *const argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t)url, NULL};
    if (posix_spawn_file_actions_init(&files) != 0)
        return -1;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return -1;
    }
    if (redirect(&files) != 0 || detach(&attributes) != 0 ||
        posix_spawnp(&pid, program, &files, &attributes, argv, environ) != 0)
        pid = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

void browser_forget(pid_t pid)
{
    if (pid > 0)
        waitpid(pid, NULL, WNOHANG);
}
