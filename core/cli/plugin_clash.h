/*
 * plugin_clash -- what a plugin would hide of others, or they of it: names of activity types,
 * macros, settings, kinds of reports, script languages, and its own.
 */
#ifndef CORE_CLI_PLUGIN_CLASH_H
#define CORE_CLI_PLUGIN_CLASH_H

#include <jansson.h>
#include <stddef.h>

/* Prints a line for each such name on standard error, and returns how many there are. `all` is what
 * plugin_probe_all gave; the plugin of the file `replaced` is not compared. */
size_t plugin_clash_print(const json_t *plugin, const json_t *all, const char *replaced);

#endif
