/* What the small plugins of these tests share. */
#ifndef TESTS_PLUGIN_H
#define TESTS_PLUGIN_H

#include <stressor/plugin.h>

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

static inline int32_t do_nothing(stressor_exec *exec, stressor_result *result)
{
    (void)exec;
    (void)result;
    return STRESSOR_DONE;
}

#endif
