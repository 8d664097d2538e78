#include "run/reports.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/suggest.h"
#include "plugin/registry.h"
#include "run/engine.h"
#include "run/report_file.h"
#include "run/run.h"

struct report {
    stressor_control control; /* first: it is what the reporter holds */
    struct reports *all;
    const stressor_reporter_type *type;
    struct plugin *plugin;
    char *path;
    void *reporter;
    bool opened; /* and not closed */
    struct report_files files;
    bool served; /* guarded by `lock` of all, as the next: it has no file at `path` */
    bool stays;
    const char *error; /* NULL: it has not failed; else it stays as it is */
    char *error_text;  /* what `error` is, if there was memory for it */
};

struct reports {
    struct stressor_run *run;
    pthread_mutex_t lock;
    struct report *items;
    size_t count;
};

/* --- failing ------------------------------------------------------------------------------------
 */

/* Only the first reason is remembered. */
static void remember(struct report *rp, const char *reason)
{
    pthread_mutex_lock(&rp->all->lock);
    if (rp->error == NULL) {
        rp->error_text = strdup(reason);
        rp->error = rp->error_text != NULL ? rp->error_text : "out of memory";
    }
    pthread_mutex_unlock(&rp->all->lock);
}

static void fail(void *report, const char *reason)
{
    struct report *rp = report;
    log_line(STRESSOR_LOG_ERROR, "report %s: %s", rp->type->kind, reason);
    remember(rp, reason);
}

static bool has_failed(struct report *rp)
{
    pthread_mutex_lock(&rp->all->lock);
    bool failed = rp->error != NULL;
    pthread_mutex_unlock(&rp->all->lock);
    return failed;
}

/* --- what a reporter may ask for ----------------------------------------------------------------
 */

static struct report *report_of(const stressor_control *control)
{
    return (struct report *)(void *)(uintptr_t)control;
}

static void control_stop(const stressor_control *control, uint32_t how)
{
    stressor_run_stop(report_of(control)->all->run, how);
}

static int32_t control_render(const stressor_control *control, const char *kind,
                              const stressor_snapshot *s, stressor_sink sink, void *data)
{
    return reports_render(report_of(control)->all->run->plan->registry, kind, s, sink, data);
}

static int32_t control_sessions(const stressor_control *control, uint64_t offset, uint64_t limit,
                                const char *filter, uint64_t *total,
                                void (*each)(void *data, const stressor_session_row *row),
                                void *data)
{
    return stressor_run_sessions(report_of(control)->all->run, offset, limit, filter, total, each,
                                 data);
}

static void set_served(struct report *rp, bool served)
{
    pthread_mutex_lock(&rp->all->lock);
    rp->served = served;
    pthread_mutex_unlock(&rp->all->lock);
}

static int32_t control_file(const stressor_control *control, const char *path, stressor_file **file)
{
    struct report *rp = report_of(control);
    set_served(rp, false);
    return report_file_open(&rp->files, path, file);
}

int32_t reports_render(struct registry *registry, const char *kind, const stressor_snapshot *s,
                       stressor_sink sink, void *data)
{
    struct plugin *plugin;
    const stressor_reporter_type *type = registry_reporter(registry, kind, &plugin);
    if (type == NULL || type->render == NULL || !plugin->used)
        return STRESSOR_ENOENT;
    return type->render(plugin->data, s, sink, data);
}

/* --- finding ------------------------------------------------------------------------------------
 */

static void explain_unknown(const struct registry *registry, const char *kind, char *error,
                            size_t error_size)
{
    struct buf text;
    struct suggest s;
    const char *known;
    buf_init(&text, 0);
    suggest_init(&s, kind, strlen(kind));
    buf_printf(&text, "no plugin writes reports of the kind '%s'", kind);
    for (size_t i = 0; (known = registry_reporter_kind(registry, i)) != NULL; i++)
        suggest_offer(&s, known, strlen(known));
    if (s.best != NULL)
        buf_printf(&text, "; did you mean '%s'?", s.best);
    buf_puts(&text, " (there are: ");
    for (size_t i = 0; (known = registry_reporter_kind(registry, i)) != NULL; i++)
        buf_printf(&text, "%s%s", i > 0 ? ", " : "", known);
    buf_puts(&text, registry_reporter_kind(registry, 0) == NULL ? "none)" : ")");
    if (!text.failed)
        snprintf(error, error_size, "%s", text.data);
    buf_finish(&text);
}

/* The user's, else results.EXTENSION, else NULL. False: out of memory. */
static bool choose_path(struct report *rp, const char *path)
{
    if (path != NULL)
        rp->path = strdup(path);
    else if (rp->type->extension == NULL)
        return true;
    else if (asprintf(&rp->path, "results.%s", rp->type->extension) < 0)
        rp->path = NULL;
    return rp->path != NULL;
}

/* A terminal, /dev/null: takes what several write. */
static bool is_device(const char *path)
{
    struct stat about;
    return strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISCHR(about.st_mode);
}

static bool is_taken(const struct reports *r, const struct report *rp, char *error,
                     size_t error_size)
{
    for (const struct report *other = r->items; rp->path != NULL && other < rp; other++) {
        if (other->path == NULL || strcmp(other->path, rp->path) != 0 || is_device(rp->path))
            continue;
        snprintf(error, error_size, "two reports, %s and %s, have the same path '%s'",
                 other->type->kind, rp->type->kind, rp->path);
        r->run->wrong = true;
        return true;
    }
    return false;
}

