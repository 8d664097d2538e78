/*
 * plugin_place -- the two folders that plugins are installed in: the user's, and that of the
 * install of stressor. [main]
 */
#ifndef CORE_CLI_PLUGIN_PLACE_H
#define CORE_CLI_PLUGIN_PLACE_H

#include <jansson.h>
#include <stdbool.h>

/* $XDG_DATA_HOME/stressor/plugins or ~/.local/share/stressor/plugins, by its real path where it is
 * there; to be freed. NULL: there is no home, or no memory. */
char *plugin_place_user(void);
/* The last of "folders" of plugin_probe_all. NULL: unknown. */
const char *plugin_place_system(const json_t *all);

/* Makes the folder where it is missing. Returns the exit code; what is wrong was said: it cannot be
 * written to, or plugins in it would be refused, as others can write to it. */
int plugin_place_open(const char *folder, bool system);
/* Would a plugin be refused for its owner and mode? `why` then says so. */
bool plugin_place_trusted(const char *path, char *why, size_t size);

#endif
