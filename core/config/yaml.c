#include "config/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/names.h"
#include "base/utf8.h"
#include "config/excerpt.h"
#include "config/yaml_hint.h"
#include "config/yaml_map.h"

enum { TAG_DIRECTIVES_MAX = 64 }; /* libyaml compares each with all before it */

struct anchor {
    struct node *node;
    struct place at;
    bool open; /* its end is not yet read */
};

struct reader {
    yaml_parser_t parser;
    const char *file;
    struct arena *arena;
    struct diag *diag;
    struct names *anchor_names;
    struct anchor *anchors;
    size_t anchors_capacity;
    struct node **stack; /* children of the containers that are open */
    size_t used;
    size_t capacity;
    struct yaml_map_limits limits;
    const char *text;
    size_t length;
    struct place end;  /* of the text */
    struct place flow; /* where the innermost open '[' or '{' stands; line 0: none */
    char bracket;      /* which of both */
};

static bool is_before(const struct place *a, const struct place *b)
{
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* libyaml adds a line to a file that ends without one, and then complains about that. */
static struct place place_of(const struct reader *r, const yaml_mark_t *mark)
{
    struct place at = {r->file, (unsigned)mark->line + 1, (unsigned)mark->column + 1};
    return is_before(&r->end, &at) ? r->end : at;
}

static bool no_memory(struct reader *r)
{
    struct place at = {.file = r->file};
    return diag_error(r->diag, &at, "out of memory while reading");
}

static bool too_big(struct reader *r, const struct place *at)
{
    return diag_error(r->diag, at,
                      "the file is too large here: more than %d nodes, aliases "
                      "written out",
                      NODE_WEIGHT_MAX);
}

static bool report_parser(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR)
        return no_memory(r);
    const char *problem = p->problem != NULL ? p->problem : "it cannot be read";
    struct place at = place_of(r, &p->problem_mark), from = place_of(r, &p->context_mark);
    struct buf text;
    buf_init(&text, 0);
    buf_puts(&text, problem);
    if (p->context != NULL)
        buf_printf(&text, ", %s", p->context);
    if (p->context != NULL && is_before(&from, &at))
        buf_printf(&text, " that begins at %u:%u", from.line, from.column);
    else if (r->flow.line != 0 && !is_before(&at, &r->end))
        buf_printf(&text, "; the '%c' at %u:%u is not closed", r->bracket, r->flow.line,
                   r->flow.column);
    yaml_hint(problem, r->text, r->length, p->problem_mark.index, &text);
    diag_error(r->diag, &at, "not valid YAML: %s", text.data);
    buf_finish(&text);
    return false;
}

static bool next_event(struct reader *r, yaml_event_t *e)
{
    return yaml_parser_parse(&r->parser, e) != 0 || report_parser(r);
}

static bool push(struct reader *r, struct node *n)
{
    if (r->used == r->capacity) {
        size_t capacity = r->capacity == 0 ? 64 : r->capacity * 2;
        struct node **more = realloc(r->stack, capacity * sizeof(struct node *));
        if (more == NULL)
            return no_memory(r);
        r->stack = more;
        r->capacity = capacity;
    }
    r->stack[r->used++] = n;
    return true;
}

/* `*number` is that of the anchor, negative for none. False: out of memory. A name that is taken
 * is a mistake; the first anchor stays. */
static bool anchor_open(struct reader *r, const yaml_char_t *name, const struct place *at,
                        int32_t *number)
{
    *number = -1;
    if (name == NULL)
        return true;
    const char *text = (const char *)name;
    int32_t known = names_find(r->anchor_names, text, strlen(text));
    if (known >= 0) {
        diag_error(r->diag, at, "anchor '%.80s' is taken: it first stands in line %u", text,
                   r->anchors[known].at.line);
        return true;
    }
    int32_t added = names_add(r->anchor_names, text, strlen(text));
    if (added < 0)
        return no_memory(r);
    if ((size_t)added >= r->anchors_capacity) {
        size_t capacity = r->anchors_capacity == 0 ? 16 : r->anchors_capacity * 2;
        struct anchor *more = realloc(r->anchors, capacity * sizeof *more);
        if (more == NULL)
            return no_memory(r);
        r->anchors = more;
        r->anchors_capacity = capacity;
    }
    r->anchors[added] = (struct anchor){.at = *at, .open = true};
    *number = added;
    return true;
}

static struct node *anchor_close(struct reader *r, int32_t number, struct node *n)
{
    if (number >= 0) {
        r->anchors[number].node = n;
        r->anchors[number].open = false;
    }
    return n;
}

