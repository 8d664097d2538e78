/* A report whose document is never written, and nobody is told. */
#include <stressor/plugin.h>
#include <stressor/reporter.h>

static int32_t render(void *plugin, const stressor_snapshot *snapshot, stressor_sink sink,
                      void *data)
{
    (void)plugin, (void)snapshot;
    sink(data, "lost", 4);
    return STRESSOR_OK;
}

static const stressor_reporter_type reporter = {.size = sizeof reporter,
                                                .kind = "careless",
                                                .help = "Does one thing wrong",
                                                .path_help = "FILE",
                                                .extension = "txt",
                                                .render = render};
static const stressor_reporter_type *const reporters[] = {&reporter};

const stressor_plugin *stressor_plugin_v1(void)
{
    static const stressor_plugin plugin = {.size = sizeof plugin,
                                           .abi_minor = STRESSOR_ABI_MINOR,
                                           .abi_draft = STRESSOR_ABI_DRAFT,
                                           .name = "fault",
                                           .version = "1.0",
                                           .help = "Does one thing wrong",
                                           .reporters = reporters,
                                           .reporters_count = 1};
    return &plugin;
}
