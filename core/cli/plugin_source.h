/*
 * plugin_source -- from what `plugin install` is given to the built plugins in it: a .so as it is,
 * a source folder built with cmake, a .tar.gz of such a folder. Unpacking and building happen in a
 * temporary folder. [main]
 */
#ifndef CORE_CLI_PLUGIN_SOURCE_H
#define CORE_CLI_PLUGIN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#define PLUGIN_SOURCE_FILES_MAX 16

struct plugin_source {
    char *work;                           /* the temporary folder; NULL: none */
    char *files[PLUGIN_SOURCE_FILES_MAX]; /* built plugins, absolute */
    size_t count;
};

/* Returns the exit code; what is wrong was said. plugin_source_close in any case. */
int plugin_source_open(struct plugin_source *s, const char *path);
/* Removes the temporary folder. */
void plugin_source_close(struct plugin_source *s);

#endif
