#include "cli/plugin_probe.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/plugin.h"
#include "cli/process.h"
#include "cli/text.h"

/* Loading takes milliseconds; a machine may be busy. */
#define SECONDS      10 /* for each plugin */
#define SLOW_SECONDS 2

static const int streams[] = {STDOUT_FILENO, STDERR_FILENO};
enum { STREAMS = sizeof streams / sizeof *streams };

/* Shared by parent and child. */
struct shared {
    _Atomic uint32_t opened; /* files so far */
    bool done;               /* the body has returned */
    bool closed;             /* the file that was opened last has closed the standard streams */
    int code;
    char opening[PATH_MAX]; /* the file that was opened last; empty: none */
};

struct child {
    struct plugin_probe *probe;
    struct shared *shared;
    int (*body)(stressor_engine *engine, void *data);
    void *data;
    struct stat streams[STREAMS]; /* what they are before a plugin is opened */
};

static void see_streams(struct child *c)
{
    for (size_t i = 0; i < STREAMS; i++)
        fstat(streams[i], &c->streams[i]);
}

/* [the child] Ends it where a plugin has closed the standard streams, or put others in their place:
 * nothing that it says would be read. */
static void check_streams(struct child *c)
{
    for (size_t i = 0; *c->shared->opening != '\0' && i < STREAMS; i++) {
        struct stat now;
        if (fstat(streams[i], &now) == 0 && now.st_ino == c->streams[i].st_ino &&
            now.st_dev == c->streams[i].st_dev)
            continue;
        c->shared->closed = true;
        _exit(COMMAND_ERRORS);
    }
}

/* [the child] */
static const char *refuse(void *data, const char *path)
{
    struct child *c = data;
    if (c->probe->only != NULL && strcmp(path, c->probe->only) != 0)
        return "it was not asked for";
    for (size_t i = 0; i < c->probe->bad_count; i++) {
        if (strcmp(c->probe->bad[i].path, path) == 0)
            return c->probe->bad[i].reason;
    }
    check_streams(c);
    snprintf(c->shared->opening, sizeof c->shared->opening, "%s", path);
    atomic_fetch_add(&c->shared->opened, 1);
    return NULL;
}

/* Signals of crashes are to end the child, whoever has taken them before. */
static void reset_signals(void)
{
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGXCPU, SIGXFSZ};
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        signal(deadly[i], SIG_DFL);
}

static int be_child(void *data)
{
    struct child *c = data;
    const struct plugin_probe *p = c->probe;
    const struct common_options *common = p->common;
    reset_signals();
    see_streams(c);
    struct common_options own = *common;
    const char **paths = calloc(common->plugin_paths_count + 2, sizeof *paths);
    if (paths == NULL)
        return COMMAND_ERRORS;
    size_t n = 0;
    if (p->folder != NULL)
        paths[n++] = p->folder;
    for (size_t i = 0; i < common->plugin_paths_count; i++)
        paths[n++] = common->plugin_paths[i];
    own.plugin_paths = paths;
    stressor_engine *engine = plugin_engine(p->console, &own, refuse, c);
    check_streams(c);
    c->shared->code = engine != NULL ? c->body(engine, c->data) : COMMAND_ERRORS;
    check_streams(c);
    c->shared->code = command_worse(c->shared->code, command_flush());
    c->shared->done = true;
    stressor_engine_free(engine);
    free(paths);
    return 0;
}

/* [the parent] */
static void tell_slow(void *data)
{
    const struct shared *s = data;
    if (s->opening[0] != '\0' && !s->done)
        plugin_failed("still loading %s", s->opening);
}

static bool note(struct plugin_probe *p, const struct shared *s, const struct process *ended,
                 const struct process_limits *limits)
{
    char how[200] = "closed the descriptors of the process";
    const char *path = s->opening;
    if (!s->closed)
        process_describe(ended, limits, how, sizeof how);
    if (p->bad_count == PLUGIN_PROBE_BAD_MAX)
        return false;
    char *copy = strdup(path);
    char *reason = text_format("it %s while it was loaded", how);
    if (copy == NULL || reason == NULL) {
        free(copy);
        free(reason);
        return false;
    }
    p->bad[p->bad_count].path = copy;
    p->bad[p->bad_count++].reason = reason;
    return true;
}

/* False: it has to be tried once more. */
static bool try_once(struct child *c, struct process *out, int *code)
{
    struct shared *s = c->shared;
    const struct process_limits limits = {.seconds = SECONDS,
                                          .cpu_seconds = 5,
                                          .file_bytes = 16 << 20,
                                          .progress = &s->opened,
                                          .slow_seconds = SLOW_SECONDS,
                                          .slow = tell_slow,
                                          .slow_data = s};
    memset(s, 0, sizeof *s);
    s->code = COMMAND_ERRORS;
    *code = COMMAND_ERRORS;
    if (!process_fork(be_child, c, &limits, out)) {
        plugin_failed("cannot start a process to look at plugins: %s", strerror(errno));
        return true;
    }
    if (out->stopped) {
        c->probe->stopped = true;
        *code = COMMAND_STOPPED;
        return true;
    }
    *code = s->code;
    s->opening[sizeof s->opening - 1] = '\0';
    if (s->done)
        return true;
    if (s->opening[0] == '\0' || !note(c->probe, s, out, &limits)) {
        fwrite(out->errors, 1, out->errors_length, stderr);
        plugin_failed("the process that looks at plugins has died");
        *code = COMMAND_ERRORS;
        return true;
    }
    process_finish(out);
    return false;
}

