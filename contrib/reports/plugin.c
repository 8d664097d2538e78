#include <stdlib.h>

#include <stressor/log.h>
#include <stressor/plugin.h>

#include "reports.h"

static int32_t init(const stressor_host *host, void **data)
{
    const stressor_snapshot_api *api = host->extension(host, STRESSOR_SNAPSHOT_1);
    if (api == NULL) {
        stressor_log(host, STRESSOR_LOG_ERROR, "reports: the host has no %s", STRESSOR_SNAPSHOT_1);
        return STRESSOR_ENOENT;
    }
    struct reports *r = calloc(1, sizeof *r);
    if (r == NULL)
        return STRESSOR_ENOMEM;
    r->host = host;
    r->api = api;
    *data = r;
    return STRESSOR_OK;
}

static const stressor_reporter_type *const reporters[] = {
    &report_csv,
    &report_html,
    &report_json,
    &report_junit,
};

static const stressor_plugin plugin = {
    .size = sizeof plugin,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "reports",
    .version = "0.1.0",
    .help = "Reports as files",
    .license = "MIT",
    .reporters = reporters,
    .reporters_count = sizeof reporters / sizeof *reporters,
    .init = init,
    .fini = free,
};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
