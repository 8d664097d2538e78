/* A reporter that stays after the run, and does nothing. */
#include <stressor/plugin.h>

static int32_t open_linger(void *plugin, const stressor_control *control, const char *path,
                           void **reporter)
{
    (void)plugin;
    (void)control;
    (void)path;
    *reporter = NULL;
    return STRESSOR_OK;
}

static void close_linger(void *reporter)
{
    (void)reporter;
}

static const stressor_reporter_type linger = {
    .size = sizeof linger,
    .flags = STRESSOR_REPORTER_STAYS,
    .kind = "linger",
    .help = "Stays",
    .open = open_linger,
    .close = close_linger,
};

static const stressor_reporter_type *const reporters[] = {&linger};

static const stressor_plugin plugin = {
    .size = sizeof plugin,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "linger",
    .version = "1",
    .help = "Stays",
    .license = "MIT",
    .reporters = reporters,
    .reporters_count = 1,
};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
