#include "plugin/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "plugin/descriptor.h"
#include "plugin/dso.h"
#include "plugin/registry_private.h"

enum { FIRST_CHUNK = 4096 };

const char *registry_where(const struct plugin *p)
{
    return p->path == NULL ? "built in" : p->path;
}

/* --- loading ----------------------------------------------------------------------------- */

static stressor_plugin_entry_info *add_entry(struct registry *r, const char *path)
{
    stressor_plugin_entry_info *entry = &r->entries[r->entries_count++];
    *entry = (stressor_plugin_entry_info){.size = sizeof *entry, .path = path};
    return entry;
}

/* False: out of memory, for which the entry has a text nevertheless. */
static bool refuse(struct registry *r, stressor_plugin_entry_info *entry, const char *reason)
{
    const char *path = entry->path == NULL ? "(built in)" : entry->path;
    const char *copy = arena_copy(&r->arena, reason, strlen(reason));
    entry->refused = 1;
    entry->reason = copy != NULL ? copy : "out of memory";
    log_line(STRESSOR_LOG_WARNING, "plugin %s is refused: %s", path, reason);
    return copy != NULL;
}

/* Another one of that name than `self`. */
static bool name_is_taken(const struct registry *r, const char *name, const struct plugin *self,
                          struct buf *why)
{
    for (size_t i = 0; i < r->plugins_count; i++) {
        const struct plugin *p = &r->plugins[i];
        if (p == self || p->gone || strcmp(p->offer->name, name) != 0)
            continue;
        buf_printf(why, "a plugin with its name '%s' is there already (%s)", name,
                   registry_where(p));
        return true;
    }
    return false;
}

/* `desc` NULL: it will be opened when it is used. */
static void accept(struct registry *r, const char *path, const struct manifest *offer,
                   const stressor_plugin *desc)
{
    struct plugin *p = &r->plugins[r->plugins_count];
    *p = (struct plugin){.desc = desc,
                         .path = path,
                         .offer = offer,
                         .index = (uint32_t)r->plugins_count,
                         .entry = (uint32_t)r->entries_count};
    r->plugins_count++;
    add_entry(r, path)->plugin = desc;
    log_line(STRESSOR_LOG_DEBUG, "plugin %s %s (%s)%s", offer->name, offer->version,
             registry_where(p), desc == NULL ? ", to be opened when it is used" : "");
}

/* NULL: `why` says the reason. */
static const stressor_plugin *open_file(struct registry *r, const char *path, struct buf *why)
{
    stressor_plugin_entry entry = dso_open(path, why);
    return entry != NULL ? descriptor_check(dso_describe(path, entry), &r->arena, why) : NULL;
}

/* `desc` NULL: `why` says the reason already. False: out of memory. */
static bool load_opened(struct registry *r, const char *path, const stressor_plugin *desc,
                        struct buf *why)
{
    if (desc == NULL || name_is_taken(r, desc->name, NULL, why))
        return !why->failed && refuse(r, add_entry(r, path), why->data);
    const struct manifest *offer = manifest_of(desc, &r->arena);
    if (offer != NULL)
        accept(r, path, offer, desc);
    return offer != NULL;
}

static bool load_file(struct registry *r, const struct discover_file *file, struct buf *why)
{
    if (file->reason != NULL)
        return refuse(r, add_entry(r, file->path), file->reason);
    const struct manifest *offer = manifest_find(file->path, &r->arena, why);
    if (offer == NULL) {
        if (why->length > 0)
            log_line(STRESSOR_LOG_DEBUG, "the manifest of plugin %s is ignored: %s", file->path,
                     why->data);
        buf_clear(why);
        return load_opened(r, file->path, open_file(r, file->path, why), why);
    }
    if (name_is_taken(r, offer->name, NULL, why))
        return !why->failed && refuse(r, add_entry(r, file->path), why->data);
    accept(r, file->path, offer, NULL);
    return true;
}

static bool load_all(struct registry *r, const stressor_plugin_entry *builtins)
{
    struct buf why;
    bool fine = true;
    buf_init(&why, 0);
    for (size_t i = 0; builtins != NULL && builtins[i] != NULL && fine; i++) {
        buf_clear(&why);
        fine = load_opened(r, NULL, descriptor_check(builtins[i](), &r->arena, &why), &why);
    }
    for (size_t i = 0; i < r->found.files_count && fine; i++) {
        buf_clear(&why);
        fine = load_file(r, &r->found.files[i], &why);
    }
    buf_finish(&why);
    return fine;
}

/* --- opening when used ------------------------------------------------------------------- */

