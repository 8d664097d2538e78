#include "plugin/discover.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stressor/plugin.h>

#include "base/log.h"
#include "plugin/elf.h"

enum {
    FOLDERS_MAX = 100,
    FILES_MAX = 1000, /* in all folders together */
};

static const char plugins_folder[] = "/stressor/plugins";

/* --- trust ------------------------------------------------------------------------------- */

static bool privileged(void)
{
    return getauxval(AT_SECURE) != 0;
}

/* A number that sudo left in the environment for what it runs as root. */
static bool sudo_says(const char *variable, unsigned long id)
{
    const char *text = geteuid() == 0 && !privileged() ? getenv(variable) : NULL;
    if (text == NULL || *text < '0' || *text > '9')
        return false;
    char *end;
    errno = 0;
    unsigned long said = strtoul(text, &end, 10);
    return errno == 0 && *end == '\0' && said == id;
}

/* `what` is "it" or "its folder". */
static bool owner_trusted(const struct stat *st, const char *what, struct buf *why)
{
    unsigned mode = (unsigned)st->st_mode & 07777u;
    if (st->st_uid != 0 && st->st_uid != geteuid() && !sudo_says("SUDO_UID", st->st_uid)) {
        buf_printf(why, "%s belongs to user %lu, who is neither root nor you", what,
                   (unsigned long)st->st_uid);
        return false;
    }
    if ((mode & S_IWOTH) != 0) {
        buf_printf(why, "%s is writable by everybody (mode %04o)", what, mode);
        return false;
    }
    if ((mode & S_IWGRP) != 0 && st->st_gid != getegid() && !sudo_says("SUDO_GID", st->st_gid)) {
        buf_printf(why, "%s is writable by group %lu, which is not your own (mode %04o)", what,
                   (unsigned long)st->st_gid, mode);
        return false;
    }
    return true;
}

static bool folder_trusted(const char *file, const char *what, struct buf *why)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(file, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - file);
    struct stat st;
    if (length >= sizeof folder) {
        buf_printf(why, "the path of %s is too long", what);
        return false;
    }
    memcpy(folder, length == 0 ? "/" : file, length == 0 ? 1 : length);
    folder[length == 0 ? 1 : length] = '\0';
    if (stat(folder, &st) != 0) {
        buf_printf(why, "%s cannot be examined: %s", what, strerror(errno));
        return false;
    }
    return owner_trusted(&st, what, why);
}

bool discover_owned(int fd, struct buf *why)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        buf_printf(why, "it cannot be examined: %s", strerror(errno));
        return false;
    }
    if (!S_ISREG(st.st_mode)) {
        buf_puts(why, "it is not a regular file");
        return false;
    }
    return owner_trusted(&st, "it", why);
}

/* Of the file that this code is in: put there by the linker. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/* The loader calls a file for another machine one that does not exist. */
static bool machine_fits(const ElfW(Ehdr) * head, size_t length, struct buf *why)
{
    if (length < sizeof *head) {
        buf_puts(why, "it is cut off: its ELF header is not whole");
        return false;
    }
    if (head->e_ident[EI_CLASS] != __ehdr_start.e_ident[EI_CLASS] ||
        head->e_ident[EI_DATA] != __ehdr_start.e_ident[EI_DATA] ||
        head->e_machine != __ehdr_start.e_machine) {
        buf_printf(why, "it is made for another kind of machine (ELF machine %u; this is %u)",
                   head->e_machine, __ehdr_start.e_machine);
        return false;
    }
    return true;
}

static bool file_trusted(int fd, struct buf *why)
{
    ElfW(Ehdr) head = {.e_machine = EM_NONE};
    if (!discover_owned(fd, why))
        return false;
    ssize_t length = pread(fd, &head, sizeof head, 0);
    if (length < SELFMAG || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) {
        buf_puts(why, "it is not an ELF file");
        return false;
    }
    if (!machine_fits(&head, (size_t)length, why))
        return false;
    if (elf_is_cut(fd))
        buf_puts(why, "it is cut off: the file ends before what is to be loaded");
    return why->length == 0;
}

