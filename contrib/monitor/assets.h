/*
 * assets -- the files of the page, built into the plugin.
 */
#ifndef CONTRIB_MONITOR_ASSETS_H
#define CONTRIB_MONITOR_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct asset {
    const char *path; /* "/app.js" */
    const char *type;
    const char *bytes;
    size_t size;
};

/* The file of that path; false: there is none. */
bool asset_find(const char *path, struct asset *out);

#endif
