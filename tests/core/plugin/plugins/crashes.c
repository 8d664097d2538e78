/* Dies while it is loaded. */
#include "plugin.h"

static volatile uintptr_t nowhere = 16; /* not NULL, which sanitizers would catch first */

__attribute__((constructor)) static void crash(void)
{
    *(volatile int *)nowhere = 1;
}

const stressor_plugin *stressor_plugin_v1(void)
{
    return NULL;
}
