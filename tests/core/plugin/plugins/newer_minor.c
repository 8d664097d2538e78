#include "plugin.h"

static const stressor_plugin plugin = {.size = sizeof plugin + 64,
                                       .abi_minor = 7,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "newer",
                                       .version = "1.0"};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
