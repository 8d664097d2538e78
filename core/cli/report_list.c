#include "cli/report_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/table.h"
#include "cli/target.h"
#include "cli/text.h"

#define MONITOR   "monitor"
#define KINDS_MAX 256

bool report_list_init(struct report_list *l, size_t most)
{
    *l = (struct report_list){
        .table = calloc(most + 1, sizeof *l->table),
        .items = calloc(most + 1, sizeof *l->items),
        .kinds = calloc(most + 1, sizeof *l->kinds),
    };
    if (l->table != NULL && l->items != NULL && l->kinds != NULL)
        return true;
    report_list_finish(l);
    return false;
}

void report_list_finish(struct report_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->kinds[i]);
    free(l->kinds);
    free(l->items);
    free(l->table);
    *l = (struct report_list){.count = 0};
}

/* Takes `kind` over, which may be NULL. */
static bool add(struct report_list *l, const char *command, char *kind, const char *path)
{
    if (kind == NULL) {
        command_wrong(command, "out of memory");
        return false;
    }
    l->kinds[l->count] = kind;
    l->items[l->count] = (stressor_report){.size = sizeof *l->items, .kind = kind, .path = path};
    l->table[l->count] = &l->items[l->count];
    l->count++;
    return true;
}

bool report_list_add(struct report_list *l, const char *command, const char *value)
{
    size_t length = strcspn(value, "=");
    const char *path = value[length] == '=' ? value + length + 1 : NULL;
    if (length > 0 && (path == NULL || *path != '\0'))
        return add(l, command, strndup(value, length), path);
    command_wrong(command,
                  "--report wants KIND or KIND=PATH, such as json=results.json, not \"%s\"", value);
    return false;
}

bool report_list_add_monitor(struct report_list *l, const char *command, const char *port)
{
    return add(l, command, strdup(MONITOR), port);
}

/* --- checking -----------------------------------------------------------------------------------
 */

/* The reporters that the plugins offer; the first of a kind wins. */
struct offers {
    const stressor_reporter_type *types[KINDS_MAX];
    const char *kinds[KINDS_MAX + 1]; /* ended by NULL */
    size_t count;
};

static const stressor_reporter_type *find(const struct offers *o, const char *kind)
{
    for (size_t i = 0; i < o->count; i++) {
        if (strcmp(o->kinds[i], kind) == 0)
            return o->types[i];
    }
    return NULL;
}

static void collect(struct offers *o, stressor_engine *engine)
{
    size_t plugins = stressor_plugins_count(engine);
    for (size_t i = 0; i < plugins; i++) {
        const stressor_plugin *p = stressor_plugin_at(engine, i)->plugin;
        for (uint32_t k = 0; p != NULL && k < p->reporters_count && o->count < KINDS_MAX; k++) {
            if (find(o, p->reporters[k]->kind) != NULL)
                continue;
            o->types[o->count] = p->reporters[k];
            o->kinds[o->count++] = p->reporters[k]->kind;
        }
    }
}

static void print_offers(const struct offers *o)
{
    static const struct table_column columns[] = {{"", TABLE_LEFT}, {"", TABLE_LEFT}};
    struct table *t = table_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < o->count; i++) {
        const stressor_reporter_type *type = o->types[i];
        char *form = text_format("%s%s%s%s", type->kind, type->path_help != NULL ? "[=" : "",
                                 type->path_help != NULL ? type->path_help : "",
                                 type->path_help != NULL ? "]" : "");
        table_row(t);
        table_cell(t, form != NULL ? form : type->kind);
        table_cell(t, type->help != NULL ? type->help : "");
        free(form);
    }
    table_write(t, stderr, 2, 0);
    table_free(t);
}

static void unknown(const struct offers *o, const char *command, const char *kind)
{
    const char *nearest = stressor_nearest(kind, o->kinds);
    if (strcmp(kind, MONITOR) == 0)
        command_wrong(command, "no plugin is installed that offers the monitor; \"stressor -v "
                               "plugin list\" shows those that are, and where it looked");
    else if (nearest != NULL)
        command_wrong(command, "there is no report of the kind \"%s\"; did you mean \"%s\"?", kind,
                      nearest);
    else
        command_wrong(command, "there is no report of the kind \"%s\"", kind);
    fputs(o->count > 0 ? "Kinds of reports:\n" : "No plugin offers any kind of report.\n", stderr);
    print_offers(o);
}

/* Where each report goes; the default is the host's. */
struct places {
    char **paths; /* NULL: it has no path */
    bool *files;  /* not certainly a port */
    size_t count;
};

static void places_finish(struct places *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->paths[i]);
    free(p->paths);
    free(p->files);
}

