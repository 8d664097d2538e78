/*
 * Load-time macros: finding them in a tree, and what each stands for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/suggest.h"
#include "config/excerpt.h"
#include "config/file.h"
#include "config/loader_private.h"
#include "config/macro_call.h"
#include "config/yaml.h"

extern char **environ;

/* One call, where it stands. */
struct load_call {
    const struct node *node;
    const char *key; /* may be NULL */
    struct macro_call macro;
};

static bool name_is(const struct macro_call *c, const char *name)
{
    return strlen(name) == c->name_length && memcmp(c->name, name, c->name_length) == 0;
}

static const char *load_problem(int error)
{
    switch (error) {
    case -EXDEV: return "it leaves the scenario's folder";
    case -ENOENT: return "there is no such file in the scenario's folder";
    case -EISDIR: return "it is a folder";
    case -EINVAL: return "it is not a regular file";
    case -ELOOP: return "it is a link that cannot be followed";
    case -EFBIG: return "it is too large";
    default: return strerror(-error);
    }
}

static bool load_failed(struct loader *l, const struct place *at, const char *path, size_t length,
                        int error)
{
    char shown[EXCERPT_MAX];
    excerpt_text(path, length, shown, sizeof shown);
    return diag_error(l->diag, at, "cannot load %s: %s", shown, load_problem(error));
}

/* Names the files on the way from `first` to here. */
static bool load_circular(struct loader *l, const struct place *at, size_t first)
{
    char chain[1024];
    struct excerpt e;
    excerpt_init(&e, chain, sizeof chain);
    for (size_t i = first; i < l->files_count; i++)
        if (l->files[i].open) {
            excerpt_put(&e, l->files[i].name, strlen(l->files[i].name));
            excerpt_put(&e, " loads ", 7);
        }
    excerpt_put(&e, l->files[first].name, strlen(l->files[first].name));
    return diag_error(l->diag, at, "files that load each other: %s", chain);
}

static struct node *read_loaded(struct loader *l, const char *text, size_t length, const char *name,
                                bool script)
{
    if (script) {
        const char *copy = arena_copy(l->arena, text, length);
        struct node *n = copy != NULL
                             ? node_new_text(l->arena, &(struct place){name, 1, 1}, copy, length)
                             : NULL;
        if (n == NULL)
            loader_no_memory(l);
        else
            n->script = n->literal = true;
        return n;
    }
    struct node *n = yaml_read(text, length, name, l->arena, l->diag);
    return n != NULL ? loader_resolve(l, n, NULL, 1) : NULL;
}

static struct node *load_open(struct loader *l, const struct place *at, int fd, const char *path,
                              size_t path_length, bool script)
{
    struct stat s;
    char *text;
    size_t length;
    if (fstat(fd, &s) != 0) {
        load_failed(l, at, path, path_length, -errno);
        return NULL;
    }
    for (size_t i = 0; i < l->files_count; i++) {
        const struct loaded *f = &l->files[i];
        if (f->inode != s.st_ino || f->device != s.st_dev || f->script != script)
            continue;
        if (f->open)
            load_circular(l, at, i);
        return f->open ? NULL : f->node;
    }
    int error = file_read(fd, script ? NODE_TEXT_MAX : NODE_FILE_MAX, &text, &length);
    if (error != 0) {
        load_failed(l, at, path, path_length, error);
        return NULL;
    }
    const char *name = arena_printf(l->arena, "%s%.*s", l->prefix, (int)path_length, path);
    if (name == NULL)
        loader_no_memory(l);
    int number = name != NULL ? loader_remember(l, fd, name, script) : -1;
    struct node *n = NULL;
    if (number >= 0) {
        n = read_loaded(l, text, length, name, script);
        l->files[number].node = n;
        l->files[number].open = false;
    }
    free(text);
    return n;
}

struct node *loader_load(struct loader *l, const struct place *at, const char *path, size_t length,
                         bool script)
{
    if (l->folder < 0) {
        diag_error(l->diag, at, "$load needs a scenario that is a file: there is no folder");
        return NULL;
    }
    if (l->depth == NODE_DEPTH_MAX) {
        diag_error(l->diag, at, "more than %d files that load one another", NODE_DEPTH_MAX);
        return NULL;
    }
    while (length > 2 && path[0] == '.' && path[1] == '/') {
        path += 2;
        length -= 2;
    }
    int fd = loader_open_beneath(l->folder, path, length);
    if (fd < 0) {
        load_failed(l, at, path, length, fd);
        return NULL;
    }
    l->depth++;
    struct node *n = load_open(l, at, fd, path, length, script);
    l->depth--;
    close(fd);
    return n;
}

static struct node *env_unset(struct loader *l, const struct place *at, const char *name)
{
    struct suggest near;
    suggest_init(&near, name, strlen(name));
    for (char **e = environ; e != NULL && *e != NULL; e++)
        suggest_offer(&near, *e, strcspn(*e, "="));
    if (near.best != NULL)
        diag_error(l->diag, at, "environment variable '%.80s' is not set; did you mean '%.*s'?",
                   name, (int)near.best_length, near.best);
    else
        diag_error(l->diag, at,
                   "environment variable '%.80s' is not set; $env(NAME, default) gives a default",
                   name);
    return NULL;
}

