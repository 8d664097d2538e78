#include "cli/plugin_clash.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/plugin_probe.h"

static bool holds(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), name) == 0)
            return true;
    }
    return false;
}

static size_t print_with(const json_t *plugin, const json_t *other)
{
    size_t count = 0;
    const char *path = plugin_text(other, "path");
    const char *name = plugin_text(other, "name");
    if (strcmp(name, plugin_text(plugin, "name")) == 0) {
        fprintf(stderr, "  a plugin %s is there already: %s\n", name, path);
        count++;
    }
    for (const struct plugin_kind *k = plugin_kinds; k->key != NULL; k++) {
        const json_t *mine = json_object_get(plugin, k->key);
        for (size_t i = 0; i < json_array_size(mine); i++) {
            const char *thing = json_string_value(json_array_get(mine, i));
            if (!holds(json_object_get(other, k->key), thing))
                continue;
            fprintf(stderr, "  the %s %s is that of the plugin %s: %s\n", k->thing, thing, name,
                    path);
            count++;
        }
    }
    return count;
}

size_t plugin_clash_print(const json_t *plugin, const json_t *all, const char *replaced)
{
    const json_t *plugins = json_object_get(all, "plugins");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(plugins); i++) {
        const json_t *other = json_array_get(plugins, i);
        if (strcmp(plugin_text(other, "path"), replaced) != 0)
            count += print_with(plugin, other);
    }
    return count;
}
