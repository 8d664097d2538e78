/* Nothing is wrong, and nothing is there. */
#include <stressor/plugin.h>

static const stressor_plugin descriptor = {.size = sizeof descriptor,
                                           .abi_minor = STRESSOR_ABI_MINOR,
                                           .abi_draft = STRESSOR_ABI_DRAFT,
                                           .name = "offers_nothing",
                                           .version = "1.0.0",
                                           .help = "Offers nothing"};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &descriptor;
}
