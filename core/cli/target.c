#include "cli/target.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many as the kernel follows. */
#define LINKS_MAX 40

struct target {
    bool there;
    struct stat about;   /* of the file, or of the folder where it would be */
    char path[PATH_MAX]; /* past all links; where the file is there, as it was given */
};

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Puts what a link says in its place. False: it is none, or the path becomes too long. */
static bool follow(char path[PATH_MAX])
{
    char link[PATH_MAX], whole[2 * PATH_MAX];
    ssize_t length = readlink(path, link, sizeof link);
    if (length <= 0 || length >= (ssize_t)sizeof link)
        return false;
    link[length] = '\0';
    int folder = *link == '/' ? 0 : (int)(name_of(path) - path);
    int size = snprintf(whole, sizeof whole, "%.*s%s", folder, path, link);
    if (size < 0 || size >= PATH_MAX)
        return false;
    memcpy(path, whole, (size_t)size + 1);
    return true;
}

/* False: nothing can be written there. */
static bool find(const char *path, struct target *t)
{
    char folder[PATH_MAX];
    int size = snprintf(t->path, sizeof t->path, "%s", path);
    t->there = true;
    if (is_standard(path))
        return fstat(STDOUT_FILENO, &t->about) == 0;
    if (stat(path, &t->about) == 0)
        return true;
    t->there = false;
    if (size < 0 || size >= (int)sizeof t->path)
        return false;
    for (int i = 0; i < LINKS_MAX && follow(t->path); i++)
        continue;
    snprintf(folder, sizeof folder, "%.*s", (int)(name_of(t->path) - t->path), t->path);
    return *name_of(t->path) != '\0' && stat(*folder != '\0' ? folder : ".", &t->about) == 0;
}

bool target_same(const char *a, const char *b)
{
    struct target to_a, to_b;
    if (is_standard(a) && is_standard(b))
        return true;
    if (!find(a, &to_a) || !find(b, &to_b))
        return strcmp(a, b) == 0;
    return to_a.there == to_b.there && to_a.about.st_dev == to_b.about.st_dev &&
           to_a.about.st_ino == to_b.about.st_ino &&
           (to_a.there ? !S_ISCHR(to_a.about.st_mode)
                       : strcmp(name_of(to_a.path), name_of(to_b.path)) == 0);
}
