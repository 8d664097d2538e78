/*
 * Any bytes as a scenario file: read, loaded and compiled against the plugins of the build and one
 * of the target's own, whose macros are functions. Nothing is run. Leading lines "#-o NAME:VALUE"
 * are overrides as of the command line. $load finds the files of the folder `loaded`, $env the one
 * variable FUZZ.
 *
 * There is a plan, or there is an error; a plan refers only to what it has.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

enum { OVERRIDES_MAX = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* --- a plugin ------------------------------------------------------------------------------ */

/* Its arguments; the name of an environment variable or the like goes nowhere. */
static int32_t echo(void *plugin, stressor_exec *exec, const stressor_value *args,
                    uint32_t args_count, stressor_value *out, stressor_failure *failure)
{
    static const char text[] = "it echoes nothing";
    (void)plugin;
    (void)exec;
    if (args_count > 1) {
        *failure = (stressor_failure){STRESSOR_SCRIPT, 0, "echo", text, sizeof text - 1};
        return STRESSOR_EINVAL;
    }
    *out = args_count > 0 ? args[0] : stressor_int(7);
    return 0;
}

static const char *const echo_args[] = {"text", "more", NULL};
static const stressor_macro once = {.size = sizeof once,
                                    .kind = STRESSOR_MACRO_LOAD_TIME,
                                    .name = "once",
                                    .help = "what it is given, when loading",
                                    .args = echo_args,
                                    .expand = echo};
static const stressor_macro each = {.size = sizeof each,
                                    .kind = STRESSOR_MACRO_RUN_TIME,
                                    .name = "each",
                                    .help = "what it is given, each time",
                                    .args = echo_args,
                                    .args_required = 1,
                                    .expand = echo};
static const stressor_macro *const macros[] = {&once, &each};
static const stressor_plugin plugin = {
    .size = sizeof plugin,
    .abi_minor = STRESSOR_ABI_MINOR,
    .abi_draft = STRESSOR_ABI_DRAFT,
    .name = "fuzz",
    .version = "1.0.0",
    .help = "Macros",
    .macros = macros,
    .macros_count = 2,
};

static const stressor_plugin *entry(void)
{
    return &plugin;
}

/* --- the engine ---------------------------------------------------------------------------- */

static stressor_engine *engine;

static void swallow(void *data, int32_t level, int64_t time_wall_ns, const char *text,
                    uint64_t length)
{
    (void)data;
    (void)level;
    (void)time_wall_ns;
    require(text[length] == '\0');
}

static void close_engine(void)
{
    stressor_engine_free(engine);
}

static void open_engine(void)
{
    static const char *const paths[] = {FUZZ_PLUGINS, NULL};
    static const stressor_plugin_entry builtins[] = {entry, NULL};
    static const char *const needed[] = {"debug", "http", "script", "sleep"};
    const stressor_engine_options options = {.size = sizeof options,
                                             .log_level = STRESSOR_LOG_DEBUG,
                                             .log = swallow,
                                             .plugin_paths = paths,
                                             .builtin_plugins = builtins};
    size_t found = 0;
    require(clearenv() == 0 && setenv("FUZZ", "7", 1) == 0);
    engine = stressor_engine_new(&options);
    require(engine != NULL);
    for (size_t i = 0; i < stressor_plugins_count(engine); i++) {
        const stressor_plugin_entry_info *info = stressor_plugin_at(engine, i);
        for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
            found += !info->refused && strcmp(info->plugin->name, needed[k]) == 0;
    }
    require(found == sizeof needed / sizeof *needed);
    atexit(close_engine);
}

/* --- what must hold ------------------------------------------------------------------------ */

static size_t check_mistakes(void)
{
    size_t errors = 0;
    for (size_t i = 0; i < stressor_mistakes_count(engine); i++) {
        const char *text = stressor_mistake_text(engine, i);
        errors += !stressor_mistake_is_warning(engine, i);
        for (const char *p = text; *p != '\0'; p++)
            require((unsigned char)*p >= ' ' && *p != 0x7f);
        require(strstr(text, "error: ") != NULL || strstr(text, "warning: ") != NULL ||
                strstr(text, "more ") != NULL);
    }
    return errors;
}

