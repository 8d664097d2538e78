/*
 * proc_folder -- a folder that looks like /proc, made and removed by a test.
 */
#ifndef TESTS_PROC_FOLDER_H
#define TESTS_PROC_FOLDER_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "temporary.h"

struct proc_folder {
    char path[TEMPORARY_SIZE];
    int fd;
};

static inline int proc_folder_make(void **state)
{
    struct proc_folder *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    *state = f;
    if (!temporary_make(f->path))
        return -1;
    f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return f->fd < 0;
}

static inline int proc_folder_drop(void **state)
{
    struct proc_folder *f = *state;
    bool removed = temporary_remove(f->path);
    close(f->fd);
    free(f);
    return removed ? 0 : -1;
}

/* A file with the folders that it is in. */
static inline void proc_folder_put(const struct proc_folder *f, const char *path, const char *text)
{
    char part[128];
    for (const char *slash = path; (slash = strchr(slash, '/')) != NULL; slash++) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        mkdirat(f->fd, part, 0700);
    }
    int fd = openat(f->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static inline void proc_folder_remove(const struct proc_folder *f, const char *path)
{
    char full[TEMPORARY_PATH];
    assert_true(temporary_remove(temporary_path(f->path, path, full)));
}

/* A process: ticks of user and system time, when it was started, resident pages. */
static inline void proc_folder_process(const struct proc_folder *f, const char *who,
                                       const char *name, int user, int system_ticks, int started,
                                       int pages)
{
    char path[64], text[256];
    snprintf(path, sizeof path, "%s/stat", who);
    snprintf(text, sizeof text,
             "77 (%s) S 1 77 77 0 -1 4194304 101 0 0 0 %d %d 9 9 20 0 3 0 %d 3133440 %d 184467\n",
             name, user, system_ticks, started, pages);
    proc_folder_put(f, path, text);
}

#endif
