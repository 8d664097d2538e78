#include "plugin/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "plugin/descriptor.h"
#include "plugin/discover.h"
#include "plugin/dso.h"

enum { FIRST_CHUNK = 4096 };

/* The index: what won its name, in the order of the plugins. */
struct offered_activity {
    const stressor_activity_type *type;
    struct plugin *plugin;
};

struct offered_macro {
    const stressor_macro *macro;
    struct plugin *plugin;
};

struct offered_setting {
    const stressor_setting *setting;
    struct plugin *plugin;
};

struct offered_reporter {
    const stressor_reporter_type *type;
    struct plugin *plugin;
};

/* All arrays are in the arena. */
struct registry {
    const stressor_host *host;
    struct arena arena;
    struct discover found;
    stressor_plugin_entry_info *entries;
    size_t entries_count;
    struct plugin *plugins;
    size_t plugins_count;
    struct plugin **used; /* in the order in which they were first used */
    size_t used_count;
    struct offered_activity *activities;
    size_t activities_count;
    struct offered_macro *macros;
    size_t macros_count;
    struct offered_setting *settings;
    size_t settings_count;
    struct offered_reporter *reporters;
    size_t reporters_count;
    bool closed;
};

static const char *where(const struct plugin *p)
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

static bool refuse(struct registry *r, const char *path, const char *reason)
{
    stressor_plugin_entry_info *entry = add_entry(r, path);
    entry->refused = 1;
    entry->reason = arena_copy(&r->arena, reason, strlen(reason));
    log_line(STRESSOR_LOG_WARNING, "plugin %s is refused: %s", path == NULL ? "(built in)" : path,
             reason);
    return entry->reason != NULL;
}

static const struct plugin *find_plugin(const struct registry *r, const char *name)
{
    for (size_t i = 0; i < r->plugins_count; i++) {
        if (strcmp(r->plugins[i].desc->name, name) == 0)
            return &r->plugins[i];
    }
    return NULL;
}

static void accept(struct registry *r, const char *path, const stressor_plugin *desc)
{
    struct plugin *p = &r->plugins[r->plugins_count];
    *p = (struct plugin){.desc = desc, .path = path, .index = (uint32_t)r->plugins_count};
    r->plugins_count++;
    add_entry(r, path)->plugin = desc;
    log_line(STRESSOR_LOG_DEBUG, "plugin %s %s (%s)", desc->name, desc->version, where(p));
}

/* `entry` NULL: `why` says the reason already. False: out of memory. */
static bool load(struct registry *r, const char *path, stressor_plugin_entry entry, struct buf *why)
{
    const stressor_plugin *desc = entry == NULL ? NULL : descriptor_check(entry(), &r->arena, why);
    const struct plugin *first = desc == NULL ? NULL : find_plugin(r, desc->name);
    if (first != NULL)
        buf_printf(why, "a plugin with its name '%s' is there already (%s)", desc->name,
                   where(first));
    if (desc == NULL || first != NULL)
        return !why->failed && refuse(r, path, why->data);
    accept(r, path, desc);
    return true;
}

static bool load_all(struct registry *r, const stressor_plugin_entry *builtins)
{
    struct buf why;
    bool fine = true;
    buf_init(&why, 0);
    for (size_t i = 0; builtins != NULL && builtins[i] != NULL && fine; i++) {
        buf_clear(&why);
        fine = load(r, NULL, builtins[i], &why);
    }
    for (size_t i = 0; i < r->found.files_count && fine; i++) {
        const struct discover_file *file = &r->found.files[i];
        buf_clear(&why);
        if (file->reason != NULL)
            fine = refuse(r, file->path, file->reason);
        else
            fine = load(r, file->path, dso_open(file->path, &why), &why);
    }
    buf_finish(&why);
    return fine;
}

/* --- the index --------------------------------------------------------------------------- */

static bool same(const char *text, const char *name, size_t length)
{
    return strlen(text) == length && memcmp(text, name, length) == 0;
}

static void warn_hidden(const char *what, const char *name, const struct plugin *loser,
                        const struct plugin *winner)
{
    log_line(STRESSOR_LOG_WARNING, "%s '%s' of plugin %s (%s) is hidden by that of plugin %s (%s)",
             what, name, loser->desc->name, where(loser), winner->desc->name, where(winner));
}

