#include "plugin/manifest.h"

#include <string.h>

#include "base/json.h"
#include "plugin/descriptor.h"

/* --- from a descriptor ------------------------------------------------------------------- */

static bool tables(struct manifest *m, struct arena *a)
{
    m->activities = arena_zero(a, m->activities_count * sizeof *m->activities);
    m->macros = arena_zero(a, m->macros_count * sizeof *m->macros);
    m->reporters = arena_zero(a, m->reporters_count * sizeof *m->reporters);
    m->settings = arena_zero(a, m->settings_count * sizeof *m->settings);
    m->engines = arena_zero(a, m->engines_count * sizeof *m->engines);
    return m->activities != NULL && m->macros != NULL && m->reporters != NULL &&
           m->settings != NULL && m->engines != NULL;
}

struct manifest *manifest_of(const stressor_plugin *desc, struct arena *a)
{
    struct manifest *m = arena_alloc(a, sizeof *m);
    if (m == NULL)
        return NULL;
    *m = (struct manifest){.name = desc->name,
                           .version = desc->version,
                           .help = desc->help,
                           .abi_minor = desc->abi_minor,
                           .activities_count = desc->activities_count,
                           .macros_count = desc->macros_count,
                           .reporters_count = desc->reporters_count,
                           .settings_count = desc->settings_count,
                           .engines_count = desc->engines_count};
    if (!tables(m, a))
        return NULL;
    for (uint32_t i = 0; i < m->activities_count; i++)
        m->activities[i] = desc->activities[i]->name;
    for (uint32_t i = 0; i < m->macros_count; i++)
        m->macros[i] = desc->macros[i]->name;
    for (uint32_t i = 0; i < m->reporters_count; i++)
        m->reporters[i] = desc->reporters[i]->kind;
    for (uint32_t i = 0; i < m->settings_count; i++)
        m->settings[i] =
            (struct manifest_setting){desc->settings[i]->section, desc->settings[i]->arg->name};
    for (uint32_t i = 0; i < m->engines_count; i++)
        m->engines[i] = (struct manifest_engine){
            desc->engines[i]->activity, desc->engines[i]->language, desc->engines[i]->extension};
    return m;
}

static bool same_names(const char *const *a, uint32_t a_count, const char *const *b,
                       uint32_t b_count)
{
    bool same = a_count == b_count;
    for (uint32_t i = 0; i < a_count && same; i++)
        same = strcmp(a[i], b[i]) == 0;
    return same;
}

static bool same_settings(const struct manifest *a, const struct manifest *b)
{
    bool same = a->settings_count == b->settings_count;
    for (uint32_t i = 0; i < a->settings_count && same; i++)
        same = strcmp(a->settings[i].section, b->settings[i].section) == 0 &&
               strcmp(a->settings[i].name, b->settings[i].name) == 0;
    return same;
}

static bool same_engines(const struct manifest *a, const struct manifest *b)
{
    bool same = a->engines_count == b->engines_count;
    for (uint32_t i = 0; i < a->engines_count && same; i++)
        same = strcmp(a->engines[i].activity, b->engines[i].activity) == 0 &&
               strcmp(a->engines[i].language, b->engines[i].language) == 0 &&
               strcmp(a->engines[i].extension, b->engines[i].extension) == 0;
    return same;
}

bool manifest_same(const struct manifest *a, const struct manifest *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->version, b->version) == 0 &&
           same_names(a->activities, a->activities_count, b->activities, b->activities_count) &&
           same_names(a->macros, a->macros_count, b->macros, b->macros_count) &&
           same_names(a->reporters, a->reporters_count, b->reporters, b->reporters_count) &&
           same_settings(a, b) && same_engines(a, b);
}

/* --- writing ----------------------------------------------------------------------------- */

static void put_text(struct buf *out, const char *text)
{
    const stressor_value v = stressor_string_n(text, strlen(text));
    json_write(&v, false, out);
}

/* One member of an object, behind what there is of it. */
static void put_member(struct buf *out, const char *before, const char *key, const char *text)
{
    buf_printf(out, "%s\"%s\": ", before, key);
    put_text(out, text);
}

static void put_names(struct buf *out, const char *key, const char *const *names, uint32_t count)
{
    buf_printf(out, ",\n  \"%s\": [", key);
    for (uint32_t i = 0; i < count; i++) {
        buf_puts(out, i > 0 ? ", " : "");
        put_text(out, names[i]);
    }
    buf_puts(out, "]");
}

bool manifest_write(const struct manifest *m, struct buf *out)
{
    buf_printf(out, "{\n  \"manifest\": %d", MANIFEST_VERSION);
    put_member(out, ",\n  ", "name", m->name);
    put_member(out, ",\n  ", "version", m->version);
    put_member(out, ",\n  ", "help", m->help);
    buf_printf(out, ",\n  \"abi\": {\"major\": %d, \"minor\": %u, \"draft\": %d}",
               STRESSOR_ABI_MAJOR, m->abi_minor, STRESSOR_ABI_DRAFT);
    put_member(out, ",\n  ", "build_id", m->build_id == NULL ? "" : m->build_id);
    put_names(out, "activities", m->activities, m->activities_count);
    put_names(out, "macros", m->macros, m->macros_count);
    buf_puts(out, ",\n  \"settings\": [");
    for (uint32_t i = 0; i < m->settings_count; i++) {
        put_member(out, i > 0 ? ",\n    {" : "\n    {", "section", m->settings[i].section);
        put_member(out, ", ", "name", m->settings[i].name);
        buf_puts(out, "}");
    }
    buf_puts(out, m->settings_count > 0 ? "\n  ]" : "]");
    put_names(out, "reporters", m->reporters, m->reporters_count);
    buf_puts(out, ",\n  \"engines\": [");
    for (uint32_t i = 0; i < m->engines_count; i++) {
        put_member(out, i > 0 ? ",\n    {" : "\n    {", "activity", m->engines[i].activity);
        put_member(out, ", ", "language", m->engines[i].language);
        put_member(out, ", ", "extension", m->engines[i].extension);
        buf_puts(out, "}");
    }
    buf_puts(out, m->engines_count > 0 ? "\n  ]\n}\n" : "]\n}\n");
    return !out->failed;
}
