#include "plan/plan.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/suggest.h"
#include "config/excerpt.h"
#include "plan/compile.h"

const char *const plan_slot_names[PLAN_SLOTS] = {
    [PLAN_SLOT_SESSION_ID] = "session_id",
    [PLAN_SLOT_USER] = "user",
    [PLAN_SLOT_DRY_RUN] = "dry_run",
    [PLAN_SLOT_VERBOSE] = "verbose",
};

static const char FILE_VERSION[] = "stressor#0";

#define SECTIONS "file_version, plugins, config, context, sessions, scenario, sequences, thresholds"
static const char *const sections[] = {"file_version", "plugins",  "config",    "context",
                                       "sessions",     "scenario", "sequences", "thresholds"};

void *compile_alloc(struct compile *c, size_t size)
{
    void *p = arena_zero(&c->plan->arena, size);
    if (p == NULL)
        diag_error(c->diag, NULL, "out of memory");
    return p;
}

void compile_expected(struct compile *c, const struct node *n, const char *fmt, ...)
{
    char shown[DESCRIBE_MAX];
    struct buf text;
    va_list args;
    buf_init(&text, 4096);
    va_start(args, fmt);
    buf_vprintf(&text, fmt, args);
    va_end(args);
    node_describe(n, shown, sizeof shown);
    diag_error(c->diag, &n->at, "%s, found %s", text.data, shown);
    buf_finish(&text);
    const struct template *unused;
    if (n->kind == NODE_SCALAR && n->scalar.type == STRESSOR_STRING) /* warns of a `$laod(x)` */
        template_compile(&c->scope, &c->plan->arena, &n->at, n->text, n->length, &unused);
}

struct node *compile_section(struct compile *c, const char *name, bool required)
{
    struct node *n = node_get(c->root, name);
    if (n == NULL) {
        if (required)
            diag_error(c->diag, &c->root->at, "missing section '%s': expected a map", name);
        return NULL;
    }
    if (n->broken)
        return NULL;
    if (n->kind == NODE_MAP)
        return n;
    if (n->kind == NODE_SCALAR && n->scalar.type == STRESSOR_NULL && !required)
        return NULL;
    compile_expected(c, n, "section '%s': expected a map", name);
    return NULL;
}

const stressor_arg *plan_section_arg(const char *section, size_t index)
{
    if (strcmp(section, "config") == 0)
        return compile_config_arg(index);
    if (strcmp(section, "sessions") == 0)
        return compile_sessions_arg(index);
    return strcmp(section, "scenario") == 0 ? compile_scenario_arg(index) : NULL;
}

static const stressor_macro *scope_macro(void *data, const char *name, size_t length,
                                         void **plugin_data)
{
    struct registry *registry = data;
    struct plugin *plugin;
    const stressor_macro *macro = registry_macro(registry, name, length, &plugin);
    if (macro == NULL ||
        (macro->kind != STRESSOR_MACRO_ACTIVITY && !registry_use(registry, plugin)))
        return NULL;
    *plugin_data = plugin->data;
    return macro;
}

static void scope_macro_names(void *data, void (*each)(void *to, const char *name), void *to)
{
    registry_each_macro(data, each, to);
}

struct template_scope plan_scope(struct registry *registry, struct names *variables, struct diag *d)
{
    return (struct template_scope){variables, scope_macro, scope_macro_names, registry, d};
}

static void check_top_level(struct compile *c)
{
    for (size_t i = 0; i < c->root->count; i++) {
        const struct node *key = c->root->entries[i].key;
        struct suggest near;
        suggest_init(&near, key->text, key->length);
        bool known = false;
        for (size_t k = 0; k < sizeof sections / sizeof *sections; k++) {
            known |= strcmp(key->text, sections[k]) == 0;
            suggest_offer(&near, sections[k], strlen(sections[k]));
        }
        if (known)
            continue;
        char shown[EXCERPT_MAX];
        excerpt_text(key->text, key->length, shown, sizeof shown);
        if (near.best != NULL)
            diag_error(c->diag, &key->at, "unknown section %s; did you mean '%s'?", shown,
                       near.best);
        else
            diag_error(c->diag, &key->at, "unknown section %s; expected one of " SECTIONS, shown);
    }
}

static bool check_version(struct compile *c)
{
    const struct node *n = node_get(c->root, "file_version");
    if (n == NULL)
        return diag_error(c->diag, &c->root->at, "missing key 'file_version' (expected '%s')",
                          FILE_VERSION);
    if (n->kind == NODE_SCALAR && !n->broken && strcmp(n->text, FILE_VERSION) == 0)
        return true;
    char shown[DESCRIBE_MAX];
    node_describe(n, shown, sizeof shown);
    if (!n->broken && n->kind == NODE_SCALAR && n->scalar.type == STRESSOR_STRING)
        diag_error(c->diag, &n->at,
                   "key 'file_version': this stressor reads '%s', the file is of version %s",
                   FILE_VERSION, shown + strlen("text "));
    else if (!n->broken)
        diag_error(c->diag, &n->at, "key 'file_version': expected '%s', found %s", FILE_VERSION,
                   shown);
    return false;
}

/* The most that a plugin's places need. */
static uint32_t most_descriptors(const struct plan_place *places, size_t count,
                                 const struct plugin *plugin, uint32_t most)
{
    for (size_t i = 0; i < count; i++)
        if (places[i].plugin == plugin && places[i].type->descriptors_per_session > most)
            most = places[i].type->descriptors_per_session;
    return most;
}