/* The plugin's own word counts, not its manifest's. */
static bool take_descriptor(struct registry *r, struct plugin *p, const stressor_plugin *desc,
                            struct buf *why)
{
    const struct manifest *before = p->offer;
    const struct manifest *offer = manifest_of(desc, &r->arena);
    if (offer == NULL) {
        buf_puts(why, "out of memory");
        return false;
    }
    if (!manifest_same(offer, before)) {
        if (name_is_taken(r, offer->name, p, why))
            return false;
        log_line(STRESSOR_LOG_DEBUG, "the manifest of plugin %s is wrong: it offers something else",
                 p->path);
        p->offer = offer;
        if (!registry_index(r, false)) {
            p->offer = before;
            buf_puts(why, "out of memory");
            return false;
        }
    }
    p->desc = desc;
    r->entries[p->entry].plugin = desc;
    return true;
}

bool registry_open(struct registry *r, struct plugin *p)
{
    struct buf why;
    if (p->desc != NULL || p->gone)
        return p->desc != NULL;
    buf_init(&why, 0);
    const stressor_plugin *desc = open_file(r, p->path, &why);
    if (desc != NULL && take_descriptor(r, p, desc, &why)) {
        log_line(STRESSOR_LOG_DEBUG, "plugin %s is opened (%s)", desc->name, p->path);
    } else {
        p->gone = true;
        refuse(r, &r->entries[p->entry], why.failed ? "out of memory" : why.data);
        registry_index(r, false); /* else the old one, in which it is passed over */
    }
    buf_finish(&why);
    return p->desc != NULL;
}

/* --- life -------------------------------------------------------------------------------- */

static bool fill(struct registry *r, const char *const *paths,
                 const stressor_plugin_entry *builtins)
{
    size_t candidates = 0;
    if (!discover_plugins(paths, &r->arena, &r->found))
        return false;
    while (builtins != NULL && builtins[candidates] != NULL)
        candidates++;
    candidates += r->found.files_count;
    r->entries = arena_zero(&r->arena, candidates * sizeof *r->entries);
    r->plugins = arena_zero(&r->arena, candidates * sizeof *r->plugins);
    r->used = arena_zero(&r->arena, candidates * sizeof *r->used);
    return r->entries != NULL && r->plugins != NULL && r->used != NULL && load_all(r, builtins) &&
           registry_index(r, true);
}

static bool start_libltdl(void)
{
    struct buf why;
    buf_init(&why, 0);
    bool fine = dso_init(&why);
    if (!fine)
        log_line(STRESSOR_LOG_ERROR, "%s", why.data);
    buf_finish(&why);
    return fine;
}

struct registry *registry_new(const stressor_host *host, const char *const *paths,
                              const stressor_plugin_entry *builtins)
{
    if (!start_libltdl())
        return NULL;
    struct registry *r = calloc(1, sizeof *r);
    if (r == NULL) {
        dso_exit();
        return NULL;
    }
    r->host = host;
    arena_init(&r->arena, FIRST_CHUNK, 0);
    if (!fill(r, paths, builtins)) {
        registry_free(r);
        return NULL;
    }
    return r;
}

void registry_close(struct registry *r)
{
    if (r->closed)
        return;
    r->closed = true;
    for (size_t i = r->used_count; i > 0; i--) {
        struct plugin *p = r->used[i - 1];
        if (p->desc->fini != NULL && !p->keep)
            p->desc->fini(p->data);
    }
    dso_exit();
}

void registry_free(struct registry *r)
{
    if (r == NULL)
        return;
    registry_close(r);
    arena_finish(&r->arena);
    free(r);
}

bool registry_use(struct registry *r, struct plugin *p)
{
    if (p->used || p->failed)
        return p->used;
    int32_t status = p->desc->init == NULL ? 0 : p->desc->init(r->host, &p->data);
    if (status < 0) {
        p->failed = true;
        log_line(STRESSOR_LOG_ERROR, "plugin %s (%s) does not start: its init returned %d",
                 p->desc->name, registry_where(p), status);
        return false;
    }
    p->used = true;
    r->used[r->used_count++] = p;
    return true;
}

/* --- reading ----------------------------------------------------------------------------- */

size_t registry_count(const struct registry *r)
{
    return r->plugins_count;
}

struct plugin *registry_plugin(const struct registry *r, size_t index)
{
    return index < r->plugins_count ? &r->plugins[index] : NULL;
}

size_t registry_entries_count(const struct registry *r)
{
    return r->entries_count;
}

const stressor_plugin_entry_info *registry_entry(const struct registry *r, size_t i)
{
    return i < r->entries_count ? &r->entries[i] : NULL;
}

const char *registry_folder(const struct registry *r, size_t i)
{
    return i < r->found.folders_count ? r->found.folders[i] : NULL;
}
