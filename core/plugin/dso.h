/*
 * dso -- opens a plugin's file: the only place that knows libltdl and dlopen.
 *
 * libltdl hides the loader's reasons, opens lazily, tries `.la` files and system folders, and is
 * not thread-safe. So a file is opened strictly with dlopen first (RTLD_NOW | RTLD_LOCAL |
 * RTLD_NODELETE), whose failure is the refusal and whose text is the reason; only then libltdl is
 * given the same absolute path. Plugins are never unloaded. [main]
 */
#ifndef CORE_PLUGIN_DSO_H
#define CORE_PLUGIN_DSO_H

#include <stdbool.h>

#include <stressor/plugin.h>

#include "base/buf.h"

bool dso_init(struct buf *why); /* counted: as many dso_exit */
void dso_exit(void);

/* Who is asked before a file is opened: not NULL is the reason for a refusal. NULL: nobody. */
void dso_set_guard(const char *(*refuse)(void *data, const char *path), void *data);

/* The entry function of the file at this absolute path. NULL: `why` says what the loader said, or
 * that there is no entry (and which other version it has, if so). While the file is being opened,
 * the process's breadcrumb names it: if the process dies there, a line on standard error says in
 * which plugin. (No signal handler outlives the call.) */
stressor_plugin_entry dso_open(const char *path, struct buf *why);
/* What the entry returns, with the breadcrumb in place too. */
const stressor_plugin *dso_describe(const char *path, stressor_plugin_entry entry);

#endif
