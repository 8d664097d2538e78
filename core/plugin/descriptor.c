#include "plugin/descriptor.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "config/schema.h"

/* Bytes of a struct up to the end of a member. */
#define UP_TO(type, member) (offsetof(type, member) + sizeof(((const type *)NULL)->member))

struct check {
    struct arena *arena;
    struct buf *why;
    stressor_plugin *plugin; /* the copy; its tables are whole once they are checked */
    const char *kind;        /* of what is being checked: "macro"; NULL: the plugin itself */
    const char *name;        /* its name, once that is checked */
};

/* Always false, so that callers can return it. */
static bool wrong(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool wrong(struct check *c, const char *fmt, ...)
{
    va_list args;
    if (c->kind != NULL && c->name != NULL)
        buf_printf(c->why, "%s '%s': ", c->kind, c->name);
    else if (c->kind != NULL)
        buf_printf(c->why, "%s: ", c->kind);
    va_start(args, fmt);
    buf_vprintf(c->why, fmt, args);
    va_end(args);
    return false;
}

static void about(struct check *c, const char *kind)
{
    c->kind = kind;
    c->name = NULL;
}

/* A copy of `known` bytes of a struct that is at least `least` long. `from` may be NULL. */
static void *whole(struct check *c, const void *from, size_t known, size_t least)
{
    uint32_t size;
    if (from == NULL) {
        wrong(c, "its table holds NULL");
        return NULL;
    }
    memcpy(&size, from, sizeof size);
    if (size < least) {
        wrong(c, "its struct is too small: %u bytes, at least %zu are needed", size, least);
        return NULL;
    }
    void *copy = arena_zero(c->arena, known);
    if (copy == NULL) {
        wrong(c, "out of memory");
        return NULL;
    }
    memcpy(copy, from, size < known ? size : known);
    size = (uint32_t)known;
    memcpy(copy, &size, sizeof size);
    return copy;
}

/* Room for the pointers of a table that the plugin says has `count` entries. */
static void *table(struct check *c, const void *from, uint32_t count)
{
    if (count > DESCRIPTOR_TABLE_MAX) {
        wrong(c, "a table of %u, more than %d", count, DESCRIPTOR_TABLE_MAX);
        return NULL;
    }
    if (from == NULL && count > 0) {
        wrong(c, "a table of %u is missing", count);
        return NULL;
    }
    void *room = arena_zero(c->arena, (count + 1) * sizeof(void *));
    if (room == NULL)
        wrong(c, "out of memory");
    return room;
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static bool is_word(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || is_digit(ch);
}

/* Letters, digits, '_', and '-' if `dashes`, else no digit first. */
static bool name_fits(struct check *c, const char *name, bool dashes)
{
    size_t length = 0;
    name = or_empty(name);
    while (length <= DESCRIPTOR_NAME_MAX &&
           (is_word(name[length]) || (dashes && name[length] == '-')))
        length++;
    if (length == 0 && name[0] == '\0')
        return wrong(c, "it has no name");
    if (name[length] != '\0' || length > DESCRIPTOR_NAME_MAX || (!dashes && is_digit(name[0])))
        return wrong(c, "'%.*s' is no name: %s, at most %d bytes", DESCRIPTOR_NAME_MAX, name,
                     dashes ? "letters, digits, '-' and '_'"
                            : "letters, digits and '_', no digit first",
                     DESCRIPTOR_NAME_MAX);
    if (c->kind != NULL)
        c->name = name;
    return true;
}

/* --- arguments --------------------------------------------------------------------------- */

static const stressor_arg *copy_arg(struct check *c, const stressor_arg *from)
{
    stressor_arg *arg = whole(c, from, sizeof *arg, UP_TO(stressor_arg, help));
    if (arg == NULL)
        return NULL;
    if (arg->name == NULL || *arg->name == '\0') {
        wrong(c, "an argument has no name");
        return NULL;
    }
    arg->help = or_empty(arg->help);
    return arg;
}

static const stressor_arg *const *copy_args(struct check *c, const stressor_arg *const *from,
                                            uint32_t count)
{
    const stressor_arg **args = table(c, from, count);
    for (uint32_t i = 0; args != NULL && i < count; i++) {
        args[i] = copy_arg(c, from[i]);
        if (args[i] == NULL)
            return NULL;
    }
    return args;
}

static const stressor_arg_group *const *copy_groups(struct check *c,
                                                    const stressor_arg_group *const *from,
                                                    uint32_t count)
{
    const stressor_arg_group **groups = table(c, from, count);
    for (uint32_t i = 0; groups != NULL && i < count; i++) {
        groups[i] = whole(c, from[i], sizeof **groups, UP_TO(stressor_arg_group, names));
        if (groups[i] == NULL)
            return NULL;
        if (groups[i]->names == NULL) {
            wrong(c, "a group of arguments names none");
            return NULL;
        }
    }
    return groups;
}

static bool args_fit(struct check *c, const stressor_arg *const *args, size_t count,
                     const stressor_arg_group *const *groups, size_t groups_count)
{
    struct buf said;
    buf_init(&said, 0);
    bool fit = schema_check(args, count, groups, groups_count, &said);
    if (!fit)
        wrong(c, "%s", said.data);
    buf_finish(&said);
    return fit;
}

/* --- activities -------------------------------------------------------------------------- */

/* What every activity has already. It stays as it is where a later stressor gives them more:
 * plugins of today have to load there. */
static const char *const taken[] = {
    "activity",    "name",    "assert_match",  "assert_max_time", "store_json",
    "mock_result", "monitor", "ignore_timing", "debug",
};

static bool names_are_free(struct check *c, const stressor_activity_type *type)
{
    for (uint32_t i = 0; i < type->args_count; i++) {
        for (size_t k = 0; k < sizeof taken / sizeof *taken; k++) {
            if (strcmp(type->args[i]->name, taken[k]) == 0)
                return wrong(c, "argument '%s': every activity has one of this name already",
                             taken[k]);
        }
    }
    return true;
}

static bool activity_fits(struct check *c, stressor_activity_type *type)
{
    if (!name_fits(c, type->name, false))
        return false;
    if (type->start == NULL)
        return wrong(c, "it has no function start");
    type->help = or_empty(type->help);
    type->args = copy_args(c, type->args, type->args_count);
    if (type->args == NULL)
        return false;
    type->groups = copy_groups(c, type->groups, type->groups_count);
    return type->groups != NULL && names_are_free(c, type) &&
           args_fit(c, type->args, type->args_count, type->groups, type->groups_count);
}

static const stressor_activity_type *find_activity(const stressor_activity_type *const *types,
                                                   uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(types[i]->name, name) == 0)
            return types[i];
    }
    return NULL;
}

