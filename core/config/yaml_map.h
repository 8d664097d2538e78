/*
 * yaml_map -- the entries of a map from its keys and values: merge keys, duplicates.
 */
#ifndef CORE_CONFIG_YAML_MAP_H
#define CORE_CONFIG_YAML_MAP_H

#include "config/node.h"

struct yaml_map_limits {
    uint64_t nodes; /* read or merged so far in this document; bounded by NODE_WEIGHT_MAX */
};

enum yaml_map_result { YAML_MAP_OK = 0, YAML_MAP_NOMEM, YAML_MAP_TOO_BIG };

/* Fills in `map->entries` from `count` pairs of key, value, key, value, …: what `<<` brings
 * first, overridden by the map's own. Duplicates of its own draw a warning; the last one wins and
 * stands where the first stood. A merge of what is no map is an error in `d`, and left out. */
enum yaml_map_result yaml_map_finish(struct node *map, struct node *const *pairs, size_t count,
                                     struct yaml_map_limits *limits, struct arena *a,
                                     struct diag *d);

#endif
