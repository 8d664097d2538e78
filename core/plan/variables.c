#include "plan/compile.h"

#include <stdio.h>
#include <string.h>

#include "base/conceal.h"
#include "base/number.h"
#include "config/excerpt.h"

/* config, context and -o become the variables that a session starts with. */

#define ARG(NAME, ...) static const stressor_arg NAME = {.size = sizeof(stressor_arg), __VA_ARGS__}

ARG(arg_name, .name = "name", .types = STRESSOR_ARG_STRING, .help = "shown in results");
ARG(arg_details, .name = "details", .types = STRESSOR_ARG_STRING, .help = "free text");
ARG(arg_tag, .name = "tag", .types = STRESSOR_ARG_STRING, .help = "describes this run");
ARG(arg_verbose, .name = "verbose", .types = STRESSOR_ARG_INT, .min = 0, .max = 5,
    .help = "log level");
ARG(arg_max_errors, .name = "max_errors", .types = STRESSOR_ARG_INT, .min = 0, .max = 9e15,
    .help = "stop when the run has seen this many errors; 0: never");
ARG(arg_max_time, .name = "max_time", .types = STRESSOR_ARG_DURATION,
    .help = "stop when the run is this old; 0: never");
ARG(arg_warmup, .name = "warmup", .types = STRESSOR_ARG_DURATION, .min = 0, .max = 1e9,
    .help = "what starts in the first so many seconds is counted apart, and in no net figure");
ARG(arg_force_single, .name = "force_single", .types = STRESSOR_ARG_BOOL,
    .help = "one session, loops run once");
ARG(arg_dry_run, .name = "dry_run", .types = STRESSOR_ARG_BOOL, .help = "nothing is sent");
ARG(arg_watch, .name = "watch", .types = STRESSOR_ARG_LIST | STRESSOR_ARG_STRING | STRESSOR_ARG_INT,
    .items = STRESSOR_ARG_STRING | STRESSOR_ARG_INT,
    .help = "processes of this machine whose use of CPU, memory, descriptors and storage is shown: "
            "process ids, paths of pid files, names");

enum config_arg {
    NAME,
    DETAILS,
    TAG,
    VERBOSE,
    MAX_ERRORS,
    MAX_TIME,
    WARMUP,
    FORCE_SINGLE,
    DRY_RUN,
    WATCH,
    ARGS
};
static const stressor_arg *const config_args[ARGS] = {
    [NAME] = &arg_name,       [DETAILS] = &arg_details,           [TAG] = &arg_tag,
    [VERBOSE] = &arg_verbose, [MAX_ERRORS] = &arg_max_errors,     [MAX_TIME] = &arg_max_time,
    [WARMUP] = &arg_warmup,   [FORCE_SINGLE] = &arg_force_single, [DRY_RUN] = &arg_dry_run,
    [WATCH] = &arg_watch,
};

const stressor_arg *compile_config_arg(size_t index)
{
    return index < ARGS ? config_args[index] : NULL;
}

/* --- the command line ---------------------------------------------------------------------- */

/* Is it text, whatever it looks like? */
static bool is_text(const char *name)
{
    for (size_t i = 0; i < ARGS; i++)
        if (strcmp(config_args[i]->name, name) == 0)
            return config_args[i]->types == STRESSOR_ARG_STRING;
    return false;
}

/* Int, then float, else text; `dry_run` reads true and false as well. */
static stressor_value override_value(const char *name, const char *text, size_t length)
{
    int64_t integer;
    double real;
    if (is_text(name))
        return stressor_string_n(text, length);
    if (strcmp(name, "dry_run") == 0 && strcmp(text, "false") == 0)
        return stressor_bool(0);
    if (strcmp(name, "dry_run") == 0 && strcmp(text, "true") == 0)
        return stressor_bool(1);
    if (number_int(text, length, &integer))
        return stressor_int(integer);
    if (number_double(text, length, &real))
        return stressor_double(real);
    return stressor_string_n(text, length);
}

/* "-o NAME:VALUE" for messages: cut where it is long, and the value masked where it may be a
 * secret. NULL: out of memory. */
static const char *override_place(struct compile *c, const char *name, const char *value)
{
    char shown[EXCERPT_MAX];
    struct excerpt e;
    excerpt_init(&e, shown, sizeof shown);
    excerpt_put(&e, name, strlen(name));
    excerpt_put(&e, ":", 1);
    if (conceal_key(name, strlen(name)))
        value = "***";
    excerpt_put(&e, value, strlen(value));
    return arena_printf(&c->plan->arena, "-o %s", shown);
}

