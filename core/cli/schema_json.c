#include "cli/schema_json.h"

#include <stdlib.h>
#include <string.h>

#include "cli/text.h"

/* The document: sections, and the definitions that they share. */

#define NUMBER  "[0-9](_?[0-9])*"
#define DECIMAL "([0-9]+(\\.[0-9]*)?|\\.[0-9]+)"
/* METRIC [of NAME] OP VALUE … */
#define THRESHOLD                                                                                  \
    "^\\s*(min|mean|max|p[0-9.]+|count|rate|errors)(\\s+of\\s+\\S.*|\\s+of['\"].*|\\s*)"           \
    "(<=|>=|<|>|==|!=)\\s*\\S"
/* NAME, or NAME >= 1.2, < 2 */
#define BOUND       "(<=|>=|<|>|=)[ \\t]*[0-9]+(\\.[0-9]+)*\\.?([-+][A-Za-z0-9_.+-]*)?[ \\t]*"
#define REQUIREMENT "^[ \\t]*[A-Za-z0-9_-]+[ \\t]*(" BOUND "(,[ \\t]*" BOUND ")*)?$"

static const struct {
    const char *name, *pattern, *help;
} text_kinds[] = {
    {"boolean_text",
     "^(yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$",
     "true or false as text"},
    {"integer_text", "^\\s*[-+]?" NUMBER "\\s*$", "an integer as text"},
    {"number_text",
     "^\\s*[-+]?((" NUMBER "(\\.(" NUMBER ")?)?|\\." NUMBER ")([eE][-+]?" NUMBER ")?"
     "|[iI][nN][fF]([iI][nN][iI][tT][yY])?)\\s*$",
     "a number as text"},
    {"duration_text",
     "^\\s*[-+]?(?=[0-9.])(" NUMBER "(\\.(" NUMBER ")?)?([eE][-+]?" NUMBER ")?|\\." NUMBER
     "([eE][-+]?" NUMBER ")?|(" DECIMAL "d)?(" DECIMAL "h)?(" DECIMAL "m)?(" DECIMAL "s)?(" DECIMAL
     "ms)?(" DECIMAL "us)?(" DECIMAL "ns)?)\\s*$",
     "seconds, or 1h30m, 500ms"},
};

/* --- macros -------------------------------------------------------------------------------- */

/* "|name|name" of the plugins' macros of a kind, to be freed. */
static char *macro_names(struct schema_json *s, uint32_t kind, const char *first)
{
    char *out = text_format("%s", first);
    for (size_t i = 0; out != NULL && i < stressor_plugins_count(s->engine); i++) {
        const stressor_plugin *p = stressor_plugin_at(s->engine, i)->plugin;
        for (uint32_t k = 0; p != NULL && out != NULL && k < p->macros_count; k++) {
            if (p->macros[k]->kind != kind)
                continue;
            char *longer = text_format("%s%s%s", out, *out != '\0' ? "|" : "", p->macros[k]->name);
            free(out);
            out = longer;
        }
    }
    s->failed |= out == NULL;
    return out;
}

static json_t *pattern(struct schema_json *s, const char *text, const char *help)
{
    json_t *out = schema_json_type(s, "string");
    if (text == NULL) {
        s->failed = true;
        return out;
    }
    schema_json_put(s, out, "pattern", schema_json_text(s, text));
    schema_json_put(s, out, "description", schema_json_text(s, help));
    return out;
}

static void define_macros(struct schema_json *s)
{
    char *load = macro_names(s, STRESSOR_MACRO_LOAD_TIME, "load|env");
    char *run = macro_names(s, STRESSOR_MACRO_RUN_TIME, "");
    char *loaded = load != NULL ? text_format("^\\$(%s)\\([\\s\\S]*\\)\\s*$", load) : NULL;
    bool none = run != NULL && *run == '\0';
    char *macro = run != NULL ? text_format("\\$\\(\\s*[^\\s()'\"#$]+\\s*\\)%s%s%s",
                                            none ? "" : "|\\$(", run, none ? "" : ")\\(")
                              : NULL;
    schema_json_put(s, s->definitions, "loaded",
                    pattern(s, loaded, "what $load(PATH) or $env(NAME) gives"));
    schema_json_put(s, s->definitions, "macro",
                    pattern(s, macro, "a text with macros, such as $(name)"));
    free(load);
    free(run);
    free(loaded);
    free(macro);
}

