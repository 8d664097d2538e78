#include "cli/plugin.h"

#include <stddef.h>

/* In the order in which help lists them. */
static const struct command *const parts[] = {
    &plugin_list,
    &plugin_info,
    &plugin_manifest,
    NULL,
};

stressor_engine *plugin_engine(struct console *console, const struct common_options *common)
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
    };
    return stressor_engine_new(&options);
}

const struct command command_plugin = {
    .name = "plugin",
    .usage = "NAME [ARGUMENT]...",
    .help = "Shows, installs, removes and checks plugins, and begins new ones",
    .run = command_run_part,
    .parts = parts,
};