static bool add_override(struct compile *c, const char *text, struct node *map)
{
    struct place at = {"-o", 0, 0};
    const char *colon = strchr(text, ':');
    if (colon == NULL || colon == text) {
        char shown[EXCERPT_MAX];
        excerpt_text(text, strlen(text), shown, sizeof shown);
        return diag_error(c->diag, &at, "expected NAME:VALUE, found %s", shown);
    }
    struct arena *a = &c->plan->arena;
    struct node *key = compile_alloc(c, sizeof *key);
    struct node *value = compile_alloc(c, sizeof *value);
    char *name = arena_copy(a, text, (size_t)(colon - text));
    char *rest = arena_copy(a, colon + 1, strlen(colon + 1));
    at.file = name != NULL && rest != NULL ? override_place(c, name, rest) : NULL;
    if (key == NULL || value == NULL || at.file == NULL)
        return diag_error(c->diag, NULL, "out of memory");
    size_t length = strlen(rest);
    *key = (struct node){.kind = NODE_SCALAR,
                         .at = at,
                         .weight = 1,
                         .text = name,
                         .length = strlen(name),
                         .scalar = stressor_string(name)};
    *value = (struct node){.kind = NODE_SCALAR,
                           .at = at,
                           .weight = 1,
                           .text = rest,
                           .length = length,
                           .scalar = override_value(name, rest, length)};
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->entries[i].key->text, name) == 0) {
            map->entries[i].value = value; /* given twice: the last one counts */
            return true;
        }
    map->entries[map->count++] = (struct node_entry){key, value};
    return true;
}

struct node *compile_overrides(struct compile *c, const char *const *texts)
{
    size_t count = 0;
    while (texts != NULL && texts[count] != NULL)
        count++;
    struct node *map = compile_alloc(c, sizeof *map);
    if (map == NULL)
        return NULL;
    map->kind = NODE_MAP;
    map->at = (struct place){"-o", 0, 0};
    map->entries = compile_alloc(c, count * sizeof *map->entries);
    if (map->entries == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        add_override(c, texts[i], map);
    return map;
}

/* `map` with the entries of `over` on top. */
static struct node *merged(struct compile *c, const struct node *map, const struct node *over)
{
    struct node *out = compile_alloc(c, sizeof *out);
    size_t room = (map != NULL ? map->count : 0) + (over != NULL ? over->count : 0);
    struct node_entry *entries = compile_alloc(c, room * sizeof *entries);
    if (out == NULL || entries == NULL)
        return NULL;
    *out = (struct node){.kind = NODE_MAP, .at = map != NULL ? map->at : c->root->at};
    out->entries = entries;
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        const struct node_entry *e = &map->entries[i];
        if (node_get(over, e->key->text) == NULL)
            entries[out->count++] = *e;
    }
    for (size_t i = 0; over != NULL && i < over->count; i++)
        entries[out->count++] = over->entries[i];
    return out;
}

/* --- variables ----------------------------------------------------------------------------- */

static bool set_variable(struct compile *c, int32_t slot, const stressor_value *v)
{
    struct stressor_plan *plan = c->plan;
    size_t need = (size_t)slot + 1;
    if (need > plan->slots_set) {
        size_t room = 2 * need + 16;
        stressor_value *initial = compile_alloc(c, room * sizeof *initial);
        bool *is_set = compile_alloc(c, room * sizeof *is_set);
        if (initial == NULL || is_set == NULL)
            return false;
        if (plan->slots_set > 0) {
            memcpy(initial, plan->initial, plan->slots_set * sizeof *initial);
            memcpy(is_set, plan->is_set, plan->slots_set * sizeof *is_set);
        }
        plan->initial = initial;
        plan->is_set = is_set;
        plan->slots_set = room;
    }
    plan->initial[slot] = *v;
    plan->is_set[slot] = true;
    return true;
}

static void set_variables(struct compile *c, const struct node *map)
{
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        const struct node_entry *e = &map->entries[i];
        int32_t slot = names_add(c->plan->variables, e->key->text, e->key->length);
        stressor_value v;
        if (slot < 0)
            diag_error(c->diag, &e->key->at, "out of memory");
        else if (template_node_value(&c->scope, &c->plan->arena, e->value, false, &v))
            set_variable(c, slot, &v);
        c->plan->keeps_user |= slot == PLAN_SLOT_USER;
        c->plan->keeps_session_id |= slot == PLAN_SLOT_SESSION_ID;
    }
}

static const stressor_value *initial_variable(void *data, uint32_t slot)
{
    const struct stressor_plan *plan = data;
    return slot < plan->slots_set && plan->is_set[slot] ? &plan->initial[slot] : NULL;
}

/* Without the " (file:line:column)" that the diag gives too. */
static void put_failure(const stressor_failure *failure, const struct place *at, struct buf *out)
{
    char place[512];
    int length = snprintf(place, sizeof place, " (%s:%u:%u)", at->file, at->line, at->column);
    size_t all = (size_t)failure->length, skip = length > 0 ? (size_t)length : 0;
    const char *found = skip < sizeof place ? memmem(failure->text, all, place, skip) : NULL;
    size_t before = found != NULL ? (size_t)(found - failure->text) : all;
    buf_put(out, failure->text, before);
    if (found != NULL)
        buf_put(out, found + skip, all - before - skip);
}

