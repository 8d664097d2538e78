/*
 * manifest -- what a plugin offers, written beside its file, so that it need not be opened to know.
 *
 * Beside NAME.so lies NAME.manifest, JSON. It holds for the one file whose build id it names; where
 * they disagree, or it is malformed or not to be trusted, it is as if there were none. It holds
 * names only: whatever is used is taken from the plugin itself, and checked then.
 */
#ifndef CORE_PLUGIN_MANIFEST_H
#define CORE_PLUGIN_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/plugin.h>

#include "base/arena.h"
#include "base/buf.h"

enum {
    MANIFEST_VERSION = 1,
    MANIFEST_SIZE_MAX = 1 << 20, /* bytes of the file */
};

struct manifest_setting {
    const char *section, *name;
};

struct manifest_engine {
    const char *activity, *language;
    const char *extension; /* ".py"; empty: none */
};

/* Texts and tables are never NULL, but for the build id of a plugin without a file. Tables hold
 * DESCRIPTOR_TABLE_MAX entries at most. */
struct manifest {
    const char *name, *version, *help;
    const char *build_id; /* lower-case hex */
    uint32_t abi_minor;   /* the least that it can live with */
    const char **activities, **macros, **reporters;
    struct manifest_setting *settings;
    struct manifest_engine *engines;
    uint32_t activities_count, macros_count, reporters_count, settings_count, engines_count;
};

/* Of a descriptor from descriptor_check, whose texts it borrows. NULL: out of memory. */
struct manifest *manifest_of(const stressor_plugin *desc, struct arena *a);
/* Do they offer the same, in the same order? */
bool manifest_same(const struct manifest *a, const struct manifest *b);

/* As the text of a file. False: the buffer failed. */
bool manifest_write(const struct manifest *m, struct buf *out);
/* All of it lives in the arena. NULL: `why` says what is wrong with it. */
struct manifest *manifest_parse(const char *text, size_t length, struct arena *a, struct buf *why);

/* The manifest beside the plugin at this path, if it is that of the file as it is now. NULL: there
 * is none that holds; `why` is empty where there is no such file. */
struct manifest *manifest_find(const char *path, struct arena *a, struct buf *why);
/* Loads the plugin at this absolute path and writes its manifest. False: `why` says what is wrong
 * with the plugin. [main] */
bool manifest_make(const char *path, struct buf *out, struct buf *why);

#endif
