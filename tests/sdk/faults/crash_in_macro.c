/* A macro that takes for granted that its argument is a number above 0. */
#include <stdlib.h>

#include <stressor/macro.h>
#include <stressor/plugin.h>

static int32_t expand(void *plugin, stressor_exec *exec, const stressor_value *args,
                      uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    (void)plugin, (void)exec, (void)args_count, (void)failure;
    if (strtoul(args[0].as.string.ptr, NULL, 10) == 0)
        abort();
    *out = args[0];
    return STRESSOR_OK;
}

static const char *const names[] = {"number", NULL};
static const stressor_macro macro = {.size = sizeof macro,
                                     .kind = STRESSOR_MACRO_RUN_TIME,
                                     .name = "careless",
                                     .help = "Does one thing wrong",
                                     .args = names,
                                     .args_required = 1,
                                     .expand = expand};
static const stressor_macro *const macros[] = {&macro};

const stressor_plugin *stressor_plugin_v1(void)
{
    static const stressor_plugin plugin = {.size = sizeof plugin,
                                           .abi_minor = STRESSOR_ABI_MINOR,
                                           .abi_draft = STRESSOR_ABI_DRAFT,
                                           .name = "fault",
                                           .version = "1.0",
                                           .help = "Does one thing wrong",
                                           .macros = macros,
                                           .macros_count = 1};
    return &plugin;
}
