#include "plan/compile.h"

#include <string.h>

#include "base/suggest.h"
#include "config/excerpt.h"
#include "plugin/descriptor.h"
#include "plugin/manifest.h"

/* The section `plugins`: which plugins the scenario needs, and in which versions. It adds no folder
 * to the search, and opens none of them. */

enum {
    PARTS_MAX = 8,        /* numbers in a version */
    PART_MAX = 999999999, /* the largest of them */
    REQUIRED_MAX = 1000,  /* items of the section */
    BOUNDS_MAX = 8,       /* of one item */
};

#define EXPECTED "NAME or \"NAME >= 1.2, < 2\""
#define INSTALL  "\"stressor plugin install PATH\""

struct version {
    uint32_t parts[PARTS_MAX]; /* those that are not given are 0 */
    bool early;                /* 1.2-rc1, which comes before 1.2 */
};

enum relation { AT_LEAST, ABOVE, AT_MOST, BELOW, EQUAL, RELATIONS };
/* Longer ones first where one begins another. */
static const struct {
    const char *text;
    enum relation relation;
} relations[RELATIONS] = {
    {">=", AT_LEAST}, {"<=", AT_MOST}, {">", ABOVE}, {"<", BELOW}, {"=", EQUAL}};

struct bound {
    enum relation relation;
    struct version version;
};

struct requirement {
    const char *name;
    size_t name_length;
    const char *wanted; /* the bounds as they stand there */
    size_t wanted_length;
    struct bound bounds[BOUNDS_MAX];
    size_t bounds_count;
};

/* --- reading ------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

static const char *skip_space(const char *s, const char *end)
{
    while (s < end && (*s == ' ' || *s == '\t'))
        s++;
    return s;
}

/* Numbers with dots between them, then "-" or "+" and what a release is called beyond them. NULL:
 * it is no version; else what follows it. */
static const char *read_version(const char *s, const char *end, struct version *out)
{
    *out = (struct version){.early = false};
    for (size_t i = 0; i < PARTS_MAX; i++) {
        if (s == end || !is_digit(*s))
            return NULL;
        uint64_t part = 0;
        for (; s < end && is_digit(*s); s++) {
            part = part * 10 + (uint64_t)(*s - '0');
            if (part > PART_MAX)
                return NULL;
        }
        out->parts[i] = (uint32_t)part;
        if (s == end || *s != '.')
            break;
        s++;
    }
    out->early = s < end && *s == '-';
    if (s < end && (*s == '-' || *s == '+'))
        for (s++; s < end && (is_name_char(*s) || *s == '.' || *s == '+');)
            s++;
    return s;
}

static const char *read_bound(const char *s, const char *end, struct bound *out)
{
    for (size_t i = 0; i < RELATIONS; i++) {
        size_t length = strlen(relations[i].text);
        if ((size_t)(end - s) < length || memcmp(s, relations[i].text, length) != 0)
            continue;
        out->relation = relations[i].relation;
        return read_version(skip_space(s + length, end), end, &out->version);
    }
    return NULL;
}

static bool read_requirement(const char *text, size_t length, struct requirement *out)
{
    const char *end = text + length, *s = skip_space(text, end);
    *out = (struct requirement){.name = s};
    while (s < end && is_name_char(*s))
        s++;
    out->name_length = (size_t)(s - out->name);
    out->wanted = s = skip_space(s, end);
    while (s != NULL && s < end && out->bounds_count < BOUNDS_MAX) {
        s = read_bound(s, end, &out->bounds[out->bounds_count++]);
        if (s == NULL)
            return false;
        out->wanted_length = (size_t)(s - out->wanted);
        s = skip_space(s, end);
        if (s == end)
            break;
        if (*s != ',')
            return false;
        s = skip_space(s + 1, end);
        if (s == end)
            return false;
    }
    return s == end && out->name_length > 0 && out->name_length <= DESCRIPTOR_NAME_MAX;
}

/* --- comparing ----------------------------------------------------------------------------- */

static int compare(const struct version *a, const struct version *b)
{
    for (size_t i = 0; i < PARTS_MAX; i++)
        if (a->parts[i] != b->parts[i])
            return a->parts[i] < b->parts[i] ? -1 : 1;
    return (int)b->early - (int)a->early;
}

static bool holds(const struct bound *bound, const struct version *v)
{
    int order = compare(v, &bound->version);
    switch (bound->relation) {
    case AT_LEAST: return order >= 0;
    case ABOVE: return order > 0;
    case AT_MOST: return order <= 0;
    case BELOW: return order < 0;
    default: return order == 0;
    }
}

/* --- the section --------------------------------------------------------------------------- */

