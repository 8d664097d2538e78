/*
 * Reading a manifest: what it says must be such that a plugin could have said it.
 */
#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "plugin/descriptor.h"
#include "plugin/manifest.h"

struct parse {
    struct arena *arena;
    struct buf *why;
};

/* Always false, so that callers can return it. */
static bool wrong(struct parse *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool wrong(struct parse *p, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_vprintf(p->why, fmt, args);
    va_end(args);
    return false;
}

static const stressor_value *member(const stressor_value *map, const char *key)
{
    return value_get(map, key, strlen(key));
}

/* A text without NUL; empty only if `may_be_empty`. */
static bool take_text(struct parse *p, const stressor_value *v, const char *what, bool may_be_empty,
                      const char **out)
{
    if (v == NULL || v->type != STRESSOR_STRING ||
        memchr(v->as.string.ptr, '\0', v->as.string.length) != NULL ||
        (v->as.string.length == 0 && !may_be_empty))
        return wrong(p, "its \"%s\" is no text", what);
    *out = arena_copy(p->arena, v->as.string.ptr, v->as.string.length);
    return *out != NULL || wrong(p, "out of memory");
}

static bool take_member(struct parse *p, const stressor_value *map, const char *key,
                        bool may_be_empty, const char **out)
{
    return take_text(p, member(map, key), key, may_be_empty, out);
}

/* The items of a list; NULL: it is none. */
static void *take_table(struct parse *p, const stressor_value *top, const char *key,
                        size_t item_size, const stressor_value **list, uint32_t *count)
{
    *list = member(top, key);
    *count = 0;
    if (*list == NULL || (*list)->type != STRESSOR_LIST ||
        (*list)->as.list.count > DESCRIPTOR_TABLE_MAX) {
        wrong(p, "its \"%s\" is no list of at most %d", key, DESCRIPTOR_TABLE_MAX);
        return NULL;
    }
    void *room = arena_zero(p->arena, (size_t)(*list)->as.list.count * item_size);
    if (room == NULL)
        wrong(p, "out of memory");
    else
        *count = (uint32_t)(*list)->as.list.count;
    return room;
}

static bool take_names(struct parse *p, const stressor_value *top, const char *key,
                       const char ***names, uint32_t *count)
{
    const stressor_value *list;
    *names = take_table(p, top, key, sizeof **names, &list, count);
    for (uint32_t i = 0; *names != NULL && i < *count; i++) {
        if (!take_text(p, value_at(list, i), key, false, &(*names)[i]))
            return false;
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp((*names)[k], (*names)[i]) == 0)
                return wrong(p, "its \"%s\" name one twice", key);
        }
    }
    return *names != NULL;
}

static bool take_settings(struct parse *p, const stressor_value *top, struct manifest *m)
{
    const stressor_value *list;
    m->settings = take_table(p, top, "settings", sizeof *m->settings, &list, &m->settings_count);
    for (uint32_t i = 0; m->settings != NULL && i < m->settings_count; i++) {
        struct manifest_setting *s = &m->settings[i];
        if (!take_member(p, value_at(list, i), "section", false, &s->section) ||
            !take_member(p, value_at(list, i), "name", false, &s->name))
            return false;
        if (strcmp(s->section, "config") != 0 && strcmp(s->section, "sessions") != 0)
            return wrong(p, "its \"settings\" name a section that is unknown");
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(m->settings[k].section, s->section) == 0 &&
                strcmp(m->settings[k].name, s->name) == 0)
                return wrong(p, "its \"settings\" name one twice");
        }
    }
    return m->settings != NULL;
}

static bool take_engines(struct parse *p, const stressor_value *top, struct manifest *m)
{
    const stressor_value *list;
    m->engines = take_table(p, top, "engines", sizeof *m->engines, &list, &m->engines_count);
    for (uint32_t i = 0; m->engines != NULL && i < m->engines_count; i++) {
        const stressor_value *item = value_at(list, i);
        struct manifest_engine *e = &m->engines[i];
        if (!take_member(p, item, "activity", false, &e->activity) ||
            !take_member(p, item, "language", false, &e->language) ||
            !take_member(p, item, "extension", true, &e->extension))
            return false;
    }
    return m->engines != NULL;
}

static bool is_number(const stressor_value *v, int64_t least, int64_t most)
{
    return v != NULL && v->type == STRESSOR_INT && v->as.integer >= least && v->as.integer <= most;
}

static bool take_versions(struct parse *p, const stressor_value *top, struct manifest *m)
{
    const stressor_value *abi = member(top, "abi");
    if (!is_number(member(top, "manifest"), MANIFEST_VERSION, MANIFEST_VERSION))
        return wrong(p, "its \"manifest\" is not %d", MANIFEST_VERSION);
    if (abi == NULL || abi->type != STRESSOR_MAP ||
        !is_number(member(abi, "major"), STRESSOR_ABI_MAJOR, STRESSOR_ABI_MAJOR) ||
        !is_number(member(abi, "minor"), 0, STRESSOR_ABI_MINOR) ||
        !is_number(member(abi, "draft"), STRESSOR_ABI_DRAFT, STRESSOR_ABI_DRAFT))
        return wrong(p, "its \"abi\" is not that of this stressor");
    m->abi_minor = (uint32_t)member(abi, "minor")->as.integer;
    return true;
}

static bool take_all(struct parse *p, const stressor_value *top, struct manifest *m)
{
    if (top->type != STRESSOR_MAP)
        return wrong(p, "it is no JSON object");
    return take_versions(p, top, m) && take_member(p, top, "name", false, &m->name) &&
           take_member(p, top, "version", true, &m->version) &&
           take_member(p, top, "help", true, &m->help) &&
           take_member(p, top, "build_id", false, &m->build_id) &&
           take_names(p, top, "activities", &m->activities, &m->activities_count) &&
           take_names(p, top, "macros", &m->macros, &m->macros_count) && take_settings(p, top, m) &&
           take_names(p, top, "reporters", &m->reporters, &m->reporters_count) &&
           take_engines(p, top, m);
}

struct manifest *manifest_parse(const char *text, size_t length, struct arena *a, struct buf *why)
{
    struct parse p = {.arena = a, .why = why};
    struct json_error error;
    stressor_value top;
    if (length > MANIFEST_SIZE_MAX) {
        wrong(&p, "it is larger than %d bytes", MANIFEST_SIZE_MAX);
        return NULL;
    }
    int result = json_parse(text, length, a, &top, &error);
    if (result != JSON_OK) {
        if (result == JSON_NOMEM)
            wrong(&p, "out of memory");
        else
            wrong(&p, "it is not JSON: line %d, column %d: %s", error.line, error.column,
                  error.text);
        return NULL;
    }
    struct manifest *m = arena_zero(a, sizeof *m);
    if (m == NULL)
        wrong(&p, "out of memory");
    return m != NULL && take_all(&p, &top, m) ? m : NULL;
}
