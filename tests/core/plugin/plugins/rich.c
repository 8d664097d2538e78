/* A plugin that offers something of every kind. */
#include "plugin.h"

#include <stressor/reporter.h>
#include <stressor/script.h>

static const char *const colours[] = {"red", "green", NULL};
static const stressor_arg colour = {.size = sizeof colour,
                                    .types = STRESSOR_ARG_STRING,
                                    .name = "colour",
                                    .help = "of the paint, matt|gloss",
                                    .choices = colours,
                                    .fallback = "red",
                                    .flags = STRESSOR_ARG_STATIC};
static const stressor_arg code = {.size = sizeof code,
                                  .types = STRESSOR_ARG_STRING,
                                  .name = "code",
                                  .pattern = "[a-z]+",
                                  .flags = STRESSOR_ARG_RAW};
static const stressor_arg site = {.size = sizeof site,
                                  .types = STRESSOR_ARG_STRING,
                                  .name = "site",
                                  .pattern = "https://",
                                  .pattern_help = "a https:// URL",
                                  .flags = STRESSOR_ARG_SECRET};
static const stressor_arg coats = {
    .size = sizeof coats, .types = STRESSOR_ARG_INT, .name = "coats", .min = 1, .max = 3};
static const stressor_arg *const paint_args[] = {&colour, &code, &site};
static const char *const either[] = {"code", "site", NULL};
static const stressor_arg_group one = {
    .size = sizeof one, .kind = STRESSOR_GROUP_EXACTLY_ONE, .names = either};
static const char *const both[] = {"colour", "code", NULL};
static const stressor_arg_group most = {
    .size = sizeof most, .kind = STRESSOR_GROUP_AT_MOST_ONE, .names = both};
static const stressor_arg_group *const groups[] = {&one, &most};
static const stressor_activity_type paint = {.size = sizeof paint,
                                             .name = "Paint",
                                             .help = "Paint a wall",
                                             .args = paint_args,
                                             .args_count = 3,
                                             .groups = groups,
                                             .groups_count = 2,
                                             .start = do_nothing,
                                             .flags = STRESSOR_ACTIVITY_BLOCKING |
                                                      STRESSOR_ACTIVITY_DRY_RUN};
static const stressor_activity_type idle = {
    .size = sizeof idle, .name = "Idle", .start = do_nothing};
static const stressor_activity_type *const types[] = {&paint, &idle};

static int32_t expand(void *plugin, stressor_exec *exec, const stressor_value *args,
                      uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    (void)plugin, (void)exec, (void)args, (void)args_count, (void)failure;
    *out = stressor_null();
    return 0;
}

static const char *const positions[] = {"low", "high", NULL};
static const stressor_macro dice = {.size = sizeof dice,
                                    .kind = STRESSOR_MACRO_RUN_TIME,
                                    .name = "dice",
                                    .help = "Throws a die",
                                    .args = positions,
                                    .args_required = 1,
                                    .expand = expand};
static const stressor_macro include = {.size = sizeof include,
                                       .kind = STRESSOR_MACRO_LOAD_TIME,
                                       .name = "include",
                                       .help = "Takes in a file",
                                       .expand = expand};
static const stressor_macro *const macros[] = {&dice, &include};

static const stressor_setting coats_setting = {
    .size = sizeof coats_setting, .section = "sessions", .arg = &coats};
static const stressor_setting *const settings[] = {&coats_setting};

static int32_t report_open(void *plugin, const stressor_control *control, const char *path,
                           void **reporter)
{
    (void)plugin, (void)control, (void)path;
    *reporter = NULL;
    return 0;
}

static void report_tick(void *reporter, const stressor_snapshot *snapshot)
{
    (void)reporter, (void)snapshot;
}

static int32_t report_end(void *reporter, const stressor_snapshot *snapshot)
{
    (void)reporter, (void)snapshot;
    return 0;
}

static void report_close(void *reporter)
{
    (void)reporter;
}

static const stressor_reporter_type poster = {.size = sizeof poster,
                                              .kind = "poster",
                                              .help = "Paints the figures",
                                              .path_help = "WALL",
                                              .open = report_open,
                                              .tick = report_tick,
                                              .end = report_end,
                                              .close = report_close};
static const stressor_reporter_type *const reporters[] = {&poster};

static const stressor_script_engine engine = {.size = sizeof engine,
                                              .activity = "RunScript",
                                              .language = "brush",
                                              .extension = ".brush",
                                              .help = "Strokes",
                                              .start = do_nothing};
static const stressor_script_engine *const engines[] = {&engine};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "rich",
                                       .version = "2.0",
                                       .help = "Paint of all kinds",
                                       .author = "Ann",
                                       .license = "MIT",
                                       .activities = types,
                                       .activities_count = 2,
                                       .macros = macros,
                                       .macros_count = 2,
                                       .settings = settings,
                                       .settings_count = 1,
                                       .reporters = reporters,
                                       .reporters_count = 1,
                                       .engines = engines,
                                       .engines_count = 1};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