/* A file of that name that was found and refused. */
static const stressor_plugin_entry_info *refused_file(const struct registry *r, const char *name,
                                                      size_t length)
{
    size_t count = registry_entries_count(r);
    for (size_t i = 0; i < count; i++) {
        const stressor_plugin_entry_info *entry = registry_entry(r, i);
        const char *slash = entry->path != NULL ? strrchr(entry->path, '/') : NULL;
        if (entry->refused != 0 && slash != NULL && strncmp(slash + 1, name, length) == 0 &&
            strcmp(slash + 1 + length, ".so") == 0)
            return entry;
    }
    return NULL;
}

static const struct plugin *find_plugin(const struct registry *r, const char *name, size_t length,
                                        struct suggest *near)
{
    size_t count = registry_count(r);
    for (size_t i = 0; i < count; i++) {
        const struct plugin *p = registry_plugin(r, i);
        if (p->gone)
            continue;
        if (strlen(p->offer->name) == length && memcmp(p->offer->name, name, length) == 0)
            return p;
        suggest_offer(near, p->offer->name, strlen(p->offer->name));
    }
    return NULL;
}

static void missing(struct compile *c, const struct place *at, const struct requirement *need,
                    const struct suggest *near)
{
    const stressor_plugin_entry_info *refused =
        refused_file(c->registry, need->name, need->name_length);
    int length = (int)need->name_length;
    struct buf folders;
    c->plugin_missing = true;
    buf_init(&folders, 8192);
    const char *folder;
    for (size_t i = 0; (folder = registry_folder(c->registry, i)) != NULL; i++)
        buf_printf(&folders, "%s%s", i > 0 ? ", " : "", folder);
    if (refused != NULL)
        diag_error(c->diag, at, "plugin '%.*s' is refused: %s (%s)", length, need->name,
                   refused->reason, refused->path);
    else if (near->best != NULL)
        diag_error(c->diag, at,
                   "plugin '%.*s' is not installed; did you mean '%.*s'? (" INSTALL
                   " installs one)",
                   length, need->name, (int)near->best_length, near->best);
    else
        diag_error(c->diag, at,
                   "plugin '%.*s' is not installed: " INSTALL " installs it (looked in %s)", length,
                   need->name, folders.length > 0 ? folders.data : "no folder");
    buf_finish(&folders);
}

static void check_version(struct compile *c, const struct place *at, const struct requirement *need,
                          const struct plugin *p)
{
    char shown[EXCERPT_MAX];
    struct version version;
    const char *text = p->offer->version, *end = text + strlen(text);
    bool fine = need->bounds_count == 0 || read_version(text, end, &version) == end;
    excerpt_text(text, strlen(text), shown, sizeof shown);
    if (!fine)
        diag_error(c->diag, at,
                   "plugin '%s': expected version %.*s, but its version %s cannot be compared",
                   p->offer->name, (int)need->wanted_length, need->wanted, shown);
    for (size_t i = 0; fine && i < need->bounds_count; i++) {
        fine = holds(&need->bounds[i], &version);
        if (!fine)
            diag_error(c->diag, at,
                       "plugin '%s': expected version %.*s, found %s: " INSTALL
                       " installs another (found in %s)",
                       p->offer->name, (int)need->wanted_length, need->wanted, text,
                       p->path != NULL ? p->path : "the program itself");
    }
}

static void compile_required(struct compile *c, size_t index, const struct node *n)
{
    struct requirement need;
    struct suggest near;
    if (n->broken)
        return;
    if (n->kind != NODE_SCALAR || n->scalar.type != STRESSOR_STRING ||
        !read_requirement(n->text, n->length, &need)) {
        compile_expected(c, n, "item %zu of section 'plugins': expected " EXPECTED, index + 1);
        return;
    }
    suggest_init(&near, need.name, need.name_length);
    const struct plugin *p = find_plugin(c->registry, need.name, need.name_length, &near);
    if (p == NULL)
        missing(c, &n->at, &need, &near);
    else
        check_version(c, &n->at, &need, p);
}

void compile_requires(struct compile *c)
{
    const struct node *list = node_get(c->root, "plugins");
    if (list == NULL || list->broken ||
        (list->kind == NODE_SCALAR && list->scalar.type == STRESSOR_NULL))
        return;
    if (list->kind != NODE_LIST) {
        compile_expected(c, list, "section 'plugins': expected a list of " EXPECTED);
        return;
    }
    if (list->count > REQUIRED_MAX)
        diag_error(c->diag, &list->at, "section 'plugins': %zu items, more than %d", list->count,
                   REQUIRED_MAX);
    for (size_t i = 0; i < list->count && i < REQUIRED_MAX; i++)
        compile_required(c, i, list->items[i]);
}