/* A null in place of what was wrong or is not there, so that reading goes on. */
static struct node *stand_in(struct reader *r, const struct place *at)
{
    struct node *n = node_new_text(r->arena, at, "", 0);
    if (n == NULL) {
        no_memory(r);
        return NULL;
    }
    n->quoted = false;
    n->scalar = stressor_null();
    return n;
}

static bool become_broken(struct node *n)
{
    n->scalar = stressor_null();
    n->broken = true;
    return false;
}

static struct node *read_alias(struct reader *r, const yaml_event_t *e, const struct place *at)
{
    const char *name = (const char *)e->data.alias.anchor;
    int32_t number = names_find(r->anchor_names, name, strlen(name));
    if (number < 0)
        diag_error(r->diag, at, "alias '%.80s' refers to nothing: no anchor &%.80s before it", name,
                   name);
    else if (r->anchors[number].open)
        diag_error(r->diag, at, "alias '%.80s' stands inside what it refers to (line %u)", name,
                   r->anchors[number].at.line);
    else
        return r->anchors[number].node;
    struct node *n = stand_in(r, at);
    if (n != NULL)
        become_broken(n);
    return n;
}

/* The part of a core tag behind its prefix ("int"); "" for no tag; NULL for any other, which is
 * a mistake. */
static const char *core_tag(struct reader *r, const yaml_char_t *tag, const struct place *at)
{
    static const char prefix[] = "tag:yaml.org,2002:";
    static const char *const known[] = {"str", "int", "float", "bool", "null", "map", "seq"};
    const char *text = (const char *)tag;
    if (text == NULL || strcmp(text, "!") == 0)
        return "";
    if (strncmp(text, prefix, sizeof prefix - 1) == 0) {
        text += sizeof prefix - 1;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            if (strcmp(text, known[i]) == 0)
                return known[i];
    }
    char shown[EXCERPT_MAX];
    struct excerpt e;
    excerpt_init(&e, shown, sizeof shown);
    excerpt_put(&e, "!!", text != (const char *)tag ? 2 : 0);
    excerpt_put(&e, text, strlen(text));
    diag_error(r->diag, at,
               "tag '%s' is not supported; the core ones are: !!str !!int !!float !!bool !!null "
               "!!map !!seq",
               shown);
    return NULL;
}

static bool resolve_plain(struct reader *r, struct node *n)
{
    if (yaml_scalar(n->text, n->length, &n->scalar))
        return true;
    char shown[EXCERPT_MAX];
    excerpt_text(n->text, n->length, shown, sizeof shown);
    diag_error(r->diag, &n->at,
               "%s reads as a number beyond 64 bits; put it in quotes if it is text", shown);
    return become_broken(n);
}

static void resolve_tagged(struct reader *r, struct node *n, const char *tag)
{
    static const struct {
        const char *tag, *what;
        uint32_t type;
    } kinds[] = {{"int", "an integer", STRESSOR_INT},
                 {"float", "a number", STRESSOR_DOUBLE},
                 {"bool", "a boolean", STRESSOR_BOOL},
                 {"null", "null", STRESSOR_NULL}};
    if (strcmp(tag, "str") == 0) {
        n->quoted = true;
        return;
    }
    const char *what = "a map or a list";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(tag, kinds[i].tag) != 0)
            continue;
        what = kinds[i].what;
        n->quoted = false;
        if (!resolve_plain(r, n))
            return;
        if (kinds[i].type == STRESSOR_DOUBLE && n->scalar.type == STRESSOR_INT)
            n->scalar = stressor_double((double)n->scalar.as.integer);
        if (n->scalar.type == kinds[i].type)
            return;
    }
    char shown[EXCERPT_MAX];
    excerpt_text(n->text, n->length, shown, sizeof shown);
    diag_error(r->diag, &n->at, "tag '!!%s' wants %s, found %s", tag, what, shown);
    become_broken(n);
}