static void index_activities(struct registry *r, struct plugin *p)
{
    for (uint32_t i = 0; i < p->desc->activities_count; i++) {
        const stressor_activity_type *type = p->desc->activities[i];
        struct plugin *winner;
        if (registry_activity(r, type->name, strlen(type->name), &winner) != NULL)
            warn_hidden("activity type", type->name, p, winner);
        else
            r->activities[r->activities_count++] = (struct offered_activity){type, p};
    }
}

static void index_macros(struct registry *r, struct plugin *p)
{
    for (uint32_t i = 0; i < p->desc->macros_count; i++) {
        const stressor_macro *macro = p->desc->macros[i];
        struct plugin *winner;
        if (registry_macro(r, macro->name, strlen(macro->name), &winner) != NULL)
            warn_hidden("macro", macro->name, p, winner);
        else
            r->macros[r->macros_count++] = (struct offered_macro){macro, p};
    }
}

static const struct offered_setting *find_setting(const struct registry *r, const char *section,
                                                  const char *name)
{
    for (size_t i = 0; i < r->settings_count; i++) {
        const stressor_setting *s = r->settings[i].setting;
        if (strcmp(s->section, section) == 0 && strcmp(s->arg->name, name) == 0)
            return &r->settings[i];
    }
    return NULL;
}

static void index_settings(struct registry *r, struct plugin *p)
{
    for (uint32_t i = 0; i < p->desc->settings_count; i++) {
        const stressor_setting *setting = p->desc->settings[i];
        const struct offered_setting *winner =
            find_setting(r, setting->section, setting->arg->name);
        if (winner != NULL)
            warn_hidden("setting", setting->arg->name, p, winner->plugin);
        else
            r->settings[r->settings_count++] = (struct offered_setting){setting, p};
    }
}

static void index_reporters(struct registry *r, struct plugin *p)
{
    for (uint32_t i = 0; i < p->desc->reporters_count; i++) {
        const stressor_reporter_type *type = p->desc->reporters[i];
        struct plugin *winner;
        if (registry_reporter(r, type->kind, &winner) != NULL)
            warn_hidden("reporter", type->kind, p, winner);
        else
            r->reporters[r->reporters_count++] = (struct offered_reporter){type, p};
    }
}

/* They are few: what hides them is found by looking through all. */
static void warn_hidden_engines(const struct registry *r, const struct plugin *p)
{
    for (uint32_t i = 0; i < p->desc->engines_count; i++) {
        const stressor_script_engine *e = p->desc->engines[i];
        struct plugin *winner = NULL;
        if (registry_engine(r, e->activity, e->language, NULL, &winner) != e && winner != p)
            warn_hidden("script language", e->language, p, winner);
        else if (*e->extension != '\0' &&
                 registry_engine(r, e->activity, NULL, e->extension, &winner) != e && winner != p)
            warn_hidden("script extension", e->extension, p, winner);
    }
}

static bool index_all(struct registry *r)
{
    size_t activities = 0, macros = 0, settings = 0, reporters = 0;
    for (size_t i = 0; i < r->plugins_count; i++) {
        activities += r->plugins[i].desc->activities_count;
        macros += r->plugins[i].desc->macros_count;
        settings += r->plugins[i].desc->settings_count;
        reporters += r->plugins[i].desc->reporters_count;
    }
    r->activities = arena_zero(&r->arena, activities * sizeof *r->activities);
    r->macros = arena_zero(&r->arena, macros * sizeof *r->macros);
    r->settings = arena_zero(&r->arena, settings * sizeof *r->settings);
    r->reporters = arena_zero(&r->arena, reporters * sizeof *r->reporters);
    if (r->activities == NULL || r->macros == NULL || r->settings == NULL || r->reporters == NULL)
        return false;
    for (size_t i = 0; i < r->plugins_count; i++) {
        index_activities(r, &r->plugins[i]);
        index_macros(r, &r->plugins[i]);
        index_settings(r, &r->plugins[i]);
        index_reporters(r, &r->plugins[i]);
        warn_hidden_engines(r, &r->plugins[i]);
    }
    return true;
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
           index_all(r);
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
                 p->desc->name, where(p), status);
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

