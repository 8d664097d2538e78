/*
 * Any bytes as a scenario file: they are read within bounds or refused with a message.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* Walks what lies within `left` nodes: weights, heights and places must be sound. */
static void check(const struct node *n, unsigned *left)
{
    char shown[80];
    if (*left == 0)
        return;
    --*left;
    require(n->weight >= 1 && n->weight <= NODE_WEIGHT_MAX && n->height <= NODE_DEPTH_MAX);
    require(n->at.line >= 1 && n->at.column >= 1);
    node_excerpt(n, shown, sizeof shown);
    require(strlen(shown) < sizeof shown);
    if (n->kind == NODE_SCALAR) {
        require(n->text[n->length] == '\0' && n->height == 0);
        return;
    }
    for (size_t i = 0; i < n->count; i++) {
        const struct node *child = n->kind == NODE_MAP ? n->entries[i].value : n->items[i];
        require(child->height < n->height && child->weight < n->weight);
        if (n->kind == NODE_MAP)
            require(n->entries[i].key->kind == NODE_SCALAR);
        check(child, left);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct diag *d = diag_new();
    unsigned left = 10000;
    arena_init(&a, 4096, 64u << 20);
    if (d != NULL) {
        const struct node *n = yaml_read((const char *)data, size, "fuzz.yaml", &a, d);
        require(n != NULL || diag_errors(d) > 0);
        if (n != NULL)
            check(n, &left);
    }
    diag_free(d);
    arena_finish(&a);
    return 0;
}
