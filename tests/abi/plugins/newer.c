/*
 * A plugin built when the structs have more members: the host reads those that it knows.
 */
#include <stressor/plugin.h>

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

/* Whoever calls it has not looked at the size of what it knows. */
static void unknown(void)
{
    __builtin_trap();
}

static int32_t start(stressor_exec *exec, stressor_result *result)
{
    (void)exec;
    result->value = stressor_string("newer");
    return STRESSOR_DONE;
}

static const struct newer_arg {
    stressor_arg today;
    const char *more[4];
} text = {.today = {.size = sizeof text,
                    .types = STRESSOR_ARG_STRING,
                    .name = "text",
                    .help = "any text"},
          .more = {"more"}};
static const stressor_arg *const args[] = {&text.today};

static const struct newer_activity {
    stressor_activity_type today;
    void (*more[4])(void);
} newer = {.today = {.size = sizeof newer,
                     .name = "Newer",
                     .help = "Of a newer size",
                     .args = args,
                     .args_count = 1,
                     .start = start},
           .more = {unknown, unknown, unknown, unknown}};
static const stressor_activity_type *const types[] = {&newer.today};

static const struct newer_plugin {
    stressor_plugin today;
    void (*more[4])(void);
} plugin = {.today = {.size = sizeof plugin,
                      .abi_draft = STRESSOR_ABI_DRAFT,
                      .name = "newer",
                      .version = "1.0",
                      .activities = types,
                      .activities_count = 1},
            .more = {unknown, unknown, unknown, unknown}};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin.today;
}
