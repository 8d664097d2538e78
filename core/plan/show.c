#include "plan/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <stressor/stressor.h>

#include "base/conceal.h"
#include "plan/plan.h"

/* The compiled plan, section by section. */

enum { USERS_SHOWN = 20, NOTE_MAX = 512 };

static const char IS_DEFAULT[] = "default";

/* Does the map say it? Null says nothing where null is no value. */
static bool is_said(const struct node *map, const char *key, const stressor_value *v)
{
    const struct node *n = node_get(map, key);
    return n != NULL &&
           (n->kind != NODE_SCALAR || n->scalar.type != STRESSOR_NULL || v->type == STRESSOR_NULL);
}

static bool is_configured(const struct stressor_plan *plan, const char *key,
                          const stressor_value *v)
{
    return is_said(plan->overrides, key, v) || is_said(node_get(plan->root, "config"), key, v);
}

static bool has_secret_flag(const stressor_arg *arg)
{
    return (arg->flags & STRESSOR_ARG_SECRET) != 0;
}

/* --- plugins ------------------------------------------------------------------------------- */

static bool is_used(const struct stressor_plan *plan, const struct plugin *plugin)
{
    for (size_t i = 0; i < plan->sequences_count; i++)
        for (uint32_t k = 0; k < plan->sequences[i].count; k++)
            if (plan->sequences[i].places[k].plugin == plugin)
                return true;
    for (size_t i = 0; i < plan->dynamic_count; i++)
        if (plan->dynamic[i].plugin == plugin)
            return true;
    return false;
}

static void show_plugins(struct show *s, const struct stressor_plan *plan)
{
    bool begun = false;
    for (size_t i = 0; i < registry_count(plan->registry); i++) {
        const struct plugin *plugin = registry_plugin(plan->registry, i);
        if (!is_used(plan, plugin))
            continue;
        if (!begun)
            show_head(s, 0, "plugins", "whose activities there are");
        begun = true;
        show_item(s, 1);
        show_string(s, 2, plugin->desc->name,
                    plugin->desc->version != NULL ? plugin->desc->version : "", NULL);
    }
}

/* --- config and variables ------------------------------------------------------------------ */

/* The settings of plugins in a section; `given` tells which are no defaults. */
static void show_settings(struct show *s, const struct stressor_plan *plan, const char *section)
{
    bool config = strcmp(section, "config") == 0;
    const stressor_value *map = config ? &plan->config_settings : &plan->session_settings;
    struct plugin *owner;
    const stressor_setting *setting;
    for (size_t i = 0; (setting = registry_setting(plan->registry, section, i, &owner)) != NULL;
         i++) {
        const stressor_arg *arg = setting->arg;
        const stressor_value *v = value_get(map, arg->name, strlen(arg->name));
        if (v == NULL)
            continue;
        bool said = config ? is_configured(plan, arg->name, v)
                           : is_said(node_get(plan->root, section), arg->name, v);
        const struct show_as as = {arg, said ? NULL : IS_DEFAULT,
                                   has_secret_flag(arg) ||
                                       conceal_key(arg->name, strlen(arg->name))};
        show_value(s, 1, arg->name, v, &as);
    }
}

static void show_watch(struct show *s, const struct stressor_plan *plan)
{
    if (plan->watch_count == 0)
        return;
    show_head(s, 1, "watch", "processes that are looked at");
    for (size_t i = 0; i < plan->watch_count && !show_done(s); i++) {
        show_begin(s, 2);
        buf_puts(&s->text, "- ");
        show_scalar(s, 3, plan->watch[i], strlen(plan->watch[i]), true);
        show_end(s);
    }
}

