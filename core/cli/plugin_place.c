#include "cli/plugin_place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/plugin.h"
#include "cli/text.h"

char *plugin_place_user(void)
{
    const char *base = getenv("XDG_DATA_HOME"), *below = "";
    if (base == NULL || base[0] != '/') {
        base = getenv("HOME");
        below = "/.local/share";
    }
    if (base == NULL || base[0] != '/')
        return NULL;
    char *folder = text_format("%s%s/stressor/plugins", base, below);
    char *real = folder != NULL ? realpath(folder, NULL) : NULL;
    if (real == NULL)
        return folder;
    free(folder);
    return real;
}

const char *plugin_place_system(const json_t *all)
{
    const json_t *folders = json_object_get(all, "folders");
    size_t count = json_array_size(folders);
    return count > 0 ? json_string_value(json_array_get(folders, count - 1)) : NULL;
}

/* The rules of core/plugin/discover.h, but for those of sudo: what root installs for others belongs
 * to root. */
bool plugin_place_trusted(const char *path, char *why, size_t size)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        snprintf(why, size, "it cannot be examined: %s", strerror(errno));
        return false;
    }
    unsigned mode = (unsigned)st.st_mode & 07777u;
    if (st.st_uid != 0 && st.st_uid != geteuid() && geteuid() != 0)
        snprintf(why, size, "it belongs to user %lu, who is neither root nor you",
                 (unsigned long)st.st_uid);
    else if ((mode & S_IWOTH) != 0)
        snprintf(why, size, "it is writable by everybody (mode %04o)", mode);
    else if ((mode & S_IWGRP) != 0 && st.st_gid != getegid())
        snprintf(why, size, "it is writable by group %lu, which is not your own (mode %04o)",
                 (unsigned long)st.st_gid, mode);
    else
        return true;
    return false;
}

int plugin_place_open(const char *folder, bool system)
{
    char why[200];
    if (!files_make_folders(folder))
        return plugin_failed("cannot make the folder %s: %s", folder, strerror(errno));
    if (access(folder, W_OK | X_OK) != 0)
        return plugin_failed("cannot write to %s: %s%s", folder, strerror(errno),
                             system ? "; without --system a plugin is yours alone" : "");
    if (!plugin_place_trusted(folder, why, sizeof why))
        return plugin_failed("no plugin in %s would be loaded: %s", folder, why);
    return COMMAND_FINE;
}
