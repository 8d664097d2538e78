#include "run/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "config/loader.h"
#include "plan/plan.h"
#include "plugin/dso.h"
#include "plugin/manifest.h"
#include "run/reports.h"
#include "stats/snapshot.h"

enum { PLAN_MEMORY_FIRST = 64 << 10, PLAN_MEMORY_MAX = 1 << 30 };

const char *stressor_version(void)
{
    return STRESSOR_VERSION;
}

/* --- engine --------------------------------------------------------------------------------------
 */

stressor_engine *stressor_engine_new(const stressor_engine_options *options)
{
    stressor_engine_options o = {.size = sizeof o, .log_level = STRESSOR_LOG_INFO};
    if (options != NULL)
        memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    log_set_sink(o.log, o.log_data);
    log_set_level(o.log_level);
    dso_set_guard(o.refuse_plugin, o.refuse_plugin_data);
    struct stressor_engine *e = calloc(1, sizeof *e);
    if (e == NULL)
        goto failed;
    e->host = host_new();
    if (e->host == NULL)
        goto failed;
    e->registry = registry_new(&e->host->pub, o.plugin_paths, o.builtin_plugins);
    e->diag = diag_new();
    if (e->registry != NULL && e->diag != NULL)
        return e;
failed:
    log_line(STRESSOR_LOG_CRITICAL, "the engine cannot start: out of memory or no plugin loader");
    stressor_engine_free(e);
    log_set_sink(NULL, NULL);
    dso_set_guard(NULL, NULL);
    return NULL;
}

void stressor_engine_free(stressor_engine *e)
{
    static struct stressor_engine *left_behind;
    if (e == NULL)
        return;
    diag_free(e->diag);
    e->diag = NULL;
    if (e->left_behind) {
        registry_close(e->registry);
        e->next = left_behind;
        left_behind = e;
    } else {
        registry_free(e->registry);
        host_free(e->host);
        free(e);
    }
    log_set_sink(NULL, NULL); /* the program's may go now */
    dso_set_guard(NULL, NULL);
}

void stressor_engine_log_level(stressor_engine *e, int32_t level)
{
    (void)e;
    log_set_level(level);
}

size_t stressor_plugins_count(stressor_engine *e)
{
    registry_open_all(e->registry);
    return registry_entries_count(e->registry);
}

const stressor_plugin_entry_info *stressor_plugin_at(stressor_engine *e, size_t index)
{
    registry_open_all(e->registry);
    return index < registry_entries_count(e->registry) ? registry_entry(e->registry, index) : NULL;
}

const char *stressor_plugin_folder(stressor_engine *e, size_t index)
{
    return registry_folder(e->registry, index);
}

int32_t stressor_plugin_manifest(const char *path, stressor_sink sink, void *data, char *error,
                                 size_t error_size)
{
    struct buf text, why;
    buf_init(&text, 0);
    buf_init(&why, 0);
    int32_t status = STRESSOR_EINVAL;
    if (manifest_make(path, &text, &why))
        status = sink(data, text.data, text.length);
    else
        snprintf(error, error_size, "%s", why.length > 0 ? why.data : "out of memory");
    buf_finish(&text);
    buf_finish(&why);
    return status;
}

const stressor_arg *stressor_common_arg(size_t index)
{
    return index < COMMON_ARGS ? common_args[index] : NULL;
}

const stressor_arg *stressor_section_arg(const char *section, size_t index)
{
    return plan_section_arg(section, index);
}

/* --- plan ----------------------------------------------------------------------------------------
 */

/* What a scenario is read from. */
struct origin {
    const char *path; /* a file; else: */
    const char *text;
    size_t length;
    const char *name;
    const char *folder;
};

static struct node *read_origin(struct loader *l, const struct origin *from)
{
    if (from->path != NULL)
        return loader_file(l, from->path);
    return loader_memory(l, from->text, from->length, from->name, from->folder);
}

static struct names *new_variables(void)
{
    struct names *names = names_new();
    for (int i = 0; names != NULL && i < PLAN_SLOTS; i++)
        if (names_add(names, plan_slot_names[i], strlen(plan_slot_names[i])) != i) {
            names_free(names);
            names = NULL;
        }
    return names;
}

