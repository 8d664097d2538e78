/*
 * debug -- shows the context of a session: the activity Debug and the macro $debug.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <stressor/log.h>
#include <stressor/plugin.h>

/* What stands under these names is a secret in whatever map; in any case of letters. */
static bool is_credential(const char *key, uint64_t length)
{
    static const char *const names[] = {"Authorization", "Cookie", "Proxy-Authorization",
                                        "Set-Cookie"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && strncasecmp(names[i], key, length) == 0)
            return true;
    return false;
}

/* Copies a value into the builder with "***" in the place of every secret. */
static void build_masked(const stressor_host *host, stressor_builder *b, const stressor_value *v)
{
    stressor_value mask = stressor_string("***");
    if (v->flags & STRESSOR_SECRET) {
        host->build_value(b, &mask);
    } else if (v->type == STRESSOR_LIST) {
        host->build_list(b);
        for (uint64_t i = 0; i < v->as.list.count; i++)
            build_masked(host, b, host->list_at(v, i));
        host->build_end(b);
    } else if (v->type == STRESSOR_MAP) {
        host->build_map(b);
        for (uint64_t i = 0; i < v->as.map.count; i++) {
            const char *key;
            uint64_t length;
            const stressor_value *item = host->map_at(v, i, &key, &length);
            host->build_key(b, key, length);
            if (is_credential(key, length))
                host->build_value(b, &mask);
            else
                build_masked(host, b, item);
        }
        host->build_end(b);
    } else {
        host->build_value(b, v);
    }
}

/* A line of log is cut anyway. */
static int cut(uint64_t length)
{
    return length < 900 ? (int)length : 900;
}

static void log_variable(void *data, const char *name, uint64_t length, const stressor_value *value)
{
    stressor_exec *exec = data;
    const stressor_host *host = exec->host;
    stressor_session_info session = {.size = sizeof session};
    stressor_value masked, text;
    host->session_info(exec->session, &session);
    stressor_builder *b = host->build(exec);
    if (b != NULL)
        build_masked(host, b, value);
    if (b == NULL || host->build_finish(b, &masked) != 0 ||
        host->value_text(exec, &masked, &text) != 0)
        text = stressor_string("(out of memory)");
    stressor_log(host, STRESSOR_LOG_INFO, "%.*s %.*s = %.*s", cut(session.id_length), session.id,
                 cut(length), name, cut(text.as.string.length), text.as.string.ptr);
}

/* The host keeps results only where somebody asks for them. */
static int32_t debug_prepare(stressor_prepare *prepare)
{
    static const char name[] = "last_result";
    bool dynamic = (prepare->flags & STRESSOR_PREPARE_DYNAMIC) != 0; /* the script asks then */
    if (dynamic || prepare->host->variable_slot(prepare->plan, name, sizeof name - 1) >= 0)
        return 0;
    return prepare->host->problem(prepare, -1, "out of memory", 13);
}

static int32_t debug_start(stressor_exec *exec, stressor_result *result)
{
    (void)result;
    if (exec->host->log_enabled(exec->host, STRESSOR_LOG_INFO))
        exec->host->variables(exec, log_variable, exec);
    return STRESSOR_DONE;
}

static const stressor_activity_type debug_type = {.size = sizeof debug_type,
                                                  .flags = STRESSOR_ACTIVITY_IGNORE_TIMING |
                                                           STRESSOR_ACTIVITY_DRY_RUN,
                                                  .name = "Debug",
                                                  .help = "Log the variables of the session",
                                                  .prepare = debug_prepare,
                                                  .start = debug_start};
static const stressor_activity_type *const types[] = {&debug_type};

static const char *const no_args[] = {NULL};
static const stressor_macro debug_macro = {.size = sizeof debug_macro,
                                           .kind = STRESSOR_MACRO_ACTIVITY,
                                           .name = "debug",
                                           .help = "Log the variables of the session",
                                           .args = no_args,
                                           .activity = "Debug"};
static const stressor_macro *const macros[] = {&debug_macro};

static const stressor_plugin plugin = {.size = sizeof plugin,
                                       .abi_minor = STRESSOR_ABI_MINOR,
                                       .abi_draft = STRESSOR_ABI_DRAFT,
                                       .name = "debug",
                                       .version = "0.1.0",
                                       .help = "Shows what a session knows",
                                       .license = "MIT",
                                       .activities = types,
                                       .activities_count = 1,
                                       .macros = macros,
                                       .macros_count = 1};

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void);

STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)
{
    return &plugin;
}
