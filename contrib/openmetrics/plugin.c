/*
 * openmetrics -- the results for Prometheus and the like: served while the run goes on where the
 * path is a port, else written into a file at its end.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>
#include <stressor/plugin.h>

#include <common/address.h>
#include <common/level.h>

#include "exposition.h"
#include "server.h"

#define EXAMPLE_PORT "9464"

struct openmetrics {
    const stressor_host *host;
    const stressor_snapshot_api *api;
};

/* One report: a server or a file. */
struct report {
    const struct openmetrics *plugin;
    const stressor_control *control;
    struct server *server;
    stressor_file *file;
};

static int32_t render(void *plugin, const stressor_snapshot *s, stressor_sink sink, void *data)
{
    const struct openmetrics *m = plugin;
    return exposition_write(m->api, s, sink, data);
}

static int32_t begin_server(struct report *r, const char *path, enum address_reading reading,
                            struct address *address)
{
    char where[ADDRESS_TEXT];
    if (reading == ADDRESS_WRONG) {
        stressor_log(r->plugin->host, STRESSOR_LOG_ERROR,
                     "openmetrics: '%s' is not a port, nor an address of this machine with one "
                     "(" ADDRESS_FORMS "; ./%s: a file)",
                     path, EXAMPLE_PORT, EXAMPLE_PORT, EXAMPLE_PORT, path);
        return STRESSOR_EINVAL;
    }
    r->server = server_new(r->plugin->api, address, SERVER_BYTES_MOST);
    if (r->server == NULL) {
        stressor_log(r->plugin->host, STRESSOR_LOG_ERROR, "openmetrics: cannot listen on %s: %s",
                     path, strerror(errno));
        return STRESSOR_ESYSTEM;
    }
    address_text_here(address, where);
    stressor_log(r->plugin->host, level_in_any_case(r->plugin->host),
                 "openmetrics: serving on http://%s/metrics", where);
    address_text(address, where);
    if (!address_is_loopback(address))
        stressor_log(r->plugin->host, STRESSOR_LOG_WARNING,
                     "openmetrics: whoever reaches %s can read the results", where);
    return 0;
}

static int32_t report_open(void *plugin, const stressor_control *control, const char *path,
                           void **reporter)
{
    struct address address;
    struct report *r = calloc(1, sizeof *r);
    if (r == NULL)
        return STRESSOR_ENOMEM;
    r->plugin = plugin;
    r->control = control;
    enum address_reading reading = address_read(path, &address);
    int32_t status = reading == ADDRESS_NONE ? control->file_open(control, path, &r->file)
                                             : begin_server(r, path, reading, &address);
    if (status < 0) {
        free(r);
        return status;
    }
    *reporter = r;
    return 0;
}

static void report_tick(void *reporter, const stressor_snapshot *s)
{
    const struct report *r = reporter;
    if (r->server != NULL)
        server_show(r->server, s);
}

static int32_t to_file(void *data, const char *bytes, uint64_t length)
{
    const struct report *r = data;
    return r->control->file_write(r->file, bytes, length);
}

static int32_t report_end(void *reporter, const stressor_snapshot *s)
{
    struct report *r = reporter;
    if (r->server != NULL) {
        server_show(r->server, s);
        return 0;
    }
    int32_t status = exposition_write(r->plugin->api, s, to_file, r);
    int32_t closed = r->control->file_close(r->file, status == 0);
    r->file = NULL;
    return status < 0 ? status : closed;
}

static void report_close(void *reporter)
{
    struct report *r = reporter;
    server_free(r->server);
    if (r->file != NULL)
        r->control->file_close(r->file, 0);
    free(r);
}

static int32_t init(const stressor_host *host, void **data)
{
    const stressor_snapshot_api *api = host->extension(host, STRESSOR_SNAPSHOT_1);
    if (api == NULL) {
        stressor_log(host, STRESSOR_LOG_ERROR, "openmetrics: the host has no %s",
                     STRESSOR_SNAPSHOT_1);
        return STRESSOR_ENOENT;
    }
    struct openmetrics *m = calloc(1, sizeof *m);
    if (m == NULL)
        return STRESSOR_ENOMEM;
    m->host = host;
    m->api = api;
    *data = m;
    return STRESSOR_OK;
}

static const stressor_reporter_type reporter = {
    .size = sizeof reporter,
    .kind = "openmetrics",
    .help = "Results for Prometheus: served on a port during the run, or a file",
    .path_help = "PORT or FILE",
    .extension = "prom",
    .render = render,
    .open = report_open,
    .tick = report_tick,
    .end = report_end,
    .close = report_close,
};

static const stressor_reporter_type *const reporters[] = {&reporter};

static const stressor_plugin plugin = {
    .size = sizeof plugin,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "openmetrics",
    .version = "0.1.0",
    .help = "Results as OpenMetrics",
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
