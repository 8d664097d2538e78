/* Ends the process while it is loaded. */
#include "plugin.h"

#include <stdlib.h>

__attribute__((constructor)) static void leave(void)
{
    exit(7);
}

const stressor_plugin *stressor_plugin_v1(void)
{
    return NULL;
}
