/*
 * A plugin built when the structs had fewer members: the host must not read behind their ends.
 * Nothing lies there (with sanitizers: nothing may).
 */
#include <stressor/plugin.h>

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    (void)exec;
    result->value = stressor_string("older");
    return STRESSOR_DONE;
}

static const struct older_arg {
    uint32_t size, types, items, keys, flags, reserved;
    const char *name, *help;
} text = {sizeof text, STRESSOR_ARG_STRING, 0, 0, 0, 0, "text", "any text"};
static const stressor_arg *const args[] = {(const stressor_arg *)(const void *)&text};

static const struct older_activity {
    uint32_t size, flags;
    const char *name, *help;
    const stressor_arg *const *args;
    const stressor_arg_group *const *groups;
    uint32_t args_count, groups_count, descriptors_per_session, reserved;
    int32_t (*prepare)(stressor_prepare *place);
    void (*release)(void *plugin, void *place);
    int32_t (*start)(stressor_exec *exec, stressor_result *result);
} older = {sizeof older, 0, "Older", "Of an older size", args, NULL, 1, 0, 0, 0, NULL, NULL, start};
static const stressor_activity_type *const types[] = {
    (const stressor_activity_type *)(const void *)&older};

static const struct older_plugin {
    uint32_t size, abi_minor, abi_draft, reserved;
    const char *name, *version, *help, *author, *license;
    const stressor_activity_type *const *activities;
    const stressor_macro *const *macros;
    const stressor_setting *const *settings;
    const stressor_reporter_type *const *reporters;
    const stressor_script_engine *const *engines;
    uint32_t activities_count, macros_count, settings_count, reporters_count, engines_count,
        reserved2;
} plugin = {.size = sizeof plugin,
            .abi_draft = STRESSOR_ABI_DRAFT,
            .name = "older",
            .version = "1.0",
            .activities = types,
            .activities_count = 1};

const stressor_plugin *stressor_plugin_v1(void)
{
    return (const stressor_plugin *)(const void *)&plugin;
}