static void show_config(struct show *s, const struct stressor_plan *plan)
{
    const stressor_value name = stressor_string(plan->name);
    const int32_t details = names_find(plan->variables, "details", strlen("details"));
    show_head(s, 0, "config", NULL);
    show_string(s, 1, "name", plan->name, is_configured(plan, "name", &name) ? NULL : IS_DEFAULT);
    if (details >= 0 && (uint32_t)details < plan->slots_count && plan->is_set[details])
        show_value(s, 1, "details", &plan->initial[details], &(struct show_as){0});
    if (plan->tag != NULL)
        show_string(s, 1, "tag", plan->tag, NULL);
    if (plan->verbose >= 0)
        show_int(s, 1, "verbose", (uint64_t)plan->verbose, NULL);
    if (plan->limits.max_errors > 0)
        show_int(s, 1, "max_errors", plan->limits.max_errors, "then the run stops");
    if (plan->limits.max_time_ns > 0)
        show_duration(s, 1, "max_time", plan->limits.max_time_ns, "then the run stops");
    if (plan->warmup_ns > 0)
        show_duration(s, 1, "warmup", plan->warmup_ns, "what starts within is counted apart");
    if (plan->force_single)
        show_yes(s, 1, "force_single", "one session, loops run once");
    if (plan->dry_run)
        show_yes(s, 1, "dry_run", "nothing is sent");
    show_watch(s, plan);
    show_settings(s, plan, "config");
}

/* Is it an entry of `config` that is shown there? */
static bool is_setting(const struct stressor_plan *plan, const char *name)
{
    struct plugin *owner;
    const stressor_arg *arg;
    const stressor_setting *setting;
    if (node_get(node_get(plan->root, "context"), name) != NULL)
        return false; /* what activities see is the value of `context` */
    for (size_t i = 0; (arg = plan_section_arg("config", i)) != NULL; i++)
        if (strcmp(arg->name, name) == 0)
            return true;
    for (size_t i = 0; (setting = registry_setting(plan->registry, "config", i, &owner)) != NULL;
         i++)
        if (strcmp(setting->arg->name, name) == 0)
            return true;
    return false;
}

static bool is_secret_setting(const struct stressor_plan *plan, const char *name)
{
    struct plugin *owner;
    const stressor_setting *setting;
    for (size_t i = 0; (setting = registry_setting(plan->registry, "config", i, &owner)) != NULL;
         i++)
        if (strcmp(setting->arg->name, name) == 0 && has_secret_flag(setting->arg))
            return true;
    return conceal_key(name, strlen(name)) || conceal_header(name, strlen(name));
}

static void show_variables(struct show *s, const struct stressor_plan *plan)
{
    bool begun = false;
    for (uint32_t i = 0; i < plan->slots_count && !show_done(s); i++) {
        const char *name = names_text(plan->variables, (int32_t)i, NULL);
        if (!plan->is_set[i] || is_setting(plan, name))
            continue;
        if (!begun)
            show_head(s, 0, "context", "variables that each session starts with");
        begun = true;
        const struct show_as as = {.conceal = is_secret_setting(plan, name)};
        show_value(s, 1, name, &plan->initial[i], &as);
    }
}

/* --- sessions ------------------------------------------------------------------------------ */

/* Only the name: users are secret. Without `auth`, which is made of name and password. */
static void show_user(struct show *s, const stressor_value *user)
{
    show_item(s, 2);
    for (uint64_t i = 0; i < user->as.map.count && !show_done(s); i++) {
        const char *key;
        uint64_t length;
        const stressor_value *v = value_entry(user, i, &key, &length);
        if (strcmp(key, "auth") == 0)
            continue;
        const struct show_as as = {.conceal = strcmp(key, "name") != 0};
        show_value(s, 3, key, v, &as);
    }
}

static void show_users(struct show *s, const struct stressor_plan *plan)
{
    show_head(s, 1, "users",
              node_get(node_get(plan->root, "sessions"), "users") != NULL ? NULL : IS_DEFAULT);
    size_t shown = plan->users_count < USERS_SHOWN ? plan->users_count : USERS_SHOWN;
    for (size_t i = 0; i < shown && !show_done(s); i++)
        show_user(s, &plan->users[i]);
    if (shown < plan->users_count) {
        char text[64];
        snprintf(text, sizeof text, "\xe2\x80\xa6 and %zu more", plan->users_count - shown);
        show_note(s, 2, text);
    }
}

