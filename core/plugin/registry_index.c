/*
 * What the plugins offer, by name. A name is looked up before the plugin that offers it is opened;
 * opening one may change the index, where its manifest was wrong or it is refused, so after that
 * the name is looked up again.
 */
#include <string.h>

#include "base/log.h"
#include "plugin/registry_private.h"

static const char *const kind_words[OFFER_KINDS] = {
    [OFFER_ACTIVITY] = "activity type",
    [OFFER_MACRO] = "macro",
    [OFFER_SETTING] = "setting",
    [OFFER_REPORTER] = "reporter",
};

static bool same(const char *text, const char *name, size_t length)
{
    return strlen(text) == length && memcmp(text, name, length) == 0;
}

/* --- making it --------------------------------------------------------------------------- */

static uint32_t count_of(const struct manifest *m, enum offer_kind kind)
{
    switch (kind) {
    case OFFER_ACTIVITY: return m->activities_count;
    case OFFER_MACRO: return m->macros_count;
    case OFFER_SETTING: return m->settings_count;
    default: return m->reporters_count;
    }
}

static struct offered offer_of(struct plugin *p, enum offer_kind kind, uint32_t place)
{
    const struct manifest *m = p->offer;
    struct offered o = {.plugin = p, .place = place};
    if (kind == OFFER_SETTING)
        o.section = m->settings[place].section;
    o.name = kind == OFFER_ACTIVITY  ? m->activities[place]
             : kind == OFFER_MACRO   ? m->macros[place]
             : kind == OFFER_SETTING ? m->settings[place].name
                                     : m->reporters[place];
    return o;
}

static const struct offered *find_in(const struct offers *offers, const char *section,
                                     const char *name, size_t length)
{
    for (size_t i = 0; i < offers->count; i++) {
        const struct offered *o = &offers->items[i];
        if (!o->plugin->gone && same(o->name, name, length) &&
            (section == NULL || strcmp(o->section, section) == 0))
            return o;
    }
    return NULL;
}

static void warn_hidden(const char *what, const char *name, const struct plugin *loser,
                        const struct plugin *winner)
{
    log_line(STRESSOR_LOG_WARNING, "%s '%s' of plugin %s (%s) is hidden by that of plugin %s (%s)",
             what, name, loser->offer->name, registry_where(loser), winner->offer->name,
             registry_where(winner));
}

static bool index_kind(struct registry *r, enum offer_kind kind, bool warn, struct offers *out)
{
    size_t count = 0;
    for (size_t i = 0; i < r->plugins_count; i++)
        count += count_of(r->plugins[i].offer, kind);
    *out = (struct offers){.items = arena_zero(&r->arena, count * sizeof *out->items)};
    if (out->items == NULL)
        return false;
    for (size_t i = 0; i < r->plugins_count; i++) {
        struct plugin *p = &r->plugins[i];
        for (uint32_t k = 0; !p->gone && k < count_of(p->offer, kind); k++) {
            struct offered o = offer_of(p, kind, k);
            const struct offered *winner = find_in(out, o.section, o.name, strlen(o.name));
            if (winner == NULL)
                out->items[out->count++] = o;
            else if (warn)
                warn_hidden(kind_words[kind], o.name, p, winner->plugin);
        }
    }
    return true;
}

/* Goes through the engines of a type; `plugin` and `i` say where it stands: past what it returns.
 */
static const struct manifest_engine *next_engine(const struct registry *r, const char *activity,
                                                 size_t *plugin, uint32_t *i)
{
    for (; *plugin < r->plugins_count; (*plugin)++, *i = 0) {
        const struct plugin *p = &r->plugins[*plugin];
        while (!p->gone && *i < p->offer->engines_count) {
            const struct manifest_engine *e = &p->offer->engines[(*i)++];
            if (strcmp(e->activity, activity) == 0)
                return e;
        }
    }
    return NULL;
}

