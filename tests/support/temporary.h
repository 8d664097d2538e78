/*
 * temporary -- a folder of one test's own below $TMPDIR, or /tmp where that is not set.
 *
 *     char folder[TEMPORARY_SIZE], path[TEMPORARY_PATH];
 *     assert_true(temporary_make(folder));
 *     temporary_write(temporary_path(folder, "one.yaml", path), text, strlen(text));
 *     …
 *     assert_true(temporary_remove(folder));
 *
 * One thread at a time.
 */
#ifndef TESTS_TEMPORARY_H
#define TESTS_TEMPORARY_H

#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define TEMPORARY_SIZE 256 /* of the folder's path */
#define TEMPORARY_PATH 384 /* of a path in it */

/* The folder's path has no links in it. False: there is none, or its path is too long. */
static inline bool temporary_make(char folder[TEMPORARY_SIZE])
{
    const char *base = getenv("TMPDIR");
    char path[PATH_MAX], real[PATH_MAX];
    if (base == NULL || *base == '\0')
        base = "/tmp";
    if (snprintf(path, sizeof path, "%s/stressor-test-XXXXXX", base) >= (int)sizeof path ||
        mkdtemp(path) == NULL)
        return false;
    if (realpath(path, real) != NULL && strlen(real) < TEMPORARY_SIZE) {
        memcpy(folder, real, strlen(real) + 1);
        return true;
    }
    remove(path);
    return false;
}

static inline int temporary_remove_one(const char *path, const struct stat *s, int kind,
                                       struct FTW *where)
{
    (void)s;
    (void)kind;
    (void)where;
    return remove(path);
}

/* The folder with all that is in it. False: something stays. */
static inline bool temporary_remove(const char *folder)
{
    return nftw(folder, temporary_remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0;
}

/* Returns `path`, "FOLDER/NAME". */
static inline const char *temporary_path(const char *folder, const char *name,
                                         char path[TEMPORARY_PATH])
{
    int length = snprintf(path, TEMPORARY_PATH, "%s/%s", folder, name);
    assert_in_range(length, 1, TEMPORARY_PATH - 1);
    return path;
}

static inline void temporary_write(const char *path, const char *text, size_t length)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, length, f), length);
    assert_int_equal(fclose(f), 0);
}

#endif
