/* Another plugin for the language upper, and one more language for the extension .up. */
#include "plugin.h"

static const stressor_script_engine same = {.size = sizeof same,
                                            .activity = "RunScript",
                                            .language = "upper",
                                            .extension = ".upper",
                                            .start = do_nothing};
static const stressor_script_engine other = {.size = sizeof other,
                                             .activity = "RunScript",
                                             .language = "up",
                                             .extension = ".up",
                                             .start = do_nothing};
static const stressor_script_engine *const engines[] = {&same, &other};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "upper-again",
                                       .version = "1.0",
                                       .engines = engines,
                                       .engines_count = 2};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
