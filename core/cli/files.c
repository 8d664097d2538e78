#include "cli/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/text.h"

#define CHUNK       (64 << 10)
#define DESCRIPTORS 16 /* that a walk through a tree may use */

char *files_program(void)
{
    return realpath("/proc/self/exe", NULL);
}

char *files_beside_program(const char *below)
{
    char *program = files_program();
    char *path = NULL;
    /* ".../bin/stressor" without its last two parts. */
    for (int i = 0; program != NULL && i < 2; i++) {
        char *slash = strrchr(program, '/');
        if (slash != NULL)
            *slash = '\0';
    }
    if (program != NULL) {
        path = text_format("%s/%s", program, below);
        errno = ENOMEM;
    }
    free(program);
    return path;
}

bool files_make_folders(const char *path)
{
    char part[PATH_MAX];
    size_t length = strlen(path);
    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(part, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        part[i] = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return false;
        part[i] = path[i];
    }
    struct stat st;
    if (stat(path, &st) != 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(st.st_mode);
}

const char *files_temporary(void)
{
    const char *folder = getenv("TMPDIR");
    return folder != NULL && folder[0] == '/' ? folder : "/tmp";
}

char *files_make_temporary(const char *above, const char *prefix)
{
    char *path = text_format("%s/%sXXXXXX", above, prefix);
    if (path == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    if (mkdtemp(path) != NULL)
        return path;
    int error = errno;
    free(path);
    errno = error;
    return NULL;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    remove(path);
    return 0;
}

void files_remove_tree(const char *path)
{
    if (path != NULL)
        nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno != EINTR)
            return false;
        bytes += n < 0 ? 0 : n;
        length -= n < 0 ? 0 : (size_t)n;
    }
    return true;
}

/* The disk has it, or errno says why not; then the file is gone. */
static bool finish_file(int fd, const char *path, mode_t mode, bool fine)
{
    fine = fine && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    int error = errno;
    if (close(fd) != 0 && fine) {
        error = errno;
        fine = false;
    }
    if (!fine)
        unlink(path);
    errno = error;
    return fine;
}

bool files_write(const char *path, const char *bytes, size_t length, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return fd >= 0 && finish_file(fd, path, mode, write_all(fd, bytes, length));
}

static bool copy_all(int in, int out)
{
    char bytes[CHUNK];
    for (;;) {
        ssize_t n = read(in, bytes, sizeof bytes);
        if (n == 0)
            return true;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || !write_all(out, bytes, (size_t)n))
            return false;
    }
}

bool files_copy(const char *from, const char *to, mode_t mode)
{
    int in = open(from, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (in < 0)
        return false;
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool fine = out >= 0 && finish_file(out, to, mode, copy_all(in, out));
    int error = errno;
    close(in);
    errno = error;
    return fine;
}

bool files_replace(const char *from, const char *to)
{
    if (rename(from, to) != 0)
        return false;
    char *folder = strdup(to);
    char *slash = folder != NULL ? strrchr(folder, '/') : NULL;
    if (slash != NULL) {
        *slash = '\0';
        int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0) {
            fsync(fd); /* some file systems cannot */
            close(fd);
        }
    }
    free(folder);
    return true;
}

char *files_read(const char *path, size_t most, size_t *length)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st;
    char *text = NULL;
    *length = 0;
    if (fd < 0)
        return NULL;
    int error = fstat(fd, &st) != 0                               ? errno
                : !S_ISREG(st.st_mode)                            ? EINVAL
                : st.st_size < 0 || (size_t)st.st_size > most     ? EFBIG
                : (text = malloc((size_t)st.st_size + 1)) == NULL ? ENOMEM
                                                                  : 0;
    while (error == 0 && *length < (size_t)st.st_size) {
        ssize_t n = read(fd, text + *length, (size_t)st.st_size - *length);
        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            error = errno;
        *length += n > 0 ? (size_t)n : 0;
    }
    close(fd);
    if (error != 0) {
        free(text);
        errno = error;
        return NULL;
    }
    text[*length] = '\0';
    return text;
}

bool files_same(const char *a, const char *b)
{
    size_t a_length = 0, b_length = 0;
    char *a_bytes = files_read(a, 1 << 30, &a_length);
    char *b_bytes = files_read(b, 1 << 30, &b_length);
    bool same = a_bytes != NULL && b_bytes != NULL && a_length == b_length &&
                memcmp(a_bytes, b_bytes, a_length) == 0;
    free(a_bytes);
    free(b_bytes);
    return same;
}