static struct node *call_env(struct loader *l, const struct load_call *c)
{
    const struct place *at = &c->node->at;
    if (c->macro.args_count < 1 || c->macro.args_count > 2 || c->macro.args[0].length == 0) {
        diag_error(l->diag, at,
                   "$env takes the name of a variable and perhaps a default: "
                   "$env(NAME, default)");
        return NULL;
    }
    const char *name = arena_copy(l->arena, c->macro.args[0].text, c->macro.args[0].length);
    const char *value = name != NULL ? getenv(name) : NULL;
    const char *text = NULL;
    size_t length = 0;
    if (name != NULL && value == NULL && c->macro.args_count == 1)
        return env_unset(l, at, name);
    if (name != NULL) {
        length = value != NULL ? strlen(value) : c->macro.args[1].length;
        text = arena_copy(l->arena, value != NULL ? value : c->macro.args[1].text, length);
    }
    struct node *n = text != NULL ? node_new_text(l->arena, at, text, length) : NULL;
    if (n == NULL)
        loader_no_memory(l);
    else
        n->literal = value != NULL;
    return n;
}

static struct node *call_load(struct loader *l, const struct load_call *c)
{
    if (c->macro.args_count != 1 || c->macro.args[0].length == 0) {
        diag_error(l->diag, &c->node->at, "$load takes the path of a file: $load(users.yaml)");
        return NULL;
    }
    bool script = c->key != NULL && strcmp(c->key, "script") == 0;
    return loader_load(l, &c->node->at, c->macro.args[0].text, c->macro.args[0].length, script);
}

static struct node *node_of_value(struct loader *l, const struct place *at, const stressor_value *v,
                                  unsigned depth);

static bool fill_container(struct loader *l, struct node *n, const stressor_value *v,
                           unsigned depth)
{
    for (size_t i = 0; i < n->count; i++) {
        const char *key = NULL;
        uint64_t key_length = 0;
        const stressor_value *item =
            n->kind == NODE_MAP ? value_entry(v, i, &key, &key_length) : value_at(v, i);
        struct node *child = node_of_value(l, &n->at, item, depth + 1);
        if (child == NULL)
            return false;
        n->weight += child->weight;
        if (child->height >= n->height)
            n->height = child->height + 1;
        if (n->kind == NODE_LIST) {
            n->items[i] = child;
            continue;
        }
        const char *copy = arena_copy(l->arena, key, (size_t)key_length);
        n->entries[i].value = child;
        n->entries[i].key =
            copy != NULL ? node_new_text(l->arena, &n->at, copy, (size_t)key_length) : NULL;
        if (n->entries[i].key == NULL)
            return loader_no_memory(l);
    }
    return n->weight <= NODE_WEIGHT_MAX ||
           diag_error(l->diag, &n->at, "the macro's value is too large");
}

static struct node *scalar_of_value(struct loader *l, const struct place *at,
                                    const stressor_value *v)
{
    struct buf text;
    buf_init(&text, NODE_TEXT_MAX);
    value_text(v, 0, &text);
    const char *copy = text.failed ? NULL : arena_copy(l->arena, text.data, text.length);
    struct node *n = copy != NULL ? node_new_text(l->arena, at, copy, text.length) : NULL;
    buf_finish(&text);
    if (n == NULL) {
        loader_no_memory(l);
        return NULL;
    }
    n->literal = true;
    n->scalar.flags = v->flags & STRESSOR_SECRET;
    if (v->type == STRESSOR_STRING)
        return n;
    n->quoted = false;
    n->scalar = *v;
    n->scalar.flags &= STRESSOR_SECRET;
    return n;
}

static struct node *node_of_value(struct loader *l, const struct place *at, const stressor_value *v,
                                  unsigned depth)
{
    if (v->type != STRESSOR_LIST && v->type != STRESSOR_MAP)
        return scalar_of_value(l, at, v);
    if (depth > NODE_DEPTH_MAX) {
        diag_error(l->diag, at, "the macro's value is nested deeper than %d levels",
                   NODE_DEPTH_MAX);
        return NULL;
    }
    bool map = v->type == STRESSOR_MAP;
    uint64_t count = map ? v->as.map.count : v->as.list.count;
    struct node *n = count <= NODE_WEIGHT_MAX ? arena_zero(l->arena, sizeof *n) : NULL;
    size_t each = map ? sizeof(struct node_entry) : sizeof(struct node *);
    void *room = n != NULL ? arena_zero(l->arena, (size_t)count * each) : NULL;
    if (room == NULL) {
        loader_no_memory(l);
        return NULL;
    }
    n->kind = map ? NODE_MAP : NODE_LIST;
    n->at = *at;
    n->weight = n->height = 1;
    n->resolved = true;
    n->count = (size_t)count;
    if (map)
        n->entries = room;
    else
        n->items = room;
    return fill_container(l, n, v, depth) ? n : NULL;
}