static const struct manifest_engine *find_engine(const struct registry *r, const char *activity,
                                                 const char *language, const char *extension,
                                                 struct plugin **plugin)
{
    size_t p = 0;
    uint32_t i = 0;
    for (const struct manifest_engine *e; (e = next_engine(r, activity, &p, &i)) != NULL;) {
        if (language != NULL ? strcmp(e->language, language) == 0
                             : extension != NULL && strcmp(e->extension, extension) == 0) {
            *plugin = &r->plugins[p];
            return e;
        }
    }
    return NULL;
}

/* They are few: what hides them is found by looking through all. */
static void warn_hidden_engines(const struct registry *r, const struct plugin *p)
{
    for (uint32_t i = 0; i < p->offer->engines_count; i++) {
        const struct manifest_engine *e = &p->offer->engines[i];
        struct plugin *winner = NULL;
        if (find_engine(r, e->activity, e->language, NULL, &winner) != e && winner != p)
            warn_hidden("script language", e->language, p, winner);
        else if (*e->extension != '\0' &&
                 find_engine(r, e->activity, NULL, e->extension, &winner) != e && winner != p)
            warn_hidden("script extension", e->extension, p, winner);
    }
}

bool registry_index(struct registry *r, bool warn)
{
    struct offers index[OFFER_KINDS];
    for (int kind = 0; kind < OFFER_KINDS; kind++)
        if (!index_kind(r, (enum offer_kind)kind, warn, &index[kind]))
            return false;
    memcpy(r->index, index, sizeof r->index);
    for (size_t i = 0; warn && i < r->plugins_count; i++)
        warn_hidden_engines(r, &r->plugins[i]);
    return true;
}

/* --- by name ----------------------------------------------------------------------------- */

/* Opens the plugin that offers it. NULL: nobody does. */
static const struct offered *take(struct registry *r, enum offer_kind kind, const char *section,
                                  const char *name, size_t length, struct plugin **plugin)
{
    for (;;) {
        const struct offered *o = find_in(&r->index[kind], section, name, length);
        if (o == NULL)
            return NULL;
        if (plugin != NULL)
            *plugin = o->plugin;
        if (o->plugin->desc != NULL)
            return o;
        registry_open(r, o->plugin);
    }
}

const stressor_activity_type *registry_activity(struct registry *r, const char *name, size_t length,
                                                struct plugin **plugin)
{
    const struct offered *o = take(r, OFFER_ACTIVITY, NULL, name, length, plugin);
    return o != NULL ? o->plugin->desc->activities[o->place] : NULL;
}

const stressor_macro *registry_macro(struct registry *r, const char *name, size_t length,
                                     struct plugin **plugin)
{
    const struct offered *o = take(r, OFFER_MACRO, NULL, name, length, plugin);
    return o != NULL ? o->plugin->desc->macros[o->place] : NULL;
}

const stressor_reporter_type *registry_reporter(struct registry *r, const char *kind,
                                                struct plugin **plugin)
{
    const struct offered *o = take(r, OFFER_REPORTER, NULL, kind, strlen(kind), plugin);
    return o != NULL ? o->plugin->desc->reporters[o->place] : NULL;
}

bool registry_open_setting(struct registry *r, const char *section, const char *name, size_t length)
{
    return take(r, OFFER_SETTING, section, name, length, NULL) != NULL;
}

const stressor_script_engine *registry_engine(struct registry *r, const char *activity,
                                              const char *language, const char *extension,
                                              struct plugin **plugin)
{
    for (;;) {
        struct plugin *owner;
        const struct manifest_engine *e = find_engine(r, activity, language, extension, &owner);
        if (e == NULL)
            return NULL;
        if (plugin != NULL)
            *plugin = owner;
        if (owner->desc != NULL)
            return owner->desc->engines[e - owner->offer->engines];
        registry_open(r, owner);
    }
}

/* --- one after the other ----------------------------------------------------------------- */

