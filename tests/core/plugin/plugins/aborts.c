/* Sends itself a signal while it is loaded. */
#include "plugin.h"

#include <stdlib.h>

__attribute__((constructor)) static void give_up(void)
{
    abort();
}

const stressor_plugin *stressor_plugin_v1(void)
{
    return NULL;
}
