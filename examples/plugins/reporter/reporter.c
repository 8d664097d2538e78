/*
 * reporter -- a report in Markdown: `--report markdown=results.md`.
 *
 * It only renders: the host gives it the final figures and writes the file. What a reporter does
 * that follows the run is told in <stressor/reporter.h>.
 */
#include <stdio.h>
#include <string.h>

#include <stressor/plugin.h>
#include <stressor/reporter.h>

struct reporter {
    const stressor_snapshot_api *snapshots;
};

/* Where the text goes, and whether it has come there so far. */
struct out {
    stressor_sink sink;
    void *data;
    int32_t status;
};

static void put(struct out *o, const char *bytes, size_t length)
{
    if (o->status == STRESSOR_OK && length > 0)
        o->status = o->sink(o->data, bytes, length);
}

static void put_text(struct out *o, const char *text)
{
    put(o, text, strlen(text));
}

/* Text from outside: what Markdown or HTML would take for its own is escaped, and line breaks are
 * spaces. */
static void put_foreign(struct out *o, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\`*_{}[]()#+-.!|<>&~", *text) != NULL)
            put(o, "\\", 1);
        put(o, (unsigned char)*text < ' ' ? " " : text, 1);
    }
}

static void put_row(struct out *o, const struct reporter *r, const stressor_row *row)
{
    char figures[160];
    put_text(o, "| ");
    put_foreign(o, row->name);
    snprintf(figures, sizeof figures, " | %llu | %llu | %.3f | %.3f | %.3f |\n",
             (unsigned long long)row->count, (unsigned long long)row->errors,
             row->count > 0 ? (double)row->sum_ns / (double)row->count / 1e6 : 0,
             (double)r->snapshots->percentile(row->total, 95) / 1e6, (double)row->max_ns / 1e6);
    put_text(o, figures);
}

static int32_t render(void *plugin, const stressor_snapshot *s, stressor_sink sink, void *data)
{
    struct out o = {sink, data, STRESSOR_OK};
    char line[160];
    put_text(&o, "# ");
    put_foreign(&o, s->name);
    snprintf(line, sizeof line, "\n\n%llu activities in %.3f s, %llu errors.\n\n",
             (unsigned long long)s->activities_all, (double)s->elapsed_ns / 1e9,
             (unsigned long long)s->errors);
    put_text(&o, line);
    put_text(&o, "| Activity | Count | Errors | Mean, ms | p95, ms | Max, ms |\n"
                 "| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for (uint32_t i = 0; i < s->rows_count; i++)
        put_row(&o, plugin, s->rows[i]);
    return o.status;
}

static int32_t reporter_init(const stressor_host *host, void **data)
{
    static struct reporter reporter;
    reporter.snapshots = host->extension(host, STRESSOR_SNAPSHOT_1);
    *data = &reporter;
    return reporter.snapshots != NULL ? STRESSOR_OK : STRESSOR_ENOENT;
}

static const stressor_reporter_type markdown = {.size = sizeof markdown,
                                                .kind = "markdown",
                                                .help = "A table of the activities in Markdown",
                                                .path_help = "FILE",
                                                .extension = "md",
                                                .render = render};
static const stressor_reporter_type *const reporters[] = {&markdown};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "reporter",
                                       .version = "1.0.0",
                                       .help = "Reports in Markdown",
                                       .license = "MIT",
                                       .reporters = reporters,
                                       .reporters_count = 1,
                                       .init = reporter_init};

const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