static stressor_plan *load(stressor_engine *e, const struct origin *from,
                           const stressor_load_options *options)
{
    diag_free(e->diag);
    e->diag = diag_new();
    struct plan_source source = {.variables = new_variables(), .folder = -1};
    if (e->diag == NULL || source.variables == NULL) {
        names_free(source.variables);
        if (e->diag != NULL)
            diag_error(e->diag, NULL, "out of memory");
        return NULL;
    }
    arena_init(&source.arena, PLAN_MEMORY_FIRST, PLAN_MEMORY_MAX);
    struct template_scope scope = plan_scope(e->registry, source.variables, e->diag);
    struct loader *loader = loader_new(&source.arena, e->diag, &scope);
    source.root = loader != NULL ? read_origin(loader, from) : NULL;
    stressor_plan *plan = NULL;
    if (source.root != NULL) {
        source.stem = loader_stem(loader);
        if (loader_folder(loader) >= 0)
            source.folder = dup(loader_folder(loader));
        bool some = options != NULL && STRESSOR_HAS(options, overrides);
        plan = plan_compile(&source, e->registry, &e->host->pub, some ? options->overrides : NULL,
                            e->diag);
        if (plan != NULL)
            plan->engine = e;
    } else {
        if (loader == NULL)
            diag_error(e->diag, NULL, "out of memory");
        names_free(source.variables);
        arena_finish(&source.arena);
    }
    loader_free(loader);
    diag_sort(e->diag);
    return plan;
}

stressor_plan *stressor_load_file(stressor_engine *e, const char *path,
                                  const stressor_load_options *options)
{
    return load(e, &(struct origin){.path = path}, options);
}

stressor_plan *stressor_load_memory(stressor_engine *e, const char *text, size_t length,
                                    const char *name, const char *folder,
                                    const stressor_load_options *options)
{
    return load(e, &(struct origin){.text = text, .length = length, .name = name, .folder = folder},
                options);
}

void stressor_plan_free(stressor_plan *plan)
{
    plan_free(plan);
}

size_t stressor_mistakes_count(stressor_engine *e)
{
    return e->diag != NULL ? diag_count(e->diag) : 1;
}

const char *stressor_mistake_text(stressor_engine *e, size_t index)
{
    return e->diag != NULL ? diag_text(e->diag, index) : "error: out of memory";
}

int stressor_mistake_is_warning(stressor_engine *e, size_t index)
{
    return e->diag != NULL && diag_is_warning(e->diag, index);
}

size_t stressor_mistakes_errors(stressor_engine *e)
{
    return e->diag != NULL ? diag_errors(e->diag) : 1;
}

const char *stressor_plan_name(const stressor_plan *plan)
{
    return plan->name;
}

int stressor_plan_verbose(const stressor_plan *plan)
{
    return plan->verbose;
}

uint64_t stressor_plan_sessions(const stressor_plan *plan)
{
    return plan->force_single ? 1 : plan->sessions_count;
}

uint64_t stressor_plan_descriptors(const stressor_plan *plan, int single)
{
    return (single ? 1 : stressor_plan_sessions(plan)) * plan->descriptors_per_session;
}

/* --- snapshots
 * ------------------------------------------------------------------------------------ */

const stressor_snapshot *stressor_snapshot_retain(const stressor_snapshot *s)
{
    return snapshot_retain(s);
}

void stressor_snapshot_release(const stressor_snapshot *s)
{
    snapshot_release(s);
}

int64_t stressor_percentile(const stressor_histogram *histogram, double percent)
{
    return histogram_percentile(histogram, percent);
}

uint64_t stressor_histogram_count(const stressor_histogram *histogram)
{
    return histogram_count(histogram);
}

void stressor_histogram_buckets(const stressor_histogram *histogram,
                                void (*each)(void *data, int64_t lowest, int64_t highest,
                                             uint64_t count),
                                void *data)
{
    histogram_each(histogram, each, data);
}

int32_t stressor_render(stressor_engine *e, const char *kind, const stressor_snapshot *s,
                        stressor_sink sink, void *data)
{
    struct plugin *plugin;
    if (registry_reporter(e->registry, kind, &plugin) == NULL || !registry_use(e->registry, plugin))
        return STRESSOR_ENOENT;
    return reports_render(e->registry, kind, s, sink, data);
}

const char *stressor_category_name(uint32_t category)
{
    return category_name(category);
}
