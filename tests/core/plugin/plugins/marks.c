/* Tells by the environment that it was loaded, which must not happen. */
#include "plugin.h"

#include <stdlib.h>

static const stressor_plugin plugin = {
    .size = sizeof plugin, .abi_draft = STRESSOR_ABI_DRAFT, .name = "marks"};

__attribute__((constructor)) static void mark(void)
{
    setenv("STRESSOR_TEST_MARK", "loaded", 1);
}

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