/* Scripts may call any type. */
static uint32_t session_descriptors(const struct stressor_plan *plan)
{
    uint32_t sum = 0;
    size_t plugins = registry_count(plan->registry);
    for (size_t i = 0; i < plugins; i++) {
        const struct plugin *plugin = registry_plugin(plan->registry, i);
        uint32_t most = most_descriptors(plan->dynamic, plan->dynamic_count, plugin, 0);
        for (size_t s = 0; s < plan->sequences_count; s++)
            most =
                most_descriptors(plan->sequences[s].places, plan->sequences[s].count, plugin, most);
        sum += most;
    }
    return sum;
}

static void compile_sections(struct compile *c, const char *stem)
{
    if (!check_version(c) && node_get(c->root, "file_version") != NULL)
        return; /* another language: what follows would only confuse */
    check_top_level(c);
    compile_requires(c);
    compile_config(c, stem);
    compile_sessions(c);
    compile_sequences(c);
    compile_scenario(c);
    compile_late_settings(c);
    compile_prepare_all(c);
    compile_thresholds(c);
    compile_warmup(c);
    compile_misspelt(c);
    compile_facts(c);
    compile_layout(c);
    c->plan->descriptors_per_session = session_descriptors(c->plan);
}

/* Slots grow while plugins prepare; what they had asked for starts unset. */
static bool grow_initial(struct stressor_plan *plan, size_t had)
{
    size_t count = names_count(plan->variables);
    stressor_value *initial = arena_zero(&plan->arena, count * sizeof *initial);
    bool *is_set = arena_zero(&plan->arena, count * sizeof *is_set);
    if (initial == NULL || is_set == NULL)
        return false;
    if (had > count)
        had = count;
    if (had > 0) {
        memcpy(initial, plan->initial, had * sizeof *initial);
        memcpy(is_set, plan->is_set, had * sizeof *is_set);
    }
    plan->initial = initial;
    plan->is_set = is_set;
    plan->slots_count = (uint32_t)count;
    plan->sealed = true;
    plan->last_result_slot = names_find(plan->variables, "last_result", strlen("last_result"));
    return true;
}

struct stressor_plan *plan_compile(struct plan_source *source, struct registry *registry,
                                   const stressor_host *host, const char *const *overrides,
                                   struct diag *d)
{
    struct stressor_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        diag_error(d, NULL, "out of memory");
        arena_finish(&source->arena);
        names_free(source->variables);
        if (source->folder >= 0)
            close(source->folder);
        return NULL;
    }
    plan->arena = source->arena;
    plan->folder = source->folder;
    plan->variables = source->variables;
    plan->registry = registry;
    plan->host = host;
    plan->row_keys = names_new();
    struct compile c = {
        .plan = plan,
        .registry = registry,
        .diag = d,
        .scope = plan_scope(registry, plan->variables, d),
        .root = source->root,
        .sequences = names_new(),
    };
    c.settled = compile_alloc(&c, registry_count(registry) * sizeof *c.settled);
    if (plan->row_keys == NULL || c.sequences == NULL || c.settled == NULL) {
        diag_error(d, NULL, "out of memory");
    } else if (c.root->broken) {
        /* its mistake is told */
    } else if (c.root->kind == NODE_SCALAR && c.root->length == 0) {
        diag_error(d, &c.root->at, "the file is empty: expected a map with the sections " SECTIONS);
    } else if (c.root->kind != NODE_MAP) {
        compile_expected(&c, c.root, "expected a map with the sections " SECTIONS);
    } else {
        c.overrides = compile_overrides(&c, overrides);
        plan->root = c.root;
        plan->overrides = c.overrides;
        compile_sections(&c, source->stem);
        if (!grow_initial(plan, plan->slots_set))
            diag_error(d, NULL, "out of memory");
    }
    names_free(c.sequences);
    if (diag_errors(d) == 0)
        return plan;
    plan_free(plan);
    return NULL;
}

static void free_places(struct plan_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct plan_place *p = &places[i];
        regex_free((struct stressor_regex *)p->common.match);
        for (size_t k = 0; k < p->common.stores_count; k++)
            path_free((struct stressor_path *)p->common.stores[k].path);
        if (p->prepared && p->code.release != NULL)
            p->code.release(p->plugin->data, p->data);
    }
}

void plan_free(struct stressor_plan *plan)
{
    static struct stressor_plan *left_behind;
    if (plan == NULL)
        return;
    if (plan->left_behind) {
        plan->next = left_behind;
        left_behind = plan;
        return;
    }
    for (size_t s = 0; s < plan->sequences_count; s++)
        free_places(plan->sequences[s].places, plan->sequences[s].count);
    free_places(plan->dynamic, plan->dynamic_count);
    names_free(plan->variables);
    names_free(plan->row_keys);
    if (plan->folder >= 0)
        close(plan->folder);
    arena_finish(&plan->arena);
    free(plan);
}

int64_t plan_variable_slot(struct stressor_plan *plan, const char *name, uint64_t length)
{
    if (plan->sealed)
        return names_find(plan->variables, name, length);
    return names_add(plan->variables, name, length);
}

struct plan_place *plan_dynamic(const struct stressor_plan *plan, const char *type)
{
    for (size_t i = 0; i < plan->dynamic_count; i++)
        if (strcmp(plan->dynamic[i].type->name, type) == 0)
            return &plan->dynamic[i];
    return NULL;
}
