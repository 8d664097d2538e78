/*
 * fault -- what the seeded faults share: a descriptor with one activity type, `Fault`, and the
 * loop.
 *
 *     static int32_t start(stressor_exec *x, stressor_result *r) { ... }
 *     FAULT_PLUGIN(start, NULL)
 *
 * Each file is a plugin that does one thing wrong, which its first comment says.
 */
#ifndef TESTS_FAULT_H
#define TESTS_FAULT_H

#include <stressor/log.h>
#include <stressor/loop.h>
#include <stressor/plugin.h>

/* The members that follow are added to the type and to the plugin. */
#define FAULT_TYPE(START, CANCEL, ...)                                                             \
    static const stressor_activity_type fault_type = {.size = sizeof fault_type,                   \
                                                      .name = "Fault",                             \
                                                      .help = "Does one thing wrong",              \
                                                      .start = (START),                            \
                                                      .cancel = (CANCEL),                          \
                                                      __VA_ARGS__};                                \
    static const stressor_activity_type *const fault_types[] = {&fault_type};

#define FAULT_DESCRIPTOR(...)                                                                      \
    const stressor_plugin *stressor_plugin_v1(void)                                                \
    {                                                                                              \
        static const stressor_plugin plugin = {.size = sizeof plugin,                              \
                                               .abi_minor = STRESSOR_ABI_MINOR,                    \
                                               .abi_draft = STRESSOR_ABI_DRAFT,                    \
                                               .name = "fault",                                    \
                                               .version = "1.0",                                   \
                                               .help = "Does one thing wrong",                     \
                                               .activities = fault_types,                          \
                                               .activities_count = 1,                              \
                                               __VA_ARGS__};                                       \
        return &plugin;                                                                            \
    }

/* A plugin that has nothing else. */
#define FAULT_PLUGIN(START, CANCEL)                                                                \
    FAULT_TYPE(START, CANCEL, .flags = 0)                                                          \
    FAULT_DESCRIPTOR(.author = "stressor")

static inline const stressor_loop_api *fault_loop(const stressor_exec *x)
{
    return (const stressor_loop_api *)x->host->extension(x->host, STRESSOR_LOOP_1);
}

static inline void fault_complete(stressor_exec *x)
{
    static const stressor_result result = {.size = sizeof result};
    x->host->complete(x, &result);
}

/* Completes it as cancelled. */
static inline void fault_cancelled(stressor_exec *x)
{
    static const stressor_result result = {
        .size = sizeof result, .failure = {STRESSOR_CANCELLED, 0, "cancelled", "cancelled", 9}};
    x->host->complete(x, &result);
}

#endif
