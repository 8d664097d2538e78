/*
 * folder -- a tree (tree.h) with a folder of files of its own, gone after the test.
 */
#ifndef TESTS_CONFIG_FOLDER_H
#define TESTS_CONFIG_FOLDER_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

struct folder {
    struct tree tree;
    char path[64];
    int fd;
};

static inline int folder_setup(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    arena_init(&f->tree.arena, 1024, 64u << 20);
    f->tree.diag = diag_new();
    snprintf(f->path, sizeof f->path, "/tmp/stressor-config-XXXXXX");
    *state = f;
    if (f->tree.diag == NULL || mkdtemp(f->path) == NULL)
        return -1;
    f->fd = open(f->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return f->fd >= 0 ? 0 : -1;
}

static inline int folder_remove(const char *path, const struct stat *s, int kind, struct FTW *w)
{
    (void)s;
    (void)kind;
    (void)w;
    return remove(path);
}

static inline int folder_teardown(void **state)
{
    struct folder *f = *state;
    close(f->fd);
    nftw(f->path, folder_remove, 8, FTW_DEPTH | FTW_PHYS);
    arena_finish(&f->tree.arena);
    diag_free(f->tree.diag);
    free(f);
    return 0;
}

#define FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

/* Writes a file, making the folder that it lies in (one level) if need be. */
static inline void folder_write(struct folder *f, const char *name, const char *text)
{
    const char *slash = strchr(name, '/');
    char inner[64];
    if (slash != NULL) {
        snprintf(inner, sizeof inner, "%.*s", (int)(slash - name), name);
        mkdirat(f->fd, inner, 0700);
    }
    int fd = openat(f->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

#endif
