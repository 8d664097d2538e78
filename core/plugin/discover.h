/*
 * discover -- which files are candidates for plugins, and which of them are to be trusted.
 *
 * Folders in this order: those given, STRESSOR_PLUGIN_PATH, $XDG_DATA_HOME/stressor/plugins
 * (~/.local/share/…), the install's lib/stressor/plugins (found relative to the library; in a build
 * tree, the build's own plugins folder). Environment and home are ignored when the process is
 * privileged (AT_SECURE). In a folder: regular files named *.so, sorted by name. Never the
 * current folder, never `.la` files.
 */
#ifndef CORE_PLUGIN_DISCOVER_H
#define CORE_PLUGIN_DISCOVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

struct discover_file {
    const char *path;   /* absolute */
    const char *reason; /* NULL, or why it is refused without being opened */
};

struct discover {
    const char **folders; /* absolute, in the order of the search, those that do not exist too */
    size_t folders_count;
    struct discover_file *files;
    size_t files_count;
};

/* Everything lives in the arena. False: out of memory. */
bool discover_plugins(const char *const *given, struct arena *a, struct discover *out);
/* May the file be loaded? A regular file that is ELF, not world-writable, not writable by a foreign
 * group, owned by root or the user (or SUDO_UID), in a folder of which the same holds. */
bool discover_trusted(const char *path, struct buf *why);
/* The part of it that regards an open file, whatever it holds. */
bool discover_owned(int fd, struct buf *why);

#endif
