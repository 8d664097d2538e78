#include "config/loader.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/file.h"
#include "config/loader_private.h"
#include "config/yaml.h"

static const char scenario_file[] = "scenario.yaml";
static const char extension[] = ".yaml"; /* may be left out */

struct loader *loader_new(struct arena *a, struct diag *d, const struct template_scope *scope)
{
    struct loader *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->arena = a;
    l->diag = d;
    l->scope = scope;
    l->folder = -1;
    l->prefix = "";
    l->stem = "";
    return l;
}

void loader_free(struct loader *l)
{
    if (l == NULL)
        return;
    if (l->folder >= 0)
        close(l->folder);
    free(l->files);
    free(l);
}

const char *loader_stem(const struct loader *l)
{
    return l->stem;
}

int loader_folder(const struct loader *l)
{
    return l->folder;
}

bool loader_no_memory(struct loader *l)
{
    return diag_error(l->diag, NULL, "out of memory while loading the scenario");
}

int loader_remember(struct loader *l, int fd, const char *name, bool script)
{
    struct stat s;
    if (l->files_count == l->files_capacity) {
        size_t capacity = l->files_capacity == 0 ? 16 : l->files_capacity * 2;
        struct loaded *more = realloc(l->files, capacity * sizeof *more);
        if (more == NULL) {
            loader_no_memory(l);
            return -1;
        }
        l->files = more;
        l->files_capacity = capacity;
    }
    struct loaded *f = &l->files[l->files_count];
    *f = (struct loaded){.script = script, .open = true, .name = name};
    if (fd >= 0 && fstat(fd, &s) == 0) {
        f->device = s.st_dev;
        f->inode = s.st_ino;
    }
    return (int)l->files_count++;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Without folder and extension. NULL: out of memory. */
static const char *stem_of(struct arena *a, const char *path)
{
    const char *name = base_name(path), *dot = strrchr(name, '.');
    return arena_copy(a, name, dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name));
}

/* What a folder is called, "." and the like resolved. NULL: out of memory. */
static const char *folder_name(struct arena *a, const char *path)
{
    char *real = realpath(path, NULL);
    const char *name = base_name(real != NULL ? real : path);
    const char *copy = arena_copy(a, *name != '\0' ? name : "scenario",
                                  *name != '\0' ? strlen(name) : strlen("scenario"));
    free(real);
    return copy;
}

/* Where a scenario is, of the places where a path may mean it. */
struct found {
    const char *path;
    bool by_folder;
};

static bool is_file(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && !S_ISDIR(s.st_mode);
}

static bool ends_in(const char *text, size_t length, const char *end)
{
    size_t tail = strlen(end);
    return length >= tail && memcmp(text + length - tail, end, tail) == 0;
}

static bool find(struct loader *l, const char *path, struct found *out)
{
    struct stat s;
    size_t length = strlen(path);
    bool exists = stat(path, &s) == 0;
    int error = errno;
    *out = (struct found){.path = arena_copy(l->arena, path, length)};
    const char *slash = length > 0 && path[length - 1] == '/' ? "" : "/";
    const char *inside = arena_printf(l->arena, "%s%s%s", path, slash, scenario_file);
    const char *longer = arena_printf(l->arena, "%s%s", path, extension);
    bool whole = ends_in(path, length, extension);
    if (out->path == NULL || inside == NULL || longer == NULL)
        return loader_no_memory(l);
    struct place at = {.file = out->path};
    if (length == 0)
        return diag_error(l->diag, NULL, "the scenario's path is empty");
    if (exists && !S_ISDIR(s.st_mode))
        return true;
    if (exists && is_file(inside)) {
        *out = (struct found){.path = inside, .by_folder = true};
        return true;
    }
    if (!whole && is_file(longer)) {
        out->path = longer;
        return true;
    }
    if (exists)
        return diag_error(l->diag, &at, "this folder holds no %s", scenario_file);
    if (error != ENOENT)
        return diag_error(l->diag, &at, "cannot read the scenario: %s", strerror(error));
    if (whole)
        return diag_error(l->diag, &at, "there is no such scenario");
    return diag_error(l->diag, &at, "there is no such scenario: neither '%s' nor '%s'", path,
                      longer);
}

/* Opens the folder that a path lies in, and notes how its files are called. */
static bool open_folder(struct loader *l, const char *folder)
{
    l->folder = open(*folder != '\0' ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (l->folder < 0)
        return diag_error(l->diag, NULL, "cannot open the folder '%s': %s", folder,
                          strerror(errno));
    size_t length = strlen(folder);
    if (length == 0 || strcmp(folder, ".") == 0)
        return true;
    l->prefix = arena_printf(l->arena, "%s%s", folder, folder[length - 1] == '/' ? "" : "/");
    return l->prefix != NULL || loader_no_memory(l);
}

static struct node *parse(struct loader *l, const char *text, size_t length, const char *name)
{
    struct node *n = yaml_read(text, length, name, l->arena, l->diag);
    return n != NULL ? loader_resolve(l, n, NULL, 1) : NULL;
}

static struct node *read_scenario(struct loader *l, int fd, const char *path)
{
    struct place at = {.file = path};
    char *text;
    size_t length;
    int error = file_read(fd, NODE_FILE_MAX, &text, &length);
    if (error != 0) {
        diag_error(l->diag, &at, "cannot read the scenario: %s", strerror(-error));
        return NULL;
    }
    struct node *n = loader_remember(l, fd, path, false) >= 0 ? parse(l, text, length, path) : NULL;
    free(text);
    return n;
}

struct node *loader_file(struct loader *l, const char *path)
{
    struct found found;
    if (!find(l, path, &found))
        return NULL;
    const char *name = base_name(found.path);
    const char *folder = arena_copy(l->arena, found.path, (size_t)(name - found.path));
    l->stem = found.by_folder ? folder_name(l->arena, path) : stem_of(l->arena, found.path);
    if (folder == NULL || l->stem == NULL) {
        l->stem = "";
        loader_no_memory(l);
        return NULL;
    }
    int fd = open(found.path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        diag_error(l->diag, &(struct place){.file = found.path}, "cannot read the scenario: %s",
                   strerror(errno));
        return NULL;
    }
    struct node *n = open_folder(l, folder) ? read_scenario(l, fd, found.path) : NULL;
    close(fd);
    return n;
}

struct node *loader_memory(struct loader *l, const char *text, size_t length, const char *name,
                           const char *folder)
{
    const char *copy = arena_copy(l->arena, name, strlen(name));
    const char *stem = stem_of(l->arena, name);
    if (copy == NULL || stem == NULL || loader_remember(l, -1, copy, false) < 0) {
        loader_no_memory(l);
        return NULL;
    }
    l->stem = stem;
    if (folder != NULL && !open_folder(l, folder))
        return NULL;
    return parse(l, text, length, copy);
}