/* Settings are needed before any session runs: macros in them see the initial variables. */
static bool expand_now(struct compile *c, const char *section, const stressor_arg *arg,
                       const struct place *at, stressor_value *v)
{
    struct template_env env = {
        .variable = initial_variable,
        .data = c->plan,
        .variables = c->plan->variables,
        .arena = &c->plan->arena,
    };
    stressor_failure failure;
    struct buf why;
    buf_init(&why, 8192);
    bool good = template_expand_value(v, &env, v, &failure);
    if (!good)
        put_failure(&failure, at, &why);
    bool absent = false;
    good = good && schema_coerce(arg, v, &c->plan->arena, &absent, &why);
    if (absent)
        good = schema_fallback(arg, &c->plan->arena, v);
    if (!good)
        diag_error(c->diag, at, "key '%s' of section '%s': %s", arg->name, section, why.data);
    buf_finish(&why);
    return good;
}

bool compile_text_now(struct compile *c, const char *what, const struct node *n,
                      stressor_value *out)
{
    struct arena *a = &c->plan->arena;
    struct template_env env = {
        .variable = initial_variable,
        .data = c->plan,
        .variables = c->plan->variables,
        .arena = a,
    };
    stressor_failure failure;
    struct buf text;
    if (!template_node_value(&c->scope, a, n, false, out))
        return false;
    buf_init(&text, 0);
    bool good = template_expand_value(out, &env, out, &failure);
    if (!good) {
        put_failure(&failure, &n->at, &text);
        diag_error(c->diag, &n->at, "%s: %s", what, text.data);
    } else if (value_text(out, 0, &text) || value_has_secret(out)) {
        good = diag_error(c->diag, &n->at, "%s: expected text that may be shown, found a secret",
                          what);
    } else {
        char *copy = text.failed ? NULL : arena_copy(a, text.data, text.length);
        good = copy != NULL || diag_error(c->diag, NULL, "out of memory");
        *out = stressor_string_n(copy, text.length);
    }
    buf_finish(&text);
    return good;
}

/* Whose keys stand in the section; where a key is nobody's, all that it might be meant for. */
static void open_settings(struct compile *c, const char *section, const struct node *map,
                          const stressor_arg *const *args, size_t count,
                          enum schema_unknown unknown)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct node *key = map->entries[i].key;
        bool known = registry_open_setting(c->registry, section, key->text, key->length);
        for (size_t k = 0; k < count && !known; k++)
            known = strcmp(args[k]->name, key->text) == 0;
        if (!known && unknown != SCHEMA_UNKNOWN_FINE)
            registry_open_settings(c->registry, section);
    }
}

bool compile_bind_section(struct compile *c, const char *section, struct node *map,
                          const stressor_arg *const *args, size_t count, stressor_value *values,
                          enum schema_unknown unknown, stressor_value *plugin_values)
{
    size_t extra = 0;
    open_settings(c, section, map, args, count, unknown);
    while (registry_setting(c->registry, section, extra, NULL) != NULL)
        extra++;
    const stressor_arg **all = compile_alloc(c, (count + extra) * sizeof *all);
    stressor_value *bound = compile_alloc(c, (count + extra) * sizeof *bound);
    uint8_t *states = compile_alloc(c, count + extra);
    struct place *places = compile_alloc(c, (count + extra) * sizeof *places);
    char *what = arena_printf(&c->plan->arena, "section '%s'", section);
    if (what == NULL)
        diag_error(c->diag, NULL, "out of memory");
    if (all == NULL || bound == NULL || states == NULL || places == NULL || what == NULL)
        return false;
    memcpy(all, args, count * sizeof *all);
    for (size_t i = 0; i < extra; i++)
        all[count + i] = registry_setting(c->registry, section, i, NULL)->arg;
    struct schema_table table = {all, count + extra, bound, states, places};
    compile_settled(c, section);
    bool good = schema_bind(&table, 1, map, NULL, unknown, what, &c->scope, &c->plan->arena);
    bool keep_templates = strcmp(section, "config") == 0; /* plugins read config at run time */
    struct stressor_builder b;
    builder_init(&b, &c->plan->arena);
    builder_map(&b);
    for (size_t i = 0; i < count + extra; i++) {
        bool core = i < count;
        if (states[i] == STRESSOR_ARG_TEMPLATE && (core || !keep_templates))
            good = expand_now(c, section, all[i], &places[i], &bound[i]) && good;
        if (core) {
            values[i] = bound[i];
        } else if (states[i] != STRESSOR_ARG_ABSENT) {
            builder_key(&b, all[i]->name, strlen(all[i]->name));
            builder_value(&b, &bound[i]);
        }
    }
    builder_end(&b);
    if (builder_finish(&b, plugin_values) != STRESSOR_OK)
        return diag_error(c->diag, NULL, "out of memory");
    return good;
}

