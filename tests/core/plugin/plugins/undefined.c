/* Calls what nobody defines; a lazy loader would not notice before the call. */
#include "plugin.h"

const stressor_plugin *nobody_defines_this(void);

const stressor_plugin *stressor_plugin_v1(void)
{
    return nobody_defines_this();
}
