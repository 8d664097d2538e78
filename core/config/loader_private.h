/*
 * The inside of a loader, shared by its files.
 */
#ifndef CORE_CONFIG_LOADER_PRIVATE_H
#define CORE_CONFIG_LOADER_PRIVATE_H

#include <sys/types.h>

#include "config/loader.h"

/* A file that was loaded, or is being loaded. */
struct loaded {
    dev_t device;
    ino_t inode;
    bool script; /* as text, not as YAML */
    bool open;   /* not yet done: to load it again would never end */
    const char *name;
    struct node *node; /* NULL: it had mistakes, which are recorded */
};

struct loader {
    struct arena *arena;
    struct diag *diag;
    const struct template_scope *scope;
    int folder;
    const char *prefix; /* of the names of loaded files in messages: "dir/" or "" */
    const char *stem;
    struct loaded *files;
    size_t files_count;
    size_t files_capacity;
    unsigned depth; /* of loads in loads */
};

/* Replaces the load-time macros in a tree. `key` is the one that the node stands under, or NULL.
 * `depth` is that of the node if it is a container, 1 at the top. NULL: it cannot go on; other
 * mistakes are recorded, and the tree is still safe to read. */
struct node *loader_resolve(struct loader *l, struct node *n, const char *key, unsigned depth);
/* $load(path) at `at`. NULL: mistakes were recorded. */
struct node *loader_load(struct loader *l, const struct place *at, const char *path, size_t length,
                         bool script);
/* Notes a file that is open now; negative: out of memory (recorded). */
int loader_remember(struct loader *l, int fd, const char *name, bool script);
bool loader_no_memory(struct loader *l);

#endif