/* The i-th of a kind (and section) whose plugin is open. */
static const struct offered *open_at(const struct registry *r, enum offer_kind kind,
                                     const char *section, size_t i, struct plugin **plugin)
{
    const struct offers *offers = &r->index[kind];
    for (size_t k = 0; k < offers->count; k++) {
        const struct offered *o = &offers->items[k];
        if (o->plugin->desc == NULL || (section != NULL && strcmp(o->section, section) != 0) ||
            i-- > 0)
            continue;
        if (plugin != NULL)
            *plugin = o->plugin;
        return o;
    }
    return NULL;
}

const stressor_activity_type *registry_activity_at(const struct registry *r, size_t i,
                                                   struct plugin **plugin)
{
    const struct offered *o = open_at(r, OFFER_ACTIVITY, NULL, i, plugin);
    return o != NULL ? o->plugin->desc->activities[o->place] : NULL;
}

const stressor_reporter_type *registry_reporter_at(const struct registry *r, size_t i,
                                                   struct plugin **plugin)
{
    const struct offered *o = open_at(r, OFFER_REPORTER, NULL, i, plugin);
    return o != NULL ? o->plugin->desc->reporters[o->place] : NULL;
}

const stressor_setting *registry_setting(const struct registry *r, const char *section, size_t i,
                                         struct plugin **plugin)
{
    const struct offered *o = open_at(r, OFFER_SETTING, section, i, plugin);
    return o != NULL ? o->plugin->desc->settings[o->place] : NULL;
}

/* Of a section, or of all where it is NULL. */
static const char *name_at(const struct registry *r, enum offer_kind kind, const char *section,
                           size_t i)
{
    const struct offers *offers = &r->index[kind];
    for (size_t k = 0; k < offers->count; k++) {
        const struct offered *o = &offers->items[k];
        if (!o->plugin->gone && (section == NULL || strcmp(o->section, section) == 0) && i-- == 0)
            return o->name;
    }
    return NULL;
}

const char *registry_activity_name(const struct registry *r, size_t i)
{
    return name_at(r, OFFER_ACTIVITY, NULL, i);
}

const char *registry_reporter_kind(const struct registry *r, size_t i)
{
    return name_at(r, OFFER_REPORTER, NULL, i);
}

const char *registry_setting_name(const struct registry *r, const char *section, size_t i)
{
    return name_at(r, OFFER_SETTING, section, i);
}

void registry_suggest_activities(const struct registry *r, struct suggest *s)
{
    const char *name;
    for (size_t i = 0; (name = name_at(r, OFFER_ACTIVITY, NULL, i)) != NULL; i++)
        suggest_offer(s, name, strlen(name));
}

void registry_each_macro(const struct registry *r, void (*each)(void *to, const char *name),
                         void *to)
{
    const char *name;
    for (size_t i = 0; (name = name_at(r, OFFER_MACRO, NULL, i)) != NULL; i++)
        each(to, name);
}

const char *registry_language(const struct registry *r, const char *activity, size_t index)
{
    size_t p = 0;
    uint32_t i = 0;
    struct plugin *owner;
    for (const struct manifest_engine *e; (e = next_engine(r, activity, &p, &i)) != NULL;)
        if (find_engine(r, activity, e->language, NULL, &owner) == e && index-- == 0)
            return e->language;
    return NULL;
}

void registry_open_settings(struct registry *r, const char *section)
{
    for (size_t i = 0; i < r->plugins_count; i++) {
        const struct manifest *m = r->plugins[i].offer;
        bool some = false;
        for (uint32_t k = 0; k < m->settings_count; k++)
            some |= strcmp(m->settings[k].section, section) == 0;
        if (some)
            registry_open(r, &r->plugins[i]);
    }
}

void registry_open_reporters(struct registry *r)
{
    for (size_t i = 0; i < r->plugins_count; i++)
        if (r->plugins[i].offer->reporters_count > 0)
            registry_open(r, &r->plugins[i]);
}

void registry_open_all(struct registry *r)
{
    for (size_t i = 0; i < r->plugins_count; i++)
        registry_open(r, &r->plugins[i]);
}
