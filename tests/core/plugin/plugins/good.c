/* A plugin as it should be. */
#include "plugin.h"

static const stressor_arg whom = {
    .size = sizeof whom, .types = STRESSOR_ARG_STRING, .name = "whom", .help = "whom to greet"};
static const stressor_arg *const hello_args[] = {&whom};
static const stressor_activity_type hello = {.size = sizeof hello,
                                             .name = "Hello",
                                             .help = "Say hello",
                                             .args = hello_args,
                                             .args_count = 1,
                                             .start = do_nothing};
static const stressor_activity_type *const types[] = {&hello};

static const char *const positions[] = {"whom", NULL};
static const stressor_macro hello_macro = {.size = sizeof hello_macro,
                                           .kind = STRESSOR_MACRO_ACTIVITY,
                                           .name = "hello",
                                           .args = positions,
                                           .activity = "Hello"};
static const stressor_macro *const macros[] = {&hello_macro};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "good",
                                       .version = "1.0",
                                       .activities = types,
                                       .activities_count = 1,
                                       .macros = macros,
                                       .macros_count = 1};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
