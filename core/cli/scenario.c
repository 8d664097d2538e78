#include "cli/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"

bool scenario_overrides_init(struct scenario_overrides *o, int argc)
{
    *o = (struct scenario_overrides){.texts = calloc((size_t)argc + 1, sizeof *o->texts)};
    if (o->texts == NULL)
        fprintf(stderr, "stressor: out of memory\n");
    return o->texts != NULL;
}

void scenario_overrides_finish(struct scenario_overrides *o)
{
    free(o->texts);
}

bool scenario_overrides_add(struct scenario_overrides *o, const char *command, const char *value)
{
    const char *colon = strchr(value, ':');
    if (colon == NULL || colon == value) {
        command_wrong(command, "-o wants NAME:VALUE, such as -o tag:nightly, not \"%s\"", value);
        return false;
    }
    o->texts[o->count++] = value;
    return true;
}

stressor_engine *scenario_engine(struct console *console, const struct common_options *common)
{
    const stressor_engine_options options = {
        .size = sizeof options,
        .log_level = console->level,
        .log = console_log,
        .log_data = console,
        .plugin_paths = common->plugin_paths,
    };
    return stressor_engine_new(&options);
}

void scenario_say_mistakes(struct console *console, stressor_engine *engine)
{
    for (size_t i = 0; i < stressor_mistakes_count(engine); i++) {
        bool warning = stressor_mistake_is_warning(engine, i) != 0;
        console_plain(console, warning ? STRESSOR_LOG_WARNING : STRESSOR_LOG_ERROR,
                      stressor_mistake_text(engine, i));
    }
}

void scenario_file(const char *path, char *out, size_t size)
{
    struct stat s;
    snprintf(out, size, "%s", path);
    if (stat(path, &s) != 0 || !S_ISDIR(s.st_mode))
        return;
    const char *folder = strcmp(path, ".") == 0 ? "" : path;
    size_t length = strlen(folder);
    snprintf(out, size, "%s%sscenario.yaml", folder,
             length == 0 || folder[length - 1] == '/' ? "" : "/");
    if (stat(out, &s) != 0 || S_ISDIR(s.st_mode))
        snprintf(out, size, "%s", path);
}
