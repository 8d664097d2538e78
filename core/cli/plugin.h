/*
 * plugin -- the parts of `stressor plugin`, one file each, and what they share.
 *
 * plugin.c holds the table of them.
 */
#ifndef CORE_CLI_PLUGIN_H
#define CORE_CLI_PLUGIN_H

#include <stressor/stressor.h>

#include "cli/command.h"
#include "cli/console.h"

extern const struct command plugin_check;
extern const struct command plugin_info;
extern const struct command plugin_install;
extern const struct command plugin_list;
extern const struct command plugin_manifest;
extern const struct command plugin_new;
extern const struct command plugin_remove;

/* An engine that finds plugins as the options say, with its log on the console. Plugins that are
 * refused are not warned of unless -vv asks for it. `refuse` and `data` are those of
 * stressor_engine_options. NULL: it does not start, which was said. */
stressor_engine *plugin_engine(struct console *console, const struct common_options *common,
                               const char *(*refuse)(void *data, const char *path), void *data);

/* Prints "stressor: TEXT". Always COMMAND_ERRORS. */
int plugin_failed(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Writes FILE.manifest for a FILE.so whole or not at all; the plugin is loaded in a process of its
 * own. Returns the exit code; what is wrong was said. */
int plugin_manifest_write(const char *file);

#endif