static bool copy_activities(struct check *c)
{
    stressor_plugin *d = c->plugin;
    about(c, "activity type");
    const stressor_activity_type **types = table(c, d->activities, d->activities_count);
    for (uint32_t i = 0; types != NULL && i < d->activities_count; i++) {
        about(c, "activity type");
        stressor_activity_type *type =
            whole(c, d->activities[i], sizeof *type, UP_TO(stressor_activity_type, start));
        if (type == NULL || !activity_fits(c, type))
            return false;
        if (find_activity(types, i, type->name) != NULL)
            return wrong(c, "the plugin has it twice");
        types[i] = type;
    }
    d->activities = types;
    return types != NULL;
}

/* --- macros ------------------------------------------------------------------------------ */

/* A type of another plugin is looked up when a scenario uses the macro. */
static bool activity_macro_fits(struct check *c, const stressor_macro *m)
{
    if (m->activity == NULL || *m->activity == '\0')
        return wrong(c, "it does not say for which activity type it stands");
    const stressor_activity_type *type =
        find_activity(c->plugin->activities, c->plugin->activities_count, m->activity);
    for (size_t i = 0; type != NULL && m->args[i] != NULL; i++) {
        bool known = false;
        for (uint32_t k = 0; k < type->args_count && !known; k++)
            known = strcmp(type->args[k]->name, m->args[i]) == 0;
        if (!known)
            return wrong(c, "activity type '%s' has no argument '%s'", type->name, m->args[i]);
    }
    return true;
}