static void show_ramp(struct show *s, const struct stressor_plan *plan)
{
    if (plan->ramp_max_ns == 0)
        return;
    show_begin(s, 1);
    buf_puts(&s->text, "ramp_up_delay: ");
    if (plan->ramp_min_ns != plan->ramp_max_ns) {
        buf_putc(&s->text, '[');
        show_span(&s->text, plan->ramp_min_ns);
        buf_puts(&s->text, ", ");
    }
    show_span(&s->text, plan->ramp_max_ns);
    if (plan->ramp_min_ns != plan->ramp_max_ns)
        buf_putc(&s->text, ']');
    s->note = "before each session but the first";
    show_end(s);
}

static void show_sessions(struct show *s, const struct stressor_plan *plan)
{
    const struct node *map = node_get(plan->root, "sessions");
    const stressor_value count = stressor_int((int64_t)plan->sessions_count);
    show_head(s, 0, "sessions", NULL);
    show_int(s, 1, "count", plan->sessions_count,
             plan->force_single              ? "one of them, as config.force_single says"
             : is_said(map, "count", &count) ? NULL
                                             : IS_DEFAULT);
    if (plan->session_duration_ns > 0)
        show_duration(s, 1, "duration", plan->session_duration_ns,
                      "then a session starts no pass but of 'end'");
    show_ramp(s, plan);
    show_settings(s, plan, "sessions");
    show_users(s, plan);
}

/* --- scenario and sequences ---------------------------------------------------------------- */

static const char *phase_note(uint32_t phase)
{
    switch (phase) {
    case STRESSOR_PHASE_INIT: return "set-up: an error in it ends the session";
    case STRESSOR_PHASE_END: return "tear-down: runs after errors, limits and a graceful stop too";
    default: return NULL;
    }
}

static void show_scenario(struct show *s, const struct stressor_plan *plan)
{
    show_head(s, 0, "scenario", plan->entries_count > 0 ? "each session, in this order" : NULL);
    for (size_t i = 0; i < plan->entries_count && !show_done(s); i++) {
        const struct plan_entry *e = &plan->entries[i];
        show_item(s, 1);
        show_string(s, 2, "sequence", plan->sequences[e->sequence].name, phase_note(e->phase));
        if (e->repeat > 0)
            show_int(s, 2, "repeat", e->repeat, plan->force_single ? "one pass" : NULL);
        if (e->duration_ns > 0)
            show_duration(s, 2, "duration", e->duration_ns, plan->force_single ? "one pass" : NULL);
    }
}

static bool same_place(const struct place *a, const struct place *b)
{
    return a->line == b->line && a->column == b->column &&
           (a->file == b->file ||
            (a->file != NULL && b->file != NULL && strcmp(a->file, b->file) == 0));
}

static void show_args(struct show *s, const struct plan_place *p)
{
    for (uint32_t i = 0; i < p->args_count && !show_done(s); i++) {
        if (p->states[i] == STRESSOR_ARG_ABSENT)
            continue;
        const stressor_arg *arg = p->type->args[i];
        const struct show_as as = {
            .arg = arg,
            .note = same_place(&p->arg_places[i], &p->at) ? IS_DEFAULT : NULL,
            .conceal = has_secret_flag(arg) || conceal_key(arg->name, strlen(arg->name)),
        };
        show_value(s, 3, arg->name, &p->args[i], &as);
    }
}

static void show_stores(struct show *s, const struct plan_common *c)
{
    if (c->stores_count == 0)
        return;
    show_head(s, 3, common_args[COMMON_STORE_JSON]->name, NULL);
    for (size_t i = 0; i < c->stores_count && !show_done(s); i++)
        show_value(s, 4, c->stores[i].name, &c->stores[i].path_text, &(struct show_as){0});
}