static void check_place(const stressor_plan *plan, const struct plan_place *p, uint32_t sequence)
{
    require(p->type != NULL && p->plugin != NULL && p->prepared);
    require(p->sequence == sequence && p->row < plan->rows_count);
    require(p->args_count == p->type->args_count);
    require(p->label != NULL && p->name != NULL);
    for (uint32_t i = 0; i < p->args_count; i++) {
        bool is_template = p->states[i] == STRESSOR_ARG_TEMPLATE;
        require(p->states[i] <= STRESSOR_ARG_TEMPLATE);
        require(!is_template || p->has_templates);
        require(!is_template || (p->type->args[i]->flags & STRESSOR_ARG_STATIC) == 0);
        require((p->type->args[i]->flags & STRESSOR_ARG_REQUIRED) == 0 ||
                p->states[i] != STRESSOR_ARG_ABSENT);
    }
    for (size_t i = 0; i < p->common.stores_count; i++)
        require(p->common.stores[i].slot < plan->slots_count ||
                p->common.stores[i].slot == PLAN_SLOT_BY_NAME);
}

static void check_plan(const stressor_plan *plan)
{
    require(plan->name != NULL && plan->verbose >= -1 && plan->verbose <= 5);
    require(plan->sealed && plan->slots_count >= PLAN_SLOTS);
    require(plan->users_count >= 1 && plan->sessions_count <= PLAN_SESSIONS_MAX);
    require(plan->ramp_min_ns >= 0 && plan->ramp_min_ns <= plan->ramp_max_ns);
    require(plan->limits.max_time_ns >= 0 && plan->session_duration_ns >= 0);
    require(plan->layout.rows_count == plan->rows_count);
    for (size_t i = 0; i < plan->users_count; i++)
        require(plan->users[i].type == STRESSOR_MAP);
    for (size_t i = 0; i < plan->sequences_count; i++)
        for (uint32_t k = 0; k < plan->sequences[i].count; k++)
            check_place(plan, &plan->sequences[i].places[k], (uint32_t)i);
    for (size_t i = 0; i < plan->entries_count; i++) {
        const struct plan_entry *e = &plan->entries[i];
        require(e->sequence < plan->sequences_count && e->duration_ns >= 0);
        require(e->phase == plan->sequences[e->sequence].phase);
    }
    for (size_t i = 0; i < plan->rows_count; i++)
        require(plan->rows[i].name != NULL);
}

/* Takes the leading lines that are overrides; they are cut off at a NUL. */
static void take_overrides(const char *text, size_t length, char *room[OVERRIDES_MAX + 1])
{
    static const char mark[] = "#-o ";
    size_t n = 0;
    while (n < OVERRIDES_MAX && length > sizeof mark && memcmp(text, mark, sizeof mark - 1) == 0) {
        const char *end = memchr(text, '\n', length);
        size_t line = end != NULL ? (size_t)(end - text) : length;
        char *copy = strndup(text + sizeof mark - 1, line - (sizeof mark - 1));
        require(copy != NULL);
        if (strchr(copy, ':') != NULL && copy[0] != ':') /* others are refused before */
            room[n++] = copy;
        else
            free(copy);
        line += end != NULL;
        text += line;
        length -= line;
    }
    room[n] = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *overrides[OVERRIDES_MAX + 1];
    if (engine == NULL)
        open_engine();
    take_overrides((const char *)data, size, overrides);
    const stressor_load_options options = {.size = sizeof options,
                                           .overrides = (const char *const *)overrides};
    stressor_plan *plan =
        stressor_load_memory(engine, (const char *)data, size, "fuzz.yaml", FUZZ_LOADED, &options);
    require((plan != NULL) == (check_mistakes() == 0));
    if (plan != NULL)
        check_plan(plan);
    stressor_plan_free(plan);
    for (size_t i = 0; overrides[i] != NULL; i++)
        free(overrides[i]);
    return 0;
}