static bool macro_fits(struct check *c, stressor_macro *m)
{
    static const char *const no_args[] = {NULL};
    size_t count = 0;
    if (!name_fits(c, m->name, false))
        return false;
    if (strcmp(m->name, "load") == 0 || strcmp(m->name, "env") == 0)
        return wrong(c, "this name is stressor's own");
    m->help = or_empty(m->help);
    m->args = m->args == NULL ? no_args : m->args;
    while (m->args[count] != NULL)
        count++;
    if (m->args_required > count)
        return wrong(c, "it requires %u arguments and has %zu", m->args_required, count);
    switch (m->kind) {
    case STRESSOR_MACRO_ACTIVITY: return activity_macro_fits(c, m);
    case STRESSOR_MACRO_RUN_TIME:
    case STRESSOR_MACRO_LOAD_TIME:
        return m->expand != NULL || wrong(c, "it has no function expand");
    default: return wrong(c, "its kind %u is unknown", m->kind);
    }
}

static bool copy_macros(struct check *c)
{
    stressor_plugin *d = c->plugin;
    about(c, "macro");
    const stressor_macro **macros = table(c, d->macros, d->macros_count);
    for (uint32_t i = 0; macros != NULL && i < d->macros_count; i++) {
        about(c, "macro");
        stressor_macro *m = whole(c, d->macros[i], sizeof *m, UP_TO(stressor_macro, args_required));
        if (m == NULL || !macro_fits(c, m))
            return false;
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(macros[k]->name, m->name) == 0)
                return wrong(c, "the plugin has it twice");
        }
        macros[i] = m;
    }
    d->macros = macros;
    return macros != NULL;
}

/* --- settings ---------------------------------------------------------------------------- */

static bool setting_fits(struct check *c, stressor_setting *s)
{
    if (s->arg == NULL)
        return wrong(c, "it has no argument");
    s->arg = copy_arg(c, s->arg);
    if (s->arg == NULL)
        return false;
    c->name = s->arg->name;
    const char *section = or_empty(s->section);
    if (strcmp(section, "config") == 0 || strcmp(section, "sessions") == 0)
        return true;
    return wrong(c, "its section '%.*s' is unknown; there are 'config' and 'sessions'",
                 DESCRIPTOR_NAME_MAX, section);
}

/* The settings of a section are a table of arguments. */
static bool section_fits(struct check *c, const char *section, const char *kind)
{
    const stressor_plugin *d = c->plugin;
    size_t count = 0;
    about(c, kind);
    const stressor_arg **args = table(c, d->settings, d->settings_count);
    for (uint32_t i = 0; args != NULL && i < d->settings_count; i++) {
        if (strcmp(d->settings[i]->section, section) == 0)
            args[count++] = d->settings[i]->arg;
    }
    return args != NULL && args_fit(c, args, count, NULL, 0);
}

static bool copy_settings(struct check *c)
{
    stressor_plugin *d = c->plugin;
    about(c, "setting");
    const stressor_setting **settings = table(c, d->settings, d->settings_count);
    for (uint32_t i = 0; settings != NULL && i < d->settings_count; i++) {
        about(c, "setting");
        stressor_setting *s = whole(c, d->settings[i], sizeof *s, UP_TO(stressor_setting, arg));
        if (s == NULL || !setting_fits(c, s))
            return false;
        settings[i] = s;
    }
    d->settings = settings;
    return settings != NULL && section_fits(c, "config", "settings of 'config'") &&
           section_fits(c, "sessions", "settings of 'sessions'");
}