static void tell_plugin(struct plugin **out, struct plugin *p)
{
    if (out != NULL)
        *out = p;
}

const stressor_activity_type *registry_activity(const struct registry *r, const char *name,
                                                size_t length, struct plugin **plugin)
{
    for (size_t i = 0; i < r->activities_count; i++) {
        if (same(r->activities[i].type->name, name, length))
            return registry_activity_at(r, i, plugin);
    }
    return NULL;
}

const stressor_macro *registry_macro(const struct registry *r, const char *name, size_t length,
                                     struct plugin **plugin)
{
    for (size_t i = 0; i < r->macros_count; i++) {
        if (same(r->macros[i].macro->name, name, length)) {
            tell_plugin(plugin, r->macros[i].plugin);
            return r->macros[i].macro;
        }
    }
    return NULL;
}

const stressor_setting *registry_setting(const struct registry *r, const char *section, size_t i,
                                         struct plugin **plugin)
{
    for (size_t k = 0; k < r->settings_count; k++) {
        if (strcmp(r->settings[k].setting->section, section) == 0 && i-- == 0) {
            tell_plugin(plugin, r->settings[k].plugin);
            return r->settings[k].setting;
        }
    }
    return NULL;
}

/* Goes through the engines of a type; `plugin` and `i` say where it stands. */
static const stressor_script_engine *next_engine(const struct registry *r, const char *activity,
                                                 size_t *plugin, uint32_t *i)
{
    for (; *plugin < r->plugins_count; (*plugin)++, *i = 0) {
        const stressor_plugin *desc = r->plugins[*plugin].desc;
        while (*i < desc->engines_count) {
            const stressor_script_engine *e = desc->engines[(*i)++];
            if (strcmp(e->activity, activity) == 0)
                return e;
        }
    }
    return NULL;
}

const stressor_script_engine *registry_engine(const struct registry *r, const char *activity,
                                              const char *language, const char *extension,
                                              struct plugin **plugin)
{
    size_t p = 0;
    uint32_t i = 0;
    for (const stressor_script_engine *e; (e = next_engine(r, activity, &p, &i)) != NULL;) {
        if (language != NULL ? strcmp(e->language, language) == 0
                             : extension != NULL && e->extension != NULL &&
                                   strcmp(e->extension, extension) == 0) {
            tell_plugin(plugin, &r->plugins[p]);
            return e;
        }
    }
    return NULL;
}

const char *registry_language(const struct registry *r, const char *activity, size_t index)
{
    size_t p = 0;
    uint32_t i = 0;
    for (const stressor_script_engine *e; (e = next_engine(r, activity, &p, &i)) != NULL;)
        if (registry_engine(r, activity, e->language, NULL, NULL) == e && index-- == 0)
            return e->language;
    return NULL;
}

void registry_suggest_activities(const struct registry *r, struct suggest *s)
{
    for (size_t i = 0; i < r->activities_count; i++)
        suggest_offer(s, r->activities[i].type->name, strlen(r->activities[i].type->name));
}

void registry_each_macro(const struct registry *r, void (*each)(void *to, const char *name),
                         void *to)
{
    for (size_t i = 0; i < r->macros_count; i++)
        each(to, r->macros[i].macro->name);
}

const stressor_activity_type *registry_activity_at(const struct registry *r, size_t i,
                                                   struct plugin **plugin)
{
    if (i >= r->activities_count)
        return NULL;
    tell_plugin(plugin, r->activities[i].plugin);
    return r->activities[i].type;
}

const stressor_reporter_type *registry_reporter(const struct registry *r, const char *kind,
                                                struct plugin **plugin)
{
    for (size_t i = 0; i < r->reporters_count; i++) {
        if (strcmp(r->reporters[i].type->kind, kind) == 0)
            return registry_reporter_at(r, i, plugin);
    }
    return NULL;
}

const stressor_reporter_type *registry_reporter_at(const struct registry *r, size_t i,
                                                   struct plugin **plugin)
{
    if (i >= r->reporters_count)
        return NULL;
    tell_plugin(plugin, r->reporters[i].plugin);
    return r->reporters[i].type;
}
