/*
 * settings -- how a recording is imported; a YAML file of `--opts` changes them.
 */
#ifndef IMPORT_HAR_SETTINGS_H
#define IMPORT_HAR_SETTINGS_H

#include <stdint.h>

#include "say.h"
#include "text.h"

enum { SETTINGS_TYPES_MAX = 50, SETTINGS_FILE_MAX = 64 << 10, SETTINGS_VALUE_MAX = 500 };

struct settings {
    char base_url[SETTINGS_VALUE_MAX]; /* an origin; "": the most used */
    bool skip_externals, skip_errors, keep_secrets;
    double collate_max_len, collate_max_duration_s, collate_max_pause_s, collate_thread_count;
    double pause_min_s, pause_max_s;
    struct type_regex *types[SETTINGS_TYPES_MAX];
    size_t types_count;
    bool file_wrong; /* what settings_read failed at is a mistake in the file */
};

/* The defaults. False: out of memory. */
bool settings_init(struct settings *s, struct say *say);
void settings_finish(struct settings *s);
/* False: it was said what is wrong with the file. */
bool settings_read(struct settings *s, const char *path, struct say *say);
/* Is it a type of static files? */
bool settings_is_static(const struct settings *s, struct span type);

#endif