/* --- reporters and script engines -------------------------------------------------------- */

static bool reporter_fits(struct check *c, stressor_reporter_type *r)
{
    if (!name_fits(c, r->kind, true))
        return false;
    if (r->open == NULL && (r->render == NULL || r->extension == NULL))
        return wrong(c, "it has neither `open`, nor `render` with an `extension`");
    if (r->open != NULL && r->close == NULL)
        return wrong(c, "it has `open` but no `close`");
    r->help = or_empty(r->help);
    r->path_help = or_empty(r->path_help);
    return true;
}

static bool copy_reporters(struct check *c)
{
    stressor_plugin *d = c->plugin;
    about(c, "reporter");
    const stressor_reporter_type **reporters = table(c, d->reporters, d->reporters_count);
    for (uint32_t i = 0; reporters != NULL && i < d->reporters_count; i++) {
        about(c, "reporter");
        stressor_reporter_type *r =
            whole(c, d->reporters[i], sizeof *r, UP_TO(stressor_reporter_type, close));
        if (r == NULL || !reporter_fits(c, r))
            return false;
        reporters[i] = r;
    }
    d->reporters = reporters;
    return reporters != NULL;
}

static bool engine_fits(struct check *c, stressor_script_engine *e)
{
    if (!name_fits(c, e->language, true))
        return false;
    if (e->activity == NULL || *e->activity == '\0')
        return wrong(c, "it does not say which activity type it serves");
    e->help = or_empty(e->help);
    e->extension = or_empty(e->extension);
    return e->start != NULL || wrong(c, "it has no function start");
}

static bool copy_engines(struct check *c)
{
    stressor_plugin *d = c->plugin;
    about(c, "script engine");
    const stressor_script_engine **engines = table(c, d->engines, d->engines_count);
    for (uint32_t i = 0; engines != NULL && i < d->engines_count; i++) {
        about(c, "script engine");
        stressor_script_engine *e =
            whole(c, d->engines[i], sizeof *e, UP_TO(stressor_script_engine, start));
        if (e == NULL || !engine_fits(c, e))
            return false;
        engines[i] = e;
    }
    d->engines = engines;
    return engines != NULL;
}

/* --- the descriptor ---------------------------------------------------------------------- */

/* Before all else: in another draft even the name may lie elsewhere. */
static bool versions_fit(struct check *c, const stressor_plugin *from)
{
    if (from->size < UP_TO(stressor_plugin, abi_draft))
        return wrong(c, "its descriptor is too small: %u bytes", from->size);
    if (from->abi_draft != 0 && from->abi_draft != STRESSOR_ABI_DRAFT)
        return wrong(c,
                     "it is made for draft %u of the plugin ABI, which this stressor does not "
                     "speak; it has to be built again",
                     from->abi_draft);
    if (from->abi_minor > STRESSOR_ABI_MINOR)
        return wrong(c, "it needs ABI minor %u, this stressor has %d", from->abi_minor,
                     STRESSOR_ABI_MINOR);
    return true;
}

const stressor_plugin *descriptor_check(const stressor_plugin *from, struct arena *a,
                                        struct buf *why)
{
    struct check c = {.arena = a, .why = why};
    if (from == NULL) {
        wrong(&c, "its entry returns no descriptor");
        return NULL;
    }
    if (!versions_fit(&c, from))
        return NULL;
    stressor_plugin *d = whole(&c, from, sizeof *d, UP_TO(stressor_plugin, reserved2));
    c.plugin = d;
    if (d == NULL || !name_fits(&c, d->name, true))
        return NULL;
    d->version = or_empty(d->version);
    d->help = or_empty(d->help);
    bool fits = copy_activities(&c) && copy_macros(&c) && copy_settings(&c) && copy_reporters(&c) &&
                copy_engines(&c);
    return fits ? d : NULL;
}
