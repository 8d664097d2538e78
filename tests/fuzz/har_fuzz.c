/*
 * The input is a recording; a first byte '!' keeps its secrets. It is imported or refused with a
 * reason, and what comes is YAML: lists of maps, in which a name stands once.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <yaml.h>

#include "importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void check_node(yaml_document_t *document, const yaml_node_t *map)
{
    for (const yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
         p++) {
        const yaml_node_t *key = yaml_document_get_node(document, p->key);
        require(key->type == YAML_SCALAR_NODE);
        for (const yaml_node_pair_t *q = map->data.mapping.pairs.start; q < p; q++) {
            const yaml_node_t *other = yaml_document_get_node(document, q->key);
            require(key->data.scalar.length != other->data.scalar.length ||
                    memcmp(key->data.scalar.value, other->data.scalar.value,
                           key->data.scalar.length) != 0);
        }
    }
}

static void check_yaml(struct span text, yaml_node_type_t type)
{
    yaml_parser_t parser;
    yaml_document_t document;
    require(yaml_parser_initialize(&parser));
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.length);
    require(yaml_parser_load(&parser, &document));
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    require(root != NULL && root->type == type);
    for (int i = 1; yaml_document_get_node(&document, i) != NULL; i++)
        if (yaml_document_get_node(&document, i)->type == YAML_MAPPING_NODE)
            check_node(&document, yaml_document_get_node(&document, i));
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
}

static void check_files(const struct files *files)
{
    require(files->count >= 3);
    for (size_t i = 0; i < files->count; i++) {
        struct span name = span_of(files->items[i].name);
        require(memchr(name.ptr, '/', name.length) == NULL);
        if (!span_begins(name, "upload_"))
            check_yaml(files->items[i].content,
                       span_is(name, "scenario.yaml") ? YAML_MAPPING_NODE : YAML_SEQUENCE_NODE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct say say = {.quiet = true};
    struct settings settings;
    char path[40];
    if (size > 200000)
        return 0;
    require(settings_init(&settings, &say));
    settings.keep_secrets = size > 0 && data[0] == '!';
    settings.skip_errors = settings.skip_externals = !settings.keep_secrets;
    size_t from = settings.keep_secrets;
    int fd = memfd_create("recording", MFD_CLOEXEC);
    require(fd >= 0 && write(fd, data + from, size - from) == (ssize_t)(size - from));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct importer *im = importer_new(&settings, &say);
    require(im != NULL);
    bool good = importer_run(im, path);
    require(good != say.failed);
    if (good)
        check_files(&im->files);
    importer_free(im);
    settings_finish(&settings);
    close(fd);
    return 0;
}
