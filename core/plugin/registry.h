/*
 * registry -- all plugins that were found, and an index of what they offer.
 *
 * Made once per engine. A plugin whose manifest lies beside it (manifest.h) is opened when a name
 * that it offers is used, else when the registry is made. Its descriptor is checked then: ABI minor
 * and draft, sizes, names, schemas; see descriptor.h. A refused one keeps its reason, which the log
 * warns of too, and so does a second plugin of the same name. Two plugins with the same type,
 * macro, setting or kind of reporter: the first wins, with a warning in the log that names both.
 * Built-in plugins come first. `init` is called at the first use.
 *
 * What may open a plugin takes a registry that is not const; it is [main], and so is what changes
 * the index. A run opens what it may need before its threads start.
 */
#ifndef CORE_PLUGIN_REGISTRY_H
#define CORE_PLUGIN_REGISTRY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/plugin.h>
#include <stressor/stressor.h>

#include "base/buf.h"
#include "base/suggest.h"

struct registry;

struct manifest;

/* A plugin that was not refused when the registry was made. Members from `used` on are set by
 * registry_use. */
struct plugin {
    const stressor_plugin *desc; /* NULL: it is not open */
    const char *path;            /* NULL: built in */
    const struct manifest *offer;
    uint32_t index; /* 0, 1, … */
    uint32_t entry; /* of registry_entry */
    bool gone;      /* refused when it was to be opened: it offers nothing */
    bool used;      /* init was called and succeeded */
    bool failed;    /* init was called and failed */
    /* Never call fini: in some run, one of its threads never returned. [any] */
    _Atomic bool keep;
    uint32_t slot; /* 0, 1, … among those that the run uses: sessions have room for these only */
    void *data;    /* what init gave */
};

/* `host` is what plugins receive; borrowed. NULL: out of memory, or libltdl does not start. */
struct registry *registry_new(const stressor_host *host, const char *const *paths,
                              const stressor_plugin_entry *builtins);
/* Calls fini of those in use, last first; what the registry holds stays. */
void registry_close(struct registry *r);
/* Closes it first, if nobody has. NULL is fine. */
void registry_free(struct registry *r);

size_t registry_count(const struct registry *r); /* of plugins that were not refused */
struct plugin *registry_plugin(const struct registry *r, size_t index);
/* Opens it if it is not. False: it is refused, which the log warns of. */
bool registry_open(struct registry *r, struct plugin *p);
void registry_open_all(struct registry *r);
void registry_open_reporters(struct registry *r);
/* Calls init once, of an open plugin. False: it failed, and said why in the log. */
bool registry_use(struct registry *r, struct plugin *p);

/* All candidates, refused ones included, and the folders searched: for stressor.h. Neither refused
 * nor with a plugin: it is not open. */
size_t registry_entries_count(const struct registry *r);
const stressor_plugin_entry_info *registry_entry(const struct registry *r, size_t i);
const char *registry_folder(const struct registry *r, size_t i);

/* By name: these open the plugin that offers it. NULL: nobody offers it. `*plugin` is whose it is;
 * `plugin` may be NULL, here and below. */
const stressor_activity_type *registry_activity(struct registry *r, const char *name, size_t length,
                                                struct plugin **plugin);
const stressor_macro *registry_macro(struct registry *r, const char *name, size_t length,
                                     struct plugin **plugin);
const stressor_reporter_type *registry_reporter(struct registry *r, const char *kind,
                                                struct plugin **plugin);
/* The engine that runs an activity type for a language ("python"), or for files of an extension
 * (".py"); either may be NULL. The first one found, in the order of the plugins. */
const stressor_script_engine *registry_engine(struct registry *r, const char *activity,
                                              const char *language, const char *extension,
                                              struct plugin **plugin);
/* Opens the plugin that offers a setting of a section ("config", "sessions"). False: nobody does.
 */
bool registry_open_setting(struct registry *r, const char *section, const char *name,
                           size_t length);
/* Opens all that offer one. */
void registry_open_settings(struct registry *r, const char *section);

/* One after the other, over the plugins that are open, those that won their name; NULL past the
 * last. */
const stressor_activity_type *registry_activity_at(const struct registry *r, size_t i,
                                                   struct plugin **plugin);
const stressor_reporter_type *registry_reporter_at(const struct registry *r, size_t i,
                                                   struct plugin **plugin);
const stressor_setting *registry_setting(const struct registry *r, const char *section, size_t i,
                                         struct plugin **plugin);

/* Names over all plugins, open or not; NULL past the last. */
const char *registry_activity_name(const struct registry *r, size_t i);
const char *registry_reporter_kind(const struct registry *r, size_t i);
const char *registry_setting_name(const struct registry *r, const char *section, size_t i);
/* The languages that there are engines of for a type, each once. */
const char *registry_language(const struct registry *r, const char *activity, size_t index);
/* Offers all names of activities, or of macros, for "did you mean". */
void registry_suggest_activities(const struct registry *r, struct suggest *s);
void registry_each_macro(const struct registry *r, void (*each)(void *to, const char *name),
                         void *to);

#endif
