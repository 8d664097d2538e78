#include "plan/compile.h"

#include <string.h>

#include "config/excerpt.h"

/* The arguments that every activity takes, whatever its plugin. */

#define ARG(NAME, ...) static const stressor_arg NAME = {.size = sizeof(stressor_arg), __VA_ARGS__}

ARG(arg_name, .name = "name", .types = STRESSOR_ARG_STRING, .flags = STRESSOR_ARG_RAW,
    .help = "what to call it in logs and results");
ARG(arg_assert_match, .name = "assert_match", .types = STRESSOR_ARG_REGEX,
    .help = "regular expression that must be found in the result's text");
ARG(arg_assert_max_time, .name = "assert_max_time", .types = STRESSOR_ARG_DURATION,
    .help = "an error when it takes longer");
ARG(arg_store_json, .name = "store_json", .types = STRESSOR_ARG_MAP, .items = STRESSOR_ARG_PATH,
    .help = "parts of a JSON result to store as context variables: variable to path");
ARG(arg_mock_result, .name = "mock_result", .types = STRESSOR_ARG_ANY,
    .help = "in a dry run: the result, instead of running");
ARG(arg_monitor, .name = "monitor", .types = STRESSOR_ARG_BOOL, .flags = STRESSOR_ARG_STATIC,
    .fallback = "false", .help = "give it a row of its own in the monitored list");
ARG(arg_ignore_timing, .name = "ignore_timing", .types = STRESSOR_ARG_BOOL,
    .flags = STRESSOR_ARG_STATIC, .help = "keep it out of the net times");
ARG(arg_debug, .name = "debug", .types = STRESSOR_ARG_BOOL, .flags = STRESSOR_ARG_STATIC,
    .fallback = "false", .help = "log the request, the response and the context");

const stressor_arg *const common_args[COMMON_ARGS] = {
    [COMMON_NAME] = &arg_name,
    [COMMON_ASSERT_MATCH] = &arg_assert_match,
    [COMMON_ASSERT_MAX_TIME] = &arg_assert_max_time,
    [COMMON_STORE_JSON] = &arg_store_json,
    [COMMON_MOCK_RESULT] = &arg_mock_result,
    [COMMON_MONITOR] = &arg_monitor,
    [COMMON_IGNORE_TIMING] = &arg_ignore_timing,
    [COMMON_DEBUG] = &arg_debug,
};

static bool compile_store(struct compile *c, const char *name, uint64_t length,
                          const stressor_value *path, struct plan_store *out)
{
    int32_t slot = names_add(c->plan->variables, name, length);
    if (slot < 0)
        return false;
    out->slot = (uint32_t)slot;
    out->name = names_text(c->plan->variables, slot, NULL);
    out->path_text = *path;
    if (path->flags & VALUE_TEMPLATE)
        return true;
    out->path = path_new(path->as.string.ptr, path->as.string.length, NULL);
    return out->path != NULL;
}

static bool compile_stores(struct compile *c, const stressor_value *map, struct plan_common *out)
{
    out->stores = compile_alloc(c, map->as.map.count * sizeof *out->stores);
    if (out->stores == NULL)
        return false;
    for (uint64_t i = 0; i < map->as.map.count; i++) {
        const char *key;
        uint64_t length;
        const stressor_value *path = value_entry(map, i, &key, &length);
        if (path->type != STRESSOR_STRING)
            continue; /* schema_bind has complained */
        if (!compile_store(c, key, length, path, &out->stores[out->stores_count]))
            return false;
        out->stores_count++;
    }
    return true;
}

void compile_store_names(struct compile *c, const struct node *activity)
{
    const struct node *map = node_get(activity, arg_store_json.name);
    for (size_t i = 0; map != NULL && map->kind == NODE_MAP && i < map->count; i++) {
        size_t length;
        const struct node *key = map->entries[i].key;
        const char *name = node_key_name(key, &length);
        char shown[EXCERPT_MAX];
        if (template_names(name, length))
            continue;
        excerpt_text(name, length, shown, sizeof shown);
        diag_warn(c->diag, &key->at,
                  "argument 'store_json': no macro can read a variable called %s; expected "
                  "letters, digits and _, behind the first also . and :",
                  shown);
    }
}

bool compile_common(struct compile *c, const stressor_value *values, const uint8_t *states,
                    const struct place *places, struct plan_common *out)
{
    memset(out, 0, sizeof *out);
    out->match_text = values[COMMON_ASSERT_MATCH];
    const stressor_value *match = &out->match_text;
    if (match->type == STRESSOR_STRING && !(match->flags & VALUE_TEMPLATE)) {
        char why[160];
        out->match = regex_new(match->as.string.ptr, match->as.string.length, REGEX_MULTILINE, why,
                               sizeof why);
        if (out->match == NULL)
            return diag_error(c->diag, &places[COMMON_ASSERT_MATCH], "argument 'assert_match': %s",
                              why);
    }
    out->max_time = values[COMMON_ASSERT_MAX_TIME];
    out->mock = values[COMMON_MOCK_RESULT];
    out->has_mock = states[COMMON_MOCK_RESULT] != STRESSOR_ARG_ABSENT;
    if (values[COMMON_STORE_JSON].type != STRESSOR_MAP)
        return true;
    if (compile_stores(c, &values[COMMON_STORE_JSON], out))
        return true;
    return diag_error(c->diag, &places[COMMON_STORE_JSON], "argument 'store_json': out of memory");
}