/* What the last child wrote is in `out`. */
static int run(struct plugin_probe *p, int (*body)(stressor_engine *engine, void *data), void *data,
               struct process *out)
{
    int code = COMMAND_ERRORS;
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *out = (struct process){.output = NULL};
    if (shared == MAP_FAILED)
        return plugin_failed("out of memory");
    struct child c = {.probe = p, .shared = shared, .body = body, .data = data};
    while (!try_once(&c, out, &code))
        continue;
    if (shared->done)
        fwrite(out->errors, 1, out->errors_length, stderr);
    munmap(shared, sizeof *shared);
    return code;
}

int plugin_probe_run(struct plugin_probe *p, int (*body)(stressor_engine *engine, void *data),
                     void *data)
{
    struct process out;
    int code = run(p, body, data, &out);
    if (out.output != NULL)
        fwrite(out.output, 1, out.output_length, stdout);
    process_finish(&out);
    return code;
}

void plugin_probe_finish(struct plugin_probe *p)
{
    for (size_t i = 0; i < p->bad_count; i++) {
        free(p->bad[i].path);
        free(p->bad[i].reason);
    }
    p->bad_count = 0;
}

/* --- what was found ---------------------------------------------------------------------- */

const struct plugin_kind plugin_kinds[] = {
    {"activities", "activity type"}, {"macros", "macro"},          {"settings", "setting"},
    {"reporters", "kind of report"}, {"engines", "script engine"}, {NULL, NULL},
};

/* Texts of plugins may be any bytes. */
static json_t *clean(const char *text)
{
    char *copy = text != NULL ? text_clean(text, strlen(text), "\\n") : NULL;
    json_t *value = text != NULL ? json_string(copy != NULL ? copy : "?") : json_null();
    free(copy);
    return value;
}

static void add(json_t *list, const char *before, const char *name, const char *after)
{
    char *text = text_format("%s%s%s", before, name, after);
    json_array_append_new(list, clean(text != NULL ? text : "?"));
    free(text);
}

static json_t *offered(const stressor_plugin *p, const char *key)
{
    json_t *list = json_array();
    for (uint32_t i = 0; strcmp(key, "activities") == 0 && i < p->activities_count; i++)
        add(list, "", p->activities[i]->name, "");
    for (uint32_t i = 0; strcmp(key, "macros") == 0 && i < p->macros_count; i++)
        add(list, "$", p->macros[i]->name, "");
    for (uint32_t i = 0; strcmp(key, "settings") == 0 && i < p->settings_count; i++)
        add(list, p->settings[i]->section, ".", p->settings[i]->arg->name);
    for (uint32_t i = 0; strcmp(key, "reporters") == 0 && i < p->reporters_count; i++)
        add(list, "", p->reporters[i]->kind, "");
    for (uint32_t i = 0; strcmp(key, "engines") == 0 && i < p->engines_count; i++)
        add(list, p->engines[i]->language, " of ", p->engines[i]->activity);
    return list;
}

static json_t *accepted(const stressor_plugin_entry_info *e)
{
    json_t *plugin = json_object();
    json_object_set_new(plugin, "name", clean(e->plugin->name));
    json_object_set_new(plugin, "version", clean(e->plugin->version));
    json_object_set_new(plugin, "help", clean(e->plugin->help));
    json_object_set_new(plugin, "path", clean(e->path));
    for (const struct plugin_kind *k = plugin_kinds; k->key != NULL; k++)
        json_object_set_new(plugin, k->key, offered(e->plugin, k->key));
    return plugin;
}

/* [the child] */
static int print_all(stressor_engine *engine, void *data)
{
    (void)data;
    json_t *all = json_object(), *plugins = json_array(), *refused = json_array();
    json_t *folders = json_array();
    for (size_t i = 0; i < stressor_plugins_count(engine); i++) {
        const stressor_plugin_entry_info *e = stressor_plugin_at(engine, i);
        if (e->refused == 0 && e->plugin != NULL) {
            json_array_append_new(plugins, accepted(e));
            continue;
        }
        json_t *entry = json_object();
        json_object_set_new(entry, "path", clean(e->path));
        json_object_set_new(entry, "reason", clean(e->reason));
        json_array_append_new(refused, entry);
    }
    for (size_t i = 0; stressor_plugin_folder(engine, i) != NULL; i++)
        json_array_append_new(folders, clean(stressor_plugin_folder(engine, i)));
    json_object_set_new(all, "plugins", plugins);
    json_object_set_new(all, "refused", refused);
    json_object_set_new(all, "folders", folders);
    bool fine = json_dumpf(all, stdout, JSON_COMPACT) == 0;
    json_decref(all);
    return fine ? COMMAND_FINE : COMMAND_ERRORS;
}

json_t *plugin_probe_all(struct plugin_probe *p)
{
    struct process out;
    json_t *all = NULL;
    int code = run(p, print_all, NULL, &out);
    if (code == COMMAND_FINE && out.output != NULL) {
        /* A plugin may have written something while it was loaded. */
        const char *text = strstr(out.output, "{\"plugins\":");
        all = text != NULL ? json_loads(text, 0, NULL) : NULL;
        if (all == NULL)
            plugin_failed("cannot read what the process that looks at plugins says");
    }
    process_finish(&out);
    return all;
}

const char *plugin_text(const json_t *plugin, const char *key)
{
    const char *text = json_string_value(json_object_get(plugin, key));
    return text != NULL ? text : "";
}

void plugin_print_offer(const json_t *plugin)
{
    for (const struct plugin_kind *k = plugin_kinds; k->key != NULL; k++) {
        const json_t *list = json_object_get(plugin, k->key);
        for (size_t i = 0; i < json_array_size(list); i++) {
            if (i == 0)
                printf("    %-10s ", k->key);
            printf("%s%s", i > 0 ? ", " : "", json_string_value(json_array_get(list, i)));
        }
        if (json_array_size(list) > 0)
            putchar('\n');
    }
}
