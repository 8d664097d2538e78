#include "cli/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/target.h"
#include "cli/text.h"

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

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static bool is_file(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && !S_ISDIR(s.st_mode);
}

char *scenario_read_from(const char *path)
{
    char *inside = text_format("%s/scenario.yaml", path);
    char *longer = text_format("%s.yaml", path);
    char *found = NULL;
    if (inside != NULL && longer != NULL) {
        const char *other = is_file(inside) ? inside : is_file(longer) ? longer : path;
        found = strdup(is_file(path) ? path : other);
    }
    free(inside);
    free(longer);
    return found;
}

/* False: no, or out of memory, which has been said. */
static bool outlives_log(const char *path, const char *log, const char *command)
{
    char *file = scenario_read_from(path);
    bool outlives = file != NULL && !target_same(file, log);
    if (file == NULL)
        command_wrong(command, "out of memory");
    else if (!outlives)
        command_wrong(command,
                      "the log would replace the scenario %s; give it a path of its own: "
                      "--log PATH",
                      file);
    free(file);
    return outlives;
}

bool scenario_console(struct console *console, const struct common_options *common,
                      const char *command, char *const *words, int count)
{
    static char dot[] = ".";
    static char *const here[] = {dot};
    bool writes = common->log != NULL && !is_folder(common->log);
    if (count == 0) {
        words = here;
        count = 1;
    }
    for (int i = 0; writes && i < count; i++) {
        if (!outlives_log(words[i], common->log, command))
            return false;
    }
    return console_open(console, common);
}
