/* Two arguments of one name. */
#include "plugin.h"

static const stressor_arg arg = {
    .size = sizeof arg, .types = STRESSOR_ARG_STRING, .name = "twice", .help = "an argument"};
static const stressor_arg *const args[] = {&arg, &arg};
static const stressor_activity_type type = {
    .size = sizeof type, .name = "Twice", .args = args, .args_count = 2, .start = do_nothing};
static const stressor_activity_type *const types[] = {&type};
static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "bad-schema",
                                       .activities = types,
                                       .activities_count = 1};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
