/*
 * render KIND SAMPLE: the document of a sample on standard output, by the plugin that this program
 * is linked with; kind "hdr" is each bucket of the activity "login" as "VALUE COUNT", after its
 * histogram in base64.
 * SAMPLE is plain, empty, hostile or many.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <common/hdr.h>

#include "sample.h"

const stressor_plugin *stressor_plugin_v1(void);

static int32_t to_stdout(void *data, const char *bytes, uint64_t length)
{
    (void)data;
    return fwrite(bytes, 1, length, stdout) == length ? 0 : STRESSOR_ESYSTEM;
}

static void print_bucket(void *data, int64_t lowest, int64_t highest, uint64_t count)
{
    (void)data;
    (void)highest;
    printf("%" PRId64 " %" PRIu64 "\n", lowest, count);
}

static int print_histogram(const stressor_snapshot *s)
{
    char *text = hdr_encode(sample_api(), s->rows[0]->total);
    puts(text != NULL ? text : "out of memory");
    free(text);
    sample_api()->buckets(s->rows[0]->total, print_bucket, NULL);
    return 0;
}

static int render(const char *kind, const stressor_snapshot *s)
{
    const stressor_plugin *plugin = stressor_plugin_v1();
    int code = 2;
    void *data;
    if (plugin->init(sample_host(), &data) < 0)
        return 1;
    for (uint32_t i = 0; i < plugin->reporters_count; i++)
        if (strcmp(plugin->reporters[i]->kind, kind) == 0)
            code = plugin->reporters[i]->render(data, s, to_stdout, NULL) < 0 ? 1 : 0;
    plugin->fini(data);
    return code;
}

int main(int argc, char **argv)
{
    static const char *const kinds[] = {"plain", "empty", "hostile", "many", "strict"};
    int code = 2;
    for (size_t i = 0; argc == 3 && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(argv[2], kinds[i]) != 0)
            continue;
        struct sample *s = sample_new((enum sample_kind)i);
        code = strcmp(argv[1], "hdr") == 0 ? print_histogram(sample_snapshot(s))
                                           : render(argv[1], sample_snapshot(s));
        sample_free(s);
    }
    if (code == 2)
        fputs("render KIND SAMPLE\n", stderr);
    return code;
}