static void show_flag(struct show *s, enum common_arg which, bool is)
{
    const stressor_value v = stressor_bool(is);
    show_value(s, 3, common_args[which]->name, &v, &(struct show_as){0});
}

static void show_common(struct show *s, const struct stressor_plan *plan,
                        const struct plan_place *p)
{
    const struct plan_common *c = &p->common;
    bool ignored = (p->code.flags & STRESSOR_ACTIVITY_IGNORE_TIMING) != 0;
    if (c->match_text.type != STRESSOR_NULL)
        show_value(s, 3, common_args[COMMON_ASSERT_MATCH]->name, &c->match_text,
                   &(struct show_as){0});
    if (c->max_time.type != STRESSOR_NULL)
        show_value(s, 3, common_args[COMMON_ASSERT_MAX_TIME]->name, &c->max_time,
                   &(struct show_as){.arg = common_args[COMMON_ASSERT_MAX_TIME]});
    show_stores(s, c);
    if (c->has_mock)
        show_value(s, 3, common_args[COMMON_MOCK_RESULT]->name, &c->mock, &(struct show_as){0});
    if ((plan->rows[p->row].flags & STRESSOR_ROW_MONITORED) != 0)
        show_flag(s, COMMON_MONITOR, true);
    if (p->ignore_timing != ignored)
        show_flag(s, COMMON_IGNORE_TIMING, p->ignore_timing);
    if ((p->exec_flags & STRESSOR_EXEC_DEBUG) != 0)
        show_flag(s, COMMON_DEBUG, true);
}

static void show_place(struct show *s, const struct stressor_plan *plan, const struct plan_place *p)
{
    char note[NOTE_MAX];
    snprintf(note, sizeof note, "%.200s, %.200s:%u:%u", p->label,
             p->at.file != NULL ? p->at.file : "", p->at.line, p->at.column);
    show_item(s, 2);
    show_string(s, 3, "activity", p->type->name, note);
    if (p->name != p->label)
        show_string(s, 3, common_args[COMMON_NAME]->name, p->name, NULL);
    show_args(s, p);
    show_common(s, plan, p);
}

static void show_sequences(struct show *s, const struct stressor_plan *plan)
{
    show_head(s, 0, "sequences", NULL);
    for (size_t i = 0; i < plan->sequences_count && !show_done(s); i++) {
        const struct plan_sequence *seq = &plan->sequences[i];
        const char *note = seq->used ? NULL : "not in the scenario: never runs";
        if (seq->count == 0) {
            const stressor_value none = {.type = STRESSOR_LIST};
            show_value(s, 1, seq->name, &none, &(struct show_as){.note = note});
            continue;
        }
        show_head(s, 1, seq->name, note);
        for (uint32_t k = 0; k < seq->count && !show_done(s); k++)
            show_place(s, plan, &seq->places[k]);
    }
}

static void show_thresholds(struct show *s, const struct stressor_plan *plan)
{
    if (plan->thresholds_count == 0)
        return;
    show_head(s, 0, "thresholds", "judged on what the sessions do");
    for (size_t i = 0; i < plan->thresholds_count && !show_done(s); i++) {
        const struct threshold *t = &plan->thresholds[i];
        show_begin(s, 1);
        buf_puts(&s->text, "- ");
        show_scalar(s, 2, t->text, strlen(t->text), true);
        s->note = t->abort ? "stops the run" : NULL;
        show_end(s);
    }
}

int32_t stressor_plan_show(const stressor_plan *plan, stressor_sink sink, void *data)
{
    static void (*const sections[])(struct show *, const struct stressor_plan *) = {
        show_plugins,  show_config,    show_variables,  show_sessions,
        show_scenario, show_sequences, show_thresholds,
    };
    struct show s = {.sink = sink, .data = data};
    buf_init(&s.text, 0);
    for (size_t i = 0; i < sizeof sections / sizeof *sections && !show_done(&s); i++)
        sections[i](&s, plan);
    return show_finish(&s);
}
