/*
 * The manifest beside a plugin's file.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "plugin/descriptor.h"
#include "plugin/discover.h"
#include "plugin/dso.h"
#include "plugin/elf.h"
#include "plugin/manifest.h"

enum { ARENA_FIRST = 4096 };

static int open_file(const char *path)
{
    /* Not blocking, as it may be a pipe. */
    return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static bool id_of_file(const char *path, char id[ELF_ID_TEXT])
{
    int fd = open_file(path);
    bool has = fd >= 0 && elf_build_id(fd, id);
    if (fd >= 0)
        close(fd);
    return has;
}

/* --- reading ----------------------------------------------------------------------------- */

/* NAME.so to NAME.manifest. */
static bool path_beside(const char *path, char out[PATH_MAX])
{
    static const char from[] = ".so", to[] = ".manifest";
    size_t length = strlen(path), stem = length - (sizeof from - 1);
    if (length < sizeof from || strcmp(path + stem, from) != 0 || stem + sizeof to > PATH_MAX)
        return false;
    memcpy(out, path, stem);
    memcpy(out + stem, to, sizeof to);
    return true;
}

static bool read_all(int fd, struct buf *out, struct buf *why)
{
    char piece[4096];
    ssize_t got;
    while ((got = read(fd, piece, sizeof piece)) > 0) {
        if (!buf_put(out, piece, (size_t)got)) {
            buf_printf(why, "it is larger than %d bytes, or memory is short", MANIFEST_SIZE_MAX);
            return false;
        }
    }
    if (got < 0)
        buf_printf(why, "it cannot be read: %s", strerror(errno));
    return got == 0;
}

static struct manifest *read_manifest(int fd, struct arena *a, struct buf *why)
{
    struct manifest *m = NULL;
    struct buf text;
    buf_init(&text, MANIFEST_SIZE_MAX);
    if (discover_owned(fd, why) && read_all(fd, &text, why))
        m = manifest_parse(text.data, text.length, a, why);
    buf_finish(&text);
    return m;
}

struct manifest *manifest_find(const char *path, struct arena *a, struct buf *why)
{
    char beside[PATH_MAX], id[ELF_ID_TEXT];
    int fd = path_beside(path, beside) ? open_file(beside) : -1;
    if (fd < 0)
        return NULL;
    struct manifest *m = read_manifest(fd, a, why);
    close(fd);
    if (m == NULL)
        return NULL;
    if (!id_of_file(path, id))
        buf_puts(why, "the plugin has no build id");
    else if (strcmp(id, m->build_id) != 0)
        buf_printf(why, "it is that of the build %s, the plugin is %s", m->build_id, id);
    else
        return m;
    return NULL;
}

/* --- writing ----------------------------------------------------------------------------- */

static bool make(const char *path, const char *id, struct arena *a, struct buf *out,
                 struct buf *why)
{
    stressor_plugin_entry entry = dso_open(path, why);
    const stressor_plugin *desc =
        entry != NULL ? descriptor_check(dso_describe(path, entry), a, why) : NULL;
    if (desc == NULL)
        return false;
    struct manifest *m = manifest_of(desc, a);
    if (m != NULL)
        m->build_id = id;
    if (m != NULL && manifest_write(m, out) && out->length <= MANIFEST_SIZE_MAX)
        return true;
    buf_printf(why, "its manifest is larger than %d bytes, or memory is short", MANIFEST_SIZE_MAX);
    return false;
}

bool manifest_make(const char *path, struct buf *out, struct buf *why)
{
    char id[ELF_ID_TEXT];
    struct arena arena;
    if (!id_of_file(path, id)) {
        buf_puts(why, "it has no build id: is it an ELF file, linked with -Wl,--build-id?");
        return false;
    }
    if (!dso_init(why))
        return false;
    arena_init(&arena, ARENA_FIRST, 0);
    bool made = make(path, id, &arena, out, why);
    arena_finish(&arena);
    dso_exit();
    return made;
}
