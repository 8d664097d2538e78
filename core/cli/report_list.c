#include "cli/report_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/table.h"
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

/* The folder of a path and what it is called there; false: there is no such folder. */
static bool place_of(const char *path, struct stat *folder, const char **name)
{
    const char *slash = strrchr(path, '/');
    char *above = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    bool known = above != NULL && stat(above, folder) == 0;
    *name = slash == NULL ? path : slash + 1;
    free(above);
    return known;
}

/* A terminal, /dev/null: takes what several write. */
static bool is_device(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISCHR(about.st_mode);
}

static bool same_path(const char *a, const char *b)
{
    struct stat folder_a, folder_b;
    const char *name_a, *name_b;
    bool standard = strcmp(a, "-") == 0 || strcmp(b, "-") == 0;
    if (!standard && is_device(a))
        return false;
    if (strcmp(a, b) == 0)
        return true;
    if (standard)
        return false;
    return place_of(a, &folder_a, &name_a) && place_of(b, &folder_b, &name_b) &&
           folder_a.st_dev == folder_b.st_dev && folder_a.st_ino == folder_b.st_ino &&
           strcmp(name_a, name_b) == 0;
}

/* Where a report goes; the default is the host's. NULL: it has no file, or out of memory. */
static char *path_of(const stressor_report *r, const char *extension)
{
    if (r->path != NULL)
        return strdup(r->path);
    return extension != NULL ? text_format("results.%s", extension) : NULL;
}

/* Two reports to one path would overwrite each other. */
static bool same_place(const stressor_report *a, const char *a_extension, const stressor_report *b,
                       const char *b_extension)
{
    char *a_path = path_of(a, a_extension);
    char *b_path = path_of(b, b_extension);
    bool same = a_path != NULL && b_path != NULL
                    ? same_path(a_path, b_path)
                    : a->path == b->path && strcmp(a->kind, b->kind) == 0;
    free(a_path);
    free(b_path);
    return same;
}

bool report_list_check(const struct report_list *l, const char *command, stressor_engine *engine)
{
    struct offers o = {.count = 0};
    if (l->count == 0)
        return true;
    collect(&o, engine);
    for (size_t i = 0; i < l->count; i++) {
        if (find(&o, l->items[i].kind) != NULL)
            continue;
        unknown(&o, command, l->items[i].kind);
        return false;
    }
    for (size_t i = 0; i < l->count; i++) {
        for (size_t k = 0; k < i; k++) {
            const stressor_report *a = &l->items[k];
            const stressor_report *b = &l->items[i];
            if (!same_place(a, find(&o, a->kind)->extension, b, find(&o, b->kind)->extension))
                continue;
            command_wrong(command,
                          "the reports %s and %s would be in the same place; give each a "
                          "path of its own: --report KIND=PATH",
                          a->kind, b->kind);
            return false;
        }
    }
    return true;
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