bool discover_trusted(const char *path, struct buf *why)
{
    char target[PATH_MAX];
    if (path[0] != '/') {
        buf_puts(why, "its path is not absolute");
        return false;
    }
    /* Not blocking, as it may be a pipe. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || realpath(path, target) == NULL) {
        buf_printf(why, "it cannot be opened: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    bool trusted = file_trusted(fd, why) && folder_trusted(path, "its folder", why) &&
                   folder_trusted(target, "the folder of the file behind the link", why);
    close(fd);
    return trusted;
}

/* --- folders ----------------------------------------------------------------------------- */

struct search {
    struct arena *arena;
    struct discover *out;
    size_t files_room;
    bool failed; /* out of memory */
};

/* Takes a folder by its real path once; one that does not exist is listed as it was named. */
static void add_folder(struct search *s, const char *path)
{
    char real[PATH_MAX];
    if (realpath(path, real) != NULL)
        path = real;
    struct discover *d = s->out;
    for (size_t i = 0; i < d->folders_count; i++) {
        if (strcmp(d->folders[i], path) == 0)
            return;
    }
    if (d->folders_count == FOLDERS_MAX) {
        log_line(STRESSOR_LOG_WARNING, "plugin folder %s is ignored: there are more than %d", path,
                 FOLDERS_MAX);
        return;
    }
    const char *copy = arena_copy(s->arena, path, strlen(path));
    if (copy == NULL)
        s->failed = true;
    else
        d->folders[d->folders_count++] = copy;
}

/* What the caller names may be relative: it was said on purpose. */
static void add_given(struct search *s, const char *path)
{
    char here[PATH_MAX];
    if (path[0] == '\0')
        return;
    if (path[0] == '/') {
        add_folder(s, path);
        return;
    }
    if (getcwd(here, sizeof here) == NULL) {
        log_line(STRESSOR_LOG_WARNING, "plugin folder %s is ignored: %s", path, strerror(errno));
        return;
    }
    const char *absolute =
        arena_printf(s->arena, "%s/%s", strcmp(here, "/") == 0 ? "" : here, path);
    if (absolute == NULL)
        s->failed = true;
    else
        add_folder(s, absolute);
}

/* Only absolute ones: an empty or relative part would mean the current folder. */
static void add_environment(struct search *s)
{
    const char *list = getenv("STRESSOR_PLUGIN_PATH");
    while (list != NULL && *list != '\0') {
        size_t length = strcspn(list, ":");
        const char *folder = arena_copy(s->arena, list, length);
        if (folder == NULL)
            s->failed = true;
        else if (folder[0] == '/')
            add_folder(s, folder);
        else if (folder[0] != '\0')
            log_line(STRESSOR_LOG_WARNING,
                     "STRESSOR_PLUGIN_PATH: %s is ignored, as it is not an absolute path", folder);
        list += length + (list[length] == ':');
    }
}

static void add_home(struct search *s)
{
    const char *base = getenv("XDG_DATA_HOME"), *below = "";
    if (base == NULL || base[0] != '/') {
        base = getenv("HOME");
        below = "/.local/share";
    }
    if (base == NULL || base[0] != '/')
        return;
    const char *folder = arena_printf(s->arena, "%s%s%s", base, below, plugins_folder);
    if (folder == NULL)
        s->failed = true;
    else
        add_folder(s, folder);
}

/* The file that this code was loaded from: the library, or the program itself. */
static bool own_file(char out[PATH_MAX])
{
    static const char here;
    struct link_map *map = NULL;
    Dl_info info;
    if (dladdr1(&here, &info, (void **)&map, RTLD_DL_LINKMAP) == 0)
        return false;
    if (map == NULL || map->l_name[0] == '\0')
        return realpath("/proc/self/exe", out) != NULL;
    return strchr(map->l_name, '/') != NULL && realpath(map->l_name, out) != NULL;
}

static void add_install(struct search *s)
{
    char file[PATH_MAX];
    if (!own_file(file))
        return;
    *strrchr(file, '/') = '\0';
    const char *folder = arena_printf(s->arena, "%s%s", file, plugins_folder);
    if (folder == NULL)
        s->failed = true;
    else
        add_folder(s, folder);
}

/* --- files ------------------------------------------------------------------------------- */

static int is_module(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 3 && strcmp(entry->d_name + length - 3, ".so") == 0;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool more_files(struct search *s)
{
    struct discover *d = s->out;
    if (d->files_count < s->files_room)
        return true;
    size_t room = s->files_room == 0 ? 16 : s->files_room * 2;
    struct discover_file *files = arena_alloc(s->arena, room * sizeof *files);
    if (files == NULL)
        return false;
    if (d->files_count > 0)
        memcpy(files, d->files, d->files_count * sizeof *files);
    d->files = files;
    s->files_room = room;
    return true;
}

static bool add_file(struct search *s, const char *folder, const char *name)
{
    struct buf why;
    if (!more_files(s))
        return false;
    struct discover_file *file = &s->out->files[s->out->files_count];
    file->reason = NULL;
    file->path = arena_printf(s->arena, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name);
    if (file->path == NULL)
        return false;
    buf_init(&why, 0);
    bool fine = discover_trusted(file->path, &why);
    if (!fine) {
        file->reason = arena_copy(s->arena, why.data, why.length);
        fine = file->reason != NULL && !why.failed;
    }
    buf_finish(&why);
    s->out->files_count += fine;
    return fine;
}

/* A folder that `must` be there was named by the caller; the others are where plugins may be. */
static void search_folder(struct search *s, const char *folder, bool must)
{
    struct dirent **found = NULL;
    int count = scandir(folder, &found, is_module, compare_names);
    if (count < 0) {
        s->failed = s->failed || errno == ENOMEM;
        if (must || errno != ENOENT)
            log_line(STRESSOR_LOG_WARNING, "plugin folder %s cannot be read: %s", folder,
                     strerror(errno));
        return;
    }
    for (int i = 0; i < count; i++) {
        if (s->out->files_count == FILES_MAX)
            log_line(STRESSOR_LOG_WARNING, "plugin %s/%s is ignored: there are more than %d files",
                     folder, found[i]->d_name, FILES_MAX);
        else if (!s->failed && !add_file(s, folder, found[i]->d_name))
            s->failed = true;
        free(found[i]);
    }
    free(found);
}

bool discover_plugins(const char *const *given, struct arena *a, struct discover *out)
{
    struct search s = {.arena = a, .out = out};
    *out = (struct discover){.folders = arena_zero(a, FOLDERS_MAX * sizeof *out->folders)};
    if (out->folders == NULL)
        return false;
    for (size_t i = 0; given != NULL && given[i] != NULL; i++)
        add_given(&s, given[i]);
    size_t named = out->folders_count;
    if (!privileged()) {
        add_environment(&s);
        add_home(&s);
    }
    add_install(&s);
    for (size_t i = 0; i < out->folders_count && !s.failed; i++)
        search_folder(&s, out->folders[i], i < named);
    return !s.failed;
}