static bool find(struct reports *r, struct report *rp, const stressor_report *wanted, char *error,
                 size_t error_size)
{
    struct registry *registry = r->run->plan->registry;
    rp->all = r;
    rp->type = registry_reporter(registry, wanted->kind, &rp->plugin);
    if (rp->type == NULL) {
        explain_unknown(registry, wanted->kind, error, error_size);
        r->run->wrong = true;
        return false;
    }
    rp->files = (struct report_files){.tell = fail, .data = rp};
    rp->control = (stressor_control){
        .size = sizeof rp->control,
        .host = r->run->plan->host,
        .stop = control_stop,
        .render = control_render,
        .sessions_page = control_sessions,
        .file_open = control_file,
        .file_write = report_file_write,
        .file_close = report_file_close,
    };
    r->count++;
    return choose_path(rp, wanted->path) && !is_taken(r, rp, error, error_size);
}

static void use_plugins(struct reports *r)
{
    struct plugin *plugin;
    const stressor_reporter_type *type;
    for (size_t i = 0; i < r->count; i++)
        if (!registry_use(r->run->plan->registry, r->items[i].plugin))
            remember(&r->items[i], "its plugin does not start (the log says why)");
    /* A report may ask for the document of any other. */
    if (r->count > 0)
        registry_open_reporters(r->run->plan->registry);
    for (size_t i = 0;
         r->count > 0 && (type = registry_reporter_at(r->run->plan->registry, i, &plugin)) != NULL;
         i++)
        if (type->render != NULL)
            registry_use(r->run->plan->registry, plugin);
}

struct reports *reports_new(struct stressor_run *run, const stressor_report *const *wanted,
                            char *error, size_t error_size)
{
    size_t count = 0;
    while (wanted != NULL && wanted[count] != NULL)
        count++;
    struct reports *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->run = run;
    pthread_mutex_init(&r->lock, NULL);
    r->items = calloc(count + 1, sizeof *r->items);
    bool good = r->items != NULL;
    for (size_t i = 0; good && i < count; i++)
        good = find(r, &r->items[i], wanted[i], error, error_size);
    if (!good) {
        reports_free(r);
        return NULL;
    }
    use_plugins(r);
    return r;
}

void reports_free(struct reports *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < r->count; i++) {
        free(r->items[i].path);
        free(r->items[i].error_text);
    }
    free(r->items);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

bool reports_info(struct reports *r, size_t i, stressor_report_info *out)
{
    if (i >= r->count)
        return false;
    const struct report *rp = &r->items[i];
    pthread_mutex_lock(&r->lock);
    *out = (stressor_report_info){.size = sizeof *out,
                                  .stays = rp->stays,
                                  .kind = rp->type->kind,
                                  .path = rp->served ? NULL : rp->path,
                                  .error = rp->error};
    pthread_mutex_unlock(&r->lock);
    return true;
}

/* --- while it runs ------------------------------------------------------------------------------
 */

/* False: its path is wrong. */
static bool open_one(struct report *rp)
{
    if (has_failed(rp))
        return true;
    if (rp->type->open == NULL) {
        report_file_try(&rp->files, rp->path);
        return true;
    }
    set_served(rp, true); /* until it opens a file */
    int32_t status = rp->type->open(rp->plugin->data, &rp->control, rp->path, &rp->reporter);
    if (status < 0) {
        report_files_finish(&rp->files);
        remember(rp, "it could not be opened (the log says why)");
        return status != STRESSOR_EINVAL;
    }
    rp->opened = true;
    pthread_mutex_lock(&rp->all->lock);
    rp->stays = (rp->type->flags & STRESSOR_REPORTER_STAYS) != 0;
    pthread_mutex_unlock(&rp->all->lock);
    return true;
}

bool reports_open(struct reports *r, char *error, size_t error_size)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct report *rp = &r->items[i];
        if (open_one(&r->items[i]))
            continue;
        snprintf(error, error_size, "the report %s refuses its path%s%.200s%s (the log says why)",
                 rp->type->kind, rp->path != NULL ? " '" : "", rp->path != NULL ? rp->path : "",
                 rp->path != NULL ? "'" : "");
        return false;
    }
    return true;
}

void reports_tick(struct reports *r, const stressor_snapshot *s)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct report *rp = &r->items[i];
        if (rp->opened && rp->type->tick != NULL)
            rp->type->tick(rp->reporter, s);
    }
}

/* --- the end ------------------------------------------------------------------------------------
 */

static int32_t to_file(void *file, const char *bytes, uint64_t length)
{
    return report_file_write(file, bytes, length);
}

static void write_document(struct report *rp, const stressor_snapshot *s)
{
    stressor_file *file;
    if (has_failed(rp) || report_file_open(&rp->files, rp->path, &file) < 0)
        return;
    int32_t status = rp->type->render(rp->plugin->data, s, to_file, file);
    if (report_file_close(file, status >= 0) < 0 || status >= 0 || has_failed(rp))
        return;
    fail(rp, status == STRESSOR_ENOMEM ? "out of memory" : "it could not be rendered");
}

static void close_one(struct report *rp)
{
    if (!rp->opened)
        return;
    rp->opened = false;
    rp->type->close(rp->reporter);
    report_files_finish(&rp->files);
}

static void end_one(struct report *rp, const stressor_snapshot *s)
{
    if (s == NULL)
        fail(rp, "out of memory for the final figures");
    else if (rp->type->open == NULL)
        write_document(rp, s);
    else if (rp->opened && rp->type->end != NULL && rp->type->end(rp->reporter, s) < 0)
        remember(rp, "it could not be finished (the log says why)");
    if (!rp->stays)
        close_one(rp);
}

void reports_end(struct reports *r, const stressor_snapshot *s)
{
    for (size_t i = 0; i < r->count; i++)
        end_one(&r->items[i], s);
}

void reports_close(struct reports *r)
{
    for (size_t i = r->count; i-- > 0;)
        close_one(&r->items[i]);
}
