#include "cli/plugin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

/* In the order in which help lists them. */
static const struct command *const parts[] = {
    &plugin_list,    &plugin_info,   &plugin_new,      &plugin_check,
    &plugin_install, &plugin_remove, &plugin_manifest, NULL,
};

stressor_engine *plugin_engine(struct console *console, const struct common_options *common,
                               const char *(*refuse)(void *data, const char *path), void *data)
{
    console->level =
        common->verbose > 1 ? STRESSOR_LOG_TRACE : common_options_level(common, STRESSOR_LOG_ERROR);
    if (common->verbose == 1)
        console->level = STRESSOR_LOG_ERROR;
    const stressor_engine_options options = {
        .size = sizeof options,
        .log_level = console->level,
        .log = console_log,
        .log_data = console,
        .plugin_paths = common->plugin_paths,
        .refuse_plugin = refuse,
        .refuse_plugin_data = data,
    };
    return stressor_engine_new(&options);
}

int plugin_failed(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = text_format_args(fmt, args);
    va_end(args);
    char *clean = text != NULL ? text_clean(text, strlen(text), "\\n") : NULL;
    fprintf(stderr, "stressor: %s\n", clean != NULL ? clean : "out of memory");
    free(text);
    free(clean);
    return COMMAND_ERRORS;
}

const struct command command_plugin = {
    .name = "plugin",
    .usage = "NAME [ARGUMENT]...",
    .help = "Shows, installs, removes and checks plugins, and begins new ones",
    .run = command_run_part,
    .parts = parts,
};
