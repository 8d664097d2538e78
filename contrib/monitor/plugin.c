/*
 * monitor -- a page in the browser that shows the run as it happens, and can stop it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>
#include <stressor/plugin.h>

#include <common/address.h>
#include <common/level.h>

#include "browser.h"
#include "hub.h"
#include "server.h"

#define DEFAULT_PORT "8686"

struct monitor {
    const stressor_host *host;
    const stressor_snapshot_api *api;
};

/* One page. */
struct report {
    const struct monitor *plugin;
    struct hub *hub;
    struct server *server;
    pid_t browser; /* -1: none */
};

/* Where the user wants it; without a wish the default port, or any if that is taken. */
static int32_t listen_on(struct report *r, const stressor_control *control, const char *path,
                         struct address *address)
{
    const stressor_host *host = r->plugin->host;
    const char *wish = path != NULL ? path : DEFAULT_PORT;
    if (address_read(wish, address) != ADDRESS_FINE) {
        stressor_log(host, STRESSOR_LOG_ERROR,
                     "monitor: '%s' is not a port, nor an address of this machine with one "
                     "(" ADDRESS_FORMS ")",
                     wish, DEFAULT_PORT, DEFAULT_PORT, DEFAULT_PORT);
        return STRESSOR_EINVAL;
    }
    r->server = server_new(r->plugin->api, control, r->hub, address);
    if (r->server == NULL && errno == EADDRINUSE && path == NULL) {
        stressor_log(host, STRESSOR_LOG_INFO, "monitor: port %s is taken, using another", wish);
        address_read("0", address);
        r->server = server_new(r->plugin->api, control, r->hub, address);
    }
    if (r->server != NULL)
        return 0;
    stressor_log(host, STRESSOR_LOG_ERROR, "monitor: cannot listen on %s: %s", wish,
                 strerror(errno));
    return STRESSOR_ESYSTEM;
}

static void tell(struct report *r, const struct address *address)
{
    const stressor_host *host = r->plugin->host;
    char where[ADDRESS_TEXT];
    char url[ADDRESS_TEXT + 16];
    char program[256];
    address_text_here(address, where);
    snprintf(url, sizeof url, "http://%s/", where);
    stressor_log(host, level_in_any_case(host), "monitor: %s", url);
    address_text(address, where);
    if (!address_is_loopback(address))
        stressor_log(host, STRESSOR_LOG_WARNING,
                     "monitor: whoever reaches %s can see the run and stop it", where);
    struct browser_surroundings around = browser_look_around();
    if (!browser_choose(&around, program, sizeof program))
        return;
    r->browser = browser_open(program, url);
    if (r->browser < 0)
        stressor_log(host, STRESSOR_LOG_DEBUG, "monitor: '%s' could not be run", program);
}

static void report_free(struct report *r)
{
    server_free(r->server);
    hub_free(r->hub);
    browser_forget(r->browser);
    free(r);
}

static int32_t report_open(void *plugin, const stressor_control *control, const char *path,
                           void **reporter)
{
    struct address address;
    const struct monitor *m = plugin;
    struct report *r = calloc(1, sizeof *r);
    if (r != NULL) {
        r->plugin = m;
        r->browser = -1;
        r->hub = hub_new(m->api);
    }
    if (r == NULL || r->hub == NULL) {
        free(r);
        stressor_log(m->host, STRESSOR_LOG_ERROR, "monitor: out of memory");
        return STRESSOR_ENOMEM;
    }
    int32_t status = listen_on(r, control, path, &address);
    if (status < 0) {
        report_free(r);
        return status;
    }
    tell(r, &address);
    *reporter = r;
    return 0;
}

static void report_tick(void *reporter, const stressor_snapshot *s)
{
    const struct report *r = reporter;
    hub_show(r->hub, s);
}

static int32_t report_end(void *reporter, const stressor_snapshot *s)
{
    report_tick(reporter, s);
    return 0;
}

static void report_close(void *reporter)
{
    report_free(reporter);
}

static int32_t init(const stressor_host *host, void **data)
{
    const stressor_snapshot_api *api = host->extension(host, STRESSOR_SNAPSHOT_1);
    if (api == NULL) {
        stressor_log(host, STRESSOR_LOG_ERROR, "monitor: the host has no %s", STRESSOR_SNAPSHOT_1);
        return STRESSOR_ENOENT;
    }
    struct monitor *m = calloc(1, sizeof *m);
    if (m == NULL)
        return STRESSOR_ENOMEM;
    m->host = host;
    m->api = api;
    *data = m;
    return STRESSOR_OK;
}

static const stressor_reporter_type reporter = {
    .size = sizeof reporter,
    .flags = STRESSOR_REPORTER_STAYS,
    .kind = "monitor",
    .help = "A page in the browser that shows the run as it happens, and can stop it",
    .path_help = "PORT or ADDRESS:PORT",
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
    .name = "monitor",
    .version = "0.1.0",
    .help = "The run in a browser",
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
