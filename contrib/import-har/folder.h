/*
 * folder -- files that appear together or not at all.
 *
 * They are written into a new folder beside the target, and only when all of them are there are
 * they put in place: the folder is renamed. Where the target is a folder already, the new one is
 * made in it, and each file is exchanged with the one that it replaces; if that fails half-way, it
 * is undone. What else is in the folder stays.
 */
#ifndef IMPORT_HAR_FOLDER_H
#define IMPORT_HAR_FOLDER_H

#include "say.h"
#include "text.h"

enum { FILES_MAX = 1100 };

struct files {
    struct {
        const char *name;
        struct span content;
    } items[FILES_MAX];
    size_t count;
    bool is_private; /* they hold secrets: only their owner may read them */
};

/* Both are borrowed until the files are written. False: there are too many. */
bool files_add(struct files *f, const char *name, struct span content);

/* May TARGET be written? Without `force` it may not be there, or be an empty folder. */
bool folder_check(const char *target, bool force, struct say *say);
/* False: it was said why, and nothing has changed. */
bool folder_write(const char *target, const struct files *files, bool force, struct say *say);

#endif
