/*
 * hello -- the smallest plugin that takes an argument: the activity Hello.
 */
#include <stressor/log.h>
#include <stressor/plugin.h>

enum { ARG_WHO, ARGS_COUNT };

static int32_t hello_start(stressor_exec *exec, stressor_result *result)
{
    const stressor_value *who = &exec->args[ARG_WHO];
    if (stressor_format(exec, &result->value, "Hello, %.*s", (int)who->as.string.length,
                        who->as.string.ptr) != STRESSOR_OK)
        return stressor_fail(exec, &result->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    /* A text that holds a secret is one. */
    result->value.flags = who->flags & STRESSOR_SECRET;
    return STRESSOR_DONE;
}

static const stressor_arg arg_who = {.size = sizeof arg_who,
                                     .name = "who",
                                     .types = STRESSOR_ARG_STRING,
                                     .fallback = "world",
                                     .help = "whom to greet"};
static const stressor_arg *const hello_args[ARGS_COUNT] = {[ARG_WHO] = &arg_who};

static const stressor_activity_type hello = {.size = sizeof hello,
                                             .flags = STRESSOR_ACTIVITY_DRY_RUN,
                                             .name = "Hello",
                                             .help = "Say hello",
                                             .args = hello_args,
                                             .args_count = ARGS_COUNT,
                                             .start = hello_start};
static const stressor_activity_type *const activities[] = {&hello};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "hello",
                                       .version = "1.0.0",
                                       .help = "Says hello",
                                       .license = "MIT",
                                       .activities = activities,
                                       .activities_count = 1};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
