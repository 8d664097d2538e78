/*
 * echo -- a plugin in C11 that says again what it is given.
 */
#include <stressor/plugin.h>

static const stressor_arg text = {.size = sizeof text,
                                  .types = STRESSOR_ARG_STRING,
                                  .flags = STRESSOR_ARG_REQUIRED,
                                  .name = "text",
                                  .help = "What to say"};
static const stressor_arg *const args[] = {&text};

/* Not static: that it is exported all the same would be a fault of the build. */
int32_t echo_start(stressor_exec *exec, stressor_result *result);

int32_t echo_start(stressor_exec *exec, stressor_result *result)
{
    result->value = exec->args[0];
    return STRESSOR_DONE;
}

static const stressor_activity_type echo = {.size = sizeof echo,
                                            .name = "Echo",
                                            .help = "Says a text again",
                                            .args = args,
                                            .args_count = 1,
                                            .start = echo_start};
static const stressor_activity_type *const types[] = {&echo};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "echo",
                                       .version = "1.0",
                                       .help = "Echoes",
                                       .activities = types,
                                       .activities_count = 1};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