/* False: out of memory. */
static bool places_init(struct places *p, const struct report_list *l, const struct offers *o)
{
    *p = (struct places){.paths = calloc(l->count, sizeof *p->paths),
                         .files = calloc(l->count, sizeof *p->files)};
    if (p->paths == NULL || p->files == NULL)
        return false;
    for (p->count = 0; p->count < l->count; p->count++) {
        const stressor_report *r = &l->items[p->count];
        const char *extension = find(o, r->kind)->extension;
        p->files[p->count] = extension != NULL;
        if (r->path == NULL && extension == NULL)
            continue;
        p->paths[p->count] =
            r->path != NULL ? strdup(r->path) : text_format("results.%s", extension);
        if (p->paths[p->count] == NULL)
            return false;
    }
    return true;
}

/* Of two reports to one place one would be lost. */
static bool are_apart(const struct report_list *l, const struct places *p, const char *command)
{
    for (size_t i = 0; i < l->count; i++) {
        for (size_t k = 0; k < i; k++) {
            const char *a = l->items[k].kind, *b = l->items[i].kind;
            bool pathless = p->paths[i] == NULL && p->paths[k] == NULL;
            bool both = p->paths[i] != NULL && p->paths[k] != NULL;
            if (!(pathless && strcmp(a, b) == 0) &&
                !(both && target_same(p->paths[i], p->paths[k])))
                continue;
            command_wrong(command,
                          "the reports %s and %s would be in the same place; give each a "
                          "path of its own: --report KIND=PATH",
                          a, b);
            return false;
        }
    }
    return true;
}

static bool spare(const struct report_list *l, const struct places *p, const char *command,
                  const struct report_others *others)
{
    for (size_t i = 0; i < l->count; i++) {
        if (p->paths[i] == NULL || !p->files[i])
            continue;
        if (others->log != NULL && target_same(p->paths[i], others->log)) {
            command_wrong(command,
                          "the log and the report %s would be in the same place; give each a "
                          "path of its own: --log PATH, --report KIND=PATH",
                          l->items[i].kind);
            return false;
        }
        if (target_same(p->paths[i], others->scenario)) {
            command_wrong(command,
                          "the report %s would replace the scenario %s; give it a path of its "
                          "own: --report KIND=PATH",
                          l->items[i].kind, others->scenario);
            return false;
        }
    }
    return true;
}

bool report_list_check(const struct report_list *l, const char *command, stressor_engine *engine,
                       const struct report_others *others)
{
    struct offers o = {.count = 0};
    struct places places;
    if (l->count == 0)
        return true;
    collect(&o, engine);
    for (size_t i = 0; i < l->count; i++) {
        if (find(&o, l->items[i].kind) != NULL)
            continue;
        unknown(&o, command, l->items[i].kind);
        return false;
    }
    bool ok = places_init(&places, l, &o);
    if (!ok)
        command_wrong(command, "out of memory");
    ok = ok && are_apart(l, &places, command) && spare(l, &places, command, others);
    places_finish(&places);
    return ok;
}

bool report_list_takes_for_port(const struct report_list *l, const char *word)
{
    const char *colon = strrchr(word, ':');
    const char *port = colon != NULL ? colon + 1 : word;
    if (*port == '\0' || port[strspn(port, "0123456789")] != '\0')
        return false;
    for (size_t i = 0; i < l->count; i++) {
        if (l->items[i].path == NULL && strcmp(l->items[i].kind, MONITOR) == 0)
            return true;
    }
    return false;
}

bool report_list_uses_stdout(const struct report_list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->items[i].path != NULL && strcmp(l->items[i].path, "-") == 0)
            return true;
    }
    return false;
}

/* --- telling ------------------------------------------------------------------------------------
 */

size_t report_list_failed(stressor_run *run)
{
    size_t failed = 0;
    stressor_report_info info = {.size = sizeof info};
    for (size_t i = 0; stressor_run_report(run, i, &info); i++)
        failed += info.error != NULL;
    return failed;
}

void report_list_tell(struct console *c, stressor_run *run)
{
    stressor_report_info info = {.size = sizeof info};
    for (size_t i = 0; stressor_run_report(run, i, &info); i++) {
        if (info.error != NULL)
            console_say(c, STRESSOR_LOG_ERROR, "the report %s failed: %s", info.kind, info.error);
        else if (info.path != NULL && !info.stays && strcmp(info.path, "-") != 0)
            console_say(c, STRESSOR_LOG_INFO, "report %s: %s", info.kind, info.path);
    }
}

bool report_list_stays(struct console *c, stressor_run *run)
{
    bool stays = false;
    stressor_report_info info = {.size = sizeof info};
    for (size_t i = 0; stressor_run_report(run, i, &info); i++) {
        if (!info.stays)
            continue;
        stays = true;
        console_say(c, STRESSOR_LOG_INFO, "the %s stays; Ctrl-C to end", info.kind);
    }
    return stays;
}
