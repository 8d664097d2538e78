/*
 * registry -- all plugins that were found, and an index of what they offer.
 *
 * Made once per engine. A plugin is opened when the registry is made (a manifest beside it, which
 * would let it wait, is not written yet). Its descriptor is checked: ABI minor and draft, sizes,
 * names, schemas; see descriptor.h. A refused one keeps its reason, which the log warns of too, and
 * so does a second plugin of the same name. Two plugins with the same type, macro, setting or kind
 * of reporter: the first wins, with a warning in the log that names both. Built-in plugins come
 * first. `init` is called at the first use. [main]
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

/* A plugin that is loaded. Members after `plugin` are set by registry_use. */
struct plugin {
    const stressor_plugin *desc;
    const char *path; /* NULL: built in */
    uint32_t index;   /* 0, 1, … among the loaded ones */
    bool used;        /* init was called and succeeded */
    bool failed;      /* init was called and failed */
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

size_t registry_count(const struct registry *r); /* of loaded plugins */
struct plugin *registry_plugin(const struct registry *r, size_t index);
/* Calls init once. False: it failed, and said why in the log. */
bool registry_use(struct registry *r, struct plugin *p);

/* All candidates, refused ones included, and the folders searched: for stressor.h. */
size_t registry_entries_count(const struct registry *r);
const stressor_plugin_entry_info *registry_entry(const struct registry *r, size_t i);
const char *registry_folder(const struct registry *r, size_t i);

/* NULL: nobody offers it. `*plugin` is whose it is; `plugin` may be NULL, here and below. */
const stressor_activity_type *registry_activity(const struct registry *r, const char *name,
                                                size_t length, struct plugin **plugin);
const stressor_macro *registry_macro(const struct registry *r, const char *name, size_t length,
                                     struct plugin **plugin);
/* The i-th setting of a section ("config", "sessions"), over all plugins; NULL past the last. */
const stressor_setting *registry_setting(const struct registry *r, const char *section, size_t i,
                                         struct plugin **plugin);
/* The engine that runs an activity type for a language ("python"), or for files of an extension
 * (".py"); either may be NULL. The first one found, in the order of the plugins; NULL: nobody. */
const stressor_script_engine *registry_engine(const struct registry *r, const char *activity,
                                              const char *language, const char *extension,
                                              struct plugin **plugin);
/* The languages that there are engines of for a type, each once; NULL past the last. */
const char *registry_language(const struct registry *r, const char *activity, size_t index);
/* Offers all names of activities, or of macros, for "did you mean". */
void registry_suggest_activities(const struct registry *r, struct suggest *s);
void registry_each_macro(const struct registry *r, void (*each)(void *to, const char *name),
                         void *to);
/* The i-th activity type over all plugins (those that won their name); NULL past the last. */
const stressor_activity_type *registry_activity_at(const struct registry *r, size_t i,
                                                   struct plugin **plugin);
/* The reporter of a kind; NULL: nobody offers it. */
const stressor_reporter_type *registry_reporter(const struct registry *r, const char *kind,
                                                struct plugin **plugin);
/* The i-th over all plugins (those that won their kind); NULL past the last. */
const stressor_reporter_type *registry_reporter_at(const struct registry *r, size_t i,
                                                   struct plugin **plugin);

#endif