static struct node *read_scalar(struct reader *r, const yaml_event_t *e, const struct place *at)
{
    const char *bytes = (const char *)e->data.scalar.value;
    size_t length = e->data.scalar.length;
    int32_t anchor;
    if (length > NODE_TEXT_MAX) {
        diag_error(r->diag, at, "a text has more than %d bytes", NODE_TEXT_MAX);
        return NULL;
    }
    if (!anchor_open(r, e->data.scalar.anchor, at, &anchor))
        return NULL;
    const char *copy = arena_copy(r->arena, bytes, length);
    struct node *n = copy != NULL ? node_new_text(r->arena, at, copy, length) : NULL;
    if (n == NULL) {
        no_memory(r);
        return NULL;
    }
    const char *tag = core_tag(r, e->data.scalar.tag, at);
    if (tag == NULL) {
        become_broken(n);
    } else if (*tag != '\0') {
        resolve_tagged(r, n, tag);
    } else if (e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) { /* "!" alone does not count */
        n->quoted = false;
        n->inside = r->flow.line != 0;
        resolve_plain(r, n);
    }
    return anchor_close(r, anchor, n);
}

static struct node *read_node(struct reader *r, yaml_event_t *e, unsigned depth);

/* A key that cannot be one is a mistake; a stand-in takes its place. */
static struct node *check_key(struct reader *r, struct node *key, const struct place *at)
{
    if (key->kind == NODE_SCALAR)
        return key;
    diag_error(r->diag, at, "a key must be text or a number, found %s%s", node_kind_text(key),
               key->kind == NODE_MAP ? "; a text that begins with '{' needs quotes" : "");
    key = stand_in(r, at);
    if (key != NULL)
        become_broken(key);
    return key;
}

/* Reads to the end of the container, leaving its children on the stack. */
static bool read_children(struct reader *r, struct node *n, yaml_event_type_t end, unsigned depth)
{
    size_t base = r->used;
    for (;;) {
        yaml_event_t e;
        if (!next_event(r, &e))
            return false;
        if (e.type == end) {
            yaml_event_delete(&e);
            return true;
        }
        struct place at = place_of(r, &e.start_mark);
        bool is_key = n->kind == NODE_MAP && (r->used - base) % 2 == 0;
        struct node *child = read_node(r, &e, depth);
        yaml_event_delete(&e);
        if (child != NULL && is_key)
            child = check_key(r, child, &at);
        if (child == NULL || !push(r, child))
            return false;
        n->weight += child->weight;
        if (n->weight > NODE_WEIGHT_MAX)
            return too_big(r, &at);
        if (child->height >= n->height)
            n->height = child->height + 1;
        if (n->height + depth - 2 > NODE_DEPTH_MAX)
            return diag_error(r->diag, &at, "nested deeper than %d levels", NODE_DEPTH_MAX);
    }
}

/* What merging brought counts too. */
static bool weigh_map(struct reader *r, struct node *map)
{
    map->weight = 1;
    map->height = 1;
    for (size_t i = 0; i < map->count; i++) {
        const struct node *value = map->entries[i].value;
        map->weight += map->entries[i].key->weight + value->weight;
        if (map->weight > NODE_WEIGHT_MAX)
            return too_big(r, &map->at);
        if (value->height >= map->height)
            map->height = value->height + 1;
    }
    return true;
}

static bool finish_container(struct reader *r, struct node *n, size_t base)
{
    struct node **children = r->stack != NULL ? r->stack + base : NULL;
    size_t count = r->used - base;
    r->used = base;
    if (n->kind == NODE_LIST) {
        n->items = arena_alloc(r->arena, count * sizeof(struct node *));
        if (n->items == NULL)
            return no_memory(r);
        if (count > 0)
            memcpy(n->items, children, count * sizeof(struct node *));
        n->count = count;
        return true;
    }
    switch (yaml_map_finish(n, children, count, &r->limits, r->arena, r->diag)) {
    case YAML_MAP_OK: return weigh_map(r, n);
    case YAML_MAP_TOO_BIG: return too_big(r, &n->at);
    default: return no_memory(r);
    }
}

static bool is_flow(const yaml_event_t *e)
{
    if (e->type == YAML_MAPPING_START_EVENT)
        return e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    return e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
}

