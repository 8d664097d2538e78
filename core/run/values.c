#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

#include "base/path.h"
#include "base/value.h"

/* Values for programs that embed the engine. */

/* What stressor_value_copy gives: the value and the block that it points into. */
struct copy {
    stressor_value value; /* first: it is what the program holds */
    void *block;
};

const stressor_value *stressor_list_at(const stressor_value *list, uint64_t index)
{
    return value_at(list, index);
}

const stressor_value *stressor_map_at(const stressor_value *map, uint64_t index, const char **key,
                                      uint64_t *key_length)
{
    return value_entry(map, index, key, key_length);
}

const stressor_value *stressor_map_get(const stressor_value *map, const char *key,
                                       uint64_t key_length)
{
    return value_get(map, key, key_length);
}

const stressor_value *stressor_value_at(const stressor_value *root, const char *path)
{
    struct stressor_path *p = path_new(path, strlen(path), NULL);
    const stressor_value *v = p != NULL ? path_get(p, root, NULL) : NULL;
    path_free(p);
    return v;
}

int32_t stressor_value_text(const stressor_value *v, stressor_sink sink, void *data)
{
    struct buf text;
    buf_init(&text, 0);
    value_text(v, 0, &text);
    int32_t status =
        text.failed ? STRESSOR_ENOMEM : sink(data, text.length > 0 ? text.data : "", text.length);
    buf_finish(&text);
    return status < 0 ? status : STRESSOR_OK;
}

stressor_value *stressor_value_copy(const stressor_value *v)
{
    struct copy *c = calloc(1, sizeof *c);
    if (c != NULL && value_pack(v, &c->value, &c->block))
        return &c->value;
    free(c);
    return NULL;
}

void stressor_value_free(stressor_value *v)
{
    struct copy *c = (struct copy *)(void *)v;
    if (c == NULL)
        return;
    free(c->block);
    free(c);
}
