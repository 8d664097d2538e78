#include "config/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "config/loader.h"

/* A pipe or a device must not make us wait. */
enum { OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, RACES_MAX = 8 };

int beneath_openat2(int folder, const char *path)
{
    struct open_how how = {.flags = OPEN_FLAGS, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    long fd = -1;
    errno = EAGAIN; /* what the kernel says when something was renamed meanwhile */
    for (int i = 0; i < RACES_MAX && fd < 0 && (errno == EAGAIN || errno == EINTR); i++)
        fd = syscall(SYS_openat2, folder, path, &how, sizeof how);
    return fd >= 0 ? (int)fd : -errno;
}

/* The next part of a path, copied; its length, 0 at the end, or -errno. */
static int next_part(const char **path, char part[NAME_MAX + 1])
{
    while (**path == '/')
        (*path)++;
    size_t length = strcspn(*path, "/");
    if (length > NAME_MAX)
        return -ENAMETOOLONG;
    memcpy(part, *path, length);
    part[length] = '\0';
    *path += length;
    return strcmp(part, "..") == 0 ? -EXDEV : (int)length;
}

int beneath_walk(int folder, const char *path)
{
    char part[NAME_MAX + 1];
    int at = folder, length;
    if (*path == '/')
        return -EXDEV;
    while ((length = next_part(&path, part)) > 0) {
        bool last = strspn(path, "/") == strlen(path);
        struct stat s;
        int next = -1;
        int error = fstatat(at, part, &s, AT_SYMLINK_NOFOLLOW) != 0 ? errno
                    : S_ISLNK(s.st_mode)                            ? ELOOP
                                                                    : 0;
        if (error == 0) {
            int flags = last ? OPEN_FLAGS : O_PATH | O_DIRECTORY | O_CLOEXEC;
            next = openat(at, part, flags | O_NOFOLLOW);
            error = errno;
        }
        if (at != folder)
            close(at);
        if (next < 0)
            return -error;
        at = next;
    }
    if (length == 0 && at == folder)
        return -EISDIR;
    if (length < 0 && at != folder)
        close(at);
    return length < 0 ? length : at;
}

static int open_any(int folder, const char *path, size_t length)
{
    char text[PATH_MAX];
    if (length == 0)
        return -ENOENT;
    if (length >= sizeof text)
        return -ENAMETOOLONG;
    if (folder < 0 || memchr(path, '\0', length) != NULL)
        return -EINVAL;
    memcpy(text, path, length);
    text[length] = '\0';
    int fd = beneath_openat2(folder, text);
    /* Sandboxes that do not know the call forbid it. */
    if (fd == -ENOSYS || fd == -EPERM)
        fd = beneath_walk(folder, text);
    return fd;
}

/* The descriptor when it is of that kind, else closed and -errno. */
static int of_kind(int fd, bool is_folder)
{
    struct stat s;
    int error = fstat(fd, &s) != 0                ? errno
                : is_folder && S_ISDIR(s.st_mode) ? 0
                : is_folder                       ? ENOTDIR
                : S_ISDIR(s.st_mode)              ? EISDIR
                : S_ISREG(s.st_mode)              ? 0
                                                  : EINVAL;
    if (error == 0)
        return fd;
    close(fd);
    return -error;
}

int loader_open_beneath(int folder, const char *path, size_t length)
{
    int fd = open_any(folder, path, length);
    return fd < 0 ? fd : of_kind(fd, false);
}

int loader_open_folder_beneath(int folder, const char *path, size_t length)
{
    if (folder < 0)
        return -EINVAL;
    if (length == 0 || (length == 1 && *path == '.')) {
        int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return fd >= 0 ? fd : -errno;
    }
    int fd = open_any(folder, path, length);
    return fd < 0 ? fd : of_kind(fd, true);
}
