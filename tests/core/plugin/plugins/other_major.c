/* Made for a later major of the ABI. */
#include "plugin.h"

STRESSOR_EXPORT const void *stressor_plugin_v2(void);

const void *stressor_plugin_v2(void)
{
    return NULL;
}