static struct node *call_plugin(struct loader *l, const struct load_call *c,
                                const stressor_macro *macro, void *plugin, unsigned depth)
{
    stressor_value args[sizeof c->macro.args / sizeof *c->macro.args];
    stressor_value out = stressor_null();
    stressor_failure failure = {0};
    struct buf why;
    buf_init(&why, 4096);
    bool fits = macro_call_fits(&c->macro, macro, &why) ||
                diag_error(l->diag, &c->node->at, "%s", why.data);
    buf_finish(&why);
    if (!fits)
        return NULL;
    for (size_t i = 0; i < c->macro.args_count; i++)
        args[i] = stressor_string_n(c->macro.args[i].text, c->macro.args[i].length);
    if (macro->expand(plugin, NULL, args, (uint32_t)c->macro.args_count, &out, &failure) >= 0)
        return node_of_value(l, &c->node->at, &out, depth);
    diag_error(l->diag, &c->node->at, "$%s: %.*s", macro->name,
               failure.text != NULL ? (int)failure.length : 6,
               failure.text != NULL ? failure.text : "failed");
    return NULL;
}

/* Is it well formed? Else a mistake. */
static bool check_call(struct loader *l, const struct load_call *c, enum macro_call_result result)
{
    const char *problem = result == MACRO_CALL_TRAILING   ? "must stand alone, but text follows it"
                          : result == MACRO_CALL_OPEN     ? "has no closing parenthesis"
                          : result == MACRO_CALL_TOO_MANY ? "has too many arguments"
                                                          : NULL;
    const char *hint = result == MACRO_CALL_OPEN ? node_open_hint(c->node) : "";
    return problem == NULL || diag_error(l->diag, &c->node->at, "$%.*s %s%s",
                                         (int)c->macro.name_length, c->macro.name, problem, hint);
}

static struct node *broken(struct node *n)
{
    n->broken = true;
    n->scalar = stressor_null();
    return n;
}

static struct node *resolve_text(struct loader *l, struct node *n, const char *key, unsigned depth)
{
    if (n->scalar.type != STRESSOR_STRING || n->literal || n->script ||
        memchr(n->text, '$', n->length) == NULL)
        return n;
    struct load_call c = {.node = n, .key = key};
    enum macro_call_result result = macro_call_parse(n->text, n->length, &c.macro);
    if (result == MACRO_CALL_NONE)
        return n;
    bool load = name_is(&c.macro, "load"), env = name_is(&c.macro, "env");
    const stressor_macro *macro = NULL;
    void *plugin = NULL;
    bool activity = key != NULL && strcmp(key, "activity") == 0;
    if (!load && !env && !activity && l->scope != NULL && l->scope->macro != NULL)
        macro = l->scope->macro(l->scope->data, c.macro.name, c.macro.name_length, &plugin);
    if (!load && !env &&
        (macro == NULL || macro->kind != STRESSOR_MACRO_LOAD_TIME || macro->expand == NULL))
        return n;
    struct node *out = NULL;
    if (!check_call(l, &c, result))
        return broken(n);
    if (load)
        out = call_load(l, &c);
    else if (env)
        out = call_env(l, &c);
    else
        out = call_plugin(l, &c, macro, plugin, depth);
    return out != NULL ? out : broken(n);
}

/* A child that may have been replaced: is the tree still within its bounds? */
static bool weigh(struct loader *l, struct node *parent, const struct place *at,
                  const struct node *child, unsigned depth)
{
    parent->weight += child->weight;
    if (parent->weight > NODE_WEIGHT_MAX)
        return diag_error(l->diag, at,
                          "the scenario is too large here: more than %d nodes, "
                          "aliases and loaded files written out",
                          NODE_WEIGHT_MAX);
    if (child->height >= parent->height)
        parent->height = child->height + 1;
    if (depth + child->height > NODE_DEPTH_MAX)
        return diag_error(l->diag, at, "nested deeper than %d levels", NODE_DEPTH_MAX);
    return true;
}

static bool resolve_children(struct loader *l, struct node *n, unsigned depth)
{
    n->weight = n->height = 1;
    for (size_t i = 0; i < n->count; i++) {
        const struct node *key = n->kind == NODE_MAP ? n->entries[i].key : NULL;
        struct node **child = key != NULL ? &n->entries[i].value : &n->items[i];
        struct place at = (*child)->at;
        *child = loader_resolve(l, *child, key != NULL ? key->text : NULL, depth + 1);
        if (*child == NULL)
            return false;
        if (key != NULL)
            n->weight += key->weight;
        if (!weigh(l, n, &at, *child, depth))
            return false;
    }
    return true;
}

struct node *loader_resolve(struct loader *l, struct node *n, const char *key, unsigned depth)
{
    if (n->kind == NODE_SCALAR)
        return resolve_text(l, n, key, depth);
    if (n->resolved)
        return n;
    n->resolved = true;
    return resolve_children(l, n, depth) ? n : NULL;
}