static struct node *read_container(struct reader *r, const yaml_event_t *e, const struct place *at,
                                   unsigned depth)
{
    bool map = e->type == YAML_MAPPING_START_EVENT;
    const struct place flow = r->flow;
    const char bracket = r->bracket;
    if (depth > NODE_DEPTH_MAX) {
        diag_error(r->diag, at, "nested deeper than %d levels", NODE_DEPTH_MAX);
        return NULL;
    }
    int32_t anchor;
    if (!anchor_open(r, map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor, at,
                     &anchor))
        return NULL;
    const char *tag = core_tag(r, map ? e->data.mapping_start.tag : e->data.sequence_start.tag, at);
    bool wrong = tag != NULL && *tag != '\0' && strcmp(tag, map ? "map" : "seq") != 0;
    if (wrong)
        diag_error(r->diag, at, "tag '!!%s' stands before %s", tag, map ? "a map" : "a list");
    struct node *n = arena_zero(r->arena, sizeof *n);
    if (n == NULL) {
        no_memory(r);
        return NULL;
    }
    n->kind = map ? NODE_MAP : NODE_LIST;
    n->at = *at;
    n->weight = 1;
    n->height = 1;
    n->broken = wrong || tag == NULL;
    size_t base = r->used;
    if (is_flow(e)) {
        r->flow = *at;
        r->bracket = map ? '{' : '[';
    }
    if (!read_children(r, n, map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth + 1) ||
        !finish_container(r, n, base))
        return NULL;
    r->flow = flow;
    r->bracket = bracket;
    return anchor_close(r, anchor, n);
}

/* `depth` is that of the node if it is a container: 1 at the top. NULL: reading cannot go on. */
static struct node *read_node(struct reader *r, yaml_event_t *e, unsigned depth)
{
    struct place at = place_of(r, &e->start_mark);
    if (++r->limits.nodes > NODE_WEIGHT_MAX) {
        too_big(r, &at);
        return NULL;
    }
    switch (e->type) {
    case YAML_ALIAS_EVENT: return read_alias(r, e, &at);
    case YAML_SCALAR_EVENT: return read_scalar(r, e, &at);
    default: return read_container(r, e, &at, depth);
    }
}

static struct node *read_document(struct reader *r)
{
    struct node *root = NULL;
    for (;;) {
        yaml_event_t e;
        if (!next_event(r, &e))
            return NULL;
        yaml_event_type_t type = e.type;
        struct place at = place_of(r, &e.start_mark);
        bool fine = true;
        if (type == YAML_DOCUMENT_START_EVENT && root != NULL)
            fine = diag_error(r->diag, &at, "a second document begins here; only one is allowed");
        else if (type >= YAML_ALIAS_EVENT && type <= YAML_MAPPING_START_EVENT)
            fine = (root = read_node(r, &e, 1)) != NULL;
        yaml_event_delete(&e);
        if (!fine)
            return NULL;
        if (type == YAML_STREAM_END_EVENT)
            break;
    }
    return root != NULL ? root : stand_in(r, &(struct place){r->file, 1, 1});
}

static bool is_printable(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0x7f) || c == 0x85 ||
           (c >= 0xa0 && c != 0xfeff && c != 0xfffe && c != 0xffff);
}

/* Refuses what is no text before libyaml sees it, with its place. */
static bool check_characters(struct reader *r, const char *text, size_t length)
{
    struct place at = {r->file, 1, 1};
    unsigned directives = 0;
    for (size_t i = 0; i < length;) {
        uint32_t c;
        size_t width = utf8_decode(text + i, length - i, &c);
        if (width == 0)
            return diag_error(r->diag, &at, "byte 0x%02x is not UTF-8", (unsigned char)text[i]);
        if (!is_printable(c))
            return diag_error(r->diag, &at, "character U+%04X is not allowed in YAML", (unsigned)c);
        if (at.column == 1 && length - i > 4 && memcmp(text + i, "%TAG", 4) == 0 &&
            ++directives > TAG_DIRECTIVES_MAX)
            return diag_error(r->diag, &at, "more than %d %%TAG directives", TAG_DIRECTIVES_MAX);
        i += width;
        at.column++;
        if (c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029 ||
            (c == '\r' && !(i < length && text[i] == '\n'))) {
            at.line++;
            at.column = 1;
        }
    }
    r->end = at;
    return true;
}

struct node *yaml_read(const char *text, size_t length, const char *file, struct arena *a,
                       struct diag *d)
{
    struct reader r = {.file = file, .arena = a, .diag = d};
    if (length > NODE_FILE_MAX) {
        diag_error(d, &(struct place){.file = file}, "the file has more than %d bytes",
                   NODE_FILE_MAX);
        return NULL;
    }
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (!check_characters(&r, text, length))
        return NULL;
    r.text = text;
    r.length = length;
    r.anchor_names = names_new();
    if (r.anchor_names == NULL || !yaml_parser_initialize(&r.parser)) {
        names_free(r.anchor_names);
        no_memory(&r);
        return NULL;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    struct node *root = read_document(&r);
    yaml_parser_delete(&r.parser);
    names_free(r.anchor_names);
    free(r.anchors);
    free(r.stack);
    return root;
}
