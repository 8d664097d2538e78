#define PCRE2_CODE_UNIT_WIDTH 8
#include "settings.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <pcre2.h>
#include <yaml.h>

#include "pairs.h"
#include "yaml_text.h"

struct type_regex {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
};

#define NUMBER(NAME, FIELD, LEAST, MOST, WHOLE)                                                    \
    {                                                                                              \
        NAME, 'n', offsetof(struct settings, FIELD), LEAST, MOST, WHOLE                            \
    }
#define BOOLEAN(NAME)                                                                              \
    {                                                                                              \
#NAME, 'b', offsetof(struct settings, NAME), 0, 0, false                                   \
    }

static const struct key {
    const char *name;
    char kind; /* 'n'umber, 'b'oolean, 'u'rl, 'l'ist of types */
    size_t offset;
    double least, most;
    bool whole;
} keys[] = {
    {"base_url", 'u', 0, 0, 0, false},
    BOOLEAN(skip_externals),
    BOOLEAN(skip_errors),
    NUMBER("collate_max_len", collate_max_len, 1, 100000, true),
    NUMBER("collate_max_duration", collate_max_duration_s, 0, 1e6, false),
    NUMBER("collate_max_pause", collate_max_pause_s, 0, 1e6, false),
    NUMBER("collate_thread_count", collate_thread_count, 1, 256, true),
    NUMBER("pause_min", pause_min_s, 0.001, 1e6, false),
    NUMBER("pause_max", pause_max_s, 0, 1e6, false),
    {"statics_types", 'l', 0, 0, 0, false},
};

/* --- types ------------------------------------------------------------------------------------ */

static void type_free(struct type_regex *t)
{
    if (t == NULL)
        return;
    pcre2_code_free(t->code);
    pcre2_match_data_free(t->match);
    pcre2_match_context_free(t->context);
    free(t);
}

/* Of libpcre2's; "" where it is none of a pattern's mistakes. */
static struct type_regex *type_new(const char *pattern, char why[120])
{
    int error = 0;
    size_t at;
    struct type_regex *t = calloc(1, sizeof *t);
    *why = '\0';
    if (t == NULL)
        return NULL;
    t->code =
        pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                      PCRE2_ANCHORED | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &error, &at, NULL);
    if (t->code == NULL)
        pcre2_get_error_message(error, (PCRE2_UCHAR *)why, 120);
    t->match = t->code != NULL ? pcre2_match_data_create_from_pattern(t->code, NULL) : NULL;
    t->context = pcre2_match_context_create(NULL);
    if (t->match == NULL || t->context == NULL) {
        type_free(t);
        return NULL;
    }
    pcre2_set_match_limit(t->context, 100000);
    return t;
}

static void types_clear(struct settings *s)
{
    for (size_t i = 0; i < s->types_count; i++)
        type_free(s->types[i]);
    s->types_count = 0;
}

bool settings_is_static(const struct settings *s, struct span type)
{
    for (size_t i = 0; type.ptr != NULL && i < s->types_count; i++)
        if (pcre2_match(s->types[i]->code, (PCRE2_SPTR)type.ptr, type.length, 0, 0,
                        s->types[i]->match, s->types[i]->context) >= 0)
            return true;
    return false;
}

bool settings_init(struct settings *s, struct say *say)
{
    static const char *const types[] = {"image/.*", ".*/css", ".*/javascript"};
    char why[120];
    *s = (struct settings){.skip_externals = true,
                           .skip_errors = true,
                           .collate_max_len = 100,
                           .collate_max_duration_s = 1.0,
                           .collate_max_pause_s = 0.2,
                           .collate_thread_count = 5,
                           .pause_min_s = 1.0,
                           .pause_max_s = 30};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        s->types[i] = type_new(types[i], why);
        if (s->types[i] == NULL)
            return say_no_memory(say);
        s->types_count++;
    }
    return true;
}

void settings_finish(struct settings *s)
{
    types_clear(s);
}

/* --- the file --------------------------------------------------------------------------------- */

struct reader {
    struct settings *settings;
    struct say *say;
    const char *path;
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
};

static bool wrong(struct reader *r, const char *what, const char *found)
{
    struct text shown;
    const yaml_mark_t *at = r->has_event ? &r->event.start_mark : &r->parser.problem_mark;
    r->settings->file_wrong = true;
    text_init(&shown, 1000);
    yaml_shown(&shown, span_of(found));
    say_error(r->say, "%s:%zu:%zu: %s%s%s%s", r->path, at->line + 1, at->column + 1, what,
              *found != '\0' ? ", not '" : "", text_all(&shown).ptr, *found != '\0' ? "'" : "");
    text_finish(&shown);
    return false;
}

static bool next(struct reader *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = yaml_parser_parse(&r->parser, &r->event) != 0;
    if (r->has_event)
        return true;
    return r->parser.problem != NULL ? wrong(r, r->parser.problem, "") : say_no_memory(r->say);
}

