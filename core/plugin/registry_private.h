/*
 * What the files of registry share.
 */
#ifndef CORE_PLUGIN_REGISTRY_PRIVATE_H
#define CORE_PLUGIN_REGISTRY_PRIVATE_H

#include "base/arena.h"
#include "plugin/discover.h"
#include "plugin/manifest.h"
#include "plugin/registry.h"

enum offer_kind { OFFER_ACTIVITY, OFFER_MACRO, OFFER_SETTING, OFFER_REPORTER, OFFER_KINDS };

/* What won its name. */
struct offered {
    const char *section; /* of a setting; else NULL */
    const char *name;
    struct plugin *plugin;
    uint32_t place; /* in the plugin's own table */
};

/* In the order of the plugins. */
struct offers {
    struct offered *items;
    size_t count;
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
    struct offers index[OFFER_KINDS];
    bool closed;
};

/* For messages. */
const char *registry_where(const struct plugin *p);
/* Makes the index of all plugins but those that are gone; `warn` of what is hidden. False: out of
 * memory, and the index is the one from before. */
bool registry_index(struct registry *r, bool warn);

#endif
