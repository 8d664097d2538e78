#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool files_add(struct files *f, const char *name, struct span content)
{
    if (f->count == FILES_MAX)
        return false;
    f->items[f->count].name = name;
    f->items[f->count++].content = content;
    return true;
}

static bool is_empty(const char *path)
{
    DIR *dir = opendir(path);
    bool empty = dir != NULL;
    for (const struct dirent *e = empty ? readdir(dir) : NULL; e != NULL; e = readdir(dir))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            empty = false;
    if (dir != NULL)
        closedir(dir);
    return empty;
}

bool folder_check(const char *target, bool force, struct say *say)
{
    struct stat st;
    if (*target == '\0')
        return say_error(say, "the name of the folder is empty");
    if (lstat(target, &st) != 0)
        return errno == ENOENT || say_error(say, "%s: %s", target, strerror(errno));
    if (stat(target, &st) != 0 || !S_ISDIR(st.st_mode))
        return say_error(say, "%s is there already, and is no folder", target);
    if (!force && !is_empty(target))
        return say_error(say, "%s is there already; --force replaces the files of its scenario",
                         target);
    return true;
}

/* --- the new folder --------------------------------------------------------------------------- */

#define FRESH      "/.stressor-init.XXXXXX"
#define FRESH_SIZE (PATH_MAX + sizeof FRESH)

/* The target that is not there yet as "PARENT/NAME", without links, in `real`. */
static bool resolve_new(const char *path, char parent[PATH_MAX], char real[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    char above[PATH_MAX] = ".";
    if (slash != NULL) {
        memcpy(above, path, (size_t)(slash - path) + 1);
        above[slash - path + 1] = '\0';
    }
    if (realpath(above, parent) == NULL)
        return false;
    size_t n = strlen(parent), more = strlen(name);
    if (n + more + 2 >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(real, parent, n);
    real[n] = '/';
    memcpy(real + n + 1, name, more + 1);
    return true;
}

/* A new folder in `fresh`, beside the target or in it; the target's own path in `real`. */
static bool make_fresh(const char *target, bool exists, char real[PATH_MAX], char fresh[FRESH_SIZE],
                       struct say *say)
{
    char path[PATH_MAX], parent[PATH_MAX];
    size_t n = strlen(target);
    if (n >= sizeof path)
        return say_error(say, "%s: %s", target, strerror(ENAMETOOLONG));
    memcpy(path, target, n + 1);
    for (; n > 1 && path[n - 1] == '/'; n--)
        path[n - 1] = '\0';
    if (exists ? realpath(path, real) == NULL : !resolve_new(path, parent, real))
        return say_error(say, "cannot make %s: %s", target, strerror(errno));
    const char *where = exists ? real : parent;
    n = strlen(where);
    memcpy(fresh, where, n);
    memcpy(fresh + n, FRESH, sizeof FRESH);
    if (mkdtemp(fresh) == NULL)
        return say_error(say, "cannot make a folder in %s: %s", where, strerror(errno));
    return true;
}

static bool write_file(int dir, const char *name, struct span content, mode_t mode)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return false;
    bool good = true;
    size_t done = 0;
    while (good && done < content.length) {
        ssize_t n = write(fd, content.ptr + done, content.length - done);
        good = n > 0 || (n < 0 && errno == EINTR);
        done += n > 0 ? (size_t)n : 0;
        if (say_stopped()) {
            good = false;
            errno = EINTR;
        }
    }
    good = good && fsync(fd) == 0;
    int error = errno;
    if (close(fd) != 0 && good) {
        good = false;
        error = errno;
    }
    errno = error;
    return good;
}

static bool write_all(int dir, const struct files *files, struct say *say)
{
    mode_t mode = files->is_private ? 0600 : 0666;
    for (size_t i = 0; i < files->count; i++)
        if (!write_file(dir, files->items[i].name, files->items[i].content, mode))
            return say_stopped() ? false
                                 : say_error(say, "cannot write %s: %s", files->items[i].name,
                                             strerror(errno));
    return true;
}

static void remove_new(int dir, const char *path, const struct files *files)
{
    for (size_t i = 0; dir >= 0 && i < files->count; i++)
        unlinkat(dir, files->items[i].name, 0);
    rmdir(path);
}

/* --- putting in place ------------------------------------------------------------------------- */

static bool put_one(int from, int to, const char *name, bool *was_there)
{
    *was_there = true;
    if (renameat2(from, name, to, name, RENAME_EXCHANGE) == 0)
        return true;
    *was_there = false;
    if (errno == ENOENT)
        return renameat2(from, name, to, name, RENAME_NOREPLACE) == 0;
    return false;
}

static void take_back(int from, int to, const char *name, bool was_there)
{
    if (was_there)
        renameat2(from, name, to, name, RENAME_EXCHANGE);
    else
        renameat(to, name, from, name);
}

/* A folder in the place of a file could not be put aside again. */
static bool no_folders(int to, const struct files *files, struct say *say)
{
    struct stat st;
    for (size_t i = 0; i < files->count; i++)
        if (fstatat(to, files->items[i].name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
            return say_error(say, "%s is a folder", files->items[i].name);
    return true;
}

static bool exchange(int from, const char *real, const struct files *files, struct say *say)
{
    bool was_there[FILES_MAX];
    int to = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (to < 0)
        return say_error(say, "%s: %s", real, strerror(errno));
    bool good = no_folders(to, files, say);
    for (size_t i = 0; good && i < files->count; i++) {
        const char *name = files->items[i].name;
        if (put_one(from, to, name, &was_there[i]))
            continue;
        good = say_error(say, "cannot replace %s: %s", name, strerror(errno));
        while (i-- > 0)
            take_back(from, to, files->items[i].name, was_there[i]);
        break;
    }
    close(to);
    return good;
}

bool folder_write(const char *target, const struct files *files, bool force, struct say *say)
{
    char real[PATH_MAX], fresh[FRESH_SIZE];
    struct stat st;
    if (!folder_check(target, force, say))
        return false;
    bool exists = stat(target, &st) == 0;
    if (!make_fresh(target, exists, real, fresh, say))
        return false;
    mode_t mask = umask(0);
    umask(mask);
    int dir = open(fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = dir >= 0 || say_error(say, "%s: %s", fresh, strerror(errno));
    good = good && write_all(dir, files, say) && !say_stopped();
    if (good && exists)
        good = exchange(dir, real, files, say);
    else if (good)
        good = (chmod(fresh, 0777 & ~mask) == 0 && rename(fresh, real) == 0) ||
               say_error(say, "cannot make %s: %s", target, strerror(errno));
    if (!good || exists)
        remove_new(dir, fresh, files);
    if (dir >= 0)
        close(dir);
    return good;
}