static const char *scalar(const struct reader *r)
{
    return (const char *)r->event.data.scalar.value;
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

static const char *const yes[] = {"true", "yes", "on", NULL};
static const char *const no[] = {"false", "no", "off", NULL};

static bool take_url(struct reader *r)
{
    struct pool pool;
    struct url url;
    const char *text = scalar(r);
    if (is_one_of(text, yes)) {
        *r->settings->base_url = '\0';
        return true;
    }
    pool_init(&pool, 1 << 20);
    bool good = strlen(text) < SETTINGS_VALUE_MAX && url_read(&pool, span_of(text), &url) &&
                url.path.length == 1 && url.query.ptr == NULL && url.userinfo.ptr == NULL;
    if (good)
        snprintf(r->settings->base_url, SETTINGS_VALUE_MAX, "%.*s", (int)url.origin.length,
                 url.origin.ptr);
    pool_finish(&pool);
    return good ||
           wrong(r, "base_url: expected true, or an origin such as https://example.org", text);
}

static bool take_scalar(struct reader *r, const struct key *key)
{
    char what[160];
    const char *text = scalar(r);
    void *to = (char *)r->settings + key->offset;
    if (key->kind == 'u')
        return take_url(r);
    if (key->kind == 'b') {
        if (!is_one_of(text, yes) && !is_one_of(text, no)) {
            snprintf(what, sizeof what, "%s: expected true or false", key->name);
            return wrong(r, what, text);
        }
        *(bool *)to = is_one_of(text, yes);
        return true;
    }
    char *end;
    double value = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || !(value >= key->least && value <= key->most) ||
        (key->whole && value != floor(value))) {
        snprintf(what, sizeof what, "%s: expected a%s number from %g to %g", key->name,
                 key->whole ? " whole" : "", key->least, key->most);
        return wrong(r, what, text);
    }
    *(double *)to = value;
    return true;
}

static bool wrong_type(struct reader *r, const char *why)
{
    char what[160];
    snprintf(what, sizeof what, "statics_types: %s", why);
    return wrong(r, what, scalar(r));
}

static bool take_types(struct reader *r)
{
    char why[120];
    types_clear(r->settings);
    if (r->event.type != YAML_SEQUENCE_START_EVENT)
        return wrong(r, "statics_types: expected a list of regular expressions", "");
    while (next(r)) {
        if (r->event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        if (r->event.type != YAML_SCALAR_EVENT || r->settings->types_count == SETTINGS_TYPES_MAX)
            return wrong(r, "statics_types: expected up to 50 regular expressions", "");
        struct type_regex *t = type_new(scalar(r), why);
        if (t == NULL)
            return *why != '\0' ? wrong_type(r, why) : say_no_memory(r->say);
        r->settings->types[r->settings->types_count++] = t;
    }
    return false;
}

static bool unknown(struct reader *r)
{
    char what[500];
    struct text shown;
    text_init(&shown, 1000);
    yaml_shown(&shown, span_of(scalar(r)));
    size_t used = (size_t)snprintf(what, sizeof what, "unknown option '%.160s'; expected one of",
                                   text_all(&shown).ptr);
    text_finish(&shown);
    for (size_t i = 0; i < sizeof keys / sizeof *keys && used < sizeof what; i++)
        used += (size_t)snprintf(what + used, sizeof what - used, "%s %s", i > 0 ? "," : "",
                                 keys[i].name);
    return wrong(r, what, "");
}

static bool take_entry(struct reader *r)
{
    const struct key *key = NULL;
    if (r->event.type != YAML_SCALAR_EVENT)
        return wrong(r, "expected the name of an option", "");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(scalar(r), keys[i].name) == 0)
            key = &keys[i];
    if (key == NULL)
        return unknown(r);
    if (!next(r))
        return false;
    if (key->kind == 'l')
        return take_types(r);
    return r->event.type == YAML_SCALAR_EVENT ? take_scalar(r, key)
                                              : wrong(r, "expected a plain value", "");
}

/* Is it YAML at all? What its options are is asked only then. */
static bool is_yaml(struct reader *r)
{
    while (next(r))
        if (r->event.type == YAML_STREAM_END_EVENT)
            return true;
    return false;
}

static bool take_document(struct reader *r)
{
    if (!next(r) || !next(r)) /* the stream, then the document or the stream's end */
        return false;
    if (r->event.type == YAML_STREAM_END_EVENT)
        return true;
    if (!next(r))
        return false;
    if (r->event.type == YAML_SCALAR_EVENT && *scalar(r) == '\0')
        return true;
    if (r->event.type != YAML_MAPPING_START_EVENT)
        return wrong(r, "expected a map of options", "");
    while (next(r)) {
        if (r->event.type == YAML_MAPPING_END_EVENT)
            return true;
        if (!take_entry(r))
            return false;
    }
    return false;
}

static bool read_with(struct reader *r, const unsigned char *bytes, size_t n,
                      bool (*take)(struct reader *))
{
    if (!yaml_parser_initialize(&r->parser))
        return say_no_memory(r->say);
    yaml_parser_set_input_string(&r->parser, bytes, n);
    bool good = take(r);
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = false;
    yaml_parser_delete(&r->parser);
    return good;
}

bool settings_read(struct settings *s, const char *path, struct say *say)
{
    static unsigned char bytes[SETTINGS_FILE_MAX + 1];
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return say_error(say, "cannot read %s: %s", path, strerror(errno));
    size_t n = fread(bytes, 1, sizeof bytes, f);
    int error = ferror(f) ? errno : 0;
    fclose(f);
    if (error != 0)
        return say_error(say, "cannot read %s: %s", path, strerror(error));
    if (n > SETTINGS_FILE_MAX)
        return say_error(say, "%s is larger than %d bytes", path, SETTINGS_FILE_MAX);
    struct reader r = {.settings = s, .say = say, .path = path};
    return read_with(&r, bytes, n, is_yaml) && read_with(&r, bytes, n, take_document);
}