/* --- sections ------------------------------------------------------------------------------ */

/* {"type": [TYPE, "null"]} */
static json_t *or_null(struct schema_json *s, const char *type)
{
    json_t *list = json_array();
    schema_json_add(s, list, schema_json_text(s, type));
    schema_json_add(s, list, schema_json_text(s, "null"));
    return schema_json_pair(s, "type", list);
}

static json_t *described(struct schema_json *s, json_t *value, const char *help)
{
    schema_json_put(s, value, "description", schema_json_text(s, help));
    return value;
}

static json_t *names(struct schema_json *s, const char *const *texts)
{
    json_t *out = json_array();
    for (; *texts != NULL; texts++)
        schema_json_add(s, out, schema_json_text(s, *texts));
    return out;
}

/* Who acts: `users` of sessions, and the file that it may come from. */
static json_t *users(struct schema_json *s)
{
    static const char *const required[] = {"name", "password", NULL};
    static const char *const name[] = {"string", "number", "boolean", NULL};
    static const char *const password[] = {"string", "number", "boolean", "null", NULL};
    json_t *map = schema_json_type(s, "object"), *keys = json_object();
    schema_json_put(s, keys, "name", schema_json_pair(s, "type", names(s, name)));
    schema_json_put(s, keys, "password", schema_json_pair(s, "type", names(s, password)));
    schema_json_put(s, map, "required", names(s, required));
    schema_json_put(s, map, "properties", keys);
    json_t *list = or_null(s, "array");
    schema_json_put(s, list, "items", schema_json_loadable(s, map));
    return described(
        s, schema_json_loadable(s, list),
        "maps with name (which is shown), password and anything else, dealt round robin");
}

/* The keys of a section, those of plugins too. */
static json_t *keys(struct schema_json *s, const char *section)
{
    json_t *out = json_object();
    const stressor_arg *arg;
    for (size_t i = 0; (arg = stressor_section_arg(section, i)) != NULL; i++)
        if (strcmp(section, "sessions") != 0 || strcmp(arg->name, "users") != 0)
            schema_json_put(s, out, arg->name, schema_json_arg(s, arg));
    for (size_t i = 0; i < stressor_plugins_count(s->engine); i++) {
        const stressor_plugin *p = stressor_plugin_at(s->engine, i)->plugin;
        for (uint32_t k = 0; p != NULL && k < p->settings_count; k++) {
            arg = p->settings[k]->arg;
            if (strcmp(p->settings[k]->section, section) == 0 &&
                json_object_get(out, arg->name) == NULL)
                schema_json_put(s, out, arg->name, schema_json_arg(s, arg));
        }
    }
    return out;
}

/* `open`: other keys are welcome. */
static json_t *section(struct schema_json *s, json_t *properties, bool open, const char *help)
{
    json_t *map = or_null(s, "object");
    schema_json_put(s, map, "properties", properties);
    if (!open)
        schema_json_put(s, map, "additionalProperties", json_false());
    return described(s, schema_json_loadable(s, map), help);
}

static json_t *sessions(struct schema_json *s)
{
    json_t *properties = keys(s, "sessions");
    schema_json_put(s, properties, "users", schema_json_ref(s, "", "users"));
    return section(s, properties, false, "who acts, and how many");
}

static json_t *scenario(struct schema_json *s)
{
    static const char *const required[] = {"sequence", NULL};
    json_t *entry = schema_json_type(s, "object"), *list = or_null(s, "array");
    schema_json_put(s, entry, "properties", keys(s, "scenario"));
    schema_json_put(s, entry, "required", names(s, required));
    schema_json_put(s, entry, "additionalProperties", json_false());
    schema_json_put(s, list, "items", schema_json_loadable(s, entry));
    return described(s, schema_json_loadable(s, list), "what each session performs, in this order");
}

static json_t *sequence(struct schema_json *s)
{
    json_t *list = or_null(s, "array");
    schema_json_put(s, list, "items", schema_json_ref(s, "", "activity"));
    return schema_json_loadable(s, list);
}

static json_t *sequences(struct schema_json *s)
{
    json_t *map = schema_json_type(s, "object");
    schema_json_put(s, map, "additionalProperties", schema_json_ref(s, "", "sequence"));
    return described(s, schema_json_loadable(s, map), "lists of activities by name");
}

