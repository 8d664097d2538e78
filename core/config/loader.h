/*
 * loader -- a scenario file with everything it loads, as one tree.
 *
 * Load-time macros stand as the whole value: `$load(PATH)`, `$env(NAME)`, `$env(NAME, default)`,
 * and those that plugins offer. Text after one is an error; text before it makes it literal.
 * $load reads YAML in place, or text for a key `script`; only files in or below the scenario's
 * folder, links included (openat2 with RESOLVE_BENEATH, or the same walk by hand where the kernel
 * lacks it); recursive loads are errors.
 */
#ifndef CORE_CONFIG_LOADER_H
#define CORE_CONFIG_LOADER_H

#include "config/node.h"
#include "config/template.h"

struct loader;

/* `scope` (borrowed) finds the load-time macros of plugins. */
struct loader *loader_new(struct arena *a, struct diag *d, const struct template_scope *scope);
void loader_free(struct loader *l);

/* Reads `path` (with or without .yaml, or a folder holding scenario.yaml). NULL: there is nothing
 * to go on with. Mistakes are recorded in any case; nodes that are marked `broken` stand for what
 * they spoilt, so that the rest can be checked too. */
struct node *loader_file(struct loader *l, const char *path);
/* The same from memory; `folder` NULL: $load is refused. */
struct node *loader_memory(struct loader *l, const char *text, size_t length, const char *name,
                           const char *folder);
/* The scenario's file name without folder and extension: the default of config.name. Of a folder's
 * scenario.yaml: the folder's name. Lives in the arena. */
const char *loader_stem(const struct loader *l);
/* The folder, open; -1 when there is none. Owned by the loader. */
int loader_folder(const struct loader *l);

/* Opens a file beneath `folder` for reading. Negative: -EXDEV when it would leave the folder, else
 * -errno. */
int loader_open_beneath(int folder, const char *path, size_t length);
/* The same for a folder beneath it; "" and ".": that folder itself. */
int loader_open_folder_beneath(int folder, const char *path, size_t length);

#endif
