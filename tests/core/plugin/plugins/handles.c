/* Installs a signal handler of its own while it is loaded. */
#include "plugin.h"

#include <signal.h>

static const stressor_plugin plugin = {
    .size = sizeof plugin, .abi_draft = STRESSOR_ABI_DRAFT, .name = "handles"};

__attribute__((constructor)) static void install(void)
{
    signal(SIGFPE, SIG_IGN);
}

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