static void take_text(struct compile *c, const stressor_value *v, const char **out)
{
    if (v->type != STRESSOR_STRING)
        return;
    *out = arena_copy(&c->plan->arena, v->as.string.ptr, v->as.string.length);
    if (*out == NULL)
        diag_error(c->diag, NULL, "out of memory");
}

/* `http://name:password@host/` is shown as `http://name:***@host/`. */
static const char *without_password(struct compile *c, const char *url)
{
    const char *name = url != NULL ? strstr(url, "://") : NULL;
    if (name == NULL)
        return url;
    name += 3;
    size_t authority = strcspn(name, "/?#");
    const char *at = memrchr(name, '@', authority);
    const char *colon = at != NULL ? memchr(name, ':', (size_t)(at - name)) : NULL;
    if (colon == NULL)
        return url;
    const char *shown = arena_printf(&c->plan->arena, "%.*s***%s", (int)(colon + 1 - url), url, at);
    if (shown == NULL)
        diag_error(c->diag, NULL, "out of memory");
    return shown;
}

/* `config` with the overrides in it. */
static void take_base_url(struct compile *c, const struct node *config, const struct node *context)
{
    struct stressor_plan *plan = c->plan;
    int32_t url = names_find(plan->variables, "base_url", strlen("base_url"));
    const stressor_value *v = url >= 0 ? initial_variable(plan, (uint32_t)url) : NULL;
    const struct node *n = node_get(c->overrides, "base_url");
    if (n == NULL)
        n = node_get(context, "base_url");
    if (n == NULL)
        n = node_get(config, "base_url");
    if (v == NULL)
        return;
    if ((v->flags & (VALUE_TEMPLATE | STRESSOR_SECRET)) == 0)
        take_text(c, v, &plan->base_url);
    else if (n != NULL && n->kind == NODE_SCALAR)
        plan->base_url = compile_shown(c, n);
    plan->base_url = without_password(c, plan->base_url);
}

/* Variables that a plugin's settings say are secrets, wherever their values come from. */
static bool keep_secrets(struct compile *c, const struct node *context)
{
    const struct stressor_plan *plan = c->plan;
    const stressor_setting *setting;
    if (context != NULL)
        open_settings(c, "config", context, config_args, ARGS, SCHEMA_UNKNOWN_FINE);
    for (size_t i = 0; (setting = registry_setting(c->registry, "config", i, NULL)) != NULL; i++) {
        const char *name = setting->arg->name;
        int32_t slot = names_find(plan->variables, name, strlen(name));
        if ((setting->arg->flags & STRESSOR_ARG_SECRET) == 0 || slot < 0 ||
            initial_variable(c->plan, (uint32_t)slot) == NULL)
            continue;
        if (!value_make_secret(&c->plan->arena, &c->plan->initial[slot]))
            return diag_error(c->diag, NULL, "out of memory");
    }
    return true;
}

void compile_config(struct compile *c, const char *stem)
{
    struct stressor_plan *plan = c->plan;
    struct node *config = merged(c, compile_section(c, "config", false), c->overrides);
    struct node *context = compile_section(c, "context", false);
    if (config == NULL)
        return;
    /* The order of keys does not matter: macros of one section may use the other's variables. */
    set_variables(c, config);
    set_variables(c, context);
    set_variables(c, c->overrides);

    stressor_value values[ARGS];
    memset(values, 0, sizeof values);
    if (!compile_bind_section(c, "config", config, config_args, ARGS, values, SCHEMA_UNKNOWN_FINE,
                              &plan->config_settings) ||
        !keep_secrets(c, context))
        return;

    plan->name = stem;
    take_text(c, &values[NAME], &plan->name);
    take_text(c, &values[TAG], &plan->tag);
    plan->verbose = values[VERBOSE].type == STRESSOR_INT ? (int)values[VERBOSE].as.integer : -1;
    if (values[MAX_ERRORS].type == STRESSOR_INT)
        plan->limits.max_errors = (uint64_t)values[MAX_ERRORS].as.integer;
    if (values[MAX_TIME].type == STRESSOR_INT)
        plan->limits.max_time_ns = values[MAX_TIME].as.integer;
    if (values[WARMUP].type == STRESSOR_INT)
        plan->warmup_ns = values[WARMUP].as.integer;
    plan->force_single = values[FORCE_SINGLE].as.integer != 0;
    plan->dry_run = values[DRY_RUN].as.integer != 0;
    compile_watch(c, node_get(config, "watch"), &values[WATCH]);
    take_base_url(c, config, context);
}
