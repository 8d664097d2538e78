/* Another plugin with the type Hello. */
#include "plugin.h"

static const stressor_activity_type hello = {
    .size = sizeof hello, .name = "Hello", .help = "Say hello otherwise", .start = do_nothing};
static const stressor_activity_type own = {
    .size = sizeof own, .name = "Own", .help = "Nobody else has it", .start = do_nothing};
static const stressor_activity_type *const types[] = {&hello, &own};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "same-type",
                                       .version = "1.0",
                                       .activities = types,
                                       .activities_count = 2};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
