/*
 * folder -- a tree (tree.h) with a folder of files of its own, gone after the test.
 */
#ifndef TESTS_CONFIG_FOLDER_H
#define TESTS_CONFIG_FOLDER_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "temporary.h"
#include "tree.h"

struct folder {
    struct tree tree;
    char path[TEMPORARY_SIZE];
    int fd;
};

static inline int folder_setup(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    arena_init(&f->tree.arena, 1024, 64u << 20);
    f->tree.diag = diag_new();
    *state = f;
    if (f->tree.diag == NULL || !temporary_make(f->path))
        return -1;
    f->fd = open(f->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return f->fd >= 0 ? 0 : -1;
}

static inline int folder_teardown(void **state)
{
    struct folder *f = *state;
    close(f->fd);
    bool removed = temporary_remove(f->path);
    arena_finish(&f->tree.arena);
    diag_free(f->tree.diag);
    free(f);
    return removed ? 0 : -1;
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
