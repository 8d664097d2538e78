/*
 * folder -- a folder of one test's own, with copies of the small plugins in it, and what the log
 * says meanwhile.
 */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/log.h"

#include "temporary.h"

struct folder {
    char path[TEMPORARY_SIZE];
    char text[PATH_MAX]; /* the last answer of in_folder */
    struct buf log;
    int before; /* the current folder of the test program */
};

/* The path of something in the folder, until the next call. */
static inline const char *in_folder(struct folder *f, const char *name)
{
    assert_true((size_t)snprintf(f->text, sizeof f->text, "%s/%s", f->path, name) < sizeof f->text);
    return f->text;
}

/* Where the build put a small plugin. */
static inline void built_plugin(const char *name, char out[PATH_MAX])
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    assert_true(length > 0);
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    assert_true(snprintf(out, PATH_MAX, "%s/plugins/%s.so", program, name) < PATH_MAX);
}

static inline void write_file(const char *path, const char *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    assert_int_equal(close(fd), 0);
    assert_int_equal(chmod(path, 0755), 0);
}

static inline void copy_file(const char *from, const char *to)
{
    struct stat st;
    FILE *in = fopen(from, "rb");
    assert_non_null(in);
    assert_int_equal(fstat(fileno(in), &st), 0);
    char *bytes = malloc((size_t)st.st_size);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)st.st_size, in), st.st_size);
    fclose(in);
    write_file(to, bytes, (size_t)st.st_size);
    free(bytes);
}

/* Copies a small plugin to the folder as `name`; returns its path, until the next call. */
static inline const char *put_plugin(struct folder *f, const char *plugin, const char *name)
{
    char from[PATH_MAX];
    built_plugin(plugin, from);
    copy_file(from, in_folder(f, name));
    return f->text;
}

static inline const char *put_folder(struct folder *f, const char *name)
{
    assert_int_equal(mkdir(in_folder(f, name), 0755), 0);
    return f->text;
}

static inline void keep_log(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                            uint64_t length)
{
    (void)level;
    (void)time_wall_ns;
    buf_put(data, text, (size_t)length);
    buf_putc(data, '\n');
}

static inline bool log_says(const struct folder *f, const char *text)
{
    return strstr(f->log.data, text) != NULL;
}

/* Nothing of the user's own surroundings reaches the test. */
static inline int folder_make(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    if (f == NULL)
        return -1;
    *state = f;
    buf_init(&f->log, 0);
    log_set_sink(keep_log, &f->log);
    f->before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!temporary_make(f->path))
        return -1;
    static const char *const variables[] = {"STRESSOR_PLUGIN_PATH", "XDG_DATA_HOME", "HOME",
                                            "SUDO_UID", "SUDO_GID"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    return f->before < 0;
}

static inline int folder_drop(void **state)
{
    struct folder *f = *state;
    log_set_sink(NULL, NULL);
    if (fchdir(f->before) != 0)
        return -1;
    close(f->before);
    bool removed = temporary_remove(f->path);
    buf_finish(&f->log);
    free(f);
    return removed ? 0 : -1;
}

#define in_a_folder(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_drop)

#endif