/* A list of texts of one form, or with macros. */
static json_t *lines(struct schema_json *s, const char *form, bool macros, const char *help)
{
    json_t *item = schema_json_type(s, "string"), *any = json_array();
    schema_json_add(s, any, schema_json_pair(s, "pattern", schema_json_text(s, form)));
    if (macros)
        schema_json_add(s, any, schema_json_ref(s, "", "macro"));
    schema_json_add(s, any, schema_json_ref(s, "", "loaded"));
    schema_json_put(s, item, "anyOf", any);
    json_t *list = or_null(s, "array");
    schema_json_put(s, list, "items", item);
    return described(s, schema_json_loadable(s, list), help);
}

static json_t *version(struct schema_json *s)
{
    json_t *ways = json_array();
    schema_json_add(s, ways, schema_json_pair(s, "const", schema_json_text(s, "stressor#0")));
    schema_json_add(s, ways, schema_json_ref(s, "", "loaded"));
    return schema_json_pair(s, "anyOf", ways);
}

static json_t *sections(struct schema_json *s)
{
    json_t *out = json_object();
    schema_json_put(s, out, "file_version", version(s));
    schema_json_put(s, out, "config",
                    section(s, keys(s, "config"), true, "what holds for the run, and variables"));
    schema_json_put(s, out, "context",
                    section(s, json_object(), true, "variables that every session starts with"));
    schema_json_put(s, out, "sessions", sessions(s));
    schema_json_put(s, out, "scenario", scenario(s));
    schema_json_put(s, out, "sequences", sequences(s));
    schema_json_put(s, out, "thresholds",
                    lines(s, THRESHOLD, true, "conditions such as p95 < 300ms, errors < 1%"));
    schema_json_put(s, out, "plugins",
                    lines(s, REQUIREMENT, false, "plugins that are needed: NAME, NAME >= 1.2"));
    return out;
}

/* --- the whole ----------------------------------------------------------------------------- */

static void define_all(struct schema_json *s)
{
    define_macros(s);
    for (size_t i = 0; i < sizeof text_kinds / sizeof *text_kinds; i++)
        schema_json_put(s, s->definitions, text_kinds[i].name,
                        pattern(s, text_kinds[i].pattern, text_kinds[i].help));
    schema_json_activities(s);
    schema_json_put(s, s->definitions, "sequence", sequence(s));
    schema_json_put(s, s->definitions, "users", users(s));
}

static void put_scenario(struct schema_json *s, json_t *out)
{
    static const char *const required[] = {"file_version", "scenario", "sequences", NULL};
    static const char *const types[] = {"object", "string", NULL};
    schema_json_put(s, out, "type", names(s, types));
    schema_json_put(s, out, "if", schema_json_type(s, "string"));
    schema_json_put(s, out, "then", schema_json_ref(s, "", "loaded"));
    schema_json_put(s, out, "required", names(s, required));
    schema_json_put(s, out, "properties", sections(s));
    schema_json_put(s, out, "additionalProperties", json_false());
}

static void put_part(struct schema_json *s, json_t *out, const char *name)
{
    json_t *all = json_array();
    schema_json_add(s, all, schema_json_ref(s, "", name));
    schema_json_put(s, out, "allOf", all);
}

json_t *schema_json_new(stressor_engine *engine, enum schema_part part)
{
    static const char *const titles[] = {
        [SCHEMA_SCENARIO] = "stressor scenario",
        [SCHEMA_SEQUENCE] = "stressor sequence",
        [SCHEMA_USERS] = "stressor users",
    };
    struct schema_json s = {.engine = engine, .definitions = json_object()};
    json_t *out = json_object();
    schema_json_put(&s, out, "$schema",
                    schema_json_text(&s, "http://json-schema.org/draft-07/schema#"));
    schema_json_put(&s, out, "title", schema_json_text(&s, titles[part]));
    if (part == SCHEMA_SCENARIO)
        put_scenario(&s, out);
    else
        put_part(&s, out, part == SCHEMA_SEQUENCE ? "sequence" : "users");
    define_all(&s);
    schema_json_put(&s, out, "definitions", s.definitions);
    if (!s.failed)
        return out;
    json_decref(out);
    return NULL;
}
